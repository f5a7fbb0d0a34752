import fc from 'fast-check'
import { gamma } from '../../numeric/index.js'
import { constant } from '../../rule/atom/constant.js'
import { goldstein } from '../../rule/atom/goldstein.js'
import type { Rule } from '../../rule/rule.js'
import type { Card } from '../card/card.js'
import { type Comparison, compared, must } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Statement } from '../card/statement.js'
import { journeys } from '../world/journeys.js'
import { quadraticWorlds } from '../world/quadratic.js'
import { descending, pointAt, travel } from '../world/travel.js'
import { type Journey, type SolvedWorld, showJourney } from '../world/world.js'
import { between, magnitudes } from './parameter.js'
import { budgets, searchError } from './search.js'

/** A search in both directions. */
export type TwoSided = (p: Parameters<typeof goldstein>[0]) => Rule

interface GoldsteinCase {
  readonly journey: Journey<SolvedWorld>
  readonly c: number
  readonly shrink: number
  readonly grow: number
  readonly budget: number
  readonly cap: number
  readonly start: number
}

export const goldsteinSteps: Statement<TwoSided, GoldsteinCase> = {
  id: 'P10.accepted',
  says: '$\\min\\{2c/L_S, \\gamma_{\\max}\\} \\le \\gamma \\le \\gamma_{\\max}$ and $f_S(x_{k+1}) \\le f_S(x_k) - c\\,\\gamma\\,\\|g_k\\|^2$, however short the first trial was; below the cap also $f_S(x_{k+1}) \\ge f_S(x_k) - (1-c)\\,\\gamma\\,\\|g_k\\|^2$',
  kind: 'path',
  evidence: ['D', 'V'],
  hypotheses: [
    {
      says: 'every $f_i$ is $L_i$-smooth, and $c < \\frac12$',
      holds: ({ c, journey }) => c < 1 / 2 && journey.world.L.every((L) => L > 0),
    },
  ],
  slack:
    'none in both inequalities, in the doubles of the run; counted per trial in the bound: both values, the right-hand side, the point and the gradient',
  cases: fc.record({
    journey: journeys(quadraticWorlds(), { length: 6 }),
    c: between(1 / 16, 7 / 16),
    shrink: fc.constantFrom(0.5, 0.9, 0.8),
    grow: fc.constantFrom(2, 1.5),
    budget: budgets(),
    cap: magnitudes(),
    start: magnitudes(),
  }),
  show: ({ journey, ...constants }) => ({ ...showJourney(journey), ...constants }),
  subjects: { goldstein },
  evaluate: (of, { journey, start, ...constants }) => {
    const { c, cap } = constants
    const { world } = journey
    return compared(
      descending(travel(journey, of({ ...constants, start: constant(start) }))).flatMap(
        (m): ReadonlyArray<Comparison> => {
          const at = `k = ${m.k}`
          const { step } = m
          if (step === null) return [must(`a failure leaves the point, ${at}`, m.next === m.x)]
          const value = world.objective.value(pointAt(m, step), Int32Array.from(m.batch))
          const error = searchError(world, m, step, { c: 1 - c, shrink: 0, budget: 0, slack: 0 })
          const eta = error / (step * -m.slope) + gamma(8)
          const above: ReadonlyArray<Comparison> = [
            {
              at: `decrease, ${at}`,
              observed: value,
              bound: m.value + c * step * m.slope,
              slack: 0,
            },
            { at: `at most the cap, ${at}`, observed: step, bound: cap, slack: 0 },
            {
              at: `at least the bound of smoothness, ${at}`,
              observed: Math.min((2 * c) / m.L, cap),
              bound: step,
              slack: (2 * eta) / m.L,
            },
          ]
          return step >= cap
            ? above
            : [
                ...above,
                {
                  at: `not too short, ${at}`,
                  observed: m.value + (1 - c) * step * m.slope,
                  bound: value,
                  slack: 0,
                },
              ]
        },
      ),
    )
  },
  mutants: ['neverGrows', 'ignoresCap', 'acceptsEither', 'takesLastTrial'],
}

export const goldsteinCard: Card = {
  id: 'P10',
  title: "Goldstein's search is never too short",
  about:
    'Backtracking alone trusts its start: a short one stays short. Searching in both directions finds a step of at least $2c/L$ from wherever it begins, so that a stochastic search may start from its last step without a rule for resetting it.',
  proof:
    'Smoothness gives $f(x - ag) \\le f(x) - a(1 - aL/2)\\|g\\|^2$; with the second inequality $1 - aL/2 \\le 1 - c$.',
  sources: ['goldstein1965', 'vaswani2019'],
  statements: [seal(goldsteinSteps)],
}
