import { fastTwoSum, scale } from './doubleDouble.js'
import { expOfSum } from './exponential.js'
import { logDoubleDouble } from './logarithm.js'

/** $x^y$ for finite $x > 0$, $x \ne 1$ and finite $y$. */
const positivePower = (x: number, y: number): number => {
  // |log x| >= 2^-54, so such an exponent is beyond either end of the range.
  if (Math.abs(y) > 1e21) return x > 1 === y > 0 ? Number.POSITIVE_INFINITY : 0
  const { hi, lo } = scale(y, logDoubleDouble(x))
  const t = fastTwoSum(hi, lo)
  return expOfSum(t.hi, t.lo)
}

/**
 * $x^y$ within 0.8 ulp (1 ulp where the result is subnormal); the same bits on every runtime.
 *
 * The logarithm carries 68 bits, so a power that is a double is returned exactly, whatever the exponent; `y = 2, 1, 0.5`
 * and `-1` are the correctly rounded `x * x`, `x`, `sqrt(x)` and `1 / x`. Special values are those of IEEE 754-2019
 * `pow`: `pow(x, 0)` and `pow(1, y)` are `1` even for `NaN`, a negative base with a fractional exponent is `NaN`.
 *
 * @category Numeric
 * @since 0.1.0
 */
export const pow = (x: number, y: number): number => {
  if (y === 0 || x === 1) return 1
  if (y === 1) return x
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN
  if (y === 2) return x * x
  if (y === -1) return 1 / x
  const a = Math.abs(x)
  if (!Number.isFinite(y)) {
    if (a === 1) return 1
    return a > 1 === y > 0 ? Number.POSITIVE_INFINITY : 0
  }
  const integer = Math.floor(y) === y
  const odd = integer && Math.abs(y % 2) === 1
  if (x < 0 && !integer && x !== Number.NEGATIVE_INFINITY) return Number.NaN
  const magnitude =
    a === 0 || a === Number.POSITIVE_INFINITY
      ? (a === 0) === y > 0
        ? 0
        : Number.POSITIVE_INFINITY
      : a === 1
        ? 1
        : y === 0.5
          ? Math.sqrt(a)
          : positivePower(a, y)
  return odd && (x < 0 || Object.is(x, -0)) ? -magnitude : magnitude
}
