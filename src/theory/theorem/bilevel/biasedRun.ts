import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import { type BilevelDraw, noDraw } from '../../../bilevel/draw.js'
import type { Estimator } from '../../../bilevel/hypergradient/hypergradient.js'
import { neumann } from '../../../bilevel/hypergradient/neumann.js'
import {
  type BilevelDescentOutputs,
  type BilevelDescentState,
  bilevelDescent,
} from '../../../bilevel/method/bilevelDescent.js'
import type { BilevelMethod } from '../../../bilevel/method/method.js'
import { answerBilevel } from '../../../bilevel/problem/problem.js'
import { dot, norm, squaredNorm } from '../../../numeric/index.js'
import type { Vector } from '../../../problem/oracle.js'
import { runSync } from '../../../program/interpret.js'
import { power } from '../../../rule/atom/power.js'
import { type Comparison, compared } from '../../card/evidence.js'
import type { Statement } from '../../card/statement.js'
import { plus, times } from '../../world/bilevel/matrix.js'
import { quadraticBilevelWorlds } from '../../world/bilevel/quadratic.js'
import { type QuadraticBilevelWorld, showBilevelWorld } from '../../world/bilevel/world.js'

/** Steps $\alpha_k = \alpha_0 (k+1)^{-p}$ of the upper level. */
export interface Decay {
  readonly initial: number
  readonly exponent: number
}

/** A method of two levels that promises such steps. */
export type Stochastic = (
  world: QuadraticBilevelWorld,
  steps: Decay,
) => BilevelMethod<BilevelDescentState, BilevelDescentOutputs>

/** A world with two components, the step as a share of $1/L_F$, and how it decays. */
interface NoisyRun {
  readonly world: QuadraticBilevelWorld
  readonly share: number
  readonly exponent: number
}

const descent =
  (steps: number, recipe: (step: number) => Estimator): Stochastic =>
  ({ constants }, { initial, exponent }) => {
    const step = 1 / (2 * constants.L)
    return bilevelDescent({
      inner: { steps, rule: power({ initial: step, exponent: 0 }) },
      hypergradient: recipe(step),
      outer: { rule: power({ initial, exponent }) },
    })
  }

/** A component of $f$ and a depth of a series of two terms. */
const draws: ReadonlyArray<BilevelDraw> = [0, 1].flatMap((i) =>
  [0, 1].map((depth) => ({ ...noDraw, upper: Int32Array.of(i), depth: O.some(depth) })),
)

const DEPTH = 3

/** What one iteration has on average: squares of $\nabla F$, of the bias of the hypergradient, and its variance. */
interface Level {
  readonly square: number
  readonly bias: number
  readonly variance: number
}

/** Every sequence of draws, level by level: expectations are exact. */
const levels = (
  subject: Stochastic,
  { world, exponent }: NoisyRun,
  initial: number,
): ReadonlyArray<Level> => {
  const method = subject(world, { initial, exponent })
  const oracle = answerBilevel(world.problem)
  let nodes: ReadonlyArray<BilevelDescentState> = [method.init(world.start)]
  const found: Array<Level> = []
  for (let k = 0; k < DEPTH; k++) {
    const level = { square: 0, bias: 0, variance: 0 }
    const next: Array<BilevelDescentState> = []
    for (const node of nodes) {
      const truth = world.gradient(method.point(node).x)
      const taken = draws.map((draw) => runSync(method.iterate(node, draw), oracle))
      const estimates = taken.map(([, { gradient }]) =>
        O.getOrElse<Vector>(() => truth.map(() => Number.NaN))(gradient),
      )
      const mean = estimates.reduce<Vector>(
        (s, h) => plus(s, h, 1 / draws.length),
        truth.map(() => 0),
      )
      level.square += squaredNorm(truth) / nodes.length
      level.bias += squaredNorm(plus(mean, truth, -1)) / nodes.length
      for (const h of estimates)
        level.variance += squaredNorm(plus(h, mean, -1)) / (nodes.length * draws.length)
      next.push(...taken.map(([state]) => state))
    }
    found.push(level)
    nodes = next
  }
  return found
}

export const biasedRun: Statement<Stochastic, NoisyRun> = {
  id: 'P26.bilevel',
  says: '$\\sum_k \\alpha_k\\, \\mathbb E\\|\\nabla F(x_k)\\|^2 \\le 2(F(x_0) - F^*) + \\sum_k \\alpha_k\\, \\mathbb E B_k^2 + L_F \\sum_k \\alpha_k^2\\, \\mathbb E V_k$ for a bilevel run whose hypergradients have the bias $B_k$ and the variance $V_k$',
  kind: 'expectation',
  evidence: ['D', 'V'],
  hypotheses: [
    {
      says: '$F$ is $L_F$-smooth and bounded below, $\\alpha_k \\le 1/L_F$ does not depend on what is drawn',
      holds: ({ share, world }) => share <= 1 && world.best !== null,
    },
  ],
  slack: '1e-9 of all that is added',
  cases: fc.record({
    world: quadraticBilevelWorlds({ dimension: 2, octaves: 2, convex: true, components: true }),
    share: fc.constantFrom(1, 1, 0.25),
    exponent: fc.constantFrom(0, 0.5),
  }),
  show: ({ world, share, exponent }) => ({ problem: showBilevelWorld(world), share, exponent }),
  subjects: {
    'a series at a random depth, four inner steps': descent(4, (step) => neumann({ terms: 2, step })),
    'one inner step': descent(1, (step) => neumann({ terms: 2, step })),
  },
  evaluate: (subject, given) => {
    const { world, share, exponent } = given
    const initial = share / world.smoothness
    const away = plus(world.start.x, world.best?.x ?? world.start.x, -1)
    const gap = dot(away, times(world.hessian, away)) / 2
    let [sum, bound] = [0, 2 * gap]
    return compared(
      levels(subject, given, initial).map(({ square, bias, variance }, k): Comparison => {
        const step = exponent === 0 ? initial : initial / Math.sqrt(k + 1)
        sum += step * square
        bound += step * bias + world.smoothness * step * step * variance
        return { at: `K = ${k + 1}`, observed: sum, bound, slack: 1e-9 * (1 + norm(away) + sum + bound) }
      }),
    )
  },
  mutants: ['climbs', 'farTooLong'],
}
