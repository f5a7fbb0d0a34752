import fc from 'fast-check'
import { contains, type Interval } from '../../vocabulary/field.js'

/** The number that a value shown to a generator is, so that examples a user brings shrink too. */
export const numeral = (u: unknown): number => {
  if (typeof u !== 'number') throw new TypeError('not a number')
  return u
}

/**
 * Dyadic numbers $k / 2^{10}$ with $|k| \le 2^{16}$: sums and products of a few of them are exact, so that an algebraic law
 * can be asserted without tolerance. They shrink towards zero.
 *
 * **Power.** Refutes what confuses signs; never refutes an identity of real numbers that few operations state.
 *
 * @category Laws
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
  fc.integer({ min: -(2 ** 16), max: 2 ** 16 }).map(
    (k) => k / 1024,
    (x) => numeral(x) * 1024,
  )

/**
 * Doubles of one binade, $[1, 2)$: they share an exponent, so that every rounding fault of a formula shows. They shrink
 * towards 1.
 *
 * **Power.** Refutes that sums are associative, and that two ways to write a formula round alike.
 *
 * @category Laws
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

/** The exponent of a positive finite double: the greatest e with $2^e \le x$. */
const exponentOf = (x: number): number => (x >= 2 ? 1 + exponentOf(x / 2) : x < 1 ? exponentOf(2 * x) - 1 : 0)

/**
 * Positive doubles of every magnitude from $2^{-26}$ to $2^{27}$ (about $10^{-8}$ to $10^8$), uniform in the exponent: one
 * swallows the other in a sum. They shrink towards 1.
 *
 * **Power.** Refutes that what was added can be taken away again, and that a descent is seen in the value.
 *
 * @category Laws
 * @since 0.1.0
 * @example
 * ```ts
 * import { illScaled } from 'steplaw/laws'
 * import fc from 'fast-check'
 *
 * fc.sample(illScaled(), 10).every((x) => x >= 2 ** -26 && x < 2 ** 27) // => true
 * ```
 */
export const illScaled = (): fc.Arbitrary<number> =>
  fc.tuple(oneBinade(), fc.integer({ min: -26, max: 26 })).map(
    ([m, e]) => m * 2 ** e,
    (u): [number, number] => {
      const x = numeral(u)
      if (!(x >= 2 ** -26 && x < 2 ** 27)) throw new RangeError('out of range')
      const e = exponentOf(x)
      return [x / 2 ** e, e]
    },
  )

/** $2^e$ for the exponents of a range. They shrink towards the exponent nearest to 0. */
export const powerOfTwo = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min, max }).map(
    (e) => 2 ** e,
    (u) => {
      const x = numeral(u)
      const e = x > 0 && x < Number.POSITIVE_INFINITY ? exponentOf(x) : Number.NaN
      if (2 ** e !== x) throw new RangeError('not a power of two')
      return e
    },
  )

const magnitude = (): fc.Arbitrary<number> => dyadic().map(Math.abs, numeral)

/** Numbers of a field's domain, its closed ends among them. */
export const numberOf = (interval: Interval): fc.Arbitrary<number> => {
  const { low, high, lowOpen, highOpen, integer } = interval
  if (integer) return fc.integer({ min: low, max: Math.min(high, low + 11) })
  const ends = [...(lowOpen ? [] : [low]), ...(highOpen ? [] : [high])]
  const inside =
    Number.isFinite(low) && Number.isFinite(high)
      ? oneBinade().map(
          (m) => low + (m - 1) * (high - low),
          (x) => 1 + (numeral(x) - low) / (high - low),
        )
      : fc.oneof(low === 0 ? magnitude() : dyadic(), illScaled())
  const all =
    ends.length === 0 ? inside : fc.oneof({ weight: 9, arbitrary: inside }, fc.constantFrom(...ends))
  return all.filter((x) => contains(interval, x))
}
