import fc from 'fast-check'
import type { PhiFamily, RayCase } from '../../conformance/case.js'
import { dyadic, illScaled, numeral, oneBinade, powerOfTwo } from './number.js'
import { simplify } from './simplify.js'

const negated = (a: fc.Arbitrary<number>): fc.Arbitrary<number> =>
  a.map(
    (x) => -x,
    (x) => -numeral(x),
  )

const signed = (a: fc.Arbitrary<number>): fc.Arbitrary<number> => fc.oneof(a, negated(a))

/** Exact and above zero. They shrink to 1, so that what is shrunk can be read. */
const positiveDyadic = (): fc.Arbitrary<number> =>
  simplify(
    fc.integer({ min: 1, max: 2 ** 16 }).map(
      (k) => k / 1024,
      (x) => numeral(x) * 1024,
    ),
    (x) => (x === 1 ? 'simplest' : [1]),
  )

/** Values that are no ordinary number, as a failing objective gives them. */
const odd = (): fc.Arbitrary<number> =>
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)

const plain = { noNullPrototype: true } as const

const quadratic = (curvature: fc.Arbitrary<number>): fc.Arbitrary<PhiFamily> =>
  fc.record({ family: fc.constant('quadratic' as const), curvature }, plain)

const quartic = (curvature: fc.Arbitrary<number>, fourth: fc.Arbitrary<number>): fc.Arbitrary<PhiFamily> =>
  fc.record({ family: fc.constant('quartic' as const), curvature, quartic: fourth }, plain)

/** A function that ends at some step: what lies beyond is no number, or a cliff. */
const ending = (curvature: fc.Arbitrary<number>, after: fc.Arbitrary<number>): fc.Arbitrary<PhiFamily> =>
  fc.record(
    {
      family: fc.constant('quadratic' as const),
      curvature,
      beyond: fc.record({ step: fc.oneof(positiveDyadic(), powerOfTwo(-30, 0)), value: after }, plain),
    },
    plain,
  )

/** What a sort of rays is made of. Bounds and the executed step are there or not, `null` among them. */
interface Parts {
  readonly number: fc.Arbitrary<number>
  readonly positive: fc.Arbitrary<number>
  readonly phi: fc.Arbitrary<PhiFamily>
  readonly value?: fc.Arbitrary<number>
  readonly slope?: fc.Arbitrary<number>
  /** Whether the line through value and slope belongs to the sort. */
  readonly lines?: boolean
}

const rayOf = ({
  number,
  positive,
  phi,
  value = number,
  slope = negated(positive),
  lines = false,
}: Parts): fc.Arbitrary<RayCase> =>
  fc.record(
    {
      value,
      slope,
      phi,
      lowerBound: fc.option(number),
      solutionValue: fc.option(number),
      executed: fc.option(positive),
    },
    { ...plain, requiredKeys: lines ? ['value', 'slope'] : ['value', 'slope', 'phi'] },
  )

/**
 * A sort of rays.
 *
 * - `dyadic`: convex quadratics and lines in exact numbers ({@link dyadic}): what is computed of them is not rounded.
 * - `oneBinade`: every number from $[1, 2)$ ({@link oneBinade}): every difference of roundings shows.
 * - `illScaled`: value, slope and curvature of unrelated magnitudes ({@link illScaled}): a descent may not show in the value.
 * - `broken`: NaN or an infinity in the value, the slope, everywhere along $\varphi$, or from some step on.
 * - `flat`: a slope of $0$ or $-0$, an ascent, or a descent too small to change the value.
 * - `concave`: not convex: falling ever faster, a double well seen from its top, a well with an abyss behind it.
 * - `stiff`: a curvature of $2^{16}$ to $2^{140}$: a search needs many halvings, sometimes more than it may have.
 *
 * @category Laws
 * @since 0.1.0
 */
export type RaySort = 'dyadic' | 'oneBinade' | 'illScaled' | 'broken' | 'flat' | 'concave' | 'stiff'

const exactParts = (): Parts => ({
  number: dyadic(),
  positive: positiveDyadic(),
  phi: quadratic(dyadic().map(Math.abs, numeral)),
  lines: true,
})

