import fc from 'fast-check'
import type { DirectionExpr } from '../../../spec/vocabulary/direction.js'
import { compileDirection } from '../../optimizer/direction/compile.js'
import { armijo } from '../../rule/atom/armijo.js'
import { constant } from '../../rule/atom/constant.js'
import { takeStep } from '../../rule/ray.js'
import type { Rule } from '../../rule/rule.js'
import type { Card } from '../card/card.js'
import { compared } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Statement } from '../card/statement.js'
import { journeys } from '../world/journeys.js'
import { quadraticWorlds } from '../world/quadratic.js'
import { pointAt, travel } from '../world/travel.js'
import { showSearch, slackLengthens, smooth } from './armijo.js'
import { between, magnitudes } from './parameter.js'
import { rankOf } from './rays.js'
import {
  backtracks,
  bounds,
  gapBound,
  type Search,
  type SearchCase,
  sufficientDecrease,
  throughout,
} from './search.js'

/** Diagonal preconditioners: the scale of every iteration is what the direction made of the gradients so far. */
export const directions: fc.Arbitrary<DirectionExpr> = fc.oneof(
  fc.record({ direction: fc.constant('adagrad' as const), eps: fc.constantFrom(1e-8, 1) }),
  fc.record({
    direction: fc.constantFrom('adam' as const, 'amsgrad' as const),
    beta1: between(0, 15 / 16),
    beta2: between(1 / 16, 15 / 16),
    eps: fc.constantFrom(1e-8, 1),
  }),
  fc.record({
    direction: fc.constant('rmsprop' as const),
    beta: between(1 / 16, 15 / 16),
    eps: fc.constant(1e-8),
  }),
)

interface Preconditioned extends SearchCase {
  readonly direction: DirectionExpr
}

const common = {
  kind: 'path',
  evidence: ['D', 'V'],
  hypotheses: [
    smooth,
    {
      says: '$A$ diagonal and positive, its least entry $a_{\\min}$: made by Adam, AMSGrad, AdaGrad or RMSProp, searched without momentum',
      holds: () => true,
    },
  ],
  cases: fc.record({
    journey: journeys(quadraticWorlds()),
    direction: directions,
    c: between(1 / 16, 15 / 16),
    shrink: fc.constantFrom(0.5, 0.8),
    budget: fc.constant(100),
    slack: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, magnitudes()),
    start: magnitudes(),
  }),
  show: ({ direction, ...given }: Preconditioned) => ({ ...showSearch(given), direction }),
  subjects: { armijo },
} as const

const counted = 'as along steepest descent, with 2 roundings of the scale'

export const preconditionedBounds: Statement<Search, Preconditioned> = {
  ...common,
  id: 'P8b.bounds',
  says: '$\\min\\{a_0, 2\\beta a_{\\min}(1-c)/L_S\\} \\le \\gamma \\le a_0$ along $-A^{-1}g$',
  slack: counted,
  evaluate: (search, { direction, ...d }) => throughout([bounds], search, d, compileDirection(direction)),
  mutants: ['decreaseByGradient', 'frozenTarget', 'shrinksOnceMore'],
}

export const preconditionedDecrease: Statement<Search, Preconditioned> = {
  ...common,
  id: 'P8b.decrease',
  says: '$f_S(x + \\gamma p) \\le f_S(x) - c\\gamma\\|g\\|_{A^{-1}}^2 + \\delta$, $\\gamma\\|g\\|_{A^{-1}}^2 \\le (f_S(x) - \\ell_S + \\delta)/c$, and at most the least $j$ with $\\beta^j a_0$ below the bound trials are rejected',
  slack: counted,
  evaluate: (search, { direction, ...d }) =>
    throughout([sufficientDecrease, gapBound, backtracks], search, d, compileDirection(direction)),
  mutants: ['decreaseByGradient', 'plainDecrease', 'slackSubtracted'],
}

export const slackAlongRuns: Statement<Search, Preconditioned> = {
  ...common,
  id: 'P8b.slackOnRuns',
  says: '$\\gamma(\\delta) \\ge \\gamma(0)$ at every point of a run, on the same ray, a failure being below every step',
  slack: 'none: sums round monotonically',
  evaluate: (search, { journey, direction, start, c, shrink, budget, slack }) => {
    const at = (delta: number): Rule => search({ start: constant(start), c, shrink, budget, slack: delta })
    return compared(
      travel(journey, at(slack), compileDirection(direction)).map((m) => {
        const batch = Int32Array.from(m.batch)
        const phi = (a: number): number => journey.world.objective.value(pointAt(m, a), batch)
        const tight = takeStep(at(0), { value: m.value, slope: m.slope, gg: m.gg, phi }).step
        return { at: `k = ${m.k}`, observed: rankOf(tight), bound: rankOf(m.step), slack: 0 }
      }),
    )
  },
  mutants: ['slackSubtracted'],
}

export const preconditionedCard: Card = {
  id: 'P8b',
  title: 'Backtracking along a preconditioned direction, with slack',
  about:
    'Along $-A^{-1}g$ the same search works, with the norm of $A^{-1}$ in the inequality and $a_{\\min}$ in the bound: a search in front of Adam needs no new theory, as long as the direction that is searched has no momentum. Slack in the inequality, as bilevel problems need it, only makes steps longer, at the price of $\\delta$ in each decrease.',
  proof:
    '$f(x - aA^{-1}g) \\le f(x) - a(1 - aL/(2a_{\\min}))\\|g\\|_{A^{-1}}^2$, because $\\|A^{-1}g\\|^2 \\le \\|g\\|_{A^{-1}}^2/a_{\\min}$. With slack the right-hand side is higher at every trial, so that the first accepted one can not come later.',
  sources: ['vaswani2020', 'fan2023'],
  statements: [
    seal(preconditionedBounds),
    seal(preconditionedDecrease),
    seal(slackLengthens),
    seal(slackAlongRuns),
  ],
}
