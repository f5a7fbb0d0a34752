import { constant, power } from 'steplaw'
import { bilevelDescent, conjugateGradients, exact, neumann } from 'steplaw/bilevel'
import { minusScaled } from '../../src/bilevel/hypergradient/path.js'
import type { Vector } from '../../src/problem/oracle.js'
import { map } from '../../src/program/program.js'
import { biasedRun, type Stochastic } from '../../src/theory/theorem/bilevel/biasedRun.js'
import {
  descending,
  type Outer,
  stepwise,
  stronglyConvexDescent,
  summed,
} from '../../src/theory/theorem/bilevel/descent.js'
import {
  clippedContraction,
  fixedPoints,
  type Projected,
  projectedDecrease,
} from '../../src/theory/theorem/bilevel/projection.js'
import { estimateAt, lowerSlope } from '../../src/theory/theorem/bilevel/recipe.js'
import { prove } from './prove.js'

const solved = descending(({ dimension }) => conjugateGradients({ iterations: 2 * dimension.y }), 5)

const scaledBy =
  (factor: number): Outer =>
  (world, step, iterations) =>
    solved(world, factor * step, iterations)

/** Steps of the lower level's length at the upper one. */
const stepOfTheLowerLevel: Outer = (world, step, iterations) =>
  solved(world, Math.max(step, 1 / world.constants.mu), iterations)

/** $x$ is moved twice along one gradient, as where an accepted trial is taken again. */
const doubleStep = scaledBy(2)

/** $x + bz$. */
const climbs: Outer = (world, step, iterations) => {
  const z: Array<Vector> = []
  const x = [world.start.x]
  for (let k = 0; k < iterations; k++) {
    const here = x[k] ?? world.start.x
    const { gradient } = estimateAt(world.problem, exact(), { x: here, y: world.start.y })
    z.push(gradient)
    x.push(minusScaled(here, -step, gradient))
  }
  return { x, z }
}

prove(stepwise, { doubleStep, climbs, stepOfTheLowerLevel })
prove(summed, { farTooLong: scaledBy(4), climbs })
prove(stronglyConvexDescent, { doubleStep, climbs, stepOfTheLowerLevel })

const clip = (x: Vector, [low, high]: readonly [number, number]): Vector =>
  x.map((xi) => Math.min(Math.max(xi, low), high))

/** The upper level with a move of one's own. */
const moving =
  (move: (x: Vector, z: Vector, step: number, box: readonly [number, number]) => Vector): Projected =>
  (problem, start, step, box, iterations) => {
    const x = [start.x]
    for (let k = 0; k < iterations; k++) {
      const here = x[k] ?? start.x
      x.push(move(here, estimateAt(problem, exact(), { ...start, x: here }).gradient, step, box))
    }
    return x
  }

const stepClipped = moving((x, z, step, box) =>
  minusScaled(
    x,
    1,
    clip(
      z.map((zi) => step * zi),
      box,
    ),
  ),
)
const unprojected = moving((x, z, step) => minusScaled(x, step, z))

prove(fixedPoints, {
  stepClipped,
  unprojected,
  projectedBefore: moving((x, z, step, box) => minusScaled(clip(x, box), step, z)),
})
prove(projectedDecrease, {
  stepClipped,
  unprojected,
  farTooLong: moving((x, z, step, box) => clip(minusScaled(x, 4 * step, z), box)),
})

/** The lower level without its box, or from $y_0$ again and again. */
const lower =
  (boxed: boolean, warm: boolean): Projected =>
  (problem, start, step, box, iterations) => {
    const y = [start.y]
    for (let t = 0; t < iterations; t++) {
      const here = (warm ? y[t] : start.y) ?? start.y
      const next = minusScaled(here, step, lowerSlope(problem, { ...start, y: here }))
      y.push(boxed ? clip(next, box) : next)
    }
    return y
  }

prove(clippedContraction, { unprojected: lower(false, true), coldStart: lower(true, false) })

const noisy =
  (factor: number): Stochastic =>
  ({ constants }, { initial, exponent }) => {
    const step = 1 / (2 * constants.L)
    return bilevelDescent({
      inner: { steps: 4, rule: constant(step) },
      hypergradient: neumann({ terms: 2, step }),
      outer: { rule: power({ initial: factor * initial, exponent }) },
    })
  }

/** $x + \alpha z$. */
const upwards: Stochastic = (world, steps) => {
  const right = noisy(1)(world, steps)
  return {
    ...right,
    iterate: (state, draw) =>
      map(right.iterate(state, draw), ([next, record]) => [
        { ...next, x: { ...next.x, x: minusScaled(state.x.x, 1, minusScaled(next.x.x, 1, state.x.x)) } },
        record,
      ]),
  }
}

prove(biasedRun, { climbs: upwards, farTooLong: noisy(4) })
