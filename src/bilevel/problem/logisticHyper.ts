import type { Dense } from '../../autodiff/array.js'
import { exp, mul, neg, softplus, square } from '../../autodiff/elementwise.js'
import { fail } from '../../autodiff/primitive.js'
import { dot, matmul } from '../../autodiff/structural.js'
import {
  type MatrixInput,
  meanOf,
  numbersOf,
  rowsOf,
  squaredRowNorms,
  type VectorInput,
} from '../../problem/objective/input.js'
import { boundsOf, type LowerBounds } from './input.js'
import { bilevelProblem, type TracedBilevelProblem } from './traced.js'

/**
 * The parts of {@link logisticHyper}: rows $a_i$ of length $m$ with labels $y_i \in \{-1, 1\}$, and others to judge.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface LogisticHyper {
  readonly A: MatrixInput
  readonly y: VectorInput
  readonly Av: MatrixInput
  readonly yv: VectorInput
  readonly lowerBounds?: LowerBounds
}

const labelled = (
  field: string,
  input: MatrixInput,
  signs: string,
  given: VectorInput,
): { readonly d: number; readonly A: Dense; readonly y: Dense } => {
  const { n, d, A } = rowsOf(field, input)
  const y = numbersOf(signs, given, n)
  const bad = y.values.findIndex((v) => v !== 1 && v !== -1)
  if (bad >= 0) fail(signs, `entry ${bad} must be -1 or 1, got ${y.values[bad]}`)
  return { d, A, y }
}

/**
 * Logistic regression with a penalty for every feature, judged on other data:
 * $$g_i = \log(1 + e^{-y_i a_i^\top y}) + \tfrac12 \sum_j e^{x_j} y_j^2, \qquad f_i = \log(1 + e^{-v_i c_i^\top y}) ,$$
 * means over the rows $a_i$ of `A` and $c_i$ of `Av`; $n = m$.
 *
 * Facts: $f$ is convex, $L_{fy} \le \frac14$ of the mean of $\|c_i\|^2$; $g$ has no constants that hold for all $x$ (on
 * $x \ge \ell$ it is $e^{\ell}$-strongly convex).
 *
 * @throws `RangeError` naming the field: wrong shapes, entries that are not finite, labels other than $-1$ and $1$.
 * @cite pedregosa2016
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { logisticHyper } from 'steplaw/bilevel'
 *
 * const problem = logisticHyper({ A: [[1], [2]], y: [1, -1], Av: [[2]], yv: [1] })
 * problem.lower.value(Float64Array.of(0), Float64Array.of(0), null) // => 0.6931471805599453
 * problem.facts.upperLipschitzY // => 1
 * ```
 */
export const logisticHyper = (
  given: LogisticHyper,
): TracedBilevelProblem<readonly [number], readonly [number]> => {
  const train = labelled('A', given.A, 'y', given.y)
  const validation = labelled('Av', given.Av, 'yv', given.yv)
  if (validation.d !== train.d) fail('Av', `must have ${train.d} columns like A, got ${validation.d}`)
  const bounds = boundsOf(given.lowerBounds)
  return bilevelProblem({
    name: 'logisticHyper',
    x: [train.d],
    y: [train.d],
    lower: {
      data: { A: train.A, sign: train.y },
      component: (_, y, { A, sign }) => softplus(neg(mul(sign, matmul(A, y)))),
      shared: (x, y) => mul(0.5, dot(exp(x), square(y))),
      lowerBound: bounds.lower,
    },
    upper: {
      data: { A: validation.A, sign: validation.y },
      component: (_, y, { A, sign }) => softplus(neg(mul(sign, matmul(A, y)))),
      lowerBound: bounds.upper,
    },
    facts: {
      upperLipschitzX: 0,
      upperLipschitzY: meanOf(squaredRowNorms(validation.A)) / 4,
      upperConvex: true,
    },
  })
}
