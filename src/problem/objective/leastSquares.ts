import type { Dense } from '../../autodiff/array.js'
import { mul, square, sub } from '../../autodiff/elementwise.js'
import { matmul } from '../../autodiff/structural.js'
import { firstNotFinite } from '../../numeric/finite.js'
import { solvePositiveDefinite, symmetricEigenvalues } from '../../numeric/linear.js'
import { type Declared, type FiniteSumObjective, finiteSum } from '../finiteSum.js'
import type { Facts } from '../oracle.js'
import { type MatrixInput, meanOf, numbersOf, rowsOf, squaredRowNorms, type VectorInput } from './input.js'

/**
 * A least-squares problem: $A$ [n][d], $y$ [n].
 *
 * @category Problems
 * @since 0.1.0
 */
export interface LeastSquares extends Declared {
  readonly A: MatrixInput
  readonly y: VectorInput
}

const halfSquare = (y: number): number => (y * y) / 2

/** Up to this many columns the spectrum of $A^T A / n$ and the minimiser are worked out. */
const SMALL = 64

/** $A^T A$ and $A^T y$: sums, so that data of integers give integers. */
const normalEquations = (A: Dense, y: Dense, n: number, d: number) => {
  const H = new Float64Array(d * d)
  const g = new Float64Array(d)
  for (let i = 0; i < n; i += 1) {
    const row = A.values.subarray(i * d, (i + 1) * d)
    row.forEach((a, p) => {
      g[p] = (g[p] ?? 0) + a * (y.values[i] ?? 0)
      row.forEach((c, q) => {
        H[p * d + q] = (H[p * d + q] ?? 0) + a * c
      })
    })
  }
  return { H, g }
}

/** None where a square overflows: the objective is still well defined, its constants are not doubles. */
const spectralFacts = (A: Dense, y: Dense, n: number, d: number): Facts => {
  const { H, g } = normalEquations(A, y, n, d)
  if (firstNotFinite(H) >= 0 || firstNotFinite(g) >= 0) return {}
  const eigenvalues = symmetricEigenvalues(H, d)
  const L = (eigenvalues[d - 1] ?? 0) / n
  const least = (eigenvalues[0] ?? 0) / n
  const minimiser = solvePositiveDefinite(H, g)
  return { L, mu: minimiser === null ? 0 : Math.max(least, 0), ...(minimiser === null ? {} : { minimiser }) }
}

/**
 * The mean of $f_i(x) = \tfrac12 (a_i^\top x - y_i)^2$.
 *
 * Facts: $L_i = \|a_i\|^2$, the minima of the components ($0$, or $y_i^2/2$ where $a_i = 0$); with at most 64 columns also
 * `L`, `mu`, and the minimiser and minimum where $A^\top A$ is positive definite; with more, `L` is the mean of the
 * $L_i$, an upper bound. One value costs $2 |S| d$ operations.
 *
 * @throws `RangeError` naming the field: wrong shapes or entries that are not finite
 * @example
 * ```ts
 * import { leastSquares } from 'steplaw'
 *
 * const f = leastSquares({ A: [[1, 0], [0, 2]], y: [1, 4] })
 * f.value(Float64Array.of(0, 0), null) // => 4.25
 * f.facts.componentL // => [1, 4]
 * f.facts.minimiser // => Float64Array.of(1, 2)
 * ```
 * @category Problems
 * @since 0.1.0
 */
export const leastSquares = ({ A, y, ...declared }: LeastSquares): FiniteSumObjective<readonly [number]> => {
  const { n, d, A: rows } = rowsOf('A', A)
  const targets = numbersOf('y', y, n)
  const componentL = squaredRowNorms(rows)
  const known: Facts = {
    componentL,
    componentMu: componentL.map((l) => (d === 1 ? l : 0)),
    componentMinimum: componentL.map((l, i) => (l > 0 ? 0 : halfSquare(targets.values[i] ?? 0))),
    convex: true,
    ...(d <= SMALL ? spectralFacts(rows, targets, n, d) : { L: meanOf(componentL), mu: 0 }),
  }
  const objective = finiteSum({
    name: 'leastSquares',
    data: { A: rows, y: targets },
    parameters: [d],
    component: (x, batch) => mul(0.5, square(sub(matmul(batch.A, x), batch.y))),
    facts: known,
    ...declared,
  })
  if (known.minimiser === undefined) return objective
  return { ...objective, facts: { ...known, minimum: objective.value(known.minimiser, null) } }
}