/** The sorts, the simplest first, each with its weight among all. */
const bySort = (): {
  readonly [S in RaySort]: { readonly weight: number; readonly arbitrary: fc.Arbitrary<RayCase> }
} => {
  const exact = exactParts()
  return {
    dyadic: { weight: 6, arbitrary: rayOf(exact) },
    oneBinade: {
      weight: 2,
      arbitrary: rayOf({ number: oneBinade(), positive: oneBinade(), phi: quadratic(oneBinade()) }),
    },
    illScaled: {
      weight: 2,
      arbitrary: rayOf({ number: signed(illScaled()), positive: illScaled(), phi: quadratic(illScaled()) }),
    },
    broken: {
      weight: 3,
      arbitrary: fc.oneof(
        rayOf({ ...exact, value: odd() }),
        rayOf({ ...exact, slope: odd() }),
        rayOf({ ...exact, phi: quadratic(odd()), lines: false }),
        rayOf({ ...exact, phi: ending(exact.positive, odd()), lines: false }),
      ),
    },
    flat: {
      weight: 4,
      arbitrary: rayOf({
        ...exact,
        slope: fc.oneof(fc.constantFrom(0, -0), positiveDyadic(), negated(powerOfTwo(-1074, -80))),
      }),
    },
    concave: {
      weight: 2,
      arbitrary: rayOf({
        ...exact,
        phi: fc.oneof(
          quadratic(negated(positiveDyadic())),
          quartic(negated(positiveDyadic()), positiveDyadic()),
          quartic(positiveDyadic(), negated(positiveDyadic())),
        ),
        lines: false,
      }),
    },
    stiff: {
      weight: 1,
      arbitrary: rayOf({
        ...exact,
        // Beside a value that is not zero, a step so small that nothing changes passes a search's test.
        value: fc.oneof(fc.constant(0), exact.number),
        phi: quadratic(powerOfTwo(16, 140)),
        lines: false,
      }),
    },
  }
}

/**
 * Rays of every sort a rule may meet ({@link RaySort}), as plain data; bounds that are absent, exact or wrong. They shrink
 * within their sort: towards a value of 0, a slope of $-1$ and nothing else where the sort allows.
 *
 * @param options - `sorts` the sorts to draw from, all by default.
 * @throws RangeError if `sorts` is empty.
 * @category Laws
 * @since 0.1.0
 * @example
 * ```ts
 * import { rayArbitrary } from 'steplaw/laws'
 * import fc from 'fast-check'
 *
 * fc.sample(rayArbitrary(), 20).every((ray) => typeof ray.value === 'number') // => true
 * fc.sample(rayArbitrary({ sorts: ['dyadic', 'stiff'] }), 20).every(({ slope }) => slope < 0) // => true
 * ```
 */
export const rayArbitrary = ({
  sorts,
}: {
  readonly sorts?: ReadonlyArray<RaySort>
} = {}): fc.Arbitrary<RayCase> => {
  if (sorts?.length === 0) throw new RangeError('sorts: got none, expected at least one')
  const all = bySort()
  return fc.oneof(...(sorts === undefined ? Object.values(all) : sorts.map((sort) => all[sort])))
}

/**
 * One ray or several. Filtered, not drawn with a least length: of such an array fast-check does not drop the last element when it
 * shrinks, and a case would show a ray too many.
 */
export const raysOf = (ray: fc.Arbitrary<RayCase>, maxLength = 5): fc.Arbitrary<ReadonlyArray<RayCase>> =>
  fc.array(ray, { maxLength, size: 'max' }).filter((rays) => rays.length > 0)

/**
 * Sequences of rays, as a rule meets them in a run: the state that it carries matters from the second on. They shrink to one
 * ray.
 *
 * @param options - `sorts` the sorts to draw from, all by default; `maxLength` an integer $\ge 1$, 5 by default.
 * @throws RangeError if `sorts` is empty or `maxLength` is no such integer.
 * @category Laws
 * @since 0.1.0
 * @example
 * ```ts
 * import { raysArbitrary } from 'steplaw/laws'
 * import fc from 'fast-check'
 *
 * fc.sample(raysArbitrary({ maxLength: 3 }), 20).every(({ length }) => length >= 1 && length <= 3) // => true
 * ```
 */
export const raysArbitrary = ({
  sorts,
  maxLength = 5,
}: {
  readonly sorts?: ReadonlyArray<RaySort>
  readonly maxLength?: number
} = {}): fc.Arbitrary<ReadonlyArray<RayCase>> => {
  if (!(Number.isSafeInteger(maxLength) && maxLength >= 1))
    throw new RangeError(`maxLength: got ${maxLength}, expected an integer >= 1`)
  return raysOf(rayArbitrary(sorts === undefined ? {} : { sorts }), maxLength)
}
