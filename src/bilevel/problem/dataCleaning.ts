import { indices } from '../../autodiff/array.js'
import { mul, sigmoid, sub } from '../../autodiff/elementwise.js'
import { fail } from '../../autodiff/primitive.js'
import { dot, gather, logSumExp, matmul, pick } from '../../autodiff/structural.js'
import type { Tensor } from '../../autodiff/tensor.js'
import {
  labelsOf,
  type MatrixInput,
  meanOf,
  ridgeOf,
  rowsOf,
  squaredRowNorms,
} from '../../problem/objective/input.js'
import { boundsOf, integerOf, type LowerBounds } from './input.js'
import { bilevelProblem, type TracedBilevelProblem } from './traced.js'

/**
 * The parts of {@link dataCleaning}. Matrices may be rows, or the features of a dataset, which are used where they are.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface DataCleaning {
  /** The examples to weigh, $n \times p$. */
  readonly A: MatrixInput
  /** Their labels, from 0 to `classes` - 1, some of them wrong. */
  readonly labels: ArrayLike<number>
  readonly classes: number
  readonly l2: number
  /** Clean examples to judge by. */
  readonly Av: MatrixInput
  readonly labelsV: ArrayLike<number>
  readonly lowerBounds?: LowerBounds
}

/** $\log \sum_q e^{z_q} - z_{\mathrm{label}}$ of every row of scores. */
export const crossEntropy = (z: Tensor, labels: Tensor): Tensor => sub(logSumExp(z), pick(z, labels))

/** The Lipschitz constant of the Hessian of $\log \sum_q e^{z_q}$: its third derivative is a third cumulant. */
export const LOG_SUM_EXP_BEND = Math.SQRT2 / (3 * Math.sqrt(3))

/**
 * Hyper-cleaning: every training example has a weight $\sigma(x_i)$, and a classifier that learns from the weighted examples is
 * judged on clean ones. With the softmax loss $\ell_i(y) = \log \sum_q e^{z_q} - z_{\mathrm{label}_i}$, $z = y^\top a_i$, $y$ a
 * matrix $p \times$ `classes`,
 * $$g_i = \sigma(x_i)\, \ell_i(y) + \tfrac{\lambda}{2} \|y\|^2, \qquad f_i = \ell_i(y) \text{ on } A_v .$$
 * A batch costs what its rows do: no call copies the data, whole or in part, unless it names rows, and then those rows.
 *
 * Facts: $\mu = \lambda$ = `l2`, $L = \frac12 \overline{\|a_i\|^2} + \lambda$ (means over the examples),
 * $\|J\| \le \frac{\sqrt2}{4\sqrt n} (\overline{\|a_i\|^2})^{1/2}$, $L_J \le \frac{1}{8\sqrt n} (\overline{\|a_i\|^4})^{1/2}$,
 * $L_{H^{-1}} \le \frac{\sqrt2}{3\sqrt3} \overline{\|a_i\|^3} / \lambda^2$, $L_{fx} = 0$, $L_{fy} = \frac12 \overline{\|c_i\|^2}$ over the
 * rows of `Av`; $f$ is convex.
 *
 * @throws `RangeError` naming the field: wrong shapes, entries that are not finite, labels out of range.
 * @cite franceschi2017
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { dataCleaning } from 'steplaw/bilevel'
 *
 * const problem = dataCleaning({ A: [[1], [2], [2]], labels: [0, 1, 0], classes: 2, l2: 0.5, Av: [[2]], labelsV: [1] })
 * problem.dimension // => { x: 3, y: 2 }
 * problem.facts.L // => 2
 * problem.upper.value(new Float64Array(3), new Float64Array(2), null) // => 0.6931471805599453
 * ```
 */
export const dataCleaning = (
  given: DataCleaning,
): TracedBilevelProblem<readonly [number], readonly [number, number]> => {
  const { n, d: p, A } = rowsOf('A', given.A)
  const { n: nv, d: pv, A: Av } = rowsOf('Av', given.Av)
  if (pv !== p) fail('Av', `must have ${p} columns like A, got ${pv}`)
  const classes = integerOf('classes', given.classes, 1)
  const labels = labelsOf('labels', given.labels, n, classes)
  const labelsV = labelsOf('labelsV', given.labelsV, nv, classes)
  const l2 = ridgeOf(given.l2)
  const bounds = boundsOf(given.lowerBounds)
  const squares = squaredRowNorms(A)
  const mean = meanOf(squares)
  return bilevelProblem({
    name: 'dataCleaning',
    x: [n],
    y: [p, classes],
    lower: {
      data: { A, labels, row: indices(Int32Array.from({ length: n }, (_, i) => i)) },
      component: (x, y, data) =>
        mul(sigmoid(gather(x, data.row)), crossEntropy(matmul(data.A, y), data.labels)),
      shared: (_, y) => mul(l2 / 2, dot(y, y)),
      lowerBound: bounds.lower,
    },
    upper: {
      data: { A: Av, labels: labelsV },
      component: (_, y, data) => crossEntropy(matmul(data.A, y), data.labels),
      lowerBound: bounds.upper,
    },
    facts: {
      ...(l2 > 0
        ? {
            mu: l2,
            inverseHessianLipschitz:
              (LOG_SUM_EXP_BEND * meanOf(squares.map((s) => s * Math.sqrt(s)))) / (l2 * l2),
          }
        : {}),
      L: mean / 2 + l2,
      crossNorm: Math.sqrt((2 * mean) / n) / 4,
      crossLipschitz: Math.sqrt(meanOf(squares.map((s) => s * s)) / n) / 8,
      upperLipschitzX: 0,
      upperLipschitzY: meanOf(squaredRowNorms(Av)) / 2,
      upperConvex: true,
    },
  })
}
