import fc from 'fast-check'
import type { RayCase } from '../../conformance/case.js'
import { dyadic, oneBinade } from './number.js'

const maybe = <K extends string, A>(key: K, a: fc.Arbitrary<A>): fc.Arbitrary<{ readonly [P in K]?: A }> =>
  fc
    .option(a, { nil: undefined })
    .map((value) => (value === undefined ? {} : ({ [key]: value } as { [P in K]: A })))

const positive = (): fc.Arbitrary<number> => fc.oneof(dyadic().map(Math.abs), oneBinade())

/** Values that are no ordinary number, as a failing objective gives them. */
const odd = (): fc.Arbitrary<number> =>
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)

/**
 * Rays of every sort a rule may meet: convex, concave, linear and stiff $\varphi$; NaN and infinities beyond some step, in
 * the value or in the slope; ascent and flat rays; bounds that are absent, exact or wrong.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { rayArbitrary } from 'steplaw/laws'
 * import fc from 'fast-check'
 *
 * fc.sample(rayArbitrary(), 20).every((ray) => typeof ray.value === 'number') // => true
 * ```
 */
export const rayArbitrary = (): fc.Arbitrary<RayCase> => {
  const beyond = fc.record({ step: positive(), value: fc.oneof(odd(), dyadic()) })
  const phi = fc.oneof(
    fc.tuple(fc.oneof(dyadic(), positive()), fc.option(beyond, { nil: undefined })).map(([curvature, b]) => ({
      family: 'quadratic' as const,
      curvature,
      ...(b === undefined ? {} : { beyond: b }),
    })),
    fc.record({ family: fc.constant('quartic' as const), curvature: dyadic(), quartic: dyadic() }),
  )
  const value = fc.oneof({ weight: 12, arbitrary: dyadic() }, odd())
  const slope = fc.oneof(
    { weight: 12, arbitrary: positive().map((s) => -s) },
    fc.constant(0),
    dyadic(),
    odd(),
  )
  return fc
    .tuple(
      fc.record({ value, slope }),
      maybe('phi', phi),
      maybe('lowerBound', fc.option(dyadic())),
      maybe('solutionValue', fc.option(dyadic())),
      maybe('executed', fc.option(positive().filter((x) => x > 0))),
    )
    .map(([base, ...parts]) => Object.assign({}, base, ...parts) as RayCase)
}
