import { fail } from '../../autodiff/primitive.js'
import { plus, tabulate, times, transposedTimes } from '../../numeric/dense.js'
import { sigmoid, softplus } from '../../numeric/index.js'
import { solvePositiveDefinite } from '../../numeric/linear.js'
import { log } from '../../numeric/logarithm.js'
import { type MatrixInput, meanOf, rowsOf, type VectorInput } from '../../problem/objective/input.js'
import type { Vector } from '../../problem/oracle.js'
import { vectorOf } from './input.js'
import { type LogisticHyper, logisticHyper } from './logisticHyper.js'
import type { TracedBilevelProblem } from './traced.js'

/**
 * A logistic problem at a place where its lower solution is known.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface Constructed {
  readonly problem: TracedBilevelProblem<readonly [number], readonly [number]>
  readonly x: Vector
  /** $y^*(x)$. */
  readonly y: Vector
  /** $F(x)$. */
  readonly value: number
  /** $\nabla F(x)$. */
  readonly gradient: Vector
}

/** The mean logistic loss of labelled rows at $y$ with its derivatives. */
const lossAt = (input: MatrixInput, signs: VectorInput, y: Vector) => {
  const { n, d, A } = rowsOf('A', input)
  const rows = { rows: n, columns: d, values: A.values }
  const margins = times(rows, y).map((z, i) => z * (signs[i] ?? 0))
  const slopes = margins.map((t, i) => (-sigmoid(-t) * (signs[i] ?? 0)) / n)
  const curvatures = margins.map((t) => (sigmoid(t) * sigmoid(-t)) / n)
  const bent = tabulate(d, d, (i, j) =>
    curvatures.reduce((s, c, k) => s + c * (A.values[k * d + i] ?? 0) * (A.values[k * d + j] ?? 0), 0),
  )
  return {
    value: meanOf(Array.from(margins, (t) => softplus(-t))),
    gradient: transposedTimes(rows, slopes),
    hessian: bent,
  }
}

/**
 * {@link logisticHyper} turned around: choose $y^*$ first and have the penalties for which it is the lower solution. With $\ell$ the mean
 * logistic loss of the training rows, $\nabla \ell(y) + e^{x} \circ y = 0$ is solved by
 * $$x_j = \log \frac{-[\nabla \ell(y)]_j}{y_j}, \qquad \nabla F(x)_j = -e^{x_j} y_j v_j, \quad
 *   (\nabla^2 \ell(y) + \operatorname{diag}(e^{x_j}))\, v = \nabla f(y) .$$
 * No iteration is needed: what is not quadratic is known to rounding. There is a solution where $-[\nabla \ell(y)]_j$ and $y_j$ have
 * the same sign, as they have for all small $y$ whose signs are those of $-\nabla \ell(0)$.
 *
 * @throws `RangeError` naming the field, as {@link logisticHyper} and where `solution[j]` has the wrong sign.
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { logisticRidgeByConstruction } from 'steplaw/bilevel'
 *
 * // log(1 + e^-y) + e^x y^2 / 2
 * const one = logisticRidgeByConstruction({ A: [[1]], y: [1], Av: [[1]], yv: [1], solution: [0.5] })
 * const slope = one.problem.lower.gradient(one.x, one.y, null, 'y').y?.[0] ?? 1
 * Math.abs(slope) < 1e-15 // => true
 * ```
 */
export const logisticRidgeByConstruction = (
  given: LogisticHyper & { readonly solution: VectorInput },
): Constructed => {
  const problem = logisticHyper(given)
  const y = vectorOf('solution', given.solution, problem.dimension.y)
  const train = lossAt(given.A, given.y, y)
  const x = y.map((yj, j) => {
    const slope = -(train.gradient[j] ?? 0)
    const weight = slope / yj
    return weight > 0 && Number.isFinite(weight)
      ? log(weight)
      : fail(`solution[${j}]`, `must have the sign of ${slope}, where the loss descends, got ${yj}`)
  })
  const weights = y.map((yj, j) => -(train.gradient[j] ?? 0) / yj)
  const H = plus(
    train.hessian,
    tabulate(y.length, y.length, (i, j) => (i === j ? (weights[i] ?? 0) : 0)),
  )
  const validation = lossAt(given.Av, given.yv, y)
  const v =
    solvePositiveDefinite(H.values, validation.gradient) ??
    fail('solution', 'makes the lower Hessian numerically singular')
  return {
    problem,
    x,
    y,
    value: validation.value,
    gradient: x.map((_, j) => -(weights[j] ?? 0) * (y[j] ?? 0) * (v[j] ?? 0)),
  }
}
