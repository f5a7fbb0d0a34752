import fc from 'fast-check'
import type { Json } from '../../../../spec/vocabulary/json.js'
import type { BilevelMethod } from '../../../bilevel/method/method.js'
import { fom } from '../../../bilevel/method/named/fom.js'
import { type LoopDescentState, type UfomOutputs, ufom } from '../../../bilevel/method/ufom.js'
import type { BilevelProblem } from '../../../bilevel/problem/problem.js'
import { norm } from '../../../numeric/index.js'
import type { Batch, Vector } from '../../../problem/oracle.js'
import { constant } from '../../../rule/atom/constant.js'
import { entry } from '../../world/bilevel/draw.js'
import { boundedBilevelWorlds } from '../../world/bilevel/every.js'
import { plus } from '../../world/bilevel/matrix.js'
import { taskBilevelWorlds } from '../../world/bilevel/tasks.js'
import { type BoundedBilevelWorld, showBilevelWorld } from '../../world/bilevel/world.js'
import { slopesOf } from './running.js'

/** What a method on a finite loop is made of here. */
export interface LoopSettings {
  readonly q: number
  /** The step of $x$. */
  readonly step: number
  readonly inner: { readonly steps: number; readonly step: number | ((t: number) => number) }
  readonly initialise: 'constant' | 'outer'
  readonly tasks?: number
}

/** A method on a finite loop under test. */
export type LoopMethod = (settings: LoopSettings) => BilevelMethod<LoopDescentState, UfomOutputs>

export const debiased: LoopMethod = ({ step, ...rest }) => ufom({ ...rest, upper: { rule: constant(step) } })

export const firstOrderOnly: LoopMethod = ({ step, q: _, ...rest }) =>
  fom({ ...rest, upper: { rule: constant(step) } })

/** The two gradients on one batch, by formulas that no method shares. */
export interface LoopGradients {
  readonly upper: Batch
  readonly firstOrder: Vector
  readonly exact: Vector
  /** $\|\nabla_y f(x, y_r)\|$. */
  readonly slopeInY: number
  /** $\|\nabla_x f(x, y_r)\|$. */
  readonly slopeInX: number
  /** $\prod_t (1 + a_t L_2) - 1$ with $L_2$ a bound on $H$ and $J$ along the loop. */
  readonly growth: number
}

/** A finite loop with all batches that may be drawn, each as likely as the others. */
export interface LoopCase {
  readonly data: Json
  readonly problem: BilevelProblem
  readonly start: { readonly x: Vector; readonly y: Vector }
  readonly settings: Omit<LoopSettings, 'step'>
  readonly batches: ReadonlyArray<LoopGradients>
  /** The Lipschitz constant $M_1$ of where the loop starts: 0 or 1. */
  readonly start1: 0 | 1
  /** Whether $x$ enters anywhere else than where the loop starts. */
  readonly direct: boolean
}

const grown = (steps: ReadonlyArray<number>, L2: (t: number) => number): number =>
  steps.reduce((p, a, t) => p * (1 + a * L2(t)), 1) - 1

const units = (m: number): ReadonlyArray<Vector> =>
  Array.from({ length: m }, (_, i) => Float64Array.from({ length: m }, (_, j) => (i === j ? 1 : 0)))

/** Forward mode: $Y_t = \mathrm d y_t / \mathrm d x$, a column for each entry of $x$. */
const forward = (
  { problem, start: { x, y: y0 }, constants }: BoundedBilevelWorld,
  steps: ReadonlyArray<number>,
  outer: boolean,
): LoopGradients => {
  const { hessianVector, crossVector } = problem.lower
  let y = outer ? x : y0
  let Y: ReadonlyArray<Vector> = Array.from(x, (_, j) => y.map((_, i) => (outer && i === j ? 1 : 0)))
  for (const a of steps) {
    const at = y
    const mixed = units(at.length).map((e) => crossVector(x, at, e, null))
    Y = Y.map((column, j) => {
      const moved = plus(
        hessianVector(x, at, column, null),
        Float64Array.from(mixed, (row) => row[j] ?? 0),
      )
      return plus(column, moved, -a)
    })
    y = plus(at, slopesOf(problem, 'lower', { x, y: at }).y, -a)
  }
  const f = slopesOf(problem, 'upper', { x, y })
  return {
    upper: null,
    firstOrder: outer ? plus(f.x, f.y) : f.x,
    exact: f.x.map((fx, j) => f.y.reduce((s, fy, i) => s + fy * (Y[j]?.[i] ?? 0), fx)),
    slopeInY: norm(f.y),
    slopeInX: norm(f.x),
    growth: grown(steps, () => Math.max(constants.L, constants.crossNorm)),
  }
}

const PROBABILITIES = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4, 1]

const smooth: fc.Arbitrary<LoopCase> = fc
  .record({
    world: boundedBilevelWorlds(),
    shares: fc.array(fc.constantFrom(1, 1 / 2, 1 / 4), { maxLength: 4 }),
    q: fc.constantFrom(...PROBABILITIES),
    outer: fc.boolean(),
  })
  .map(({ world, shares, q, outer: wanted }) => {
    const outer = wanted && world.problem.dimension.x === world.problem.dimension.y
    const steps = shares.map((s) => s / world.constants.L)
    return {
      data: showBilevelWorld(world),
      problem: world.problem,
      start: world.start,
      settings: {
        q,
        inner: { steps: steps.length, step: (t: number) => steps[t] ?? 0 },
        initialise: outer ? ('outer' as const) : ('constant' as const),
      },
      batches: [forward(world, steps, outer)],
      start1: outer ? (1 as const) : (0 as const),
      direct: true,
    }
  })

const tasked: fc.Arbitrary<LoopCase> = fc
  .record({ world: taskBilevelWorlds(), x: entry(), q: fc.constantFrom(...PROBABILITIES) })
  .map(({ world, x, q }) => ({
    data: { tasks: world.data, x },
    problem: world.problem,
    start: { x: Float64Array.of(x), y: Float64Array.of(0) },
    settings: {
      q,
      inner: { steps: world.steps.length, step: (t: number) => world.steps[t] ?? 0 },
      initialise: 'outer' as const,
      tasks: 2,
    },
    batches: [0, 1].map((task) => {
      const bends = world.curvatures(x, task)
      const firstOrder = world.firstOrder(x, task)
      return {
        upper: Int32Array.of(task),
        firstOrder: Float64Array.of(firstOrder),
        exact: Float64Array.of(world.exact(x, task)),
        slopeInY: Math.abs(firstOrder),
        slopeInX: 0,
        growth: grown(world.steps, (t) => Math.abs(bends[t] ?? 0)),
      }
    }),
    start1: 1 as const,
    direct: false,
  }))

/** Loops on smooth problems, and on tasks. */
export const loopCases: fc.Arbitrary<LoopCase> = fc.oneof(smooth, tasked)

export const showLoop = ({ data, settings: { q, initialise } }: LoopCase): Json => ({ data, q, initialise })

/** What is added to make the gradients of a batch, and one. */
export const sizeOfLoop = ({ slopeInX, slopeInY, growth }: LoopGradients): number =>
  1 + slopeInX + slopeInY * (1 + growth)
