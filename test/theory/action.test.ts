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
  type Ray,
  type Rule,
  scale,
  takeStep,
} from 'steplaw'
import { oneBinade } from 'steplaw/laws'
import type { RuleExpr } from 'steplaw/spec'
import { agree, expr, rays } from '../rule/draw.js'
import { powersOfTwo } from './draw.js'
import { combining } from './mutants.js'
import { prove } from './theorem.js'

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

const at = (r: Rule): number => takeStep(r, { value: 1, slope: -1 }).step ?? -1

prove<Scale, Three>({
  id: 'scale',
  statement: 'c max(a, b) = max(c a, c b) and c min(a, b) = min(c a, c b)',
  hypotheses: 'c, a, b doubles of one binade, or failures',
  slack: 'none: products round monotonically',
  draws: fc.record({ c: oneBinade(), a: size(), b: size() }),
  holds:
    (of) =>
    ({ c, a, b }) =>
      at(of(c)(maxOf(sized(a), sized(b)))) === at(maxOf(of(c)(sized(a)), of(c)(sized(b)))) &&
      at(of(c)(minOf(sized(a), sized(b)))) === at(minOf(of(c)(sized(a)), of(c)(sized(b)))),
  runs: 350,
  subjects: { scale },
  mutants: { unscaledAbove: { subject: unscaledAbove, kill: 0.099 } },
})

interface OnRule {
  readonly e: RuleExpr
  readonly on: ReadonlyArray<Ray>
  readonly c: number
  readonly i: number
  readonly j: number
}

const onRules: fc.Arbitrary<OnRule> = fc.record({
  e: expr(),
  on: rays(),
  c: oneBinade(),
  i: powersOfTwo(),
  j: powersOfTwo(),
})

prove<Scale, OnRule>({
  id: 'scale',
  statement: 'is the product with a constant; 1 a = a; (i j) a = i (j a)',
  hypotheses: 'any rule on any rays; i and j powers of two',
  slack: 'none: bit for bit',
  draws: onRules,
  holds:
    (of) =>
    ({ e, on, c, i, j }) => {
      const r = compile(e)
      // From the same state: a scaled step that is executed is another one to go on from.
      const multiplied = on.every((ray) => {
        const a = takeStep(r, ray).step
        return takeStep(of(c)(r), ray).step === (a === null ? null : c * a)
      })
      return (
        multiplied &&
        agree(of(c)(r), productOf(r, constant(c)), on) &&
        agree(of(1)(r), r, on) &&
        agree(of(i * j)(r), of(i)(of(j)(r)), on)
      )
    },
  runs: 150,
  subjects: { scale },
  mutants: {
    failureIsZero: { subject: failureIsZero, kill: 0.295 },
    scalesGradient: { subject: scalesGradient, kill: 0.75 },
    dividesByInverse: { subject: dividesByInverse, kill: 0.228 },
  },
})

/** What a unit is claimed of. */
interface Unital {
  readonly concat: (a: Rule, b: Rule) => Rule
  readonly empty: Rule
}

const product: Monoid<Rule> = { concat: (a, b) => productOf(a, b), empty: constant(1) }

prove<Unital, OnRule>({
  id: 'units',
  statement: 'a monoid of rules has its unit on both sides',
  hypotheses: 'any rule on any rays',
  slack: 'none: bit for bit',
  draws: onRules,
  holds:
    ({ concat, empty }) =>
    ({ e, on }) => {
      const r = compile(e)
      return agree(concat(r, empty), r, on) && agree(concat(empty, r), r, on)
    },
  runs: 150,
  subjects: { max: maxMonoid, min: minMonoid, orElse: orElseMonoid, product },
  mutants: {
    'max with a step of zero for its unit': {
      subject: { ...maxMonoid, empty: constant(0) },
      kill: 0.283,
    },
    'min with a cap of 1 for its unit': { subject: { ...minMonoid, empty: constant(1) }, kill: 0.528 },
    'orElse with a step of zero for its unit': {
      subject: { ...orElseMonoid, empty: constant(0) },
      kill: 0.961,
    },
  },
})

/** An envelope whose bounds do not bind. */
type Open = (proposal: Rule) => Rule

prove<Open, OnRule>({
  id: 'units',
  statement: 'an envelope between never and infinity is its proposal',
  hypotheses: 'any rule on any rays',
  slack: 'none: bit for bit',
  draws: onRules,
  holds:
    (of) =>
    ({ e, on }) =>
      agree(of(compile(e)), compile(e), on),
  runs: 150,
  subjects: {
    envelope: (proposal) => envelope({ lower: never, proposal, upper: constant(Number.POSITIVE_INFINITY) }),
  },
  mutants: {
    'a clamp from zero, which mends failures': {
      subject: clamp(0, Number.POSITIVE_INFINITY),
      kill: 0.281,
    },
  },
})
