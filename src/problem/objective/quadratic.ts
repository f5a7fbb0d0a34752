import { array } from '../../autodiff/array.js'
import { add, mul, sub } from '../../autodiff/elementwise.js'
import { fail } from '../../autodiff/primitive.js'
import { reshape, sum } from '../../autodiff/structural.js'
import { firstNotFinite } from '../../numeric/finite.js'
import { solvePositiveDefinite, symmetricEigenvalues } from '../../numeric/linear.js'
import { type Declared, type FiniteSumObjective, finiteSum } from '../finiteSum.js'
import type { Facts } from '../oracle.js'
import { meanOf, numbersOf, rowsOf } from './input.js'

/**
 * A finite sum of quadratics: $A$ [n][d][d] symmetric, $b$ [n][d], $k$ [n].
 *
 * @category Problems
 * @since 0.1.0
 */
export interface Quadratic extends Declared {
  readonly A: ReadonlyArray<ReadonlyArray<ReadonlyArray<number>>>
  readonly b: ReadonlyArray<ReadonlyArray<number>>
  /** Constants, zeros when absent. */
  readonly k?: ReadonlyArray<number>
}

/** The extreme eigenvalues, those within rounding of zero taken as zero. */
const spectrum = (A: Float64Array, d: number): { readonly least: number; readonly greatest: number } => {
  const eigenvalues = symmetricEigenvalues(A, d)
  const scale = eigenvalues.reduce((m, v) => Math.max(m, Math.abs(v)), 0)
  const clean = (v: number): number => (Math.abs(v) <= 8 * d * Number.EPSILON * scale ? 0 : v)
  return { least: clean(eigenvalues[0] ?? 0), greatest: clean(eigenvalues[d - 1] ?? 0) }
}

const product = (A: Float64Array, x: ArrayLike<number>, d: number): Float64Array =>
  Float64Array.from({ length: d }, (_, i) => {
    let s = 0
    for (let j = 0; j < d; j += 1) s += (A[i * d + j] ?? 0) * (x[j] ?? 0)
    return s
  })

const mean = (vectors: ReadonlyArray<Float64Array>, length: number): Float64Array =>
  Float64Array.from({ length }, (_, j) => meanOf(vectors.map((v) => v[j] ?? 0)))

/** What follows from the matrices alone; the minimum is added once the objective exists. */
const factsOf = (
  matrices: ReadonlyArray<Float64Array>,
  b: ReadonlyArray<ReadonlyArray<number>>,
  k: ReadonlyArray<number>,
  d: number,
): Facts => {
  const parts = matrices.map((A) => spectrum(A, d))
  const H = mean(matrices, d * d)
  // The sum overflows: the objective is still well defined, its constants are not doubles.
  if (firstNotFinite(H) >= 0) return {}
  const whole = spectrum(H, d)
  const solved =
    whole.least > 0
      ? solvePositiveDefinite(
          H,
          mean(
            matrices.map((A, i) => product(A, b[i] ?? [], d)),
            d,
          ),
        )
      : null
  return {
    L: Math.max(whole.greatest, -whole.least),
    mu: whole.least,
    componentL: parts.map((p) => Math.max(p.greatest, -p.least)),
    componentMu: parts.map((p) => p.least),
    convex: whole.least >= 0,
    ...(solved === null ? {} : { minimiser: solved }),
    ...(parts.every((p) => p.least >= 0) ? { componentMinimum: k } : {}),
  }
}

/**
 * The mean of quadratics $f_i(x) = \tfrac12 (x - b_i)^\top A_i (x - b_i) + k_i$.
 *
 * Facts in closed form: `L`, `mu` and those of each component from the eigenvalues (`mu` is the least one, negative where
 * the function is not convex); the minimiser and the minimum where the mean matrix is positive definite; the minima
 * $k_i$ of the components where every $A_i$ is positive semidefinite. One value costs $3 |S| d^2$ operations; the facts
 * cost about $10 n d^3$ once.
 *
 * @throws `RangeError` naming the field: wrong shapes, entries that are not finite, a matrix that is not symmetric
 * @example
 * ```ts
 * import { quadratic } from 'steplaw'
 *
 * const f = quadratic({ A: [[[4, 0], [0, 1]], [[1, 0], [0, 0.25]]], b: [[1, 0], [-1, 2]] })
 * f.value(Float64Array.of(3, -2), Int32Array.of(0)) // => 10
 * f.facts.L // => 2.5
 * ```
 * @category Problems
 * @since 0.1.0
 */
export const quadratic = ({ A, b, k, ...declared }: Quadratic): FiniteSumObjective<readonly [number]> => {
  const { n, d, A: centres } = rowsOf('b', b)
  if (A.length !== n) fail('A', `must have ${n} matrices, one for each row of b, got ${A.length}`)
  const matrices = A.map((rows, i) => {
    const { n: height, d: width, A: entries } = rowsOf(`A[${i}]`, rows)
    if (height !== d || width !== d) fail(`A[${i}]`, `must be ${d} by ${d}, got ${height} by ${width}`)
    rows.forEach((row, r) => {
      row.forEach((a, c) => {
        if (a !== rows[c]?.[r])
          fail(`A[${i}][${r}][${c}]`, `must equal A[${i}][${c}][${r}], got ${a} and ${rows[c]?.[r]}`)
      })
    })
    return entries.values
  })
  const stacked = new Float64Array(n * d * d)
  matrices.forEach((values, i) => {
    stacked.set(values, i * d * d)
  })
  const constants = numbersOf('k', k ?? new Float64Array(n), n)
  const known = factsOf(matrices, b, [...constants.values], d)
  const objective = finiteSum({
    name: 'quadratic',
    data: { A: array([n, d, d], stacked), b: centres, k: constants },
    parameters: [d],
    component: (x, rows) => {
      const r = sub(x, rows.b)
      const m = r.shape[0] ?? 0
      const Ar = sum(mul(rows.A, reshape(r, [m, 1, d])), { axes: 2 })
      return add(mul(0.5, sum(mul(r, Ar), { axes: 1 })), rows.k)
    },
    facts: known,
    ...declared,
  })
  if (known.minimiser === undefined) return objective
  return { ...objective, facts: { ...known, minimum: objective.value(known.minimiser, null) } }
}
