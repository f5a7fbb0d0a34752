import { indices } from '../../autodiff/array.js'
import { add, mul, sub } from '../../autodiff/elementwise.js'
import { fail } from '../../autodiff/primitive.js'
import { dot, gather, logSumExp, softmax, sum } from '../../autodiff/structural.js'
import type { Tensor } from '../../autodiff/tensor.js'
import { labelsOf, type MatrixInput, ridgeOf, rowsOf } from '../../problem/objective/input.js'
import type { Traced } from '../../runtime/structure.js'
import { crossEntropy } from './dataCleaning.js'
import { layers, type NamedShapes } from './features.js'
import { scores } from './hyperRepresentation.js'
import { boundsOf, integerOf, type LowerBounds } from './input.js'
import { bilevelProblem, type TracedBilevelProblem } from './traced.js'

/**
 * The parts of {@link distillation}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface Distillation {
  /** The classes of the made examples, one for each; or how many there are, whose labels are learnt too. */
  readonly made: ReadonlyArray<number> | number
  readonly classes: number
  readonly l2: number
  /** The real examples. */
  readonly A: MatrixInput
  readonly labels: ArrayLike<number>
  /** How many hidden units (tanh) the classifier has; none by default: softmax regression. */
  readonly hidden?: number
  readonly lowerBounds?: LowerBounds
}

const part = (parts: Traced<NamedShapes>, name: string): Tensor =>
  parts[name] ?? fail(name, 'is missing from the parameters')

/**
 * Few made examples instead of many real ones: $x$ are `points` [k, p] (and, where only their number is given, `labels` [k, classes]),
 * and a classifier that learns from them alone is judged on the real examples. With scores $z$ linear in the example (or in `hidden`
 * features $\tanh(W_1^\top a + b_1)$ of it), $y$ = `W`, `b` (after `W1`, `b1`) and $q_i$ the unit vector of the label (or the softmax of
 * the learnt one),
 * $$g_i = \log \sum_q e^{z_q} - \langle q_i, z \rangle + \tfrac\lambda2 \|y\|^2 \text{ at point } i, \qquad
 *   f_i = \log \sum_q e^{z_q} - z_{\mathrm{label}_i} \text{ on } A .$$
 *
 * Facts: $L_{fx} = 0$; without hidden units $\mu = \lambda$ = `l2`, $f$ is convex and $L_{fy} = \frac12 \overline{\|a_i\|^2 + 1}$.
 *
 * @throws `RangeError` naming the field: wrong shapes, entries that are not finite, labels out of range.
 * @cite wang2018
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { distillation } from 'steplaw/bilevel'
 *
 * const problem = distillation({ made: [0, 1], classes: 2, l2: 0.1, A: [[0, 1, 2], [1, 0, 1]], labels: [0, 1] })
 * problem.dimension // => { x: 6, y: 8 }
 * problem.facts.upperLipschitzY // => 2.25
 * problem.unravel.x(new Float64Array(6)).points?.shape // => [2, 3]
 * ```
 */
export const distillation = (given: Distillation): TracedBilevelProblem<NamedShapes, NamedShapes> => {
  const { n, d: p, A } = rowsOf('A', given.A)
  const classes = integerOf('classes', given.classes, 1)
  const labels = labelsOf('labels', given.labels, n, classes)
  const learnt = typeof given.made === 'number'
  const count = integerOf('made', typeof given.made === 'number' ? given.made : given.made.length, 1)
  const made = labelsOf(
    'made',
    typeof given.made === 'number' ? new Int32Array(count) : given.made,
    count,
    classes,
  )
  const l2 = ridgeOf(given.l2)
  const bounds = boundsOf(given.lowerBounds)
  const below = layers(given.hidden === undefined ? [p] : [p, integerOf('hidden', given.hidden, 1)])
  const shapes: NamedShapes = { ...below.parameters, W: [below.width, classes], b: [classes] }
  const outputs = (y: Traced<NamedShapes>, rows: Tensor): Tensor =>
    scores(below.apply(y, rows), { W: part(y, 'W'), b: part(y, 'b') })
  const squares = Array.from({ length: n }, (_, i) =>
    A.values.subarray(i * p, (i + 1) * p).reduce((s, a) => s + a * a, 1),
  )
  return bilevelProblem<
    NamedShapes,
    NamedShapes,
    { A: typeof A; labels: typeof labels },
    { row: typeof made; label: typeof made }
  >({
    name: 'distillation',
    x: learnt ? { points: [count, p], labels: [count, classes] } : { points: [count, p] },
    y: shapes,
    lower: {
      data: { row: indices(Int32Array.from({ length: count }, (_, i) => i)), label: made },
      component: (x, y, { row, label }) => {
        const z = outputs(y, gather(part(x, 'points'), row))
        if (!learnt) return crossEntropy(z, label)
        const wanted = softmax(gather(part(x, 'labels'), row))
        return sub(logSumExp(z), sum(mul(wanted, z), { axes: 1 }))
      },
      shared: (_, y) =>
        mul(
          l2 / 2,
          Object.values(y)
            .map((w) => dot(w, w))
            .reduce((a, b) => add(a, b)),
        ),
      lowerBound: bounds.lower,
    },
    upper: {
      data: { A, labels },
      component: (_, y, rows) => crossEntropy(outputs(y, rows.A), rows.labels),
      lowerBound: bounds.upper,
    },
    facts: {
      upperLipschitzX: 0,
      ...(given.hidden === undefined
        ? {
            ...(l2 > 0 ? { mu: l2 } : {}),
            upperConvex: true,
            upperLipschitzY: squares.reduce((s, a) => s + a, 0) / n / 2,
          }
        : {}),
    },
  })
}
