import { array, type Dense } from '../../autodiff/array.js'
import { exp, mul, square, sub } from '../../autodiff/elementwise.js'
import { fail } from '../../autodiff/primitive.js'
import { matmul, reshape, sum } from '../../autodiff/structural.js'
import type { Tensor } from '../../autodiff/tensor.js'
import { gram, type RowMajor, times, transposedTimes } from '../../numeric/dense.js'
import { exp as expOf } from '../../numeric/exponential.js'
import { positiveDefiniteSolver, symmetricEigenvalues } from '../../numeric/linear.js'
import { log } from '../../numeric/logarithm.js'
import { dot as inner, squaredNorm } from '../../numeric/sum.js'
import { type MatrixInput, rowsOf, type VectorInput } from '../../problem/objective/input.js'
import type { Vector } from '../../problem/oracle.js'
import { boundsOf, type LowerBounds, vectorOf } from './input.js'
import type { BilevelFacts } from './problem.js'
import { bilevelProblem, type TracedBilevelProblem } from './traced.js'

/**
 * The parts of {@link ridgeHyper}: $X$ $k \times m$ and $b$ to fit, $X_v$ $k_v \times m$ and $b_v$ to judge.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface RidgeHyper {
  readonly X: MatrixInput
  readonly b: VectorInput
  readonly Xv: MatrixInput
  readonly bv: VectorInput
  /** One parameter for all features, or one for each. */
  readonly penalty: 'scalar' | 'perFeature'
  readonly lowerBounds?: LowerBounds
}

interface Ridge {
  readonly X: RowMajor
  readonly b: Vector
  readonly Xv: RowMajor
  readonly bv: Vector
}

const minus = (u: Vector, v: Vector): Vector => u.map((ui, i) => ui - (v[i] ?? 0))

/** The optimum of a ridge with one feature, $y^*(x) = s / (t + e^x)$ anywhere between 0 and $s/t$. */
const optimumOfOne = ({ X, b, Xv, bv }: Ridge): Pick<BilevelFacts, 'minimiser' | 'minimum'> => {
  const [s, t, tv] = [inner(X.values, b), squaredNorm(X.values), squaredNorm(Xv.values)]
  const at = (y: number): number => squaredNorm(bv.map((bi, i) => (Xv.values[i] ?? 0) * y - bi)) / 2
  if (s === 0 || tv === 0) return { minimiser: Float64Array.of(0), minimum: at(0) }
  const wanted = inner(Xv.values, bv) / tv
  // The part of s / t that is wanted: only what is strictly between 0 and 1 is had at some x.
  const part = (wanted * t) / s
  if (!(part > 0)) return { minimum: at(0) }
  if (part >= 1) return { minimum: at(s / t) }
  return { minimiser: Float64Array.of(log(s / wanted - t)), minimum: at(wanted) }
}

const factsOf = (ridge: Ridge, weights: (x: Vector) => Vector, scalar: boolean): BilevelFacts => {
  const { X, b, Xv, bv } = ridge
  const m = X.columns
  const square = gram(X)
  const Xb = transposedTimes(X, b)
  const solver = (x: Vector): ((v: Vector) => Vector) => {
    const penalty = weights(x)
    const H = square.values.map((h, e) => (e % (m + 1) === 0 ? h + (penalty[e / (m + 1)] ?? 0) : h))
    return (
      positiveDefiniteSolver(H, m) ??
      fail('x', `makes X'X + diag(e^x) numerically singular, got [${x.join(', ')}]`)
    )
  }
  const lowerSolution = (x: Vector): Vector => solver(x)(Xb)
  const residual = (y: Vector): Vector => minus(times(Xv, y), bv)
  const mu = symmetricEigenvalues(square.values, m)[0] ?? 0
  const curvature = symmetricEigenvalues(gram(Xv).values, m)[m - 1] ?? 0
  return {
    ...(mu > 0 ? { mu } : {}),
    upperLipschitzX: 0,
    upperLipschitzY: Math.max(0, curvature),
    upperConvex: true,
    lowerSolution,
    value: (x) => squaredNorm(residual(lowerSolution(x))) / 2,
    gradient: (x) => {
      const solve = solver(x)
      const y = solve(Xb)
      const v = solve(transposedTimes(Xv, residual(y)))
      const each = weights(x).map((w, j) => -w * (y[j] ?? 0) * (v[j] ?? 0))
      return scalar ? Float64Array.of(each.reduce((a, z) => a + z, 0)) : each
    },
    ...(m === 1 ? optimumOfOne(ridge) : {}),
  }
}

