import fc from 'fast-check'
import type { QuadraticBilevel } from '../../../bilevel/problem/quadratic.js'
import { dot } from '../../../numeric/index.js'
import type { Vector } from '../../../problem/oracle.js'
import { entries, matrix, positiveDefinite, positiveSemidefinite, type Spectral, symmetric } from './draw.js'
import {
  plus,
  plusMatrix,
  product,
  type Rows,
  solved,
  solvedMatrix,
  spectralNorm,
  spectrum,
  times,
  timesTransposed,
  transposed,
  vector,
} from './matrix.js'
import { type LowerParts, type Parts, type UpperParts, writtenOut } from './oracle.js'
import type { QuadraticBilevelWorld } from './world.js'

type Lower = QuadraticBilevel['lower'][number]
type Upper = QuadraticBilevel['upper'][number]

/**
 * Which worlds are drawn.
 *
 * @category Theorems
 * @since 0.1.0
 */
export interface BilevelWorldOptions {
  /** The greatest dimension of $x$ and of $y$, at most 4; 3 by default. */
  readonly dimension?: number
  /** The condition number of $H$ is at most $2^{\mathrm{octaves}}$; 6 by default. */
  readonly octaves?: number
  /** Whether $F$ is strongly convex; either where nothing is said. */
  readonly convex?: boolean
  /** Two components at each level, where it is true; else one. */
  readonly components?: boolean
}

const upperParts = ({ P, S, R, p, r }: Upper): UpperParts => {
  const [linearY, linearX] = [vector(p), vector(r)]
  return {
    value: (x, y) =>
      dot(y, times(P, y)) / 2 +
      dot(x, times(S, y)) +
      dot(x, times(R, x)) / 2 +
      dot(linearY, y) +
      dot(linearX, x),
    inX: (x, y) => plus(plus(times(S, y), times(R, x)), linearX),
    inY: (x, y) => plus(plus(times(P, y), timesTransposed(S, x, y.length)), linearY),
  }
}

const lowerParts = ({ H, B, c }: Lower): LowerParts => {
  const linear = vector(c)
  return {
    value: (x, y) => dot(y, times(H, y)) / 2 + dot(y, times(B, x)) + dot(y, linear),
    inX: (x, y) => timesTransposed(B, y, x.length),
    inY: (x, y) => plus(plus(times(H, y), times(B, x)), linear),
    hessian: (_x, _y, v) => times(H, v),
    cross: (x, _y, v) => timesTransposed(B, v, x.length),
  }
}

const partsOf = <D, A>(all: D, each: ReadonlyArray<D>, made: (d: D) => A): Parts<A> => ({
  all: made(all),
  each: each.map(made),
})

/** What a world is made of: the means, and by how much the first component exceeds them and the second falls short. */
interface Ingredients {
  readonly spectral: Spectral
  readonly lower: Omit<Lower, 'H'>
  readonly upper: Upper
  readonly off: { readonly lower: Lower; readonly upper: Upper } | null
  readonly x: ReadonlyArray<number>
  readonly y: ReadonlyArray<number>
}

const shifted = (a: ReadonlyArray<number>, b: ReadonlyArray<number>, s: number): ReadonlyArray<number> =>
  a.map((ai, i) => ai + s * (b[i] ?? 0))

const lowerOff = (a: Lower, b: Lower, s: number): Lower => ({
  H: plusMatrix(a.H, b.H, s),
  B: plusMatrix(a.B, b.B, s),
  c: shifted(a.c, b.c, s),
})

const upperOff = (a: Upper, b: Upper, s: number): Upper => ({
  P: plusMatrix(a.P, b.P, s),
  S: plusMatrix(a.S, b.S, s),
  R: plusMatrix(a.R, b.R, s),
  p: shifted(a.p, b.p, s),
  r: shifted(a.r, b.r, s),
})

