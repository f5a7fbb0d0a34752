import fc from 'fast-check'
import type { Json } from '../../../../spec/vocabulary/json.js'
import type { BilevelProblem } from '../../../bilevel/problem/problem.js'
import { entry } from './draw.js'
import { type LowerParts, writtenOut } from './oracle.js'

/** The derivatives of a parabola with its minimum at $c$ that turns into a line beyond $A$. */
interface Potential {
  readonly value: (y: number) => number
  readonly slope: (y: number) => number
  readonly curvature: (y: number) => number
}

/**
 * A task of {@link TaskBilevelWorld}: the loss at both levels has its minimum at $b/a$ and the curvature $a$ around it.
 *
 * @category Theorems
 * @since 0.1.0
 */
export interface LoopTask {
  readonly a: number
  readonly b: number
}

/**
 * Scalar tasks whose inner loops start at $y_0 = x$ and have finitely many steps, with the two gradients of each in closed form.
 *
 * @category Theorems
 * @since 0.1.0
 */
export interface TaskBilevelWorld {
  readonly data: Json
  readonly problem: BilevelProblem
  readonly tasks: ReadonlyArray<LoopTask>
  /** The lengths $a_t$ of the inner steps. */
  readonly steps: ReadonlyArray<number>
  /** $\varphi_i(y_r)$ from $x$. */
  readonly value: (x: number, task: number) => number
  /** $G_{fo} = \varphi_i'(y_r)$. */
  readonly firstOrder: (x: number, task: number) => number
  /** $G_{ex} = \varphi_i'(y_r) \prod_t (1 - a_t \varphi_i''(y_t))$. */
  readonly exact: (x: number, task: number) => number
  /** $\varphi_i''(y_t)$ along the loop. */
  readonly curvatures: (x: number, task: number) => ReadonlyArray<number>
}

const potential = ({ a, b }: LoopTask, A: number): Potential => {
  const c = b / a
  return {
    value: (y) => {
      const z = Math.abs(y - c)
      const w = z - A
      if (w <= 0) return (a * z * z) / 2
      if (w <= 1) return a * (A * (A / 2 + w) + w * w * (0.5 - w / 6))
      return a * (A * (A / 2 + w) + w / 2 - 1 / 6)
    },
    slope: (y) => {
      const z = Math.abs(y - c)
      const w = z - A
      const size = w <= 0 ? z : A + (w <= 1 ? w - (w * w) / 2 : 0.5)
      return a * size * Math.sign(y - c)
    },
    curvature: (y) => {
      const w = Math.abs(y - c) - A
      return w <= 0 ? a : w <= 1 ? a * (1 - w) : 0
    },
  }
}

const parts = ({ value, slope, curvature }: Potential): LowerParts => ({
  value: (_x, [y = 0]) => value(y),
  inX: () => Float64Array.of(0),
  inY: (_x, [y = 0]) => Float64Array.of(slope(y)),
  hessian: (_x, [y = 0], [v = 0]) => Float64Array.of(curvature(y) * v),
  cross: () => Float64Array.of(0),
})

const mean = (all: ReadonlyArray<Potential>): Potential => {
  const over = (of: (p: Potential) => number): number => all.reduce((s, p) => s + of(p), 0) / all.length
  return {
    value: (y) => over((p) => p.value(y)),
    slope: (y) => over((p) => p.slope(y)),
    curvature: (y) => over((p) => p.curvature(y)),
  }
}

/** The world of tasks that are linear beyond $A$. */
export const taskWorld = (
  tasks: ReadonlyArray<LoopTask>,
  linearBeyond: number,
  steps: ReadonlyArray<number>,
): TaskBilevelWorld => {
  const potentials = tasks.map((task) => potential(task, linearBeyond))
  const [all, each] = [parts(mean(potentials)), potentials.map(parts)]
  const loop = (x: number, task: number) => {
    const phi = potentials[task] ?? mean(potentials)
    let y = x
    const curvatures = steps.map((a) => {
      const bend = phi.curvature(y)
      y -= a * phi.slope(y)
      return bend
    })
    return { phi, curvatures, end: y }
  }
  const firstOrder = (x: number, task: number): number => {
    const { phi, end } = loop(x, task)
    return phi.slope(end)
  }
  return {
    data: { tasks: tasks.map(({ a, b }) => ({ a, b })), linearBeyond, steps: [...steps] },
    problem: {
      ...writtenOut(
        'tasks',
        { x: 1, y: 1 },
        { all, each },
        { all, each },
        { L: Math.max(...tasks.map(({ a }) => Math.abs(a))), crossNorm: 0 },
      ),
      tasks: true,
    },
    tasks,
    steps,
    value: (x, task) => {
      const { phi, end } = loop(x, task)
      return phi.value(end)
    },
    firstOrder,
    exact: (x, task) =>
      loop(x, task).curvatures.reduce((p, h, t) => p * (1 - (steps[t] ?? 0) * h), firstOrder(x, task)),
    curvatures: (x, task) => loop(x, task).curvatures,
  }
}

/** So far from everything that a parabola stays one. */
const NEVER = 2 ** 100

/**
 * Two scalar tasks of finitely many inner steps.
 *
 * @param quadratic - whether the losses are parabolas all over; else they turn into lines.
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { taskBilevelWorlds } from 'steplaw/theory'
 * import fc from 'fast-check'
 *
 * fc.sample(taskBilevelWorlds(), 9).every(({ tasks }) => tasks.length === 2) // => true
 * ```
 */
export const taskBilevelWorlds = ({
  quadratic = false,
}: {
  readonly quadratic?: boolean
} = {}): fc.Arbitrary<TaskBilevelWorld> =>
  fc
    .record({
      tasks: fc.array(
        fc.record({
          a: fc.integer({ min: 1, max: 8 }).map((a) => a / 4),
          bent: quadratic ? fc.constant(1) : fc.constantFrom(1, 1, 1, -1),
          b: entry(),
        }),
        { minLength: 2, maxLength: 2 },
      ),
      linearBeyond: quadratic ? fc.constant(NEVER) : fc.constantFrom(0, 0.5, 1, NEVER),
      steps: fc.array(fc.constantFrom(1 / 8, 1 / 4, 3 / 8), { maxLength: 4 }),
    })
    .map(({ tasks, linearBeyond, steps }) =>
      taskWorld(
        tasks.map(({ a, bent, b }) => ({ a: bent * a, b })),
        linearBeyond,
        steps,
      ),
    )
