import fc from 'fast-check'
import {
  clamp,
  compile,
  constant,
  envelope,
  maxOf,
  minOf,
  never,
  type Ray,
  type Rule,
  scale,
  takeStep,
} from 'steplaw'
import { dyadic, oneBinade } from 'steplaw/laws'
import type { RuleExpr } from 'steplaw/spec'
import { agree, expr, rays } from '../rule/draw.js'
import { combining } from './mutants.js'
import { prove } from './theorem.js'

/** A way to keep a rule between two numbers. */
type Clamp = (low: number, high: number) => (proposal: Rule) => Rule

/** A way to keep a rule between two rules. */
type Envelope = (parts: { readonly lower: Rule; readonly proposal: Rule; readonly upper: Rule }) => Rule

/** An envelope that does arithmetic of its own; null is a failure. */
const envelopeLike =
  (name: string, f: (l: number | null, p: number | null, h: number | null) => number | null): Envelope =>
  ({ lower, proposal, upper }) =>
    combining(name, [lower, proposal, upper], ([l = null, p = null, h = null]) => f(l, p, h))

const clampLike =
  (of: Envelope): Clamp =>
  (low, high) =>
  (proposal) =>
    of({ lower: constant(low), proposal, upper: constant(high) })

const raised = (l: number | null, p: number | null): number | null =>
  l === null ? p : p === null ? l : Math.max(l, p)

const cut = (p: number | null, h: number | null): number | null =>
  h === null || p === null ? null : Math.min(p, h)

/** The lower bound applied last, so that it wins where the bounds cross: numpy's order is the other one. */
const lowWins = envelopeLike('lowWins', (l, p, h) => raised(l, cut(p, h)))
/** The bounds given in the wrong order, as to a `clip(x, max, min)`. */
const swapped = envelopeLike('swapped', (l, p, h) => cut(raised(h, p), l))
/** A step out of range sends the search back to its lower end, as a reset does. */
const resets = envelopeLike('resets', (l, p, h) =>
  p !== null && h !== null && p > h ? cut(l, h) : cut(raised(l, p), h),
)
/** A small number added "for stability". */
const padded = envelopeLike('padded', (l, p, h) => {
  const kept = cut(raised(l, p), h)
  return kept === null ? null : kept + 1e-8
})
/** A failed proposal fails the envelope instead of falling back to the lower bound. */
const failurePasses = envelopeLike('failurePasses', (l, p, h) => (p === null ? null : cut(raised(l, p), h)))

const sizes = (): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 4, arbitrary: dyadic().map(Math.abs) },
    { weight: 4, arbitrary: oneBinade() },
    { weight: 4, arbitrary: fc.nat(6) },
    fc.constantFrom(0, Number.POSITIVE_INFINITY),
  )

const ordered = (a: number, b: number): readonly [number, number] => [Math.min(a, b), Math.max(a, b)]

/** The step of a rule on a plain ray; a failure is below every step. */
const at = (rule: Rule): number => takeStep(rule, { value: 1, slope: -1 }).step ?? -1

/** Proposals: a number, or a failure. */
const proposals = (): fc.Arbitrary<number | null> => fc.option(sizes(), { freq: 10 })

/** Small and large changes. */
const shifts = (): fc.Arbitrary<number> => fc.oneof(sizes(), fc.nat(6))

/** Four numbers of one scale, every second time in order. */
const four = (): fc.Arbitrary<readonly [number, number, number, number]> => {
  const of = (a: fc.Arbitrary<number>) => fc.tuple(a, a, a, a)
  return fc.tuple(fc.oneof(of(fc.nat(12)), of(oneBinade())), fc.boolean()).map(([all, inOrder]) => {
    const [a = 0, b = 0, c = 0, d = 0] = inOrder ? [...all].sort((x, y) => x - y) : all
    return [a, b, c, d]
  })
}

const proposed = (x: number | null): Rule => (x === null ? never : constant(x))

const clamps = { clamp, 'envelope of constants': clampLike(envelope) }

const exact = 'none: clamps select, and rounding is monotone'

