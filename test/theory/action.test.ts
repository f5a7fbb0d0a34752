import fc from 'fast-check'
import type { Monoid } from 'fp-ts/lib/Monoid.js'
import {
  clamp,
  compile,
  constant,
  contramap,
  envelope,
  maxMonoid,
  maxOf,
  minMonoid,
  minOf,
  never,
  orElseMonoid,
  productOf,
  type Rule,
  scale,
  takeStep,
} from 'steplaw'
import { oneBinade } from 'steplaw/laws'
import type { RuleExpr } from 'steplaw/spec'
import type { RayCase } from '../../spec/conformance/case.js'
import { ruleExpr } from '../../spec/vocabulary/ruleExpr.js'
import { rayOf } from '../../src/rule/rayCase.js'
import { compared, equal } from '../../src/theory/card/evidence.js'
import type { Statement } from '../../src/theory/card/statement.js'
import { powersOfTwo } from '../../src/theory/theorem/parameter.js'
import { anyRays, plainStep, rankOf, sameSteps, showRays, stepsOn } from '../../src/theory/theorem/rays.js'
import { expr } from '../rule/draw.js'
import { combining } from './mutants.js'
import { prove } from './prove.js'

/** How steps may be multiplied: statements about combinators, which no card of the literature has. */

/** A way to multiply a rule by a number. */
type Scale = (by: number) => (of: Rule) => Rule

/** Multiplies a step of its own; null is a failure. */
const scaleLike =
  (name: string, f: (a: number | null, by: number) => number | null): Scale =>
  (by) =>
  (of) =>
    combining(name, [of], ([a = null]) => f(a, by))

/** A scaled step that would exceed 1 is not scaled, as where a cap is tested before it is applied. */
const unscaledAbove = scaleLike('unscaledAbove', (a, by) => (a === null ? null : by * a > 2 ? a : by * a))

/** A failure becomes a step of zero. */
const failureIsZero = scaleLike('failureIsZero', (a, by) => by * (a ?? 0))

/** optax `chain(scale(c), ...)`: the gradient is scaled, and with it the slope that the rule divides by. */
const scalesGradient: Scale = (by) => contramap((o) => ({ ...o, slope: by * o.slope }))

/** Division by the rounded inverse. */
const dividesByInverse = scaleLike('dividesByInverse', (a, by) => (a === null ? null : a / (1 / by)))

interface Three {
  readonly c: number
  readonly a: number | null
  readonly b: number | null
}

const size = (): fc.Arbitrary<number | null> => fc.option(oneBinade(), { freq: 8 })

const sized = (x: number | null): Rule => (x === null ? never : constant(x))

const common = { kind: 'algebra', evidence: ['D', 'V'], hypotheses: [] } as const

const distributes: Statement<Scale, Three> = {
  ...common,
  id: 'scale.distributes',
  says: 'c max(a, b) = max(c a, c b) and c min(a, b) = min(c a, c b) for doubles of one binade, or failures',
  slack: 'none: products round monotonically',
  cases: fc.record({ c: oneBinade(), a: size(), b: size() }),
  show: ({ c, a, b }) => ({ c, a, b }),
  subjects: { scale },
  evaluate: (of, { c, a, b }) =>
    compared([
      equal(
        'max',
        plainStep(of(c)(maxOf(sized(a), sized(b)))),
        plainStep(maxOf(of(c)(sized(a)), of(c)(sized(b)))),
      ),
      equal(
        'min',
        plainStep(of(c)(minOf(sized(a), sized(b)))),
        plainStep(minOf(of(c)(sized(a)), of(c)(sized(b)))),
      ),
    ]),
  mutants: ['unscaledAbove'],
}

prove(distributes, { unscaledAbove })

interface OnRule {
  readonly e: RuleExpr
  readonly on: ReadonlyArray<RayCase>
  readonly c: number
  readonly i: number
  readonly j: number
}

const onRules = {
  ...common,
  slack: 'none: bit for bit',
  cases: fc.record({ e: expr(), on: anyRays(), c: oneBinade(), i: powersOfTwo(), j: powersOfTwo() }),
  show: ({ e, on, c, i, j }: OnRule) => ({ e: ruleExpr.encode(e), on: showRays(on), c, i, j }),
} as const

const multiplies: Statement<Scale, OnRule> = {
  ...onRules,
  id: 'scale.product',
  says: 'scale is the product with a constant; 1 a = a; (i j) a = i (j a) for powers of two i and j; on any rays',
  subjects: { scale },
  evaluate: (of, { e, on, c, i, j }) => {
    const r = compile(e)
    return compared([
      // From the same state: a scaled step that is executed is another one to go on from.
      ...on.map(rayOf).map((ray, k) => {
        const a = takeStep(r, ray).step
        return equal(`multiplied, ray ${k}`, rankOf(takeStep(of(c)(r), ray).step), a === null ? -1 : c * a)
      }),
      ...sameSteps('product', stepsOn(of(c)(r), on), stepsOn(productOf(r, constant(c)), on)),
      ...sameSteps('unit', stepsOn(of(1)(r), on), stepsOn(r, on)),
      ...sameSteps('associative', stepsOn(of(i * j)(r), on), stepsOn(of(i)(of(j)(r)), on)),
    ])
  },
  mutants: ['failureIsZero', 'scalesGradient', 'dividesByInverse'],
}

prove(multiplies, { failureIsZero, scalesGradient, dividesByInverse })

/** What a unit is claimed of. */
interface Unital {
  readonly concat: (a: Rule, b: Rule) => Rule
  readonly empty: Rule
}

const product: Monoid<Rule> = { concat: (a, b) => productOf(a, b), empty: constant(1) }

const units: Statement<Unital, OnRule> = {
  ...onRules,
  id: 'units.monoid',
  says: 'A monoid of rules has its unit on both sides, for any rule on any rays',
  subjects: { max: maxMonoid, min: minMonoid, orElse: orElseMonoid, product },
  evaluate: ({ concat, empty }, { e, on }) => {
    const r = compile(e)
    return compared([
      ...sameSteps('on the right', stepsOn(concat(r, empty), on), stepsOn(r, on)),
      ...sameSteps('on the left', stepsOn(concat(empty, r), on), stepsOn(r, on)),
    ])
  },
  mutants: [
    'max with a step of zero for its unit',
    'min with a cap of 1 for its unit',
    'orElse with a step of zero for its unit',
  ],
}

prove(units, {
  'max with a step of zero for its unit': { ...maxMonoid, empty: constant(0) },
  'min with a cap of 1 for its unit': { ...minMonoid, empty: constant(1) },
  'orElse with a step of zero for its unit': { ...orElseMonoid, empty: constant(0) },
})

/** An envelope whose bounds do not bind. */
type Open = (proposal: Rule) => Rule

const open: Statement<Open, OnRule> = {
  ...onRules,
  id: 'units.envelope',
  says: 'An envelope between never and infinity is its proposal, for any rule on any rays',
  subjects: {
    envelope: (proposal) => envelope({ lower: never, proposal, upper: constant(Number.POSITIVE_INFINITY) }),
  },
  evaluate: (of, { e, on }) =>
    compared(sameSteps('open', stepsOn(of(compile(e)), on), stepsOn(compile(e), on))),
  mutants: ['a clamp from zero, which mends failures'],
}

prove(open, { 'a clamp from zero, which mends failures': clamp(0, Number.POSITIVE_INFINITY) })
