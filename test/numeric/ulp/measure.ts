import * as numeric from '../../../src/numeric/index.js'
import type { Elementary, Reference } from './reference.js'
import { chance, draw, type Point } from './sampler.js'

/** The functions under test, of two arguments, the second of which is for `pow` alone. */
export const functions: { readonly [N in Elementary]: (x: number, y: number) => number } = {
  exp: numeric.exp,
  expm1: numeric.expm1,
  log: numeric.log,
  log1p: numeric.log1p,
  sin: numeric.sin,
  cos: numeric.cos,
  tanh: numeric.tanh,
  sigmoid: numeric.sigmoid,
  softplus: numeric.softplus,
  sqrt: Math.sqrt,
  pow: numeric.pow,
}

/** What each promises in its comment, in units of the last place: in general, and where the result is below $2^{-1022}$. */
export const bounds: { readonly [N in Elementary]: { readonly normal: number; readonly subnormal: number } } =
  {
    exp: { normal: 0.75, subnormal: 1 },
    expm1: { normal: 1, subnormal: 1 },
    log: { normal: 1, subnormal: 1 },
    log1p: { normal: 1, subnormal: 1 },
    sin: { normal: 1, subnormal: 1 },
    cos: { normal: 1, subnormal: 1 },
    tanh: { normal: 2.5, subnormal: 2.5 },
    sigmoid: { normal: 2.5, subnormal: 2.5 },
    softplus: { normal: 2, subnormal: 2 },
    sqrt: { normal: 0.5, subnormal: 0.5 },
    pow: { normal: 0.8, subnormal: 1 },
  }

const SMALLEST_NORMAL = 2.2250738585072014e-308

/** The greatest error among some points, and where. */
export interface Worst {
  readonly ulps: number
  readonly at: Point
}

/** Of the points whose results are normal, and of those whose results are not. */
export interface Measured {
  readonly points: number
  readonly normal: Worst
  readonly subnormal: Worst | null
}

/** What the error of a function exceeds of what it promises, in words; null if nothing. */
export const broken = (name: Elementary, { normal, subnormal }: Measured): string | null => {
  const { normal: most, subnormal: mostBelow } = bounds[name]
  const say = ({ ulps, at: [x, y] }: Worst, bound: number): string | null =>
    ulps <= bound
      ? null
      : `${name}(${name === 'pow' ? `${x}, ${y}` : x}) is ${ulps} ulp off, which is more than ${bound}`
  return say(normal, most) ?? (subnormal === null ? null : say(subnormal, mostBelow))
}

/** Draws points of the domain and compares. */
export const measure = (
  name: Elementary,
  reference: Reference,
  { points, seed }: { readonly points: number; readonly seed: number },
  f: (x: number, y: number) => number = functions[name],
): Measured => {
  const c = chance(seed)
  let normal: Worst = { ulps: 0, at: [0, 0] }
  let subnormal: Worst | null = null
  for (let i = 0; i < points; i += 1) {
    const at = draw(name, c, reference)
    const [x, y] = at
    const result = f(x, y)
    const ulps = reference.error(name, result, x, y)
    if (Math.abs(result) < SMALLEST_NORMAL) {
      if (ulps >= (subnormal?.ulps ?? 0)) subnormal = { ulps, at }
    } else if (ulps > normal.ulps) normal = { ulps, at }
  }
  return { points, normal, subnormal }
}
