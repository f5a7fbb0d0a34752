import fc from 'fast-check'
import { gamma } from '../../numeric/index.js'
import { armijo } from '../../rule/atom/armijo.js'
import { power } from '../../rule/atom/power.js'
import { slsB } from '../../rule/derived/slsB.js'
import { spsB } from '../../rule/derived/spsB.js'
import { type Ray, takeStep } from '../../rule/ray.js'
import type { Rule } from '../../rule/rule.js'
import type { Card } from '../card/card.js'
import { type Comparison, compared, equal } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Statement } from '../card/statement.js'
import { journeys } from '../world/journeys.js'
import { quadraticWorlds } from '../world/quadratic.js'
import { descending, type Moment, travel } from '../world/travel.js'
import { type Journey, mean, type SolvedWorld, showJourney } from '../world/world.js'
import { between, powersOfTwo } from './parameter.js'
import { squareError } from './polyakStep.js'
import { rankOf } from './rays.js'
import { searchError } from './search.js'

/** A rule under a schedule, and the threshold below which it is said to be the schedule. */
export interface Scheduled {
  readonly rule: (p: { readonly c: number; readonly initial: number; readonly exponent: number }) => Rule
  readonly threshold: (c: number, L: ReadonlyArray<number>) => number
}

interface CollapseCase {
  readonly journey: Journey<SolvedWorld>
  readonly c: number
  readonly exponent: number
  /** The share of the threshold at which the schedule begins. */
  readonly share: number
}

const cases = (c: fc.Arbitrary<number>): fc.Arbitrary<CollapseCase> =>
  fc.record({
    journey: journeys(quadraticWorlds()),
    c,
    exponent: fc.constantFrom(0, 0.5, 1),
    share: fc.constantFrom(1 - 2 ** -20, 15 / 16, 1 / 2),
  })

/** How much of the threshold rounding may take away on an iteration. */
type Loss = (world: SolvedWorld, m: Moment, cap: number, c: number) => number

/** The step is the schedule's, bit for bit, on every iteration where rounding takes less than is left of the threshold. */
const collapses =
  (loss: Loss, probes: number): Statement<Scheduled, CollapseCase>['evaluate'] =>
  ({ rule, threshold }, { journey, c, exponent, share }) => {
    const initial = share * threshold(c, journey.world.L)
    const schedule = power({ initial, exponent })
    return compared(
      descending(travel(journey, rule({ c, initial, exponent }))).flatMap((m): ReadonlyArray<Comparison> => {
        const cap = takeStep(schedule, { value: 0, slope: -1, k: m.k }).step ?? Number.NaN
        if (!(loss(journey.world, m, cap, c) <= 1 - share)) return []
        return [
          equal(`the step is the cap, k = ${m.k}`, rankOf(m.step), cap),
          equal(`probes, k = ${m.k}`, m.probed.length, probes),
          ...m.probed.map((a) => equal(`the cap is what was probed, k = ${m.k}`, a, cap)),
        ]
      }),
    )
  }

export const polyakThreshold: Scheduled['threshold'] = (c, L) => 1 / (2 * c * Math.max(...L))

export const armijoThreshold: Scheduled['threshold'] = (c, L) => (2 * (1 - c)) / Math.max(...L)

/** By E0 the ratio is at least $1/(2cL)$ less the errors of the gap and of the squared norm. */
const ratioLoss: Loss = (_world, m) => (squareError(m) + 2 * m.L * m.error) / m.gg + gamma(8)

/** By smoothness the margin of Armijo's inequality is $a\|g\|^2(1 - c - aL/2) \ge a\|g\|^2(1 - c)(1 - \text{share})$. */
const searchLoss: Loss = (world, m, a, c) =>
  (searchError(world, m, a, { c, shrink: 0.9, budget: 100, slack: 0 }) / (a * m.gg) + gamma(8)) / (1 - c)

/** SLSB by its definition, with another search. */
export const searchedSchedule =
  (of: (p: Parameters<typeof armijo>[0]) => Rule): Scheduled['rule'] =>
  ({ c, ...cap }) =>
    of({ c, shrink: 0.9, start: power(cap) })

const spsBs: { readonly [name: string]: Scheduled } = { spsB: { rule: spsB, threshold: polyakThreshold } }

const slsBs: { readonly [name: string]: Scheduled } = {
  slsB: { rule: slsB, threshold: armijoThreshold },
  'its definition': { rule: searchedSchedule(armijo), threshold: armijoThreshold },
}

