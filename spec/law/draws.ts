import fc from 'fast-check'
import { type RuleExpr, type RuleTag, ruleTags } from '../vocabulary/ruleRows.js'
import { raysArbitrary } from './arbitrary/ray.js'
import { ruleExprArbitrary } from './arbitrary/ruleExpr.js'
import type { Given, Law } from './law.js'

/** Rules that remember and rules that probe come up more often than others: the laws of machines have no power without. */
const tags: ReadonlyArray<RuleTag> = [
  ...ruleTags,
  ...Array.from({ length: 8 }, () => ['runningMin', 'runningMax', 'armijo'] as const).flat(),
]

/** Any rule. */
export const anyRule: fc.Arbitrary<RuleExpr> = ruleExprArbitrary({ tags })

/** Its outcome is its first one for ever; without its memory it grows. In company it shows whose state stands still. */
export const remembering: RuleExpr = {
  rule: 'runningMin',
  of: {
    rule: 'product',
    of: [
      { rule: 'constant', step: 8 },
      { rule: 'power', initial: 1, exponent: -3 },
    ],
  },
}

/** Powers of two: multiplication by them rounds nothing. */
export const powersOfTwo: fc.Arbitrary<number> = fc.integer({ min: -8, max: 8 }).map((e) => 2 ** e)

/** What a law does not look at. */
export const idle: Given = {
  a: { rule: 'constant', step: 1 },
  b: { rule: 'constant', step: 1 },
  c: { rule: 'constant', step: 1 },
  rays: [{ value: 1, slope: -1 }],
  factor: 1,
}

type Parts = { readonly [K in keyof Given]: fc.Arbitrary<Given[K]> }

const ordinary: Parts = {
  a: anyRule,
  b: anyRule,
  c: anyRule,
  rays: raysArbitrary(),
  factor: powersOfTwo,
}

/** The generator of a law: the parts it looks at are drawn, as it says or else from everything, the others stand still. */
export const on = (
  varies: ReadonlyArray<keyof Given>,
  own: Partial<Parts> = {},
): Pick<Law, 'given' | 'varies'> => {
  const parts: Parts = { ...ordinary, ...own }
  const drawn = <K extends keyof Given>(key: K): fc.Arbitrary<Given[K]> =>
    varies.includes(key) ? parts[key] : fc.constant(idle[key])
  return {
    varies,
    given: fc.record(
      {
        a: drawn('a'),
        b: drawn('b'),
        c: drawn('c'),
        rays: drawn('rays'),
        factor: drawn('factor'),
      },
      { noNullPrototype: true },
    ),
  }
}

/**
 * What a law of all rules is tried on: rules that shrink to `constant`, up to five rays of every sort, powers of two.
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
export const givenArbitrary = (): fc.Arbitrary<Given> => on(['a', 'b', 'c', 'rays', 'factor']).given
