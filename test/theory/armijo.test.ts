import fc from 'fast-check'
import { armijo, constant, type Ray, type Rule, rayOf, sls, takeStep } from 'steplaw'
import { rayArbitrary } from 'steplaw/laws'
import { between, magnitudes } from './draw.js'
import { journeys, travel, worldOf } from './journey.js'
import * as mutant from './mutants.js'
import {
  backtracks,
  bounds,
  type Constants,
  gapBound,
  type Search,
  type SearchDraw,
  sufficientDecrease,
  throughout,
} from './search.js'
import { prove } from './theorem.js'

const budgets = (): fc.Arbitrary<number> => fc.oneof(fc.constant(100), fc.integer({ min: 1, max: 4 }))

const draws: fc.Arbitrary<SearchDraw> = fc.record({
  journey: journeys(),
  c: between(1 / 16, 15 / 16),
  shrink: fc.constantFrom(0.5, 0.9, 0.8),
  budget: budgets(),
  slack: fc.constant(0),
  start: magnitudes(),
})

const subjects: { readonly [name: string]: Search } = { armijo }

const counted = 'counted per trial: both values, the right-hand side, the point and the gradient (search.ts)'

prove<Search, SearchDraw>({
  id: 'P8',
  statement: 'min{start, 2 shrink (1 - c)/L} <= step <= start, and a search fails only for want of trials',
  hypotheses: 'L-smooth; random batches',
  slack: counted,
  draws,
  holds: throughout(bounds),
  runs: 85,
  subjects,
  mutants: {
    frozenTarget: { subject: mutant.frozenTarget, kill: 0.439 },
    shrinksOnceMore: { subject: mutant.shrinksOnceMore, kill: 0.405 },
    takesTinyStep: { subject: mutant.takesTinyStep, kill: 0.291 },
  },
})

prove<Search, SearchDraw>({
  id: 'P8',
  statement: 'f(x + step p) <= f(x) - c step |g|^2, and a failure leaves the point',
  hypotheses: 'any objective; random batches',
  slack: 'none: in the doubles of the run',
  draws,
  holds: throughout(sufficientDecrease),
  runs: 65,
  subjects,
  mutants: {
    plainDecrease: { subject: mutant.plainDecrease, kill: 0.478 },
    takesLastTrial: { subject: mutant.takesLastTrial, kill: 0.412 },
    takesFirstTrial: { subject: mutant.takesFirstTrial, kill: 0.462 },
  },
})

prove<Search, SearchDraw>({
  id: 'P8',
  statement: 'step |g|^2 <= (f - l)/c',
  hypotheses: 'l <= inf f; random batches',
  slack: 'the errors of both values and 4 roundings',
  draws,
  holds: throughout(gapBound),
  runs: 85,
  subjects,
  mutants: {
    plainDecrease: { subject: mutant.plainDecrease, kill: 0.295 },
    takesLastTrial: { subject: mutant.takesLastTrial, kill: 0.39 },
    takesFirstTrial: { subject: mutant.takesFirstTrial, kill: 0.418 },
  },
})

prove<Search, SearchDraw>({
  id: 'P8',
  statement:
    'backtracks = probes - 1 <= the least j >= 0 with shrink^j start <= 2(1 - c)/L; step = shrink^(probes - 1) start; probes <= budget',
  hypotheses: 'L-smooth; random batches',
  slack: counted,
  draws,
  holds: throughout(backtracks),
  runs: 65,
  subjects,
  mutants: {
    frozenTarget: { subject: mutant.frozenTarget, kill: 0.439 },
    shrinksFirst: { subject: mutant.shrinksFirst, kill: 0.997 },
    shrinksOnceMore: { subject: mutant.shrinksOnceMore, kill: 0.667 },
    oneTrialMore: { subject: mutant.oneTrialMore, kill: 0.411 },
  },
})

interface RayDraw extends Constants {
  readonly ray: Ray
  readonly start: number
}

const rayDraws: fc.Arbitrary<RayDraw> = fc.record({
  ray: rayArbitrary().map(rayOf),
  c: between(1 / 16, 15 / 16),
  shrink: fc.constantFrom(0.5, 0.9),
  budget: fc.integer({ min: 1, max: 12 }),
  slack: fc.oneof(fc.constant(0), magnitudes()),
  start: magnitudes(),
})

const onRay = (search: Search, { ray, start, ...constants }: RayDraw) =>
  takeStep(search({ start: constant(start), ...constants }), ray)

prove<Search, RayDraw>({
  id: 'P8',
  statement: 'an accepted trial is finite and satisfies the inequality; every trial before it does not',
  hypotheses: 'any ray: not convex, not finite, not descending',
  slack: 'none: in the doubles of the ray',
  draws: rayDraws,
  holds: (search) => (d) => {
    const { step, probed } = onRay(search, d)
    const { value, slope, phi = () => Number.NaN } = d.ray
    const accepted = (a: number): boolean =>
      Number.isFinite(phi(a)) && phi(a) <= value + d.c * a * slope + d.slack
    const last = probed[probed.length - 1]
    const rejected = step === null ? probed : probed.slice(0, -1)
    return (step === null || (step === last && accepted(step))) && !rejected.some(accepted)
  },
  runs: 900,
  subjects,
  mutants: {
    acceptsNaN: { subject: mutant.acceptsNaN, kill: 0.043 },
    slackSubtracted: { subject: mutant.slackSubtracted, kill: 0.139 },
    plainDecrease: { subject: mutant.plainDecrease, kill: 0.065 },
    takesLastTrial: { subject: mutant.takesLastTrial, kill: 0.3 },
  },
})

prove<Search, RayDraw>({
  id: 'P8b',
  statement: 'more slack never shortens the step: step(slack) >= step(0), a failure being below every step',
  hypotheses: 'any ray, the same start',
  slack: 'none: sums round monotonically',
  draws: rayDraws,
  holds: (search) => (d) => (onRay(search, d).step ?? -1) >= (onRay(search, { ...d, slack: 0 }).step ?? -1),
  runs: 360,
  subjects,
  mutants: { slackSubtracted: { subject: mutant.slackSubtracted, kill: 0.094 } },
})

/** A stochastic line search whose every start is the step before. */
type Keeping = (p: { readonly initial: number } & Pick<Constants, 'c' | 'shrink' | 'budget'>) => Rule

prove<Keeping, SearchDraw>({
  id: 'L6',
  statement: 'the search that keeps its step never lengthens it',
  hypotheses: 'random batches, failures included',
  slack: 'none: bit for bit',
  draws,
  holds:
    (of) =>
    ({ journey, start: initial, c, shrink, budget }) =>
      travel(worldOf(journey), of({ initial, c, shrink, budget }))
        .flatMap(({ step }) => (step === null ? [] : [step]))
        .every((step, i, steps) => step <= (steps[i - 1] ?? initial)),
  runs: 135,
  subjects: { 'sls, keep': (p) => sls({ ...p, reset: 'keep' }) },
  mutants: {
    'sls: option 1 of its own code, growth, by default': {
      subject: (p) => sls({ ...p, reset: 'grow', growth: 2 }),
      kill: 0.539,
    },
    'sls: restarts once an epoch': {
      subject: (p) => sls({ ...p, reset: 'periodic', period: 4 }),
      kill: 0.186,
    },
  },
})
