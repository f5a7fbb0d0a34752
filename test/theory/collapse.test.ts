import fc from 'fast-check'
import { armijo, minOf, power, type Ray, type Rule, slsB, spsB, takeStep } from 'steplaw'
import { gamma } from '../../src/numeric/index.js'
import { between, powersOfTwo } from './draw.js'
import { squareError } from './gap.js'
import { descending, type Journey, journeys, type Moment, travel, type World, worldOf } from './journey.js'
import * as mutant from './mutants.js'
import { searchError } from './search.js'
import { prove } from './theorem.js'

/** A rule under a schedule, and the threshold below which it is said to be the schedule. */
interface Subject {
  readonly rule: (p: { readonly c: number; readonly initial: number; readonly exponent: number }) => Rule
  readonly threshold: (c: number, L: ReadonlyArray<number>) => number
}

interface Draw {
  readonly journey: Journey
  readonly c: number
  readonly exponent: number
  /** The share of the threshold at which the schedule begins. */
  readonly share: number
}

const draws = (c: fc.Arbitrary<number>): fc.Arbitrary<Draw> =>
  fc.record({
    journey: journeys(),
    c,
    exponent: fc.constantFrom(0, 0.5, 1),
    share: fc.constantFrom(1 - 2 ** -20, 15 / 16, 1 / 2),
  })

/** How much of the threshold rounding may take away on an iteration. */
type Loss = (world: World, m: Moment, cap: number, c: number) => number

/** The step is the schedule's, bit for bit, on every iteration where rounding takes less than is left of the threshold. */
const collapses =
  (loss: Loss, probes: (cap: number) => ReadonlyArray<number>) =>
  ({ rule, threshold }: Subject) =>
  ({ journey, c, exponent, share }: Draw): boolean => {
    const world = worldOf(journey)
    const initial = share * threshold(c, journey.problem.L)
    const schedule = power({ initial, exponent })
    return descending(travel(world, rule({ c, initial, exponent }))).every((m) => {
      const cap = takeStep(schedule, { value: 0, slope: -1, k: m.k }).step ?? Number.NaN
      const sure = loss(world, m, cap, c) <= 1 - share
      return !sure || (m.step === cap && m.probed.join() === probes(cap).join())
    })
  }

const polyakThreshold: Subject['threshold'] = (c, L) => 1 / (2 * c * Math.max(...L))

const armijoThreshold: Subject['threshold'] = (c, L) => (2 * (1 - c)) / Math.max(...L)

const mean = (L: ReadonlyArray<number>): number => L.reduce((s, x) => s + x, 0) / L.length

/** By E0 the ratio is at least $1/(2cL)$ less the errors of the gap and of the squared norm. */
const ratioLoss: Loss = (_world, m) => (squareError(m) + 2 * m.L * m.error) / m.gg + gamma(8)

/** By smoothness the margin of Armijo's inequality is $a\|g\|^2(1 - c - aL/2) \ge a\|g\|^2(1 - c)(1 - \text{share})$. */
const searchLoss: Loss = (world, m, a, c) =>
  (searchError(world, m, a, { c, shrink: 0.9, budget: 100, slack: 0 }) / (a * m.gg) + gamma(8)) / (1 - c)

prove<Subject, Draw>({
  id: 'P12',
  statement: 'SPSB under a cap of at most 1/(2 c L_max) is the cap, bit for bit',
  hypotheses:
    'L-smooth, l <= inf f; random batches; iterations on which rounding takes less than the cap leaves',
  slack: 'none in the step; the hypothesis counts the errors of gap and squared norm',
  draws: draws(between(1 / 8, 4)),
  holds: collapses(ratioLoss, () => []),
  runs: 90,
  subjects: { spsB: { rule: spsB, threshold: polyakThreshold } },
  mutants: {
    'the threshold 1/(c L_max)': {
      subject: { rule: spsB, threshold: (c, L) => 1 / (c * Math.max(...L)) },
      kill: 0.438,
    },
    'the mean L for the greatest': {
      subject: { rule: spsB, threshold: (c, L) => 1 / (2 * c * mean(L)) },
      kill: 0.272,
    },
    oneRayBehind: {
      subject: {
        rule: ({ c, ...cap }) => minOf(mutant.oneRayBehind({ c, cap: Number.POSITIVE_INFINITY }), power(cap)),
        threshold: polyakThreshold,
      },
      kill: 0.344,
    },
    invertedScaling: {
      subject: {
        rule: ({ c, ...cap }) =>
          minOf(mutant.invertedScaling({ c, cap: Number.POSITIVE_INFINITY }), power(cap)),
        threshold: polyakThreshold,
      },
      kill: 0.311,
    },
  },
})

