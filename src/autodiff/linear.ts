import { type Input, lifted, tensor } from './lift.js'
import { fail, two } from './primitive.js'
import { showType } from './shape.js'
import type { Tensor } from './tensor.js'
import { vocabulary as v } from './vocabulary.js'

/**
 * The lower triangular $L$ with positive diagonal and $L L^\top = A$, for a symmetric positive definite matrix.
 *
 * Only the lower triangle of `A` is read, and the derivative is that of this triangle: zeros above. For the symmetric gradient write
 * `cholesky(mul(0.5, add(A, transpose(A))))`. A matrix that is not positive definite, or nearly singular so that rounding makes it so,
 * gives `NaN` everywhere, never a wrong number. $\log \det A$ is twice the sum of the logarithms of the diagonal, which {@link pick} takes.
 * Meant for small systems: $n^3 / 3$ operations on one thread.
 *
 * @throws `RangeError` unless `A` is a square matrix
 * @example
 * ```ts
 * import { cholesky, evaluate, matrix } from 'steplaw/autodiff'
 *
 * [...evaluate(cholesky)(matrix(2, 2, [4, 2, 2, 10])).values] // => [2, 0, 1, 3]
 * evaluate(cholesky)(matrix(2, 2, [1, 2, 2, 1])).values[0] // => NaN
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const cholesky = (A: Tensor): Tensor => v.apply('cholesky', {}, tensor('cholesky', A))

/**
 * Which triangle a matrix has its elements in, and whether its transpose is meant.
 *
 * @category Autodiff
 * @since 0.1.0
 */
export interface Triangular {
  /** `true` by default. */
  readonly lower?: boolean
  /** `false` by default. */
  readonly transpose?: boolean
}

/** Solves for one right-hand side or several. */
const sides = (name: string, A: Tensor, b: Tensor, solve: (B: Tensor) => Tensor): Tensor => {
  const [n = 0] = A.shape
  if (b.shape.length !== 1 && b.shape.length !== 2)
    return fail(name, `expected a vector or a matrix on the right, got ${showType(b)}`)
  return b.shape.length === 2 ? solve(b) : v.reshape(solve(v.reshape(b, [...b.shape, 1])), [n])
}

const triangularSolve = (T: Tensor, B: Tensor, lower: boolean, transpose: boolean): Tensor =>
  v.apply('solveTriangular', { lower, transpose }, T, B)

/**
 * $X$ with $T X = B$, or $T^\top X = B$, for a triangular matrix and a vector or matrix on the right.
 *
 * The other triangle of `T` is not read and gets derivative 0. A zero on the diagonal gives infinities or `NaN`. The cost is $n^2$
 * operations for each right-hand side, on one thread.
 *
 * @throws `RangeError` naming the shapes unless `T` is square and `B` has as many rows
 * @example
 * ```ts
 * import { evaluate, matrix, solveTriangular, vector } from 'steplaw/autodiff'
 *
 * const L = matrix(2, 2, [2, 0, 1, 4])
 * Array.from(evaluate((b) => solveTriangular(L, b))(Float64Array.of(2, 9)).values) // => [1, 2]
 * Array.from(evaluate((T) => solveTriangular(T, vector([2, 4]), { transpose: true }))(L).values) // => [0.5, 1]
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const solveTriangular = (
  triangle: Input,
  right: Input,
  { lower = true, transpose = false }: Triangular = {},
): Tensor => {
  const [T, b] = two(lifted('solveTriangular', [triangle, right]))
  return sides('solveTriangular', T, b, (B) => triangularSolve(T, B, lower, transpose))
}

/**
 * $X$ with $A X = B$ for a symmetric positive definite matrix and a vector or matrix on the right, by {@link cholesky}.
 *
 * Only the lower triangle of `A` is read, and gets the derivative. `NaN` everywhere when `A` is not positive definite. The cost is
 * $n^3 / 3$ operations and $2 n^2$ for each right-hand side, on one thread.
 *
 * @throws `RangeError` naming the shapes unless `A` is square and `B` has as many rows
 * @example
 * ```ts
 * import { evaluate, matrix, solvePositiveDefinite } from 'steplaw/autodiff'
 *
 * const A = matrix(2, 2, [4, 2, 2, 10])
 * Array.from(evaluate((b) => solvePositiveDefinite(A, b))(Float64Array.of(8, 22)).values) // => [1, 2]
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const solvePositiveDefinite = (matrix: Input, right: Input): Tensor => {
  const [A, b] = two(lifted('solvePositiveDefinite', [matrix, right]))
  return sides('solvePositiveDefinite', A, b, (B) => {
    const L = v.apply('cholesky', {}, A)
    return triangularSolve(L, triangularSolve(L, B, true, false), true, true)
  })
}
