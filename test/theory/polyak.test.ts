import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import {
  armijo,
  constant,
  decSps,
  maxOf,
  minOf,
  polyak,
  power,
  type Rule,
  sls,
  spsB,
  spsMax,
  spsSmooth,
  takeStep,
} from 'steplaw'
import { dyadic } from 'steplaw/laws'
import { gamma } from '../../src/numeric/index.js'
import { between, magnitudes } from './draw.js'
import { polyakBounds } from './gap.js'
import { descending, type Journey, journeys, type Moment, placeAt, travel, worldOf } from './journey.js'
import * as mutant from './mutants.js'
import { prove } from './theorem.js'

interface Draw extends mutant.Capped {
  readonly journey: Journey
}

const draws = (least: number): fc.Arbitrary<Draw> =>
  fc.record({ journey: journeys(), c: between(least, 4), cap: magnitudes() })

/** A capped Polyak step, and its cap in iteration k. */
interface Subject {
  readonly rule: (p: mutant.Capped) => Rule
  readonly capAt: (cap: number, k: number) => number
}

const fixed = (rule: Subject['rule']): Subject => ({ rule, capAt: (cap) => cap })

prove<Subject, Draw>({
  id: 'P1',
  statement: 'min{1/(2cL), cap} <= step <= min{(f - l)/(c |g|^2), cap} on every iteration of a run',
  hypotheses: 'L-smooth, l <= inf f; random batches; any c > 0',
  slack:
    'error of the gap (40 roundings of the value), of the squared norm (E0), and 6 roundings of the formula',
  draws: draws(1 / 8),
  holds:
    ({ rule, capAt }) =>
    ({ journey, c, cap }) =>
      descending(travel(worldOf(journey), rule({ c, cap }))).every(polyakBounds(c, (k) => capAt(cap, k))),
  runs: 95,
  subjects: {
    spsMax: fixed(spsMax),
    spsB: {
      rule: ({ c, cap }) => spsB({ c, initial: cap, exponent: 1 }),
      capAt: (cap, k) => cap / (k + 1),
    },
  },
  mutants: {
    invertedScaling: { subject: fixed(mutant.invertedScaling), kill: 0.917 },
    withoutCap: { subject: fixed(mutant.withoutCap), kill: 0.295 },
    lossForGap: { subject: fixed(mutant.lossForGap), kill: 0.48 },
    oneRayBehind: { subject: fixed(mutant.oneRayBehind), kill: 0.8 },
    paddedNorm: { subject: fixed(mutant.paddedNorm), kill: 0.263 },
  },
})

interface RayDraw {
  readonly value: number
  readonly slope: number
  readonly lowerBound: number
  readonly c: number
}

const rayDraws: fc.Arbitrary<RayDraw> = fc.record({
  value: dyadic(),
  slope: magnitudes().map((s) => -s),
  lowerBound: dyadic(),
  c: between(1 / 8, 4),
})

prove<(p: mutant.Capped) => Rule, RayDraw>({
  id: 'P1',
  statement:
    'c step |slope| is the positive part of the gap: a bound that is too high stops, and never climbs or fails',
  hypotheses: 'any bound, right or wrong, on a ray that descends',
  slack: '4 roundings; a gap of dyadic numbers is exact',
  draws: rayDraws,
  holds: (rule) => {
    return ({ value, slope, lowerBound, c }) => {
      const ray = { value, slope, lowerBound: O.some(lowerBound) }
      const { step } = takeStep(rule({ c, cap: Number.POSITIVE_INFINITY }), ray)
      const gap = Math.max(value - lowerBound, 0)
      return step !== null && Math.abs(step * c * -slope - gap) <= gamma(4) * gap
    }
  },
  runs: 150,
  subjects: { spsMax, polyak: ({ c }) => polyak({ c }) },
  mutants: {
    uphill: { subject: mutant.uphill, kill: 0.5 },
    absoluteGap: { subject: mutant.absoluteGap, kill: 0.5 },
    invertedScaling: { subject: mutant.invertedScaling, kill: 0.489 },
    paddedNorm: { subject: mutant.paddedNorm, kill: 0.487 },
  },
})

/**
 * What rounding may do to one step of length `step`: the update (2 roundings a coordinate), the distances and the formula (64
 * in all, on the squared sum of what enters), and the errors of gap and gradient, which count twice each.
 */
const stepSlack = (m: Moment, step: number, error: number): number => {
  const moved = step * Math.sqrt(m.gg)
  const D = Math.sqrt(m.distance2)
  const size = m.x.reduce((s, x) => s + Math.abs(x), 0)
  return (
    gamma(64) * ((D + size + moved) ** 2 + step * (Math.abs(m.gap) + m.atSolution.gap)) +
    2 * step * (error + m.atSolution.error + m.gradientError * D)
  )
}

type OneStep = (m: Moment, step: number, c: number) => number

const contracts: OneStep = (m, step) => (1 - m.mu * step) * m.distance2 + 2 * step * m.atSolution.gap

const convexStep: OneStep = (m, step, c) =>
  m.distance2 - step * (2 - 1 / c) * m.gap + 2 * step * m.atSolution.gap

