import fc from 'fast-check'
import type { Box } from '../../../bilevel/box.js'
import type { Vector } from '../../../problem/oracle.js'
import { quadraticBilevelWorlds } from './quadratic.js'
import type { BilevelWorld, QuadraticBilevelWorld } from './world.js'

/**
 * A {@link BilevelWorld} whose $y$ must stay in a box: `lowerSolution`, `value` and `gradient` are those of the constrained problem.
 *
 * @category Theorems
 * @since 0.1.0
 */
export interface ClippedBilevelWorld extends BilevelWorld {
  readonly box: Box
  readonly mu: number
  readonly L: number
}

const clipped = (world: QuadraticBilevelWorld, box: Box): ClippedBilevelWorld => {
  const [low, high] = box
  const { upper, facts } = world.problem
  const lowerSolution = (x: Vector): Vector =>
    world.lowerSolution(x).map((y) => Math.min(Math.max(y, low), high))
  const value = (x: Vector): number => upper.value(x, lowerSolution(x), null)
  const gradient = (x: Vector): Vector => {
    const [y = 0] = world.lowerSolution(x)
    if (low < y && y < high) return world.gradient(x)
    // Here y does not move with x.
    return upper.gradient(x, lowerSolution(x), null, 'x').x ?? x
  }
  const { mu, L } = world.constants
  return {
    ...world,
    family: 'clipped',
    data: { problem: world.data, box: [low, high] },
    problem: { ...world.problem, name: 'clipped', facts: { ...facts, lowerSolution, value, gradient } },
    lowerSolution,
    value,
    gradient,
    box,
    mu,
    L,
  }
}

/**
 * Quadratics of one dimension whose $y$ is clipped to an interval: $F$ is piecewise quadratic with kinks where $y^*$ meets an end.
 *
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { clippedBilevelWorlds } from 'steplaw/theory'
 * import fc from 'fast-check'
 *
 * fc.sample(clippedBilevelWorlds(), 9).every(({ box: [low, high] }) => low < high) // => true
 * ```
 */
export const clippedBilevelWorlds = (): fc.Arbitrary<ClippedBilevelWorld> =>
  fc
    .record({
      world: quadraticBilevelWorlds({ dimension: 1 }),
      low: fc.integer({ min: -8, max: 4 }),
      width: fc.integer({ min: 1, max: 12 }),
    })
    .map(({ world, low, width }) => clipped(world, [low / 4, (low + width) / 4]))
