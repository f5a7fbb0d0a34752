import fc from 'fast-check'
import { rayCase } from '../conformance/case.js'
import type { Json } from '../vocabulary/json.js'
import { ruleExpr } from '../vocabulary/ruleExpr.js'
import { type RuleTag, ruleTags } from '../vocabulary/ruleRows.js'
import { rayArbitrary } from './arbitrary/ray.js'
import { ruleExprArbitrary } from './arbitrary/ruleExpr.js'
import type { RuleKit } from './kit.js'
import type { Given, Law, Violation } from './law.js'

/** Rules that remember and rules that probe come up more often than others: the laws of machines have no power without. */
const tags: ReadonlyArray<RuleTag> = [
  ...ruleTags,
  ...Array.from({ length: 8 }, () => ['runningMin', 'runningMax', 'armijo'] as const).flat(),
]

/**
 * What laws are tried on: rules that shrink to `constant`, up to five rays of every sort, powers of two.
 *
 * @category Laws
 * @since 0.1.0
 * @example
 * ```ts
 * import { givenArbitrary } from 'steplaw/laws'
 * import fc from 'fast-check'
 *
 * fc.sample(givenArbitrary(), 9).every(({ rays }) => rays.length > 0) // => true
 * ```
 */
export const givenArbitrary = (): fc.Arbitrary<Given> =>
  fc.record({
    a: ruleExprArbitrary({ tags }),
    b: ruleExprArbitrary({ tags }),
    c: ruleExprArbitrary({ tags }),
    rays: fc.array(rayArbitrary(), { minLength: 1, maxLength: 5 }),
    factor: fc.integer({ min: -8, max: 8 }).map((e) => 2 ** e),
  })

/** A case as JSON, to be shown and replayed. */
const encodeGiven = ({ a, b, c, rays, factor }: Given): Json => ({
  a: ruleExpr.encode(a),
  b: ruleExpr.encode(b),
  c: ruleExpr.encode(c),
  rays: rays.map((ray) => rayCase.encode(ray) as Json),
  factor,
})

/**
 * What became of a law: not refuted in so many runs, or refuted by a case, shrunk, with both sides. `seed` and `path` replay
 * it.
 *
 * @category Laws
 * @since 0.1.0
 */
export type Judgement =
  | { readonly law: string; readonly verdict: 'not refuted'; readonly runs: number; readonly seed: number }
  | {
      readonly law: string
      readonly verdict: 'refuted'
      readonly runs: number
      readonly seed: number
      readonly path: string
      readonly given: Json
      readonly violation: Violation | string
    }

/**
 * How long a law is tried, and from where.
 *
 * @category Laws
 * @since 0.1.0
 */
export interface Trial<R> {
  /** 300 by default. */
  readonly runs?: number
  /** Fresh by default. */
  readonly seed?: number
  /** Where a counterexample was found, to replay it. */
  readonly path?: string
  /** The one rule under test; generated rules by default. */
  readonly rule?: R
}

/**
 * Tries a law on generated cases and returns what was found, as data.
 *
 * @category Laws
 * @since 0.1.0
 * @example
 * ```ts
 * import { ruleKit } from 'steplaw'
 * import { judge, laws } from 'steplaw/laws'
 *
 * const wrong = { ...ruleKit, max: ruleKit.min }
 * laws.map((law) => judge(wrong, law)).find(({ verdict }) => verdict === 'refuted')?.law // => 'lattice.max.unit'
 * ```
 */
export const judge = <R>(kit: RuleKit<R>, law: Law, trial: Trial<R> = {}): Judgement => {
  const { runs = 300, seed, path, rule } = trial
  const violation = (given: Given): Violation | null =>
    law.violation(kit, rule ?? kit.compile(given.a), given)
  const result = fc.check(
    fc.property(givenArbitrary(), (given) => violation(given) === null),
    { numRuns: runs, ...(seed === undefined ? {} : { seed }), ...(path === undefined ? {} : { path }) },
  )
  if (!result.failed || result.counterexample === null)
    return { law: law.id, verdict: 'not refuted', runs: result.numRuns, seed: result.seed }
  const [given] = result.counterexample
  const found = (): Violation | string => {
    try {
      return violation(given) ?? 'it did not show again: the rule has hidden state'
    } catch (error) {
      return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    }
  }
  return {
    law: law.id,
    verdict: 'refuted',
    runs: result.numRuns,
    seed: result.seed,
    path: result.counterexamplePath ?? '',
    given: encodeGiven(given),
    violation: found(),
  }
}
