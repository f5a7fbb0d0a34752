import { vector } from '../../autodiff/array.js'
import { abs, add, div, lessEqual, mul, square, sub, where } from '../../autodiff/elementwise.js'
import { fail } from '../../autodiff/primitive.js'
import type { Tensor } from '../../autodiff/tensor.js'
import { boundsOf, finiteOf, type LowerBounds } from './input.js'
import { bilevelProblem, type TracedBilevelProblem } from './traced.js'

/**
 * The parts of {@link ablo}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface Ablo {
  /** $\varphi_i$ has its minimum at $b_i / a_i$ and the curvature $a_i \ne 0$ around it. */
  readonly tasks: ReadonlyArray<{ readonly a: number; readonly b: number }>
  /** $A \ge 0$: the distance from the minimum at which $\varphi_i$ begins to become linear. */
  readonly linearBeyond: number
  readonly lowerBounds?: LowerBounds
}

/** $\varphi$ of every task; what is selected away is kept finite, so that no derivative of it is NaN. */
const potential = (y: Tensor, a: Tensor, b: Tensor, A: number): Tensor => {
  const offset = sub(y, div(b, a))
  const z = abs(offset)
  const inner = lessEqual(z, A)
  const middle = lessEqual(z, A + 1)
  // Not z: the derivative of an absolute value at 0 is taken for 0, and the curvature there would be lost.
  const near = where(inner, offset, 0)
  const w = where(inner, 0, where(middle, sub(z, A), 0))
  const bend = add(mul(A, w), mul(square(w), sub(0.5, div(w, 6))))
  const linear = add(mul(A + 0.5, sub(z, A)), -1 / 6)
  return mul(a, where(inner, mul(0.5, square(near)), add((A * A) / 2, where(middle, bend, linear))))
}

/** $\varphi$ of one task and its derivatives at a number. */
export const scalarTask =
  ({ a, b }: { readonly a: number; readonly b: number }, A: number) =>
  (y: number): { readonly value: number; readonly slope: number; readonly curvature: number } => {
    const offset = y - b / a
    const [z, s] = [Math.abs(offset), Math.sign(offset)]
    if (z <= A) return { value: (a * z * z) / 2, slope: a * offset, curvature: a }
    const w = z - A
    if (w <= 1)
      return {
        value: a * ((A * A) / 2 + A * w + w * w * (0.5 - w / 6)),
        slope: a * s * (A + w - (w * w) / 2),
        curvature: a * (1 - w),
      }
    return { value: a * ((A * A) / 2 + (A + 0.5) * w - 1 / 6), slope: a * s * (A + 0.5), curvature: 0 }
  }

/**
 * Scalar tasks for a loop of finitely many inner steps: each task has the same loss at both levels, $f_i = g_i = \varphi_i(y)$, a parabola
 * that turns into a line. With $z = |y - b_i / a_i|$, $A$ = `linearBeyond` and $w = z - A$,
 * $$\varphi_i = a_i \begin{cases} z^2 / 2 & z \le A, \\ A^2/2 + A w + w^2/2 - w^3/6 & A < z \le A + 1, \\
 *   A^2/2 + A w + w/2 - 1/6 & z > A + 1. \end{cases}$$
 * It is twice continuously differentiable, with $|\varphi'| \le |a|(A + \frac12)$, $|\varphi''| \le |a|$ and $|\varphi'''| \le |a|$. Every
 * component is a task of its own; neither level depends on $x$, which enters where the inner loop starts.
 *
 * Facts: $L$ = the largest $|a_i|$, which holds for each task; no $\mu$, since $\varphi'' = 0$ far away.
 *
 * @throws `RangeError` naming the field: no task, numbers that are not finite, $a_i = 0$, $A < 0$.
 * @cite likhosherstov2021
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { ablo } from 'steplaw/bilevel'
 *
 * const problem = ablo({ tasks: [{ a: 2, b: 2 }, { a: 1, b: 0 }], linearBeyond: 1 })
 * const at = (y: number, task: number) => problem.lower.value(Float64Array.of(0), Float64Array.of(y), Int32Array.of(task))
 * at(0, 0) // => 1
 * at(3, 1) // => 3.3333333333333335
 * problem.tasks // => true
 * ```
 */
export const ablo = ({
  tasks,
  linearBeyond,
  lowerBounds,
}: Ablo): TracedBilevelProblem<readonly [1], readonly [1]> => {
  if (tasks.length === 0) fail('tasks', 'must have at least one task')
  tasks.forEach(({ a, b }, i) => {
    if (finiteOf(`tasks[${i}].a`, a) === 0) fail(`tasks[${i}].a`, 'must not be 0')
    finiteOf(`tasks[${i}].b`, b)
    finiteOf(`tasks[${i}].b / a`, b / a)
  })
  const A = finiteOf('linearBeyond', linearBeyond, 0)
  const bounds = boundsOf(lowerBounds)
  const data = { a: vector(tasks.map((t) => t.a)), b: vector(tasks.map((t) => t.b)) }
  const steepest = Math.max(...tasks.map(({ a }) => Math.abs(a)))
  return bilevelProblem({
    name: 'ablo',
    x: [1],
    y: [1],
    lower: { data, component: (_, y, { a, b }) => potential(y, a, b, A), lowerBound: bounds.lower },
    upper: { data, component: (_, y, { a, b }) => potential(y, a, b, A), lowerBound: bounds.upper },
    tasks: true,
    facts: {
      L: steepest,
      crossNorm: 0,
      crossLipschitz: 0,
      upperLipschitzX: 0,
      upperLipschitzY: steepest,
      upperConvex: tasks.every(({ a }) => a > 0),
    },
  })
}
