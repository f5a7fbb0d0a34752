import { highWord, lowWord, powerOfTwo } from './bits.js'
import { type DoubleDouble, fastTwoSum, twoSum } from './doubleDouble.js'

const TWO_OVER_PI = 0.6366197723675814
// pi / 2 in four parts; the first three have 33 bits, so that their products with n < 2^20 are exact.
const HALF_PI_1 = 1.5707963267341256
const HALF_PI_2 = 6.077100506303966e-11
const HALF_PI_3 = 2.0222662487111665e-21
const HALF_PI_4 = 8.4784276603689e-32
const ROUNDER = 6755399441055744
const LARGE = 1.6e6

// The first 1216 binary digits of 2 / pi: 1024 for the largest exponent, 192 for the fraction.
const TWO_OVER_PI_BITS = 1216n
const TWO_OVER_PI_DIGITS = BigInt(
  '0x' +
    'a2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e006492eea' +
    '09d1921cfe1deb1cb129a73ee88235f52ebb4484e99c7026b45f7e413991d639835339f49c845f8bbdf9283b' +
    '1ff897ffde05980fef2f118b5a0a6d1f6d367ecf27cb09b74f463f669e5fea2d7527bac7ebe5f17b3d0739f7' +
    '8a5292ea6bfb5fb11f8d5d0856033046fc7b6bab',
)
// pi / 2 with 128 binary digits.
const HALF_PI_DIGITS = 0x1921fb54442d18469898cc51701b839a2n

const DIGIT = powerOfTwo(-288)

/** An angle as a quadrant 0..3 and a remainder in $[-\pi/4, \pi/4]$ with an error far below its last place. */
interface Reduced {
  readonly quadrant: number
  readonly remainder: DoubleDouble
}

/** Cody and Waite: subtracts $n \pi/2$ in four parts, keeping every rounding error. */
const reduceSmall = (x: number): Reduced => {
  const n = x * TWO_OVER_PI + ROUNDER - ROUNDER
  const a = twoSum(x - n * HALF_PI_1, -n * HALF_PI_2)
  const b = twoSum(a.hi, -n * HALF_PI_3)
  return {
    quadrant: n & 3,
    remainder: fastTwoSum(b.hi, b.lo + (a.lo - n * HALF_PI_4)),
  }
}

/** Payne and Hanek: $2x/\pi$ modulo 4 from exact integers, for angles of any size. */
const reduceLarge = (x: number): Reduced => {
  const word = highWord(x)
  const exponent = BigInt(((word >>> 20) & 0x7ff) - 1075)
  const fraction = (BigInt((word & 0xfffff) | 0x100000) << 32n) | BigInt(lowWord(x) >>> 0)
  const turns = fraction * TWO_OVER_PI_DIGITS
  const bits = TWO_OVER_PI_BITS - exponent
  const nearest = (turns + (1n << (bits - 1n))) >> bits
  // A remainder in quarter turns with 160 binary digits, then in radians with 288.
  const remainder = ((turns - (nearest << bits)) >> (bits - 160n)) * HALF_PI_DIGITS
  const hi = Number(remainder) * DIGIT
  const lo = Number(remainder - BigInt(hi / DIGIT)) * DIGIT
  const quadrant = Number(nearest & 3n)
  return x < 0
    ? { quadrant: -quadrant & 3, remainder: { hi: -hi, lo: -lo } }
    : { quadrant, remainder: { hi, lo } }
}

const reduce = (x: number): Reduced => (Math.abs(x) < LARGE ? reduceSmall(x) : reduceLarge(x))

/** $\sin(x + t)$ on $[-\pi/4, \pi/4]$; minimax coefficients of Sun's fdlibm. */
const sineKernel = ({ hi: x, lo: t }: DoubleDouble): number => {
  const z = x * x
  const w = z * x
  const p =
    0.00833333333332249 +
    z *
      (-0.0001984126982985795 +
        z * (2.7557313707070068e-6 + z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)))
  return x - (z * (0.5 * t - w * p) - t - w * -0.16666666666666632)
}

/** $\cos(x + t)$ on $[-\pi/4, \pi/4]$; what $1 - x^2/2$ loses is added back. */
const cosineKernel = ({ hi: x, lo: t }: DoubleDouble): number => {
  const z = x * x
  const p =
    0.0416666666666666 +
    z *
      (-0.001388888888887411 +
        z *
          (2.480158728947673e-5 +
            z * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11))))
  const half = 0.5 * z
  const w = 1 - half
  return w + (1 - w - half + (z * z * p - x * t))
}

/**
 * The sine within 1 ulp for every finite angle, near multiples of $\pi$ too; keeps the sign of `-0`. Infinities give
 * `NaN`.
 *
 * @category Numeric
 * @since 0.1.0
 */
export const sin = (x: number): number => {
  if (x === 0 || !Number.isFinite(x)) return x - (x - x)
  if (Math.abs(x) <= 0.7853981633974483) return sineKernel({ hi: x, lo: 0 })
  const { quadrant, remainder } = reduce(x)
  const magnitude = (quadrant & 1) === 0 ? sineKernel(remainder) : cosineKernel(remainder)
  return (quadrant & 2) === 0 ? magnitude : -magnitude
}

/**
 * The cosine within 1 ulp for every finite angle. Infinities give `NaN`.
 *
 * @category Numeric
 * @since 0.1.0
 */
export const cos = (x: number): number => {
  if (!Number.isFinite(x)) return Number.NaN
  if (Math.abs(x) <= 0.7853981633974483) return cosineKernel({ hi: x, lo: 0 })
  const { quadrant, remainder } = reduce(x)
  const magnitude = (quadrant & 1) === 0 ? cosineKernel(remainder) : sineKernel(remainder)
  return ((quadrant + 1) & 2) === 0 ? magnitude : -magnitude
}
