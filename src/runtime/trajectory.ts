import { fail } from '../autodiff/primitive.js'
import { schedule, slotsForTwice } from './checkpoint.js'
import type { RunOptions } from './compile.js'
import type { Buffer } from './executable.js'
import { type Iteration, programsOf } from './iteration.js'
import { type Data, type Rows, sizeOf } from './rows.js'
import {
  type Arrays,
  dimension,
  type Given,
  type Layout,
  leafValues,
  leafViews,
  type Shapes,
  unflatten,
} from './structure.js'

/**
 * How many states of a trajectory are held for the way back over it: all of them, about the square root of their
 * number, the first alone, or so many. It changes time and memory and no bit of a result.
 *
 * @category Autodiff
 * @since 0.1.0
 */
export type Memory = 'stored' | 'checkpointed' | 'recomputed' | number

/**
 * One run of an iteration.
 *
 * @category Autodiff
 * @since 0.1.0
 */
export interface TrajectoryInput<Y, X, C = Readonly<Record<never, never>>> {
  /** $y_0$. */
  readonly state: Given<Y>
  /** $x$. */
  readonly parameters: Given<X>
  /** $r$, how many steps: an integer, 0 or more. */
  readonly steps: number
  /**
   * The rows that step number `t` (from 0) and the loss see; `null`, or nothing, for all. A step may be run again, so
   * that the same `t` must give the same rows.
   */
  readonly rows?: { readonly step?: (t: number) => Rows; readonly loss?: Rows }
  /** $u_t$, where the iteration has controls; like the rows, the same for the same `t`. */
  readonly controls?: (t: number) => Given<C>
  /** `'stored'` unless it is given; without effect where there is no way back. */
  readonly memory?: Memory
}

/**
 * The loss at the end of a trajectory with its gradients.
 *
 * @category Autodiff
 * @since 0.1.0
 */
export interface TrajectoryGradient<Y, X> {
  /** $\ell(y_r, x)$. */
  readonly value: number
  /** $y_r$. */
  readonly state: Arrays<Y>
  /** With respect to $y_0$, and to $x$ by all its ways: every step, and the loss. */
  readonly gradient: { readonly state: Arrays<Y>; readonly parameters: Arrays<X> }
  /** What was done: steps run, steps gone back over, and the most states held at once, $y_0$ included. */
  readonly cost: { readonly steps: number; readonly pullbacks: number; readonly states: number }
}

/**
 * What {@link trajectory} returns.
 *
 * @category Autodiff
 * @since 0.1.0
 */
export interface Trajectory<Y, X, C = Readonly<Record<never, never>>> {
  /** $y_r$. */
  readonly run: (input: TrajectoryInput<Y, X, C>) => Arrays<Y>
  /** $\ell(y_r, x)$. */
  readonly value: (input: TrajectoryInput<Y, X, C>) => number
  readonly valueAndGrad: (input: TrajectoryInput<Y, X, C>) => TrajectoryGradient<Y, X>
}

/** An array of a layout, whole and in its parts. */
interface Space {
  readonly flat: Float64Array
  readonly views: ReadonlyArray<Float64Array>
}

type Views = ReadonlyArray<Float64Array>

const spaceOf = (layout: Layout): Space => {
  const flat = new Float64Array(dimension(layout))
  return { flat, views: leafViews(layout, flat) }
}

/** One run, its input checked, and what it has done so far. */
interface Course {
  readonly start: Views
  readonly parameters: Views
  readonly steps: number
  readonly slots: number
  readonly rows: (t: number) => Rows
  readonly controls: (t: number) => Views
  readonly atEnd: Rows
  readonly cost: { steps: number; pullbacks: number; states: number }
}

/** What a step reads, in the order of its program. */
const stepInputs = (course: Course, y: Views, t: number, rows: Rows): ReadonlyArray<Buffer> => [
  ...y,
  ...course.parameters,
  ...course.controls(t),
  ...(rows === null ? [] : [rows]),
]

/** What the loss reads. */
const lossInputs = ({ parameters, atEnd }: Course, y: Views): ReadonlyArray<Buffer> =>
  atEnd === null ? [...y, ...parameters] : [...y, ...parameters, atEnd]

