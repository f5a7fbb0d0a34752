import fc from 'fast-check'
import { dyadic, oneBinade } from '../../../spec/law/arbitrary/number.js'
import type { Json } from '../../../spec/vocabulary/json.js'
import { encodeNumber } from '../../../spec/vocabulary/number.js'
import { constant } from '../../rule/atom/constant.js'
import { never } from '../../rule/atom/never.js'
import { envelope } from '../../rule/combine/envelope.js'
import { scale } from '../../rule/combine/scale.js'
import { clamp } from '../../rule/derived/clamp.js'
import type { Rule } from '../../rule/rule.js'
import { type Comparison, compared, equal } from '../card/evidence.js'
import type { Statement } from '../card/statement.js'
import { plainStep } from './rays.js'

/** A way to keep a rule between two numbers. */
export type Clamp = (low: number, high: number) => (proposal: Rule) => Rule

/** A way to keep a rule between two rules. */
export type Envelope = (parts: {
  readonly lower: Rule
  readonly proposal: Rule
  readonly upper: Rule
}) => Rule

/** The envelope between constants. */
export const clampBy =
  (of: Envelope): Clamp =>
  (low, high) =>
  (proposal) =>
    of({ lower: constant(low), proposal, upper: constant(high) })

const clamps: { readonly [name: string]: Clamp } = { clamp, 'envelope of constants': clampBy(envelope) }

const sizes = (): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 4, arbitrary: dyadic().map(Math.abs) },
    { weight: 4, arbitrary: oneBinade() },
    { weight: 4, arbitrary: fc.nat(6) },
    fc.constantFrom(0, Number.POSITIVE_INFINITY),
  )

const ordered = (a: number, b: number): readonly [number, number] => [Math.min(a, b), Math.max(a, b)]

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

/** Numbers under their names; infinities in words. */
const show = (given: { readonly [name: string]: number | null }): Json =>
  Object.fromEntries(Object.entries(given).map(([k, x]) => [k, x === null ? null : encodeNumber(x)]))

export const exact = 'none: clamps select, and rounding is monotone'

interface Bounded {
  readonly l: number
  readonly h: number
  readonly x: number | null
}

const bounded: fc.Arbitrary<Bounded> = fc.record({ l: sizes(), h: sizes(), x: proposals() })

const common = {
  kind: 'algebra',
  evidence: ['D', 'V'],
  slack: exact,
  subjects: clamps,
} as const

export const idempotent: Statement<Clamp, Bounded> = {
  ...common,
  id: 'L1.idempotent',
  says: 'A clamp is idempotent: $\\mathrm{env}_{l,h}(\\mathrm{env}_{l,h}(x)) = \\mathrm{env}_{l,h}(x)$, for any two bounds, crossing or not.',
  hypotheses: [],
  cases: bounded,
  show: ({ l, h, x }) => show({ l, h, x }),
  evaluate: (of, { l, h, x }) =>
    compared([
      equal('once more', plainStep(of(l, h)(of(l, h)(proposed(x)))), plainStep(of(l, h)(proposed(x)))),
    ]),
  mutants: ['padded'],
}

interface Shifted extends Bounded {
  readonly dl: number
  readonly dh: number
  readonly dx: number
}

export const monotone: Statement<Clamp, Shifted> = {
  ...common,
  id: 'L1.monotone',
  says: 'A clamp is monotone in its proposal and in each bound; a failure is below every proposal.',
  hypotheses: [],
  cases: fc.oneof(
    fc.record({
      l: sizes(),
      h: sizes(),
      x: proposals(),
      dl: shifts(),
      dh: shifts(),
      dx: shifts(),
    }),
    // Of one scale, so that a change leads across a bound.
    fc.record({
      l: fc.nat(4),
      h: fc.nat(12),
      x: fc.nat(12),
      dl: fc.nat(4),
      dh: fc.nat(4),
      dx: fc.nat(8),
    }),
  ),
  show: ({ l, h, x, dl, dh, dx }) => show({ l, h, x, dl, dh, dx }),
  evaluate: (of, { l, h, x, dl, dh, dx }) => {
    const observed = plainStep(of(l, h)(proposed(x)))
    const above = (at: string, rule: Rule): Comparison => ({ at, observed, bound: plainStep(rule), slack: 0 })
    return compared([
      above('in the lower bound', of(l + dl, h)(proposed(x))),
      above('in the upper bound', of(l, h + dh)(proposed(x))),
      above('in the proposal', of(l, h)(proposed((x ?? 0) + dx))),
    ])
  },
  mutants: ['resets'],
}

interface TwoProposals {
  readonly l: number
  readonly x: number
  readonly h: number
  readonly y: number
}

export const lipschitz: Statement<Clamp, TwoProposals> = {
  ...common,
  id: 'L1.lipschitz',
  says: 'A clamp moves by no more than its proposal: $|\\mathrm{env}(x) - \\mathrm{env}(y)| \\le |x - y|$.',
  hypotheses: [],
  cases: four().map(([l, x, h, y]) => ({ l, x, h, y })),
  show: ({ l, x, h, y }) => show({ l, x, h, y }),
  evaluate: (of, { l, x, h, y }) =>
    compared([
      {
        at: 'the two steps',
        observed: Math.abs(plainStep(of(l, h)(constant(x))) - plainStep(of(l, h)(constant(y)))),
        bound: Math.abs(x - y),
        slack: 0,
      },
    ]),
  mutants: ['resets'],
}

interface Scaled extends Bounded {
  readonly s: number
}

