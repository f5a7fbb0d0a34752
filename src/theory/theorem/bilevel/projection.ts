import fc from 'fast-check'
import type { Box } from '../../../bilevel/box.js'
import { minimiseBilevel } from '../../../bilevel/driver.js'
import { exact } from '../../../bilevel/hypergradient/dense.js'
import { firstOrder } from '../../../bilevel/hypergradient/firstOrder.js'
import { bilevelDescent } from '../../../bilevel/method/bilevelDescent.js'
import type { Pair } from '../../../bilevel/oracle.js'
import type { BilevelProblem } from '../../../bilevel/problem/problem.js'
import { dot, norm, squaredNorm } from '../../../numeric/index.js'
import type { Vector } from '../../../problem/oracle.js'
import { constant } from '../../../rule/atom/constant.js'
import { never } from '../../../rule/atom/never.js'
import type { Card } from '../../card/card.js'
import { type Comparison, compared } from '../../card/evidence.js'
import { seal } from '../../card/seal.js'
import type { Statement } from '../../card/statement.js'
import { type ClippedBilevelWorld, clippedBilevelWorlds } from '../../world/bilevel/clipped.js'
import { distance, plus, times } from '../../world/bilevel/matrix.js'
import { quadraticBilevelWorlds } from '../../world/bilevel/quadratic.js'
import { type QuadraticBilevelWorld, showBilevelWorld } from '../../world/bilevel/world.js'
import { DIGITS, sizeOf } from './recipe.js'

/** Points of one level, the first one included, of descent with one step in a box. */
export type Projected = (
  problem: BilevelProblem,
  start: Pair,
  step: number,
  box: Box,
  iterations: number,
) => ReadonlyArray<Vector>

const upperLevel: Projected = (problem, start, step, box, iterations) => {
  const { records, x } = minimiseBilevel(problem, {
    method: bilevelDescent({
      inner: { steps: 0, rule: never },
      hypergradient: exact(),
      outer: { rule: constant(step), box },
    }),
    start,
    iterations,
  })
  return [...records.map((r) => r.x), x]
}

const lowerLevel: Projected = (problem, start, step, box, iterations) => [
  start.y,
  ...minimiseBilevel(problem, {
    method: bilevelDescent({
      inner: { steps: 1, rule: constant(step), box },
      hypergradient: firstOrder(),
      outer: { rule: never },
    }),
    start,
    iterations,
  }).records.map(({ y }) => y),
]

/** A world, a box for $x$, and the step as a share of $1/L_F$; the start is moved into the box, or to the best point of it. */
interface Boxed {
  readonly world: QuadraticBilevelWorld
  readonly box: Box
  readonly share: number
  readonly fromBest: boolean
}

const clip = (x: Vector, [low, high]: Box): Vector => x.map((xi) => Math.min(Math.max(xi, low), high))

const startIn = ({ world, box, fromBest }: Boxed): Pair => {
  // In one dimension the best point of a box is the best of all, clipped.
  const from = fromBest && world.best !== null && world.start.x.length === 1 ? world.best.x : world.start.x
  return { ...world.start, x: clip(from, box) }
}

const stepOf = ({ world, share }: Boxed): number => share / world.smoothness

const ITERATIONS = 3

const common = {
  evidence: ['D'],
  hypotheses: [
    { says: '$X$ is a box, $x_0 \\in X$, $F$ is $L_F$-smooth, $0 < b \\le 1/L_F$', holds: () => true },
  ],
  cases: fc
    .record({
      world: quadraticBilevelWorlds({ convex: true, octaves: 4 }),
      low: fc.integer({ min: -8, max: 4 }),
      width: fc.integer({ min: 1, max: 8 }),
      share: fc.constantFrom(1, 0.5),
      fromBest: fc.boolean(),
    })
    .map(({ low, width, ...rest }): Boxed => ({ ...rest, box: [low / 4, (low + width) / 4] })),
  show: ({ world, box, share, fromBest }: Boxed) => ({
    problem: showBilevelWorld(world),
    box: [...box],
    share,
    fromBest,
  }),
  subjects: { 'the upper level of a method': upperLevel },
} as const

export const fixedPoints: Statement<Projected, Boxed> = {
  ...common,
  id: 'B27.fixedPoint',
  says: '$x_{k+1} = \\Pi_X(x_k - b \\nabla F(x_k))$, so that a coordinate stays if and only if its derivative is zero or points out of the box at an end',
  kind: 'algebra',
  slack: '1e-10 of one and of what is added to make the hypergradient, times the step',
  evaluate: (subject, given) => {
    const { world, box } = given
    const { problem, lowerSolution, gradient } = world
    const step = stepOf(given)
    const points = subject(problem, startIn(given), step, box, ITERATIONS)
    return compared(
      points.slice(1).map((next, k): Comparison => {
        const x = points[k] ?? next
        const expected = clip(plus(x, gradient(x), -step), box)
        const size = sizeOf(problem, { x, y: lowerSolution(x) })
        return {
          at: `k = ${k}`,
          observed: distance(next, expected),
          bound: 0,
          slack: DIGITS * (norm(x) + step * size),
        }
      }),
    )
  },
  mutants: ['stepClipped', 'unprojected', 'projectedBefore'],
}

