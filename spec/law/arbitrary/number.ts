import fc from 'fast-check'
import { contains, type Interval } from '../../vocabulary/field.js'

/**
 * Dyadic numbers $k / 2^{10}$ with $|k| \le 2^{16}$: sums and products of a few of them are exact, so that an algebraic law
 * can be asserted without tolerance. They shrink towards zero.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { dyadic } from 'steplaw/laws'
 * import fc from 'fast-check'
 *
 * fc.sample(dyadic(), 10).every((x) => Number.isInteger(1024 * x)) // => true
 * ```
 */
export const dyadic = (): fc.Arbitrary<number> =>
  fc.integer({ min: -(2 ** 16), max: 2 ** 16 }).map((k) => k / 1024)

/**
 * Doubles of one binade, $[1, 2)$: they share an exponent, so that every rounding fault of a formula shows.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { oneBinade } from 'steplaw/laws'
 * import fc from 'fast-check'
 *
 * fc.sample(oneBinade(), 10).every((x) => x >= 1 && x < 2) // => true
 * ```
 */
export const oneBinade = (): fc.Arbitrary<number> =>
  fc.double({ min: 1, max: 2, maxExcluded: true, noNaN: true })

/** Positive doubles of every magnitude from $10^{-8}$ to $10^8$, uniform in the exponent. */
const everyMagnitude = (): fc.Arbitrary<number> =>
  fc.tuple(oneBinade(), fc.integer({ min: -26, max: 26 })).map(([m, e]) => m * 2 ** e)

/** Numbers of a field's domain, its closed ends among them. */
export const numberOf = (interval: Interval): fc.Arbitrary<number> => {
  const { low, high, lowOpen, highOpen, integer } = interval
  if (integer) return fc.integer({ min: low, max: Math.min(high, low + 11) })
  const ends = [...(lowOpen ? [] : [low]), ...(highOpen ? [] : [high])]
  const inside =
    Number.isFinite(low) && Number.isFinite(high)
      ? oneBinade().map((m) => low + (m - 1) * (high - low))
      : fc.oneof(
          dyadic().map((x) => (low === 0 ? Math.abs(x) : x)),
          everyMagnitude(),
        )
  const all =
    ends.length === 0 ? inside : fc.oneof({ weight: 9, arbitrary: inside }, fc.constantFrom(...ends))
  return all.filter((x) => contains(interval, x))
}
