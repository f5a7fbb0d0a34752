import fc from 'fast-check'
import type { RayCase } from '../../../spec/conformance/case.js'
import { rayArbitrary } from '../../../spec/law/arbitrary/ray.js'
import { armijo } from '../../rule/atom/armijo.js'
import { constant } from '../../rule/atom/constant.js'
import { takeStep } from '../../rule/ray.js'
import { rayOf } from '../../rule/rayCase.js'
import type { Card } from '../card/card.js'
import { compared, must } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Hypothesis, Statement } from '../card/statement.js'
import { journeys } from '../world/journeys.js'
import { quadraticWorlds } from '../world/quadratic.js'
import { showJourney } from '../world/world.js'
import { between, magnitudes } from './parameter.js'
import { rankOf, showRays } from './rays.js'
import {
  backtracks,
  bounds,
  budgets,
  type Constants,
  gapBound,
  type Search,
  type SearchCase,
  sufficientDecrease,
  throughout,
} from './search.js'

/** Searches on runs. */
export const searchCases: fc.Arbitrary<SearchCase> = fc.record({
  journey: journeys(quadraticWorlds()),
  c: between(1 / 16, 15 / 16),
  shrink: fc.constantFrom(0.5, 0.9, 0.8),
  budget: budgets(),
  slack: fc.constant(0),
  start: magnitudes(),
})

export const showSearch = ({ journey, c, shrink, budget, slack, start }: SearchCase) => ({
  ...showJourney(journey),
  c,
  shrink,
  budget,
  slack,
  start,
})

/** Every $f_i$ has an $L_i$-Lipschitz gradient: what the bounds on a search suppose. */
export const smooth: Hypothesis<SearchCase> = {
  says: 'every $f_i$ is $L_i$-smooth',
  holds: ({ journey }) => journey.world.L.every((L) => L > 0 && L < Number.POSITIVE_INFINITY),
}

const counted = 'counted per trial: both values, the right-hand side, the point and the gradient'

const onRuns = {
  kind: 'path',
  evidence: ['D', 'V'],
  cases: searchCases,
  show: showSearch,
  subjects: { armijo },
} as const

export const armijoBounds: Statement<Search, SearchCase> = {
  ...onRuns,
  id: 'P8.bounds',
  says: '$\\min\\{a_0, 2\\beta(1-c)/L_S\\} \\le \\gamma \\le a_0$, and a search fails only for want of trials',
  hypotheses: [smooth],
  slack: counted,
  evaluate: (search, d) => throughout([bounds], search, d),
  mutants: ['frozenTarget', 'shrinksOnceMore', 'takesTinyStep'],
}

export const armijoDecrease: Statement<Search, SearchCase> = {
  ...onRuns,
  id: 'P8.decrease',
  says: '$f_S(x_{k+1}) \\le f_S(x_k) - c\\,\\gamma\\,\\|g_k\\|^2$ for whatever objective, and a failure leaves the point',
  hypotheses: [],
  slack: 'none: in the doubles of the run',
  evaluate: (search, d) => throughout([sufficientDecrease], search, d),
  mutants: ['plainDecrease', 'takesLastTrial', 'takesFirstTrial'],
}

export const armijoGap: Statement<Search, SearchCase> = {
  ...onRuns,
  id: 'P8.gap',
  says: '$\\gamma\\,\\|g_k\\|^2 \\le (f_S(x_k) - \\ell_S)/c$: at most the Polyak step with the same $c$',
  hypotheses: [
    {
      says: '$\\ell_i \\le \\inf f_i$',
      holds: ({ journey }) => journey.world.looseness.every((loose) => loose >= 0),
    },
  ],
  slack: 'the errors of both values and 4 roundings',
  evaluate: (search, d) => throughout([gapBound], search, d),
  mutants: ['plainDecrease', 'takesLastTrial', 'takesFirstTrial'],
}

export const armijoBacktracks: Statement<Search, SearchCase> = {
  ...onRuns,
  id: 'P8.backtracks',
  says: 'At most the least $j \\ge 0$ with $\\beta^j a_0 \\le 2(1-c)/L_S$ trials are rejected; the trials are $\\beta^j a_0$ as doubles, the step is the last of them, and there are no more than the budget allows.',
  hypotheses: [smooth],
  slack: counted,
  evaluate: (search, d) => throughout([backtracks], search, d),
  mutants: ['frozenTarget', 'shrinksFirst', 'shrinksOnceMore', 'oneTrialMore'],
}

