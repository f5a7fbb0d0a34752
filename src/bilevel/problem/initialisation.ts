import { array, type Dense } from '../../autodiff/array.js'
import { mul, square, sub } from '../../autodiff/elementwise.js'
import { fail } from '../../autodiff/primitive.js'
import { logSumExp, mean, reshape, sum } from '../../autodiff/structural.js'
import type { Tensor } from '../../autodiff/tensor.js'
import { type MatrixInput, rowsOf } from '../../problem/objective/input.js'
import type { Traced } from '../../runtime/structure.js'
import type { Layers, NamedShapes } from './features.js'
import { scores } from './hyperRepresentation.js'
import { boundsOf, integerOf, type LowerBounds } from './input.js'
import { bilevelProblem, type TracedBilevelProblem } from './traced.js'

/**
 * One task of {@link initialisation}: few examples to learn from and others to be judged on; inputs $k \times p$ with targets
 * $k \times o$ (numbers, or unit vectors of classes).
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface Task {
  readonly support: { readonly A: MatrixInput; readonly targets: MatrixInput }
  readonly query: { readonly A: MatrixInput; readonly targets: MatrixInput }
}

/**
 * The parts of {@link initialisation}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface Initialisation {
  /** What comes before the last, linear layer; see {@link layers}. */
  readonly features: Layers
  /** All of one size. */
  readonly tasks: ReadonlyArray<Task>
  /** $\frac12 \|z - t\|^2$ or $\log \sum_q e^{z_q} - \langle t, z \rangle$. */
  readonly loss: 'squares' | 'crossEntropy'
  readonly lowerBounds?: LowerBounds
}

const losses = {
  squares: (z: Tensor, t: Tensor): Tensor => mul(0.5, sum(square(sub(z, t)), { axes: 1 })),
  crossEntropy: (z: Tensor, t: Tensor): Tensor => sub(logSumExp(z), sum(mul(t, z), { axes: 1 })),
}

type Set = keyof Task
type Part = keyof Task[Set]

/** One matrix of every task, stacked. */
const stacked = (tasks: ReadonlyArray<Task>, set: Set, part: Part): Dense => {
  const all = tasks.map((task, i) => rowsOf(`tasks[${i}].${set}.${part}`, task[set][part]))
  const [first] = all
  if (first === undefined) return fail('tasks', 'must have at least one task')
  const { n, d } = first
  all.forEach((other, i) => {
    if (other.n !== n || other.d !== d)
      fail(`tasks[${i}].${set}.${part}`, `must be ${n} by ${d} like the first, got ${other.n} by ${other.d}`)
  })
  const values = new Float64Array(all.length * n * d)
  all.forEach(({ A }, i) => {
    values.set(A.values, i * n * d)
  })
  return array([all.length, n, d], values)
}

const leaf = (parts: Traced<NamedShapes>, name: string): Tensor =>
  parts[name] ?? fail(name, 'is missing from the parameters')

/**
 * Where to begin, so that a few inner steps on a task end well (the objective of MAML): every component is a task with a loss $\ell_i$ on
 * its support set below and on its query set above,
 * $$g_i = \ell_i^{\mathrm{support}}(y), \qquad f_i = \ell_i^{\mathrm{query}}(y) ,$$
 * means over the rows, $z = W^\top h(a) + b$. Neither depends on $x$, which has the shapes of $y$ and enters as the first
 * point of the inner loop, $y_0 = x$; the objective is $\frac1T \sum_i f_i(y_r^i(x))$ after finitely many steps.
 *
 * Facts: none of $g$ but that $J = 0$; `tasks` is set, so that methods give every task a loop of its own.
 *
 * @throws `RangeError` naming the field: no tasks, tasks of different sizes, entries that are not finite.
 * @cite finn2017
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { initialisation, layers } from 'steplaw/bilevel'
 *
 * const line = (slope: number) => ({
 *   support: { A: [[1], [2]], targets: [[slope], [2 * slope]] },
 *   query: { A: [[3]], targets: [[3 * slope]] },
 * })
 * const problem = initialisation({ features: layers([1]), tasks: [line(1), line(-1)], loss: 'squares' })
 * problem.dimension // => { x: 2, y: 2 }
 * const here = new Float64Array(2)
 * problem.lower.gradient(here, here, Int32Array.of(1), 'y').y // => Float64Array.of(2.5, 1.5)
 * ```
 */
export const initialisation = ({
  features,
  tasks,
  loss,
  lowerBounds,
}: Initialisation): TracedBilevelProblem<NamedShapes, NamedShapes> => {
  if (!Object.hasOwn(losses, loss)) fail('loss', `must be 'squares' or 'crossEntropy', got ${String(loss)}`)
  const width = integerOf('features.width', features.width, 1)
  const sets = (set: Set) => {
    const data = { A: stacked(tasks, set, 'A'), targets: stacked(tasks, set, 'targets') }
    const [, rows = 0] = data.A.shape
    const [, targets = 0, outputs = 0] = data.targets.shape
    if (targets !== rows)
      fail(`tasks[0].${set}.targets`, `must have ${rows} rows like ${set}.A, got ${targets}`)
    return { data, outputs }
  }
  const [support, query] = [sets('support'), sets('query')]
  const outputs = support.outputs
  if (query.outputs !== outputs)
    fail('tasks[0].query.targets', `must have ${outputs} columns like support.targets, got ${query.outputs}`)
  const bounds = boundsOf(lowerBounds)
  const shapes: NamedShapes = { ...features.parameters, W: [width, outputs], b: [outputs] }
  const component = (
    y: Traced<NamedShapes>,
    { A, targets }: { readonly A: Tensor; readonly targets: Tensor },
  ): Tensor => {
    const [count = 0, rows = 0, d = 0] = A.shape
    const h = features.apply(y, reshape(A, [count * rows, d]))
    const z = scores(h, { W: leaf(y, 'W'), b: leaf(y, 'b') })
    const each = losses[loss](z, reshape(targets, [count * rows, outputs]))
    return mean(reshape(each, [count, rows]), { axes: 1 })
  }
  return bilevelProblem<NamedShapes, NamedShapes, typeof query.data, typeof support.data>({
    name: 'initialisation',
    x: shapes,
    y: shapes,
    lower: { data: support.data, component: (_, y, rows) => component(y, rows), lowerBound: bounds.lower },
    upper: { data: query.data, component: (_, y, rows) => component(y, rows), lowerBound: bounds.upper },
    tasks: true,
    facts: { crossNorm: 0, crossLipschitz: 0, upperLipschitzX: 0 },
  })
}
