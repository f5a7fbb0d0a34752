/** The binary64 format: words, powers of two, units in the last place. */

// One register seen as a double and as two words. It holds nothing between calls.
const register = new Float64Array(1)
const words = new Int32Array(register.buffer)
const high = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0
const low = 1 - high

/** The upper 32 bits (sign, exponent, 20 bits of the fraction), signed. */
export const highWord = (x: number): number => {
  register[0] = x
  return words[high] as number
}

/** The lower 32 bits of the fraction, signed. */
export const lowWord = (x: number): number => {
  register[0] = x
  return words[low] as number
}

/** The double with these two words. */
export const fromWords = (upper: number, lower: number): number => {
  words[high] = upper
  words[low] = lower
  return register[0] as number
}

const powersOfTwo = Float64Array.from({ length: 2098 }, (_, i) =>
  i < 52 ? fromWords(i < 32 ? 0 : 1 << (i - 32), i < 32 ? 1 << i : 0) : fromWords((i - 51) << 20, 0),
)

/** $2^k$ for an integer $-1074 \le k \le 1023$. */
export const powerOfTwo = (k: number): number => powersOfTwo[k + 1074] as number

/**
 * $x 2^k$ for $|x|$ near one, rounded once: two factors keep both products in range for $|k| \le 1100$, where a single
 * power of two would not exist.
 */
export const scaleByPowerOfTwo = (x: number, k: number): number => {
  const half = k >> 1
  return x * powerOfTwo(half) * powerOfTwo(k - half)
}

/** The distance from $|x|$ to the next larger double; $2^{-1074}$ at zero, `Infinity` or `NaN` where there is none. */
export const ulp = (x: number): number => {
  if (!Number.isFinite(x)) return x * x
  const exponent = (highWord(x) >>> 20) & 0x7ff
  return powerOfTwo(Math.max(exponent, 1) - 1075)
}
