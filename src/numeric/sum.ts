import { highWord, powerOfTwo } from './bits.js'

/**
 * The order of every sum in this library. Blocks of 4096 elements; in a block element `i` goes to accumulator `i mod 8`,
 * in order, and the eight are added as `((a0+a4)+(a2+a6)) + ((a1+a5)+(a3+a7))`; neighbouring blocks are then added in
 * pairs, level by level, an odd last one moving up unchanged. It depends on the length alone, so the result does not
 * depend on threads or vector width, and the depth (hence the error) grows as the logarithm of the length.
 */
export const BLOCK = 4096

/** Adds a level of block sums in pairs until one is left. */
export const pairwise = (level: ReadonlyArray<number>): number => {
  if (level.length <= 1) return level[0] ?? 0
  const next: number[] = []
  for (let i = 0; i + 1 < level.length; i += 2) next.push((level[i] as number) + (level[i + 1] as number))
  if (level.length % 2 === 1) next.push(level[level.length - 1] as number)
  return pairwise(next)
}

/** The elements `start, start + stride, ...` of one block. */
const sumBlock = (x: Float64Array, start: number, stride: number, count: number): number => {
  let a0 = 0
  let a1 = 0
  let a2 = 0
  let a3 = 0
  let a4 = 0
  let a5 = 0
  let a6 = 0
  let a7 = 0
  let at = start
  const whole = count & ~7
  for (let i = 0; i < whole; i += 8) {
    a0 += x[at] as number
    a1 += x[at + stride] as number
    a2 += x[at + 2 * stride] as number
    a3 += x[at + 3 * stride] as number
    a4 += x[at + 4 * stride] as number
    a5 += x[at + 5 * stride] as number
    a6 += x[at + 6 * stride] as number
    a7 += x[at + 7 * stride] as number
    at += 8 * stride
  }
  const rest = count - whole
  if (rest > 0) a0 += x[at] as number
  if (rest > 1) a1 += x[at + stride] as number
  if (rest > 2) a2 += x[at + 2 * stride] as number
  if (rest > 3) a3 += x[at + 3 * stride] as number
  if (rest > 4) a4 += x[at + 4 * stride] as number
  if (rest > 5) a5 += x[at + 5 * stride] as number
  if (rest > 6) a6 += x[at + 6 * stride] as number
  return a0 + a4 + (a2 + a6) + (a1 + a5 + (a3 + a7))
}

/** The sum of `count` elements `start, start + stride, ...` in the order of {@link BLOCK}. */
export const sumStrided = (x: Float64Array, start: number, stride: number, count: number): number => {
  if (count <= BLOCK) return sumBlock(x, start, stride, count)
  const level: number[] = []
  for (let i = 0; i < count; i += BLOCK)
    level.push(sumBlock(x, start + i * stride, stride, Math.min(BLOCK, count - i)))
  return pairwise(level)
}

/**
 * The sum of a vector in an order fixed by its length ({@link sumRoundings} bounds the error); `0` for the empty vector.
 *
 * @category Numeric
 * @since 0.1.0
 */
export const sum = (x: Float64Array): number => sumStrided(x, 0, 1, x.length)

const dotBlock = (x: Float64Array, y: Float64Array, start: number, end: number): number => {
  let a0 = 0
  let a1 = 0
  let a2 = 0
  let a3 = 0
  let a4 = 0
  let a5 = 0
  let a6 = 0
  let a7 = 0
  let i = start
  for (; i + 8 <= end; i += 8) {
    a0 += (x[i] as number) * (y[i] as number)
    a1 += (x[i + 1] as number) * (y[i + 1] as number)
    a2 += (x[i + 2] as number) * (y[i + 2] as number)
    a3 += (x[i + 3] as number) * (y[i + 3] as number)
    a4 += (x[i + 4] as number) * (y[i + 4] as number)
    a5 += (x[i + 5] as number) * (y[i + 5] as number)
    a6 += (x[i + 6] as number) * (y[i + 6] as number)
    a7 += (x[i + 7] as number) * (y[i + 7] as number)
  }
  if (i < end) a0 += (x[i] as number) * (y[i] as number)
  if (i + 1 < end) a1 += (x[i + 1] as number) * (y[i + 1] as number)
  if (i + 2 < end) a2 += (x[i + 2] as number) * (y[i + 2] as number)
  if (i + 3 < end) a3 += (x[i + 3] as number) * (y[i + 3] as number)
  if (i + 4 < end) a4 += (x[i + 4] as number) * (y[i + 4] as number)
  if (i + 5 < end) a5 += (x[i + 5] as number) * (y[i + 5] as number)
  if (i + 6 < end) a6 += (x[i + 6] as number) * (y[i + 6] as number)
  return a0 + a4 + (a2 + a6) + (a1 + a5 + (a3 + a7))
}

/**
 * $\langle x, y \rangle$: the products, each rounded, summed in the order of {@link sum}.
 *
 * @throws `RangeError` when the lengths differ
 * @category Numeric
 * @since 0.1.0
 */
export const dot = (x: Float64Array, y: Float64Array): number => {
  const n = x.length
  if (n !== y.length) throw new RangeError(`dot: lengths differ, ${n} and ${y.length}`)
  if (n <= BLOCK) return dotBlock(x, y, 0, n)
  const level: number[] = []
  for (let i = 0; i < n; i += BLOCK) level.push(dotBlock(x, y, i, Math.min(i + BLOCK, n)))
  return pairwise(level)
}

/** $\|x\|^2$, which is `dot(x, x)`: it overflows when the square does. */
export const squaredNorm = (x: Float64Array): number => dot(x, x)

/**
 * The Euclidean norm $\|x\|$. When the sum of squares leaves the range of doubles the vector is first scaled by a power of
 * two (which rounds nothing), so the norm overflows only if it is itself too large.
 *
 * @category Numeric
 * @since 0.1.0
 */
export const norm = (x: Float64Array): number => {
  const square = dot(x, x)
  if ((square > 1e-280 && square < Number.POSITIVE_INFINITY) || Number.isNaN(square)) return Math.sqrt(square)
  const largest = x.reduce((m, v) => Math.max(m, Math.abs(v)), 0)
  if (largest === 0 || largest === Number.POSITIVE_INFINITY) return largest
  const exponent = Math.min(Math.max(((highWord(largest) >>> 20) & 0x7ff) - 1023, -1022), 1022)
  const scaled = x.map((v) => v * powerOfTwo(-exponent))
  return Math.sqrt(dot(scaled, scaled)) * powerOfTwo(exponent)
}

/**
 * How many roundings lie on the longest path of a sum of `n` terms: the error of {@link sum} is at most
 * `gamma(sumRoundings(n))` times the sum of the absolute values, that of {@link dot} one rounding more.
 *
 * @category Numeric
 * @since 0.1.0
 */
export const sumRoundings = (n: number): number => {
  const inLane = Math.max(Math.ceil(Math.min(n, BLOCK) / 8) - 1, 0)
  const levels = Math.max(32 - Math.clz32(Math.ceil(n / BLOCK) - 1), 0)
  return inLane + 3 + (n <= BLOCK ? 0 : levels)
}