const assemble = (given: Ingredients): QuadraticBilevelWorld => {
  const { spectral, upper, off } = given
  const lower = { H: spectral.A, ...given.lower }
  const [m, n] = [lower.c.length, upper.r.length]
  const components: QuadraticBilevel =
    off === null
      ? { lower: [lower], upper: [upper] }
      : {
          lower: [1, -1].map((s) => lowerOff(lower, off.lower, s)),
          upper: [1, -1].map((s) => upperOff(upper, off.upper, s)),
        }
  const { H, B } = lower
  const { P, S, R } = upper
  const [c, p, r] = [vector(lower.c), vector(upper.p), vector(upper.r)]
  const solve = (w: Vector): Vector => solved(H, w)
  const slopeOfY = solvedMatrix(H, B, n).map((row) => row.map((b) => -b))
  const T = product(S, slopeOfY, n)
  const hessian = plusMatrix(
    plusMatrix(R, product(transposed(slopeOfY, n), product(P, slopeOfY, n), n)),
    plusMatrix(T, transposed(T, n)),
  )
  const curvature = spectrum(hessian)
  const f = upperParts(upper)
  const lowerSolution = (x: Vector): Vector => solve(plus(times(B, x), c)).map((y) => -y)
  const value = (x: Vector): number => f.value(x, lowerSolution(x))
  const gradient = (x: Vector): Vector => {
    const y = lowerSolution(x)
    return plus(f.inX(x, y), timesTransposed(B, solve(f.inY(x, y)), n), -1)
  }
  const forms = spectrum(P)
  const constants = {
    mu: spectral.least,
    L: spectral.greatest,
    crossNorm: spectralNorm(B, n),
    crossLipschitz: 0,
    inverseHessianLipschitz: 0,
    upperLipschitzX: spectralNorm(S, m),
    upperLipschitzY: Math.max(forms.greatest, -forms.least) * (1 + 2 ** -40),
  }
  const hessianSolved = curvature.least > 0 ? solved(hessian, gradient(new Float64Array(n))) : null
  const x = hessianSolved?.map((xi) => -xi) ?? null
  return {
    family: 'quadratic',
    data: { lower: components.lower, upper: components.upper },
    problem: writtenOut(
      'quadratic',
      { x: n, y: m },
      partsOf(upper, components.upper, upperParts),
      partsOf(lower, components.lower, lowerParts),
      { ...constants, upperConvex: forms.least >= 0, lowerSolution, value, gradient },
    ),
    start: { x: vector(given.x), y: vector(given.y) },
    constants,
    quadratic: true,
    lowerSolution,
    value,
    gradient,
    smoothness: Math.max(curvature.greatest, -curvature.least) * (1 + 2 ** -40),
    hessian,
    mean: { H, B, c, P, S, R, p, r },
    components,
    solve,
    convexity: curvature.least * (1 - 2 ** -40),
    best: x === null ? null : { x, value: value(x) },
  }
}

/** A multiple of the identity that outweighs what $y^*$ brings to the curvature of $F$: a power of two. */
const ridgeOf = ({ A }: Spectral, B: Rows, S: Rows, n: number): number => {
  const T = product(S, solvedMatrix(A, B, n), n)
  const needed = 2 * spectralNorm(T, n) + 1 / 4
  let ridge = 1 / 2
  while (ridge < needed) ridge *= 2
  return ridge
}

const times2 = (A: Rows, by: number): Rows => A.map((row) => row.map((a) => a * by))

const ingredients = (
  m: number,
  n: number,
  { octaves = 6, components = false }: BilevelWorldOptions,
  convex: boolean,
): fc.Arbitrary<Ingredients> =>
  fc
    .record({
      spectral: positiveDefinite(m, octaves),
      B: matrix(m, n),
      c: entries(m),
      P: positiveSemidefinite(m),
      S: matrix(n, m),
      R: symmetric(n),
      p: entries(m),
      r: entries(n),
      x: entries(n),
      y: entries(m),
      off: fc.record({
        H: symmetric(m),
        B: matrix(m, n),
        c: entries(m),
        S: matrix(n, m),
        p: entries(m),
        r: entries(n),
      }),
    })
    .map(({ spectral, B, c, P, S, R, p, r, x, y, off }) => {
      const ridge = convex ? ridgeOf(spectral, B, S, n) : 0
      const zero = (k: number): Rows => Array.from({ length: k }, () => Array.from({ length: k }, () => 0))
      return {
        spectral,
        lower: { B, c },
        upper: {
          P,
          S,
          R: convex ? R.map((row, i) => row.map((_, j) => (i === j ? ridge : 0))) : R,
          p,
          r,
        },
        off: components
          ? {
              // At most mu/2 in norm, so that the components are positive definite.
              lower: { H: times2(off.H, spectral.least / 8), B: times2(off.B, 1 / 4), c: off.c },
              upper: { P: zero(m), S: times2(off.S, 1 / 4), R: zero(n), p: off.p, r: off.r },
            }
          : null,
        x,
        y,
      }
    })

/**
 * A quadratic $f$ over a quadratic $g$ with exact constants: $H = Q\,\mathrm{diag}(e)\,Q^\top$ with log-uniform eigenvalues, both ends of
 * the spectrum present. They shrink to $n = m = 1$, to multiples of the identity, and to zeros.
 *
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { quadraticBilevelWorlds } from 'steplaw/theory'
 * import fc from 'fast-check'
 *
 * fc.sample(quadraticBilevelWorlds({ convex: true }), 9).every(({ convexity }) => convexity > 0) // => true
 * ```
 */
export const quadraticBilevelWorlds = (
  options: BilevelWorldOptions = {},
): fc.Arbitrary<QuadraticBilevelWorld> => {
  const { dimension = 3, convex } = options
  return fc
    .record({
      m: fc.integer({ min: 1, max: dimension }),
      n: fc.integer({ min: 1, max: dimension }),
      convexly: convex === undefined ? fc.boolean() : fc.constant(convex),
    })
    .chain(({ m, n, convexly }) => ingredients(m, n, options, convexly))
    .map(assemble)
}
