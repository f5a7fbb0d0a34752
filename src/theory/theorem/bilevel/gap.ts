import fc from 'fast-check'
import { dot } from '../../../numeric/index.js'
import type { Card } from '../../card/card.js'
import { type Comparison, compared } from '../../card/evidence.js'
import { seal } from '../../card/seal.js'
import type { Statement } from '../../card/statement.js'
import { distance, plus, times } from '../../world/bilevel/matrix.js'
import { quadraticBilevelWorlds } from '../../world/bilevel/quadratic.js'
import { shiftedBilevelWorlds } from '../../world/bilevel/shifted.js'
import {
  type BoundedBilevelWorld,
  type QuadraticBilevelWorld,
  showBilevelWorld,
} from '../../world/bilevel/world.js'
import { type BarrierMethod, barrier } from './barrierMethod.js'
import { DIGITS, iterated } from './running.js'

/** A world with $q = g - g^*$, computed without cancellation. */
interface Gap {
  readonly world: BoundedBilevelWorld
  readonly gap: (x: Float64Array, y: Float64Array) => number
  readonly steps: number
  /** The inner step, as a share of $1/L$. */
  readonly share: number
}

/** $\frac12 (y - y^*)^\top H (y - y^*)$. */
export const quadraticGap =
  ({ mean: { H }, lowerSolution }: QuadraticBilevelWorld) =>
  (x: Float64Array, y: Float64Array): number => {
    const d = plus(y, lowerSolution(x), -1)
    return dot(d, times(H, d)) / 2
  }

const worlds: fc.Arbitrary<Pick<Gap, 'world' | 'gap'>> = fc.oneof(
  quadraticBilevelWorlds().map((world) => ({ world, gap: quadraticGap(world) })),
  // The least value of a shifted potential is 0.
  shiftedBilevelWorlds().map((world) => ({
    world,
    gap: (x: Float64Array, y: Float64Array) => world.problem.lower.value(x, y, null),
  })),
)

export const sandwich: Statement<BarrierMethod, Gap> = {
  id: 'B18.sandwich',
  says: '$(1 - (1 - a\\mu)^{cT})\\, q \\le \\hat q \\le q$ with $c = 2$ where $g$ is quadratic, else 1, and $\\|\\nabla \\hat q - \\nabla q\\| \\le \\|J\\| (1 - a\\mu)^T \\|y - y^*\\|$, in every iteration',
  kind: 'path',
  evidence: ['D*'],
  hypotheses: [
    {
      says: '$g(x, \\cdot)$ is $\\mu$-strongly convex, $0 < a \\le 1/L$',
      holds: ({ share }) => share > 0 && share <= 1,
    },
  ],
  slack: '1e-10 of one, of the values of $g$ and of $\\|J\\|$',
  cases: fc
    .record({
      of: worlds,
      steps: fc.nat(6),
      share: fc.constantFrom(1, 1 / 2, 1 / 4),
    })
    .map(({ of, ...rest }) => ({ ...of, ...rest })),
  show: ({ world, steps, share }) => ({ problem: showBilevelWorld(world), steps, share }),
  subjects: { bome: barrier },
  evaluate: (method, { world, gap, steps, share }) => {
    const { problem, constants } = world
    const { mu, L, crossNorm } = constants
    const made = method({ steps, inner: share / L, step: 1 / (64 * L), option: 'G', eta: 1 / 2 })
    let factor = 1
    for (let t = 0; t < steps; t++) factor *= 1 - (share * mu) / L
    const left = world.family === 'quadratic' ? factor * factor : factor
    let state = made.init(world.start)
    const comparisons: Array<Comparison> = []
    for (let k = 0; k < 2; k++) {
      const { x, y } = made.point(state)
      const [next, { own }] = iterated(problem, made, state)
      const best = world.lowerSolution(x)
      const exact = gap(x, y)
      const value = Math.abs(problem.lower.value(x, y, null))
      const slack = DIGITS * (1 + value + exact)
      // The gradient of g* in x is that of g at y*.
      const hat = problem.lower.gradient(x, y, null, 'x').x ?? x
      const star = problem.lower.gradient(x, best, null, 'x').x ?? x
      comparisons.push(
        { at: `below, k = ${k}`, observed: (1 - left) * exact, bound: own.gap, slack },
        { at: `above, k = ${k}`, observed: own.gap, bound: exact, slack },
        {
          at: `gradient, k = ${k}`,
          observed: distance(own.constraint.x, plus(hat, star, -1)),
          bound: crossNorm * factor * distance(y, best),
          slack: DIGITS * (1 + crossNorm) * (1 + distance(y, best) + value),
        },
      )
      state = next
    }
    return compared(comparisons)
  },
  mutants: ['innerFromBefore', 'oneStepShort', 'staleLowerValue', 'withoutGHat'],
}

export const gap18: Card = {
  id: 'B18',
  title: 'A few inner steps measure the lower gap',
  about:
    'The gap $q = g - g^*$ is not known; a few gradient steps give $\\hat q$, never more than $q$ and less by one contraction only. Its gradient, with the end of the steps held constant, is that of $q$ but for the same contraction. The steps must start where $y$ is: from the end of the last iteration $\\hat q$ may exceed any share of $q$ or fall below.',
  proof:
    'Steps of at most $1/L$ descend, and $g - g^*$ contracts by $1 - a\\mu$ a step (by its square for a quadratic, where each eigenvector does). By the theorem of Danskin $\\nabla_x g^* = \\nabla_x g(x, y^*)$, and $\\|\\hat y - y^*\\| \\le (1 - a\\mu)^T \\|y - y^*\\|$.',
  sources: ['ye2022'],
  statements: [seal(sandwich)],
}