/** A rule with $\gamma\|g\|^2 \le (f - \ell)/c$ on every ray. */
interface Certified {
  readonly rule: (p: mutant.Capped) => Rule
  /** The constant it has, made from the one that was drawn. */
  readonly c: (drawn: number) => number
}

/** A bound of the next squared distance, on every iteration that stepped; a failure leaves the point. */
const everyStep =
  (bound: OneStep) =>
  ({ rule, c: constantOf }: Certified) =>
  ({ journey, c: drawn, cap }: Draw): boolean => {
    const c = constantOf(drawn)
    return travel(worldOf(journey), rule({ c, cap })).every((m) => {
      if (m.step === null) return m.next === m.x
      const next = placeAt(journey.problem, m.next, m.batch)
      return m.nextDistance2 <= bound(m, m.step, c) + stepSlack(m, m.step, m.error + next.error)
    })
  }

const asDrawn = (rule: Certified['rule']): Certified => ({ rule, c: (drawn) => drawn })

/** For a search, whose constant is below 1: from [1/2, 4] to [1/2, 15/16]. */
const searched = (rule: Certified['rule']): Certified => ({ rule, c: (drawn) => (drawn + 3.5) / 8 })

const certified: { readonly [name: string]: Certified } = {
  spsMax: asDrawn(spsMax),
  spsB: asDrawn(({ c, cap }) => spsB({ c, initial: cap })),
  spsSmooth: asDrawn(({ c, cap }) => spsSmooth({ c, growth: 2, initial: cap })),
  decSps: asDrawn(({ c, cap }) => decSps({ c0: c, cap })),
  'sls, keep': searched(({ c, cap }) => sls({ c, initial: cap, reset: 'keep' })),
  'sls, grow': searched(({ c, cap }) => sls({ c, shrink: 0.5, initial: cap, reset: 'grow', growth: 2 })),
  'sls with few trials': searched(({ c, cap }) =>
    sls({ c, shrink: 0.5, initial: cap, reset: 'restart', budget: 3 }),
  ),
  'the greater of two': searched(({ c, cap }) =>
    maxOf(polyak({ c }), armijo({ c, start: power({ initial: cap, exponent: 0.5 }) })),
  ),
  'the lesser of two': searched(({ c, cap }) => minOf(polyak({ c }), armijo({ c, start: constant(cap) }))),
}

const search =
  (of: (p: Parameters<typeof armijo>[0]) => Rule, budget: number): Certified['rule'] =>
  ({ c, cap }) =>
    of({ c, budget, start: constant(cap) })

const uncertified = {
  constant: asDrawn(({ cap }) => constant(cap)),
  invertedScaling: asDrawn(mutant.invertedScaling),
  oneRayBehind: asDrawn(mutant.oneRayBehind),
  plainDecrease: searched(search(mutant.plainDecrease, 100)),
  takesFirstTrial: searched(search(mutant.takesFirstTrial, 100)),
  takesLastTrial: searched(search(mutant.takesLastTrial, 3)),
}

const stepCount =
  'counted: 64 roundings of the update and the distances, 40 of each value, 12 of the gradient'

prove<Certified, Draw>({
  id: 'P3',
  statement: 'D+^2 <= (1 - mu step) D^2 + 2 step (f(x*) - l)',
  hypotheses: 'step |g|^2 <= 2 (f - l): Polyak and Armijo with c >= 1/2, their max and min; random batches',
  slack: stepCount,
  draws: draws(1 / 2),
  holds: everyStep(contracts),
  runs: 115,
  subjects: certified,
  mutants: {
    constant: { subject: uncertified.constant, kill: 0.828 },
    invertedScaling: { subject: uncertified.invertedScaling, kill: 0.213 },
    oneRayBehind: { subject: uncertified.oneRayBehind, kill: 0.376 },
    plainDecrease: { subject: uncertified.plainDecrease, kill: 0.305 },
    takesFirstTrial: { subject: uncertified.takesFirstTrial, kill: 0.828 },
    takesLastTrial: { subject: uncertified.takesLastTrial, kill: 0.702 },
  },
})

prove<Certified, Draw>({
  id: 'P4',
  statement: 'D+^2 <= D^2 - step (2 - 1/c) (f - l) + 2 step (f(x*) - l)',
  hypotheses: 'step |g|^2 <= (f - l)/c with c >= 1/2, f convex; random batches',
  slack: stepCount,
  draws: draws(1 / 2),
  holds: everyStep(convexStep),
  runs: 80,
  subjects: certified,
  mutants: {
    constant: { subject: uncertified.constant, kill: 0.841 },
    invertedScaling: { subject: uncertified.invertedScaling, kill: 0.424 },
    oneRayBehind: { subject: uncertified.oneRayBehind, kill: 0.42 },
    plainDecrease: { subject: uncertified.plainDecrease, kill: 0.304 },
    takesFirstTrial: { subject: uncertified.takesFirstTrial, kill: 0.818 },
    takesLastTrial: { subject: uncertified.takesLastTrial, kill: 0.681 },
  },
})