const add = (to: Float64Array, x: Float64Array): void => {
  for (let i = 0; i < to.length; i += 1) to[i] = (to[i] as number) + (x[i] as number)
}

const slotsOf = (memory: Memory, steps: number): number => {
  if (memory === 'stored') return Math.max(1, steps)
  if (memory === 'checkpointed') return slotsForTwice(steps)
  if (memory === 'recomputed') return 1
  if (Number.isInteger(memory) && memory >= 1) return memory
  return fail(
    'memory',
    `must be 'stored', 'checkpointed', 'recomputed' or a number of states >= 1, got ${memory}`,
  )
}

/**
 * An iteration $y_{t+1} = s(y_t, x, \text{rows}_t, u_t)$, $t = 0, \dots, r - 1$, to be run, and the gradients of a loss
 * $\ell(y_r, x)$ with respect to $y_0$ and $x$.
 *
 * The gradients are those of the program with all steps written out, to the bit (signs of zeros aside), but one step is
 * traced, once for every number of rows. Its vector-Jacobian product is applied from the last step to the first,
 * $\bar y_t = (\partial_y s)^T \bar y_{t+1}$ and $\bar x \leftarrow \bar x + (\partial_x s)^T \bar y_{t+1}$. A step may
 * take gradients itself, as one of gradient descent does; its derivative is then a Hessian product.
 *
 * The way back needs the states in reverse. For $r$ steps `memory` chooses how many are held:
 *
 * - `'stored'`: $r$ states, each step is run once;
 * - `'checkpointed'`: at most $\sqrt{2 r}$ states, rounded up; no step is run more than twice to reach a state, so fewer
 *   than $2 r$ are run;
 * - `'recomputed'`: $y_0$ alone; it starts over for every step, so $r (r - 1) / 2$ are run;
 * - a number: so many states, by the binomial schedule, which runs the fewest steps possible.
 *
 * All give the same bits. To these come one step to $y_r$ and $r$ vector-Jacobian products, each a small multiple of a
 * step, and working memory of four states and one array like $x$. A step allocates no arrays of numbers: the memory is
 * kept for the next call. Calls must not overlap. Data are bound once; rows are gathered inside the program.
 *
 * Controls $u_t$, such as the step sizes that a line search took, are given to each step anew and count as constants. For
 * the derivative in one of them let it be the unit vector of $t$, and the sizes a parameter: $\langle x, u_t \rangle$.
 *
 * The gradient through the last $k$ steps alone, the truncated one, is that of a trajectory of $k$ steps started where the
 * first $r - k$ ended; with $k = 0$ all second derivatives are left out.
 *
 * @throws `RangeError` naming the field: shapes that do not fit, data whose numbers of rows differ or that are not
 * finite, a number of steps or of states that is none, rows that there are not
 * @example
 * ```ts
 * import { grad, mul, square, sub, type Tensor, trajectory } from 'steplaw/autodiff'
 *
 * // Gradient descent on g(x, y) = x y^2 / 2 with step 1/2: y is multiplied by 1 - x / 2.
 * const g = (x: Tensor) => (y: Tensor) => mul(0.5, mul(x, square(y)))
 * const descent = trajectory({
 *   state: [],
 *   parameters: [],
 *   step: (y, x) => sub(y, mul(0.5, grad<number>(g(x))(y))),
 *   loss: (y) => y,
 * })
 * const { value, gradient } = descent.valueAndGrad({ state: 8, parameters: 1, steps: 3 })
 * value // => 1
 * gradient.state.values // => Float64Array.of(0.125)
 * gradient.parameters.values // => Float64Array.of(-3)
 * ```
 * @cite griewank2000
 * @cite franceschi2017
 * @cite shaban2019
 * @category Autodiff
 * @since 0.1.0
 */
export const trajectory = <
  const Y extends Shapes,
  const X extends Shapes,
  D extends Data = Readonly<Record<never, never>>,
  E extends Data = Readonly<Record<never, never>>,
  const C extends Shapes = Readonly<Record<never, never>>,
