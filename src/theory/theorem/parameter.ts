import fc from 'fast-check'
import { oneBinade } from '../../../spec/law/arbitrary/number.js'

/** Multiples of 1/16 in a closed interval. */
export const between = (low: number, high: number): fc.Arbitrary<number> =>
  fc.integer({ min: Math.ceil(16 * low), max: Math.floor(16 * high) }).map((i) => i / 16)

/** Positive numbers of thirteen binades around 1. */
export const magnitudes = (): fc.Arbitrary<number> =>
  fc.tuple(fc.integer({ min: -6, max: 6 }), oneBinade()).map(([e, m]) => m * 2 ** e)

/** Powers of two, by which scaling rounds nothing. */
export const powersOfTwo = (): fc.Arbitrary<number> => fc.integer({ min: -9, max: 9 }).map((e) => 2 ** e)

/** A constant $c$ and a cap of the step. */
export interface Capped {
  readonly c: number
  readonly cap: number
}

/** Points with coordinates of a few bits. */
export const dyadics = (length: number): fc.Arbitrary<Float64Array> =>
  fc
    .array(
      fc.integer({ min: -64, max: 64 }).map((i) => i / 16),
      { minLength: length, maxLength: length },
    )
    .map((xs) => Float64Array.from(xs))
