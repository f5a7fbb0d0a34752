import { scaleByPowerOfTwo } from './bits.js'

// ln 2 in two parts: the first has 32 trailing zero bits, so that k LN2_HIGH is exact for |k| < 2^20.
const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10
// Adding and subtracting 1.5 * 2^52 rounds to the nearest integer, ties to even, without a call.
const ROUNDER = 6755399441055744

/** $e^r - 1 - r$ for $|r| \le \frac12 \ln 2$: the Taylor polynomial of degree 13, remainder below $4 \cdot 10^{-18}$. */
const beyondLinear = (r: number): number => {
  const p =
    1 / 5040 +
    r *
      (1 / 40320 +
        r *
          (1 / 362880 + r * (1 / 3628800 + r * (1 / 39916800 + r * (1 / 479001600 + r * (1 / 6227020800))))))
  return r * r * (0.5 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720 + r * p)))))
}

/**
 * $e^{x + t}$ for a correction $|t|$ of at most a few units in the last place of `x`. The linear part `1 + r` is summed
 * without error, so what is rounded before the last addition is below 0.06: the error stays under 0.75 ulp.
 */
export const expOfSum = (x: number, t: number): number => {
  if (!(x <= 709.79)) return x > 0 ? Number.POSITIVE_INFINITY : x
  if (x < -745.14) return 0
  const k = x * Math.LOG2E + ROUNDER - ROUNDER
  const a = x - k * LN2_HIGH
  const b = k * LN2_LOW - t
  const r = a - b
  const lost = a - r - b
  const s = 1 + r
  const tail = 1 - s + r + (lost * s + beyondLinear(r))
  return scaleByPowerOfTwo(s + tail, k)
}

/**
 * $e^x$ within 0.75 ulp (1 ulp where the result is subnormal); the same bits on every runtime.
 *
 * `exp(NaN)` is `NaN`; overflow is `Infinity`, underflow `0`.
 *
 * @category Numeric
 * @since 0.1.0
 */
export const exp = (x: number): number => expOfSum(x, 0)

/**
 * $e^x - 1$ within 1 ulp, without cancellation near zero; keeps the sign of `-0`.
 *
 * @category Numeric
 * @since 0.1.0
 */
export const expm1 = (x: number): number => {
  if (!(x <= 40)) return exp(x)
  if (x < -40) return -1
  const k = x * Math.LOG2E + ROUNDER - ROUNDER
  if (k === 0) return x === 0 ? x : x + beyondLinear(x)
  const a = x - k * LN2_HIGH
  const b = k * LN2_LOW
  const r = a - b
  const lost = a - r - b
  const s = 1 + r
  const tail = 1 - s + r + (lost * s + beyondLinear(r))
  const head = scaleByPowerOfTwo(s, k)
  const difference = head - 1
  const rounding = k > 0 ? head - difference - 1 : head - (difference + 1)
  return difference + (rounding + scaleByPowerOfTwo(tail, k))
}