const onRuns = {
  kind: 'path',
  evidence: ['D', 'V'],
  show: ({ journey, c, exponent, share }: CollapseCase) => ({
    ...showJourney(journey),
    c,
    exponent,
    share,
  }),
} as const

const enoughRoom = {
  says: 'iterations on which rounding takes less than the cap leaves of the threshold',
  holds: () => true,
}

export const spsBCollapses: Statement<Scheduled, CollapseCase> = {
  ...onRuns,
  id: 'P12.spsB',
  says: 'SPSB under a cap of at most $1/(2cL_{\\max})$ is the cap, bit for bit',
  hypotheses: [
    {
      says: 'every $f_i$ is $L_i$-smooth, and $\\ell_i \\le \\inf f_i$',
      holds: ({ journey: { world } }) => world.looseness.every((loose) => loose >= 0),
    },
    enoughRoom,
  ],
  slack: 'none in the step; the hypothesis counts the errors of gap and squared norm',
  cases: cases(between(1 / 8, 4)),
  subjects: spsBs,
  evaluate: collapses(ratioLoss, 0),
  mutants: ['twiceTheThreshold', 'meanForGreatest', 'oneRayBehind', 'invertedScaling'],
}

export const slsBCollapses: Statement<Scheduled, CollapseCase> = {
  ...onRuns,
  id: 'P12.slsB',
  says: 'SLSB under a cap of at most $2(1-c)/L_{\\max}$ is the cap, bit for bit, without a backtrack',
  hypotheses: [
    { says: 'every $f_i$ is $L_i$-smooth', holds: ({ journey: { world } }) => world.L.every((L) => L > 0) },
    enoughRoom,
  ],
  slack: 'none in the step; the hypothesis counts the errors of the inequality',
  cases: cases(between(1 / 16, 15 / 16)),
  subjects: slsBs,
  evaluate: collapses(searchLoss, 1),
  mutants: ['thresholdWithoutC', 'meanForGreatest', 'shrinksFirst'],
}

/** The threshold with the mean of the constants in place of the greatest: wrong, as E0 holds of each component. */
export const byMean =
  (threshold: Scheduled['threshold']): Scheduled['threshold'] =>
  (c, L) =>
    threshold(c, [mean(L)])

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

const exactly = {
  kind: 'path',
  evidence: ['D', 'V'],
  hypotheses: [{ says: 'a parabola in numbers so short that nothing rounds', holds: () => true }],
  slack: 'none',
  cases: fc.record({
    c: between(1 / 16, 15 / 16),
    L: powersOfTwo(),
    r: fc.integer({ min: 1, max: 15 }),
  }),
  show: ({ c, L, r }: Parabola) => ({ c, L, r }),
  evaluate: ({ rule, threshold }: Scheduled, p: Parabola) => {
    const initial = threshold(p.c, [p.L])
    const { step, probed } = takeStep(rule({ c: p.c, initial, exponent: 0 }), parabola(p))
    return compared([
      equal('the step is the cap', rankOf(step), initial),
      { at: 'probes', observed: probed.length, bound: 1, slack: 0 },
    ])
  },
} as const

export const spsBIsTight: Statement<Scheduled, Parabola> = {
  ...exactly,
  id: 'P12.spsBTight',
  says: 'SPSB collapses at the threshold itself, where ratio and cap are the same double',
  subjects: spsBs,
  mutants: ['oneUlpHigher', 'paddedNorm'],
}

export const slsBIsTight: Statement<Scheduled, Parabola> = {
  ...exactly,
  id: 'P12.slsBTight',
  says: 'SLSB collapses at the threshold itself, where the inequality holds with equality',
  subjects: slsBs,
  mutants: ['slightlyHigher', 'strictInequality'],
}

export const collapseCard: Card = {
  id: 'P12',
  title: 'Under a small cap SPSB and SLSB are their cap',
  about:
    'Once the deterministic cap has fallen below a threshold of the problem, the rule has no say: it returns the cap, in every bit and on every path, and the method is stochastic gradient descent with a schedule. So a vanishing cap inherits every rate of the schedule, and adaptivity is a matter of the early iterations.',
  proof:
    'The ratio is at least $1/(2cL_i)$ because $\\|g\\|^2 \\le 2L_i(f_i - \\inf f_i)$; smoothness accepts every step up to $2(1-c)/L_i$. On $\\frac L2x^2$ both are equalities.',
  sources: ['fan2023'],
  statements: [seal(spsBCollapses), seal(slsBCollapses), seal(spsBIsTight), seal(slsBIsTight)],
  unverified:
    'The constants of the paper for the rate that follows could not be confirmed; the rate itself is stated under P13 with constants derived anew.',
}
