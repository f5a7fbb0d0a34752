import { exp, expm1 } from './exponential.js'
import { log1p } from './logarithm.js'

/**
 * The hyperbolic tangent within 2.5 ulp; keeps the sign of `-0`.
 *
 * @category Numeric
 * @since 0.1.0
 */
export const tanh = (x: number): number => {
  const a = Math.abs(x)
  if (!(a < 20)) return Number.isNaN(x) ? x : Math.sign(x)
  if (a < 1e-8) return x
  if (a >= 0.5) {
    const t = 1 - 2 / (expm1(2 * a) + 2)
    return x < 0 ? -t : t
  }
  const e = expm1(-2 * a)
  const t = -e / (e + 2)
  return x < 0 ? -t : t
}

/**
 * The logistic function $1 / (1 + e^{-x})$ within 2.5 ulp (subnormal results included); no intermediate overflows.
 *
 * @category Numeric
 * @since 0.1.0
 */
export const sigmoid = (x: number): number => {
  const e = exp(-Math.abs(x))
  return x < 0 ? e / (1 + e) : 1 / (1 + e)
}

/**
 * $\log(1 + e^x)$ within 2 ulp, as $\max(x, 0) + \log(1 + e^{-|x|})$, which cannot overflow. `softplus(Infinity)` is
 * `Infinity`, `softplus(-Infinity)` is `0`.
 *
 * @category Numeric
 * @since 0.1.0
 */
export const softplus = (x: number): number => {
  const tail = log1p(exp(-Math.abs(x)))
  return x > 0 ? x + tail : tail
}