interface RaySearch extends Constants {
  readonly ray: RayCase
  readonly start: number
}

const raySearches = (ray: fc.Arbitrary<RayCase>): fc.Arbitrary<RaySearch> =>
  fc.record({
    ray,
    c: between(1 / 16, 15 / 16),
    shrink: fc.constantFrom(0.5, 0.9),
    budget: fc.integer({ min: 1, max: 12 }),
    slack: fc.oneof(fc.constant(0), magnitudes()),
    start: magnitudes(),
  })

const onRays = {
  kind: 'path',
  evidence: ['D', 'V'],
  hypotheses: [],
  show: ({ ray, ...constants }: RaySearch) => ({ rays: showRays([ray]), ...constants }),
  subjects: { armijo },
} as const

const onRay = (search: Search, { ray, start, ...constants }: RaySearch) =>
  takeStep(search({ start: constant(start), ...constants }), rayOf(ray))

export const armijoTrials: Statement<Search, RaySearch> = {
  ...onRays,
  // More values that are no numbers than elsewhere: a comparison written the other way round accepts them.
  cases: raySearches(fc.oneof({ weight: 3, arbitrary: rayArbitrary() }, rayArbitrary({ sorts: ['broken'] }))),
  id: 'P8.trials',
  says: 'On whatever ray, not convex, not finite or not descending: an accepted trial is finite and satisfies the inequality, and every trial before it does not.',
  slack: 'none: in the doubles of the ray',
  evaluate: (search, d) => {
    const { step, probed } = onRay(search, d)
    const { value, slope, phi = () => Number.NaN } = rayOf(d.ray)
    const target = (a: number): number => value + d.c * a * slope + d.slack
    const rejected = step === null ? probed : probed.slice(0, -1)
    const before = rejected.map((a, j) =>
      must(`trial ${j} was rejected`, !(Number.isFinite(phi(a)) && phi(a) <= target(a))),
    )
    if (step === null) return compared(before)
    return compared([
      ...before,
      must('the step is the last trial', step === probed[probed.length - 1]),
      must('it is finite', Number.isFinite(phi(step))),
      { at: 'decrease', observed: phi(step), bound: target(step), slack: 0 },
    ])
  },
  mutants: ['acceptsNaN', 'slackSubtracted', 'plainDecrease', 'takesLastTrial'],
}

export const slackLengthens: Statement<Search, RaySearch> = {
  ...onRays,
  cases: raySearches(rayArbitrary()),
  id: 'P8b.slack',
  says: 'More slack never shortens the step: $\\gamma(\\delta) \\ge \\gamma(0)$ on whatever ray from the same start, a failure being below every step.',
  slack: 'none: sums round monotonically',
  evaluate: (search, d) =>
    compared([
      {
        at: 'without slack and with it',
        observed: rankOf(onRay(search, { ...d, slack: 0 }).step),
        bound: rankOf(onRay(search, d).step),
        slack: 0,
      },
    ]),
  mutants: ['slackSubtracted'],
}

export const armijoCard: Card = {
  id: 'P8',
  title: 'Backtracking stops soon, and not too soon',
  about:
    "A backtracking search finds a step that is at most the factor $\\beta$ shorter than the longest one that smoothness guarantees, without knowing $L$; it wastes at most $\\lceil\\log(a_0 L/(2(1-c)))/\\log(1/\\beta)\\rceil$ values; each step decreases the value, and is no longer than Polyak's with the same $c$. Everything that is proven of stochastic line searches rests on these.",
  proof:
    '$f(x - ag) \\le f(x) - a(1 - aL/2)\\|g\\|^2$, so that every $a \\le 2(1-c)/L$ is accepted, and the last rejected trial is longer. Accepted: $c\\gamma\\|g\\|^2 \\le f_S(x) - f_S(x_+) \\le f_S(x) - \\ell_S$.',
  sources: ['armijo1966', 'vaswani2019'],
  statements: [
    seal(armijoBounds),
    seal(armijoDecrease),
    seal(armijoGap),
    seal(armijoBacktracks),
    seal(armijoTrials),
  ],
}