export const projectedDecrease: Statement<Projected, Boxed> = {
  ...common,
  id: 'B27.decrease',
  says: '$F(x_{k+1}) \\le F(x_k) - \\frac{1}{2b} \\|x_{k+1} - x_k\\|^2$ in the box, and $\\min_{k<K} \\|x_{k+1} - x_k\\|^2/b^2 \\le 2(F(x_0) - \\inf F)/(bK)$',
  kind: 'path',
  slack: '1e-10 of one and of what is added to make the hypergradient, times the move',
  evaluate: (subject, given) => {
    const { world, box } = given
    const { problem, lowerSolution, gradient, hessian, best } = world
    const step = stepOf(given)
    const points = subject(problem, startIn(given), step, box, ITERATIONS)
    const [first = world.start.x] = points
    const away = plus(first, best?.x ?? first, -1)
    const gap = dot(away, times(hessian, away)) / 2
    let least = Number.POSITIVE_INFINITY
    return compared(
      points.slice(1).flatMap((next, k): ReadonlyArray<Comparison> => {
        const x = points[k] ?? next
        const d = plus(next, x, -1)
        const size = sizeOf(problem, { x, y: lowerSolution(x) })
        const change = dot(gradient(x), d) + dot(d, times(hessian, d)) / 2
        least = Math.min(least, squaredNorm(d) / (step * step))
        return [
          {
            at: `decrease, k = ${k}`,
            observed: squaredNorm(d) / (2 * step),
            bound: -change,
            slack: DIGITS * size * (norm(d) + step * size),
          },
          {
            at: `least move, K = ${k + 1}`,
            observed: least,
            bound: (2 * gap) / (step * (k + 1)),
            slack: DIGITS * size * size,
          },
          {
            at: `in the box, k = ${k}`,
            observed: distance(next, clip(next, box)),
            bound: 0,
            slack: 0,
          },
        ]
      }),
    )
  },
  mutants: ['stepClipped', 'unprojected', 'farTooLong'],
}

/** A world and the step as a share of the longest. */
interface Clipped {
  readonly world: ClippedBilevelWorld
  readonly share: number
}

export const clippedContraction: Statement<Projected, Clipped> = {
  id: 'B27.lower',
  says: '$\\|y_t - y^*(x)\\| \\le (1 - a\\mu)^t \\|y_0 - y^*(x)\\|$ for projected steps of the lower level, $y^*(x)$ the solution in the box',
  kind: 'path',
  evidence: ['D'],
  hypotheses: [
    { says: '$g$ is quadratic in one dimension, $y_0$ in the box, $0 < a \\le 1/L$', holds: () => true },
  ],
  slack: '1e-10 of one and of the points',
  cases: fc.record({ world: clippedBilevelWorlds(), share: fc.constantFrom(1, 0.5, 0.25) }),
  show: ({ world, share }) => ({ problem: showBilevelWorld(world), share }),
  subjects: { 'the lower level of a method': lowerLevel },
  evaluate: (subject, { world, share }) => {
    const { problem, box, mu, L } = world
    const start = { ...world.start, y: clip(world.start.y, box) }
    const step = share / L
    const best = world.lowerSolution(start.x)
    const first = distance(start.y, best)
    let factor = 1
    return compared(
      subject(problem, start, step, box, ITERATIONS)
        .slice(1)
        .map((y, t): Comparison => {
          factor *= 1 - step * mu
          return {
            at: `t = ${t + 1}`,
            observed: distance(y, best),
            bound: factor * first,
            slack: DIGITS * (1 + norm(start.x) + norm(start.y) + norm(best)),
          }
        }),
    )
  },
  mutants: ['unprojected', 'coldStart'],
}

export const projection27: Card = {
  id: 'B27',
  title: 'Projected steps of both levels',
  about:
    'Learned penalties and weights live in boxes. Projected steps descend by the square of the move over twice the step, stop exactly at the points where no coordinate can improve, and contract the lower level to its constrained solution. A step that is clipped instead of the point it leads to does none of this.',
  proof:
    'The projection gives $\\langle \\nabla F(x), x^+ - x \\rangle \\le -\\|x^+ - x\\|^2/b$; add the descent lemma. It does not expand distances, so that the contraction of a gradient step remains.',
  sources: ['nesterov2018'],
  statements: [seal(fixedPoints), seal(projectedDecrease), seal(clippedContraction)],
}