export const homogeneous: Statement<Clamp, Scaled> = {
  ...common,
  id: 'L1.homogeneous',
  says: 'A clamp is positively homogeneous: $s\\,\\mathrm{env}_{l,h}(x) = \\mathrm{env}_{sl,sh}(sx)$ for $s > 0$, bit for bit, because products round monotonically.',
  hypotheses: [],
  cases: fc
    .record({ l: sizes(), h: sizes(), x: proposals(), m: oneBinade(), e: fc.integer({ min: -9, max: 9 }) })
    .map(({ l, h, x, m, e }) => ({ l, h, x, s: m * 2 ** e })),
  show: ({ l, h, x, s }) => show({ l, h, x, s }),
  evaluate: (of, { l, h, x, s }) =>
    compared([
      equal(
        'both sides',
        plainStep(scale(s)(of(l, h)(proposed(x)))),
        plainStep(of(s * l, s * h)(scale(s)(proposed(x)))),
      ),
    ]),
  mutants: ['padded'],
}

export const orderOfBounds: Statement<Clamp, Bounded> = {
  ...common,
  id: 'L2.order',
  says: '$\\min(\\max(l, x), h) = \\max(l, \\min(x, h))$ while $l \\le h$; where the bounds cross the upper one wins. A failed proposal gives the lower bound.',
  hypotheses: [],
  cases: bounded,
  show: ({ l, h, x }) => show({ l, h, x }),
  evaluate: (of, { l, h, x }) =>
    compared([
      equal(
        l <= h ? 'raised last' : 'the upper bound',
        plainStep(of(l, h)(proposed(x))),
        l <= h ? Math.max(l, Math.min(x ?? 0, h)) : h,
      ),
    ]),
  mutants: ['lowWins', 'swapped', 'failurePasses'],
}

interface TwoClamps {
  readonly first: readonly [number, number]
  readonly second: readonly [number, number]
  readonly x: number | null
}

const pair = fc.tuple(sizes(), sizes())

const showTwo = ({ first, second, x }: TwoClamps): Json =>
  show({ l: first[0], h: first[1], l2: second[0], h2: second[1], x })

export const composition: Statement<Clamp, TwoClamps> = {
  ...common,
  id: 'L3.composition',
  says: "Clamps compose: $\\mathrm{env}_{l,h} \\circ \\mathrm{env}_{l',h'} = \\mathrm{env}_{L,H}$ with $L = \\mathrm{env}_{l,h}(l')$ and $H = \\mathrm{env}_{l,h}(h')$.",
  hypotheses: [
    {
      says: "$l \\le h$ and $l' \\le h'$",
      holds: ({ first, second }) => first[0] <= first[1] && second[0] <= second[1],
    },
  ],
  cases: fc
    .record({ first: pair, second: pair, x: proposals() })
    .map(({ first, second, x }) => ({ first: ordered(...first), second: ordered(...second), x })),
  show: showTwo,
  evaluate: (of, { first: [l, h], second: [l2, h2], x }) => {
    const L = plainStep(of(l, h)(constant(l2)))
    const H = plainStep(of(l, h)(constant(h2)))
    return compared([
      equal(
        'both sides',
        plainStep(of(l, h)(of(l2, h2)(proposed(x)))),
        L < 0 || H < 0 ? Number.NaN : plainStep(of(L, H)(proposed(x))),
      ),
    ])
  },
  mutants: ['resets'],
}

export const intersection: Statement<Clamp, TwoClamps> = {
  ...common,
  id: 'L3.intersection',
  says: 'Clamps to overlapping intervals commute, and compose to the clamp to the intersection.',
  hypotheses: [
    {
      says: 'the intervals share a point',
      holds: ({ first, second }) => Math.max(first[0], second[0]) <= Math.min(first[1], second[1]),
    },
  ],
  cases: fc
    .record({ bounds: fc.tuple(sizes(), sizes(), sizes(), sizes()), x: proposals() })
    .map(({ bounds, x }) => {
      const [a = 0, b = 0, c = 0, d = 0] = [...bounds].sort((p, q) => (p < q ? -1 : p > q ? 1 : 0))
      // Of four numbers in order, [a, c] and [b, d] overlap in [b, c], and [a, d] contains [b, c].
      return bounds[0] < bounds[1]
        ? { first: [a, d], second: [b, c], x }
        : { first: [a, c], second: [b, d], x }
    }),
  show: showTwo,
  evaluate: (of, { first, second, x }) => {
    const one = of(...first)
    const other = of(...second)
    const both = of(Math.max(first[0], second[0]), Math.min(first[1], second[1]))
    const here = plainStep(one(other(proposed(x))))
    return compared([
      equal('in the other order', here, plainStep(other(one(proposed(x))))),
      equal('by the intersection', here, plainStep(both(proposed(x)))),
    ])
  },
  mutants: ['resets'],
}

interface Positive {
  readonly l: number
  readonly h: number
  readonly x: number
}

export const duality: Statement<Clamp, Positive> = {
  ...common,
  id: 'L4.duality',
  says: 'Clamps are dual: $1/\\mathrm{env}_{l,h}(x) = \\mathrm{env}_{1/h,1/l}(1/x)$, zero and infinity included, bit for bit, because quotients round monotonically.',
  hypotheses: [{ says: '$l \\le h$', holds: ({ l, h }) => l <= h }],
  cases: fc.tuple(sizes(), sizes(), sizes()).map(([a, b, x]) => {
    const [l, h] = ordered(a, b)
    return { l, h, x }
  }),
  show: ({ l, h, x }) => show({ l, h, x }),
  evaluate: (of, { l, h, x }) =>
    compared([
      equal('both sides', 1 / plainStep(of(l, h)(constant(x))), plainStep(of(1 / h, 1 / l)(constant(1 / x)))),
    ]),
  mutants: ['resets', 'padded'],
}