prove<Clamp, readonly [number, number, number | null]>({
  id: 'L1',
  statement: 'a clamp is idempotent',
  hypotheses: 'any two bounds, crossing or not',
  slack: exact,
  draws: fc.tuple(sizes(), sizes(), proposals()),
  holds:
    (of) =>
    ([l, h, x]) =>
      at(of(l, h)(of(l, h)(proposed(x)))) === at(of(l, h)(proposed(x))),
  runs: 300,
  subjects: clamps,
  mutants: { padded: { subject: clampLike(padded), kill: 0.338 } },
})

prove<Clamp, { l: number; h: number; x: number | null; dl: number; dh: number; dx: number }>({
  id: 'L1',
  statement: 'a clamp is monotone in each argument',
  hypotheses: 'any two bounds; a failure is below every proposal',
  slack: exact,
  draws: fc.record({ l: sizes(), h: sizes(), x: proposals(), dl: shifts(), dh: shifts(), dx: shifts() }),
  holds:
    (of) =>
    ({ l, h, x, dl, dh, dx }) => {
      const here = at(of(l, h)(proposed(x)))
      return (
        here <= at(of(l + dl, h)(proposed(x))) &&
        here <= at(of(l, h + dh)(proposed(x))) &&
        here <= at(of(l, h)(proposed((x ?? 0) + dx)))
      )
    },
  runs: 700,
  subjects: clamps,
  mutants: { resets: { subject: clampLike(resets), kill: 0.047 } },
})

prove<Clamp, readonly [number, number, number, number]>({
  id: 'L1',
  statement: 'a clamp moves by no more than its proposal',
  hypotheses: 'finite proposals',
  slack: exact,
  draws: four(),
  holds:
    (of) =>
    ([l, x, h, y]) =>
      Math.abs(at(of(l, h)(constant(x))) - at(of(l, h)(constant(y)))) <= Math.abs(x - y),
  runs: 400,
  subjects: clamps,
  mutants: { resets: { subject: clampLike(resets), kill: 0.092 } },
})

prove<Clamp, { l: number; h: number; x: number | null; s: number; e: number }>({
  id: 'L1',
  statement: 'a clamp is positively homogeneous: s clamp(l, h) = clamp(s l, s h) s',
  hypotheses: 's > 0, a failure included; bit for bit, because products round monotonically',
  slack: exact,
  draws: fc.record({
    l: sizes(),
    h: sizes(),
    x: proposals(),
    s: oneBinade(),
    e: fc.integer({ min: -9, max: 9 }),
  }),
  holds:
    (of) =>
    ({ l, h, x, s, e }) => {
      const by = s * 2 ** e
      return at(scale(by)(of(l, h)(proposed(x)))) === at(of(by * l, by * h)(scale(by)(proposed(x))))
    },
  runs: 300,
  subjects: clamps,
  mutants: { padded: { subject: clampLike(padded), kill: 0.982 } },
})

prove<Clamp, readonly [number, number, number | null]>({
  id: 'L2',
  statement:
    'the order of max and min does not matter while the bounds do not cross; the upper bound wins where they do',
  hypotheses: 'any two bounds; a failed proposal gives the lower bound',
  slack: exact,
  draws: fc.tuple(sizes(), sizes(), proposals()),
  holds:
    (of) =>
    ([l, h, x]) =>
      at(of(l, h)(proposed(x))) === (l <= h ? Math.max(l, Math.min(x ?? 0, h)) : h),
  runs: 350,
  subjects: clamps,
  mutants: {
    lowWins: { subject: clampLike(lowWins), kill: 0.491 },
    swapped: { subject: clampLike(swapped), kill: 0.573 },
    failurePasses: { subject: clampLike(failurePasses), kill: 0.1 },
  },
})

prove<Clamp, { first: readonly [number, number]; second: readonly [number, number]; x: number | null }>({
  id: 'L3',
  statement: 'clamps compose to the clamp by the clamped bounds',
  hypotheses: 'l <= h and l′ <= h′',
  slack: exact,
  draws: fc.record({
    first: fc.tuple(sizes(), sizes()),
    second: fc.tuple(sizes(), sizes()),
    x: proposals(),
  }),
  holds:
    (of) =>
    ({ first, second, x }) => {
      const [l, h] = ordered(...first)
      const [l2, h2] = ordered(...second)
      const L = at(of(l, h)(constant(l2)))
      const H = at(of(l, h)(constant(h2)))
      return at(of(l, h)(of(l2, h2)(proposed(x)))) === at(of(L, H)(proposed(x)))
    },
  runs: 300,
  subjects: clamps,
  mutants: {
    resets: { subject: clampLike(resets), kill: 0.158 },
  },
})