>(
  iteration: Iteration<Y, X, D, E, C>,
  options?: RunOptions,
): Trajectory<Y, X, C> => {
  const programs = programsOf(iteration, options)
  const { state, parameters, controls } = programs
  const held: Space[] = []
  const working = [spaceOf(state), spaceOf(state)] as const
  const cotangents = [spaceOf(state), spaceOf(state)] as const
  const part = spaceOf(parameters)
  const scalar = new Float64Array(1)

  const coursed = ({ steps, rows, memory = 'stored', ...at }: TrajectoryInput<Y, X, C>): Course => {
    if (!(Number.isInteger(steps) && steps >= 0)) fail('steps', `must be an integer >= 0, got ${steps}`)
    const atEnd = rows?.loss ?? null
    programs.check.loss('rows.loss', atEnd)
    return {
      start: leafValues(state, at.state),
      parameters: leafValues(parameters, at.parameters),
      steps,
      slots: slotsOf(memory, steps),
      rows: (t) => {
        if (rows?.step === undefined) return null
        const seen = rows.step(t)
        programs.check.step(`rows.step(${t})`, seen)
        return seen
      },
      controls: (t) => leafValues(controls, at.controls?.(t)),
      atEnd,
      cost: { steps: 0, pullbacks: 0, states: 1 },
    }
  }

  /** Runs from step `from` up to step `to` and returns where it got; the last step writes into `target`. */
  const advance = (course: Course, y: Views, from: number, to: number, target?: Views): Views => {
    let at = y
    for (let t = from; t < to; t += 1) {
      const [even, odd] = working
      const free = at === even.views ? odd : even
      const next = t === to - 1 && target !== undefined ? target : free.views
      const rows = course.rows(t)
      programs.step(sizeOf(rows)).run(stepInputs(course, at, t, rows), next)
      course.cost.steps += 1
      at = next
    }
    return at
  }

  /** Goes on from a state to the end of the trajectory and writes that down. */
  const finish = (course: Course, y: Views, from: number, end: Space): void => {
    if (from < course.steps) advance(course, y, from, course.steps, end.views)
    else
      end.views.forEach((view, i) => {
        view.set(y[i] ?? [])
      })
  }

  /** The state held in a slot; slot 0 is the array of the caller, which nothing writes to. */
  const slot = (course: Course, i: number): Views => {
    if (i === 0) return course.start
    course.cost.states = Math.max(course.cost.states, i + 1)
    held[i - 1] ??= spaceOf(state)
    return held[i - 1]?.views ?? []
  }

  return {
    run: (input) => {
      const course = coursed(input)
      const end = spaceOf(state)
      finish(course, course.start, 0, end)
      return unflatten<Arrays<Y>>(state, end.flat)
    },
    value: (input) => {
      const course = coursed(input)
      const [end] = cotangents
      finish(course, course.start, 0, end)
      programs.loss(sizeOf(course.atEnd)).run(lossInputs(course, end.views), [scalar])
      return scalar[0] as number
    },
    valueAndGrad: (input) => {
      const course = coursed(input)
      const { steps, atEnd, cost } = course
      const [end, total] = [spaceOf(state), spaceOf(parameters)]
      let [cotangent, next] = cotangents
      const arrive = (y: Views, from: number): void => {
        finish(course, y, from, end)
        const outputs = [scalar, ...cotangent.views, ...total.views]
        programs.slope(sizeOf(atEnd)).run(lossInputs(course, end.views), outputs)
      }
      if (steps === 0) arrive(course.start, 0)
      for (const action of schedule(steps, course.slots)) {
        if (action._tag === 'Hold') {
          const { from, to } = action
          advance(course, slot(course, action.slot - 1), from, to, slot(course, action.slot))
          continue
        }
        const y = advance(course, slot(course, action.slot), action.from, action.step)
        if (action.step === steps - 1) arrive(y, action.step)
        const rows = course.rows(action.step)
        const inputs = [...stepInputs(course, y, action.step, rows), ...cotangent.views]
        programs.back(sizeOf(rows)).run(inputs, [...next.views, ...part.views])
        cost.pullbacks += 1
        add(total.flat, part.flat)
        ;[cotangent, next] = [next, cotangent]
      }
      return {
        value: scalar[0] as number,
        state: unflatten<Arrays<Y>>(state, end.flat),
        gradient: {
          state: unflatten<Arrays<Y>>(state, cotangent.flat.slice()),
          parameters: unflatten<Arrays<X>>(parameters, total.flat),
        },
        cost: { ...cost },
      }
    },
  }
}