const searchBy =
  (of: (p: Parameters<typeof armijo>[0]) => Rule): Subject['rule'] =>
  ({ c, ...cap }) =>
    of({ c, shrink: 0.9, start: power(cap) })

prove<Subject, Draw>({
  id: 'P12',
  statement: 'SLSB under a cap of at most 2(1 - c)/L_max is the cap, bit for bit, without a backtrack',
  hypotheses: 'L-smooth; random batches; iterations on which rounding takes less than the cap leaves',
  slack: 'none in the step; the hypothesis counts the errors of the inequality',
  draws: draws(between(1 / 16, 15 / 16)),
  holds: collapses(searchLoss, (cap) => [cap]),
  runs: 80,
  subjects: {
    slsB: { rule: slsB, threshold: armijoThreshold },
    'its definition': { rule: searchBy(armijo), threshold: armijoThreshold },
  },
  mutants: {
    'the threshold 2/L_max': {
      subject: { rule: slsB, threshold: (_c, L) => 2 / Math.max(...L) },
      kill: 0.568,
    },
    'the mean L for the greatest': {
      subject: { rule: slsB, threshold: (c, L) => (2 * (1 - c)) / mean(L) },
      kill: 0.319,
    },
    shrinksFirst: {
      subject: { rule: searchBy(mutant.shrinksFirst), threshold: armijoThreshold },
      kill: 0.997,
    },
  },
})

interface Parabola {
  readonly c: number
  readonly L: number
  readonly r: number
}

/** $\frac L2 x^2$ at $x = r$, in numbers so short that nothing rounds. */
const parabola = ({ L, r }: Parabola): Ray => ({
  value: (L * r * r) / 2,
  slope: -(L * r) * (L * r),
  phi: (a) => {
    const x = r - a * (L * r)
    return (L * x * x) / 2
  },
})

const parabolas: fc.Arbitrary<Parabola> = fc.record({
  c: between(1 / 16, 15 / 16),
  L: powersOfTwo(),
  r: fc.integer({ min: 1, max: 15 }),
})

/** At the threshold itself the rule is still the cap. */
const tight =
  ({ rule, threshold }: Subject) =>
  (p: Parabola): boolean => {
    const initial = threshold(p.c, [p.L])
    const { step, probed } = takeStep(rule({ c: p.c, initial, exponent: 0 }), parabola(p))
    return step === initial && probed.length <= 1
  }

prove<Subject, Parabola>({
  id: 'P12',
  statement: 'SPSB collapses at the threshold itself, where ratio and cap are the same double',
  hypotheses: 'a parabola in exact numbers',
  slack: 'none',
  draws: parabolas,
  holds: tight,
  runs: 60,
  subjects: { spsB: { rule: spsB, threshold: polyakThreshold } },
  mutants: {
    'a threshold one in the last place higher': {
      subject: { rule: spsB, threshold: (c, L) => polyakThreshold(c, L) * (1 + 2 ** -52) },
      kill: 1,
    },
    paddedNorm: {
      subject: {
        rule: ({ c, ...cap }) => minOf(mutant.paddedNorm({ c, cap: Number.POSITIVE_INFINITY }), power(cap)),
        threshold: polyakThreshold,
      },
      kill: 0.999,
    },
  },
})

prove<Subject, Parabola>({
  id: 'P12',
  statement: 'SLSB collapses at the threshold itself, where Armijo holds with equality',
  hypotheses: 'a parabola in exact numbers',
  slack: 'none',
  draws: parabolas,
  holds: tight,
  runs: 60,
  subjects: { slsB: { rule: slsB, threshold: armijoThreshold } },
  mutants: {
    'a threshold 2^-20 higher': {
      subject: { rule: slsB, threshold: (c, L) => armijoThreshold(c, L) * (1 + 2 ** -20) },
      kill: 1,
    },
    'a strict inequality': {
      subject: { rule: searchBy(mutant.strictInequality), threshold: armijoThreshold },
      kill: 1,
    },
  },
})