const halfSquares = (A: Tensor, y: Tensor, b: Tensor): Tensor => {
  const [k = 0, rows = 0, columns = 0] = A.shape
  const fitted = reshape(matmul(reshape(A, [k * rows, columns]), y), [k, rows])
  return mul(0.5, sum(square(sub(fitted, b)), { axes: 1 }))
}

const examples = (A: RowMajor, b: Vector): { readonly A: Dense; readonly b: Dense } => ({
  A: array([1, A.rows, A.columns], A.values),
  b: array([1, b.length], b),
})

const regression = (field: string, A: MatrixInput, bField: string, b: VectorInput) => {
  const { n, d, A: rows } = rowsOf(field, A)
  return { A: { rows: n, columns: d, values: rows.values }, b: vectorOf(bField, b, n) }
}

/**
 * The weight of a ridge, or one for each feature, judged on other data:
 * $$g = \tfrac12 \|X y - b\|^2 + \tfrac12 \sum_j e^{x_j} y_j^2, \qquad f = \tfrac12 \|X_v y - b_v\|^2 ,$$
 * sums, each of one component; with a `scalar` penalty $n = 1$ and $e^{x_0}$ weighs all features.
 *
 * Facts: with $H_x = X^\top X + \operatorname{diag}(e^{x_j})$ the solution $y^*(x) = H_x^{-1} X^\top b$, $F$, and
 * $\partial_j F = -e^{x_j} y_j^* [H_x^{-1} X_v^\top (X_v y^* - b_v)]_j$ (the sum of these, where there is one weight), each from a
 * Cholesky factorisation; $\mu = \lambda_{\min}(X^\top X)$, where it is positive, and $L_{fy} = \lambda_{\max}(X_v^\top X_v)$;
 * $L$ and $\|J\|$ have no bound. With one feature, $s = X^\top b$, $t = X^\top X$ and $w = X_v^\top b_v / X_v^\top X_v$ the optimum:
 * $x^* = \log(s / w - t)$ where $0 < w t / s < 1$, else only the infimum, at one end or the other.
 *
 * @throws `RangeError` naming the field: wrong shapes, entries that are not finite.
 * @cite pedregosa2016
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { ridgeHyper } from 'steplaw/bilevel'
 *
 * const problem = ridgeHyper({ X: [[1], [2], [-1]], b: [2, 3, -1], Xv: [[1], [1]], bv: [1, 1.4], penalty: 'scalar' })
 * const optimum = problem.facts.minimiser?.[0] ?? 0
 * Math.round(1e9 * optimum) / 1e9 // => 0.405465108
 * ```
 */
export const ridgeHyper = ({
  penalty,
  ...given
}: RidgeHyper): TracedBilevelProblem<readonly [number], readonly [number]> => {
  if (penalty !== 'scalar' && penalty !== 'perFeature')
    fail('penalty', `must be 'scalar' or 'perFeature', got ${String(penalty)}`)
  const train = regression('X', given.X, 'b', given.b)
  const validation = regression('Xv', given.Xv, 'bv', given.bv)
  const m = train.A.columns
  if (validation.A.columns !== m) fail('Xv', `must have ${m} columns like X, got ${validation.A.columns}`)
  const bounds = boundsOf(given.lowerBounds)
  const scalar = penalty === 'scalar'
  const weights = (x: Vector): Vector =>
    scalar ? new Float64Array(m).fill(expOf(x[0] ?? 0)) : x.map((xj) => expOf(xj))
  return bilevelProblem({
    name: 'ridgeHyper',
    x: [scalar ? 1 : m],
    y: [m],
    lower: {
      data: examples(train.A, train.b),
      component: (_, y, { A, b }) => halfSquares(A, y, b),
      // One weight is spread over all features.
      shared: (x, y) => mul(0.5, sum(mul(exp(x), square(y)))),
      lowerBound: bounds.lower,
    },
    upper: {
      data: examples(validation.A, validation.b),
      component: (_, y, { A, b }) => halfSquares(A, y, b),
      lowerBound: bounds.upper,
    },
    facts: factsOf({ X: train.A, b: train.b, Xv: validation.A, bv: validation.b }, weights, scalar),
  })
}