prove<Clamp, { bounds: readonly [number, number, number, number]; x: number | null }>({
  id: 'L3',
  statement: 'clamps to overlapping intervals commute, and compose to the clamp to the intersection',
  hypotheses: 'the intervals share a point',
  slack: exact,
  draws: fc.record({ bounds: fc.tuple(sizes(), sizes(), sizes(), sizes()), x: proposals() }),
  holds: (of) => {
    return ({ bounds, x }) => {
      const [a = 0, b = 0, c = 0, d = 0] = [...bounds].sort((p, q) => (p < q ? -1 : p > q ? 1 : 0))
      // Of four numbers in order, [a, c] and [b, d] overlap in [b, c], and [a, d] contains [b, c].
      const nested = bounds[0] < bounds[1]
      const one = nested ? of(a, d) : of(a, c)
      const other = nested ? of(b, c) : of(b, d)
      const here = at(one(other(proposed(x))))
      return here === at(other(one(proposed(x)))) && here === at(of(b, c)(proposed(x)))
    }
  },
  runs: 400,
  subjects: clamps,
  mutants: { resets: { subject: clampLike(resets), kill: 0.083 } },
})

prove<Clamp, readonly [number, number, number]>({
  id: 'L4',
  statement: 'clamps are dual: 1 / clamp(l, h) x = clamp(1/h, 1/l) 1/x',
  hypotheses: 'l <= h, zero and infinity included; bit for bit, because quotients round monotonically',
  slack: exact,
  draws: fc.tuple(sizes(), sizes(), sizes()),
  holds:
    (of) =>
    ([a, b, x]) => {
      const [l, h] = ordered(a, b)
      return 1 / at(of(l, h)(constant(x))) === at(of(1 / h, 1 / l)(constant(1 / x)))
    },
  runs: 300,
  subjects: clamps,
  mutants: {
    resets: { subject: clampLike(resets), kill: 0.622 },
    padded: { subject: clampLike(padded), kill: 1 },
  },
})

interface RuleDraw {
  readonly lower: RuleExpr
  readonly proposal: RuleExpr
  readonly upper: RuleExpr
  readonly on: ReadonlyArray<Ray>
}

const ruleDraws: fc.Arbitrary<RuleDraw> = fc.record({
  lower: expr(),
  proposal: expr(),
  upper: expr(),
  on: rays(),
})

prove<Envelope, RuleDraw>({
  id: 'L2',
  statement: 'an envelope of rules is min(max(lower, proposal), upper), failures included',
  hypotheses: 'any three rules, on any rays',
  slack: exact,
  draws: ruleDraws,
  holds: (of) => {
    return ({ on, ...parts }) => {
      const [lower, proposal, upper] = [compile(parts.lower), compile(parts.proposal), compile(parts.upper)]
      return agree(of({ lower, proposal, upper }), minOf(maxOf(lower, proposal), upper), on)
    }
  },
  runs: 200,
  subjects: { envelope },
  mutants: {
    lowWins: { subject: lowWins, kill: 0.553 },
    failurePasses: { subject: failurePasses, kill: 0.168 },
  },
})

prove<Envelope, RuleDraw>({
  id: 'L1',
  statement: 'an envelope of rules is idempotent',
  hypotheses: 'any three rules, on any rays: stateful bounds are asked twice and answer alike',
  slack: exact,
  draws: ruleDraws,
  holds: (of) => {
    return ({ on, ...parts }) => {
      const [lower, proposal, upper] = [compile(parts.lower), compile(parts.proposal), compile(parts.upper)]
      const once = of({ lower, proposal, upper })
      return agree(of({ lower, proposal: once, upper }), once, on)
    }
  },
  runs: 100,
  subjects: { envelope },
  mutants: { padded: { subject: padded, kill: 0.384 } },
})
