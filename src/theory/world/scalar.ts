import { exp, expm1, log, log1p, sigmoid, sin, softplus } from '../../numeric/index.js'

/**
 * A function of one number, of which components are made: $h \ge 0$, with a derivative bounded by `slopeBound` and Lipschitz
 * with the constant `curvature`. Value and slope take at most 16 roundings from the argument to the result, in units of
 * `value` and of `slopeBound`.
 */
export interface Scalar {
  readonly name: 'square' | 'huber' | 'logCosh' | 'softplus' | 'gemanMcClure' | 'wavy'
  readonly value: (u: number) => number
  readonly slope: (u: number) => number
  /** A bound on what is added to make the slope, and so on $|h'(u)|$. */
  readonly slopeBound: (u: number) => number
  /** $\sup |h''|$. */
  readonly curvature: number
  /** $\inf h''$, where that is not negative; null where $h$ is not convex. */
  readonly convexity: number | null
}

/** $u^2/2$. */
export const square: Scalar = {
  name: 'square',
  value: (u) => (u * u) / 2,
  slope: (u) => u,
  slopeBound: Math.abs,
  curvature: 1,
  convexity: 1,
}

/** Huber: $u^2/2$ up to $|u| = 1$, then $|u| - \frac12$. */
export const huber: Scalar = {
  name: 'huber',
  value: (u) => (Math.abs(u) <= 1 ? (u * u) / 2 : Math.abs(u) - 0.5),
  slope: (u) => Math.max(-1, Math.min(u, 1)),
  slopeBound: (u) => Math.min(Math.abs(u), 1),
  curvature: 1,
  convexity: 0,
}

const LOG2 = log(2)

/**
 * $\log\cosh u$: near 0, where the other form cancels, by $\cosh u - 1 = (e^{|u|} - 1)^2 e^{-|u|}/2$.
 */
export const logCosh: Scalar = {
  name: 'logCosh',
  value: (u) => {
    const v = Math.abs(u)
    if (v > 1) return v + log1p(exp(-2 * v)) - LOG2
    const e = expm1(v)
    return log1p((e * e * exp(-v)) / 2)
  },
  slope: (u) => {
    const e = expm1(-2 * Math.abs(u))
    return (Math.sign(u) * -e) / (2 + e)
  },
  slopeBound: (u) => Math.min(Math.abs(u), 1),
  curvature: 1,
  convexity: 0,
}

/** $\log(1 + e^u)$. */
export const plus: Scalar = {
  name: 'softplus',
  value: softplus,
  slope: sigmoid,
  slopeBound: sigmoid,
  curvature: 1 / 4,
  convexity: 0,
}

/** Geman and McClure's $u^2/(1+u^2)$, which stops to charge for what is far: $h'' \in [-\frac12, 2]$. */
export const gemanMcClure: Scalar = {
  name: 'gemanMcClure',
  value: (u) => {
    const s = u * u
    return s < 1 ? s / (1 + s) : 1 / (1 + 1 / s)
  },
  slope: (u) => {
    const q = 1 + u * u
    return (2 * u) / q / q
  },
  slopeBound: (u) => Math.min(2 * Math.abs(u), 1),
  curvature: 2,
  convexity: null,
}

/** $u^2 + 3\sin^2 u$: not convex, $h'' \in [-4, 8]$, and yet $h'^2 \ge 2 h/32$. */
export const wavy: Scalar = {
  name: 'wavy',
  value: (u) => {
    const s = sin(u)
    return u * u + 3 * s * s
  },
  slope: (u) => 2 * u + 3 * sin(2 * u),
  slopeBound: (u) => 8 * Math.abs(u),
  curvature: 8,
  convexity: null,
}

/** The constant of Polyak and Łojasiewicz of {@link wavy}. */
export const WAVY_PL = 1 / 32
