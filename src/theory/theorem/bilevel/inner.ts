import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import { minimiseBilevel } from '../../../bilevel/driver.js'
import { certified } from '../../../bilevel/hypergradient/certificate.js'
import { conjugateGradients } from '../../../bilevel/hypergradient/cg.js'
import { direct, exact } from '../../../bilevel/hypergradient/dense.js'
import { firstOrder } from '../../../bilevel/hypergradient/firstOrder.js'
import type { Estimator } from '../../../bilevel/hypergradient/hypergradient.js'
import { unrolled } from '../../../bilevel/hypergradient/unrolled.js'
import { bilevelDescent } from '../../../bilevel/method/bilevelDescent.js'
import type { BilevelProblem } from '../../../bilevel/problem/problem.js'
import { norm } from '../../../numeric/index.js'
import type { Vector } from '../../../problem/oracle.js'
import { constant } from '../../../rule/atom/constant.js'
import { never } from '../../../rule/atom/never.js'
import type { Card } from '../../card/card.js'
import { type Comparison, compared } from '../../card/evidence.js'
import { seal } from '../../card/seal.js'
import type { Statement } from '../../card/statement.js'
import { bilevelWorlds, boundedBilevelWorlds } from '../../world/bilevel/every.js'
import { distance } from '../../world/bilevel/matrix.js'
import { type BilevelWorld, type BoundedBilevelWorld, showBilevelWorld } from '../../world/bilevel/world.js'
import { type At, DIGITS, estimateAt, innerLoop } from './recipe.js'

/** A bound on $\|y - y^*(x)\|$ for the $y$ that is returned with it. */
export type DistanceBound = (world: BilevelWorld, at: At) => { readonly y: Vector; readonly bound: number }

/** The bound that the residual of a certificate gives. */
export const fromResidual =
  (estimator: Estimator): DistanceBound =>
  ({ problem }, at) => {
    const { y, certificate } = estimateAt(problem, certified(estimator, problem.facts), at)
    return { y, bound: O.getOrElse(() => Number.NaN)(certificate.innerResidual) / (problem.facts.mu ?? 1) }
  }

/** A world, and how far $y$ goes before it is looked at, in steps of a share of $1/L$. */
interface Approach {
  readonly world: BilevelWorld
  readonly steps: number
}

export const distanceFromResidual: Statement<DistanceBound, Approach> = {
  id: 'B3.distance',
  says: '$\\|y - y^*(x)\\| \\le \\|\\nabla_y g(x, y)\\| / \\mu$',
  kind: 'path',
  evidence: ['D*'],
  hypotheses: [{ says: '$g(x, \\cdot)$ is $\\mu$-strongly convex', holds: () => true }],
  slack: '1e-10 of one and of both points',
  cases: fc.record({ world: bilevelWorlds(), steps: fc.nat(4) }),
  show: ({ world, steps }) => ({ problem: showBilevelWorld(world), steps }),
  subjects: {
    'the certificate of cg': fromResidual(conjugateGradients({ iterations: 1 })),
    'of a dense solve': fromResidual(direct()),
    'of the exact solution': fromResidual(exact()),
    'of unrolled steps': fromResidual(unrolled()),
  },
  evaluate: (subject, { world, steps }) => {
    const { problem, start } = world
    const lengths = Array.from({ length: steps }, () => 0.5 / (problem.facts.L ?? 1))
    const { y, bound } = subject(world, { ...start, steps: lengths })
    const best = world.lowerSolution(start.x)
    const size = 1 + norm(start.x) + norm(y) + norm(best)
    return compared([{ at: 'distance', observed: distance(y, best), bound, slack: DIGITS * size }])
  },
  mutants: ['overL', 'squared', 'beforeTheStep'],
}

/** $y$ after every inner step, $x$ staying where it is. */
export type InnerLoop = (
  problem: BilevelProblem,
  start: { readonly x: Vector; readonly y: Vector },
  step: number,
  count: number,
) => ReadonlyArray<Vector>

/** A world and a step as a share of the longest. */
interface Contraction {
  readonly world: BoundedBilevelWorld
  readonly share: number
}

const COUNT = 4

/** Runs of one to so many steps. */
const byPath: InnerLoop = (problem, start, step, count) =>
  Array.from({ length: count }, (_, t) =>
    innerLoop(problem, { ...start, steps: Array.from({ length: t + 1 }, () => step) }),
  )

/** A method whose $x$ never moves: one inner step in each iteration, so that all depends on a warm start. */
const byMethod: InnerLoop = (problem, start, step, iterations) =>
  minimiseBilevel(problem, {
    method: bilevelDescent({
      inner: { steps: 1, rule: constant(step) },
      hypergradient: firstOrder(),
      outer: { rule: never },
    }),
    start,
    iterations,
  }).records.map(({ y }) => y)

export const contraction: Statement<InnerLoop, Contraction> = {
  id: 'B4.contraction',
  says: '$\\|y_t - y^*(x)\\| \\le (1 - a\\mu)^t \\|y_0 - y^*(x)\\|$ for gradient steps $a$',
  kind: 'path',
  evidence: ['D*'],
  hypotheses: [
    {
      says: '$g(x, \\cdot)$ is $\\mu$-strongly convex and $L$-smooth, $0 < a \\le 2/(L + \\mu)$',
      holds: ({ share }) => share <= 1,
    },
  ],
  slack: '1e-10 of one and of all points',
  cases: fc.record({ world: boundedBilevelWorlds(), share: fc.constantFrom(1, 1, 0.5, 0.25) }),
  show: ({ world, share }) => ({ problem: showBilevelWorld(world), share }),
  subjects: { 'an inner loop': byPath, 'the lower level of a method': byMethod },
  evaluate: (subject, { world, share }) => {
    const { problem, start, constants } = world
    const step = (share * 2) / (constants.L + constants.mu)
    const best = world.lowerSolution(start.x)
    const first = distance(start.y, best)
    const size = 1 + norm(start.x) + norm(start.y) + norm(best)
    let factor = 1
    return compared(
      subject(problem, start, step, COUNT).map((y, t): Comparison => {
        factor *= 1 - step * constants.mu
        return {
          at: `t = ${t + 1}`,
          observed: distance(y, best),
          bound: factor * first,
          slack: DIGITS * size,
        }
      }),
    )
  },
  mutants: ['stepOfMu', 'coldStart', 'oneStepFewer', 'staleGradient'],
}

export const distance3: Card = {
  id: 'B3',
  title: 'How far the lower level is from its solution',
  about:
    'A residual that can be measured bounds a distance that cannot: this is what every certificate of a hypergradient begins with. An overestimated $\\mu$ makes it too small.',
  proof:
    'Strong convexity gives $\\langle \\nabla_y g(x, y), y - y^* \\rangle \\ge \\mu \\|y - y^*\\|^2$; Cauchy-Schwarz. With equality where $H = \\mu I$.',
  sources: ['nesterov2018'],
  statements: [seal(distanceFromResidual)],
}

export const contraction4: Card = {
  id: 'B4',
  title: 'The lower level contracts',
  about:
    'Gradient steps bring $y$ nearer to $y^*(x)$ by a factor in each, whatever the direction, as long as the step is at most $2/(L + \\mu)$. A method that begins each inner loop where the last one ended has the sum of all its steps to its credit.',
  proof:
    '$\\|I - aH\\| \\le \\max(1 - a\\mu, aL - 1)$ along the segment to $y^*$, and the second is not greater for such steps.',
  sources: ['nesterov2018'],
  statements: [seal(contraction)],
}
