import fc from 'fast-check'

/** Doubles whose sums depend on the order, with now and then one that is none: zeros of both signs, infinities, NaN. */
const element = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: -(2 ** 30), max: 2 ** 30 }).map((x) => x / 3) },
  { weight: 2, arbitrary: fc.constantFrom(0, -0, 5e-324, 1e300) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
)

/**
 * An array of `length` doubles of all magnitudes near one, drawn from one seed so that large arrays are cheap, with a few special
 * ones written over it.
 */
export const doubles = (length: number): fc.Arbitrary<Float64Array> =>
  fc
    .tuple(
      fc.integer(),
      fc.oneof(
        { weight: 3, arbitrary: fc.constant<ReadonlyArray<readonly [number, number]>>([]) },
        {
          weight: 1,
          arbitrary: fc.array(fc.tuple(fc.nat(Math.max(length - 1, 0)), element), { maxLength: 4 }),
        },
      ),
    )
    .map(([seed, special]) => {
      let state = seed
      const next = (): number => {
        state = (Math.imul(state, 1664525) + 1013904223) | 0
        return state
      }
      const x = Float64Array.from({ length }, () => next() / 3 + next() / 2 ** 33)
      if (length > 0) for (const [i, v] of special) x[i] = v
      return x
    })
