import { fromWords, highWord, lowWord } from './bits.js'
import { add, type DoubleDouble, multiply, quotient, scale, twoProduct, twoSum } from './doubleDouble.js'

const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10
const TWO_54 = 18014398509481984
const HIGH_SQRT_HALF = 0x3fe6a09e

/**
 * $\log(1 + f) - f$ for $1 + f \in [\sqrt{1/2}, \sqrt 2]$ as $-(f^2/2 - s (f^2/2 + R(s^2)))$ with $s = f/(2+f)$. The
 * coefficients of $R$ are the minimax ones of Sun's fdlibm; the error is below $2^{-58}$.
 */
const beyondLinear = (f: number, correction: number): number => {
  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373))
  const odd =
    z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)))
  const half = 0.5 * f * f
  return s * (half + (even + odd)) + correction - half
}

/**
 * The natural logarithm within 1 ulp; the same bits on every runtime.
 *
 * `log(0)` and `log(-0)` are `-Infinity`, negative numbers and `NaN` give `NaN`.
 *
 * @category Numeric
 * @since 0.1.0
 */
export const log = (x: number): number => {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN
  if (x === Number.POSITIVE_INFINITY) return x
  const subnormal = x < 2.2250738585072014e-308
  const y = subnormal ? x * TWO_54 : x
  const shifted = highWord(y) + (0x3ff00000 - HIGH_SQRT_HALF)
  const k = (shifted >> 20) - (subnormal ? 1023 + 54 : 1023)
  const f = fromWords((shifted & 0xfffff) + HIGH_SQRT_HALF, lowWord(y)) - 1
  return k * LN2_HIGH + (f + beyondLinear(f, k * LN2_LOW))
}

/**
 * $\log(1 + x)$ within 1 ulp, without cancellation near zero; keeps the sign of `-0`.
 *
 * `log1p(-1)` is `-Infinity`, numbers below $-1$ and `NaN` give `NaN`.
 *
 * @category Numeric
 * @since 0.1.0
 */
export const log1p = (x: number): number => {
  if (!(x > -1)) return x === -1 ? Number.NEGATIVE_INFINITY : Number.NaN
  if (x === Number.POSITIVE_INFINITY || x === 0) return x
  if (x > -0.2928932188134524 && x < 0.414213562373095) return x + beyondLinear(x, 0)
  const u = 1 + x
  const shifted = highWord(u) + (0x3ff00000 - HIGH_SQRT_HALF)
  const k = (shifted >> 20) - 1023
  const f = fromWords((shifted & 0xfffff) + HIGH_SQRT_HALF, lowWord(u)) - 1
  // What 1 + x lost, relative to u; beyond 2^53 it is below the last place of the result.
  const lost = k > 53 ? 0 : (x < 1 ? x - (u - 1) : 1 - (u - x)) / u
  return k * LN2_HIGH + (f + beyondLinear(f, k * LN2_LOW + lost))
}

const THIRD: DoubleDouble = { hi: 1 / 3, lo: 1.850371707708594e-17 }
const FIFTH: DoubleDouble = { hi: 0.2, lo: -1.1102230246251566e-17 }
const SEVENTH: DoubleDouble = { hi: 1 / 7, lo: 7.93016446160826e-18 }
const ONE: DoubleDouble = { hi: 1, lo: 0 }

/**
 * $\log x$ of a finite $x > 0$ with relative error below $2^{-68}$: $2 \operatorname{artanh} s$ with $s = (m-1)/(m+1)$,
 * $|s| < 0.172$; the first four coefficients in double-double, the rest (below $2^{-20}$ of the sum) in doubles.
 */
export const logDoubleDouble = (x: number): DoubleDouble => {
  const subnormal = x < 2.2250738585072014e-308
  const y = subnormal ? x * TWO_54 : x
  const shifted = highWord(y) + (0x3ff00000 - HIGH_SQRT_HALF)
  const k = (shifted >> 20) - (subnormal ? 1023 + 54 : 1023)
  const m = fromWords((shifted & 0xfffff) + HIGH_SQRT_HALF, lowWord(y))
  const s = quotient(m - 1, twoSum(m, 1))
  const z = multiply(s, s)
  let tail = 1 / 27
  for (let odd = 25; odd >= 9; odd -= 2) tail = 1 / odd + z.hi * tail
  const p3 = add(SEVENTH, { hi: z.hi * tail, lo: 0 })
  const p2 = add(FIFTH, multiply(z, p3))
  const p1 = add(THIRD, multiply(z, p2))
  const p0 = add(ONE, multiply(z, p1))
  const mantissa = scale(2, multiply(s, p0))
  if (k === 0) return mantissa
  return add(add({ hi: k * LN2_HIGH, lo: 0 }, twoProduct(k, LN2_LOW)), mantissa)
}
