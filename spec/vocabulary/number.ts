import * as t from 'io-ts'

/**
 * A double as JSON can carry it: a JSON number, or the name of one of the four values JSON has no numeral for.
 *
 * @category Standard
 * @since 0.1.0
 */
export type EncodedNumber = number | 'NaN' | 'Infinity' | '-Infinity' | '-0'

/**
 * Writes a double as JSON can carry it, so that reading it back gives the same bits (any NaN becomes the one NaN).
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { encodeNumber } from 'steplaw/spec'
 *
 * encodeNumber(0.1) // => 0.1
 * encodeNumber(-0) // => '-0'
 * encodeNumber(1 / 0) // => 'Infinity'
 * ```
 */
export const encodeNumber = (x: number): EncodedNumber => {
  if (Number.isFinite(x)) return Object.is(x, -0) ? '-0' : x
  if (Number.isNaN(x)) return 'NaN'
  return x === Number.POSITIVE_INFINITY ? 'Infinity' : '-Infinity'
}

const named = (u: unknown): number | undefined => {
  switch (u) {
    case 'NaN':
      return Number.NaN
    case 'Infinity':
      return Number.POSITIVE_INFINITY
    case '-Infinity':
      return Number.NEGATIVE_INFINITY
    case '-0':
      return -0
  }
  return undefined
}

/**
 * Reads a number written by {@link encodeNumber}.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { decodeNumber } from 'steplaw/spec'
 *
 * decodeNumber('-Infinity') // => -Infinity
 * decodeNumber(0.5) // => 0.5
 * ```
 */
export const decodeNumber = (x: EncodedNumber): number =>
  typeof x === 'number' ? x : (named(x) ?? Number.NaN)

/**
 * The codec of doubles in every file and on the wire (the standard, chapter Numbers). A numeral that overflows, such as
 * `1e999`, is refused: infinity has a name.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { double } from 'steplaw/spec'
 *
 * double.decode('Infinity') // => { _tag: 'Right', right: Infinity }
 * double.decode('ten')._tag // => 'Left'
 * ```
 */
export const double: t.Type<number, EncodedNumber, unknown> = new t.Type(
  'a number (or "NaN", "Infinity", "-Infinity", "-0")',
  t.number.is,
  (u, c) => {
    const x = typeof u === 'number' ? (Number.isFinite(u) ? u : undefined) : named(u)
    return x === undefined ? t.failure(u, c) : t.success(x)
  },
  encodeNumber,
)
