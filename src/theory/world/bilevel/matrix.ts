import { norm } from '../../../numeric/index.js'
import { solvePositiveDefinite, symmetricEigenvalues } from '../../../numeric/linear.js'
import type { Vector } from '../../../problem/oracle.js'

/**
 * The rows of a matrix.
 *
 * @category Theorems
 * @since 0.1.0
 */
export type Rows = ReadonlyArray<ReadonlyArray<number>>

/** $Av$. */
export const times = (A: Rows, v: Vector): Vector =>
  Float64Array.from(A, (row) => row.reduce((s, a, j) => s + a * (v[j] ?? 0), 0))

/** $A^\top u$, for a matrix of `width` columns. */
export const timesTransposed = (A: Rows, u: Vector, width: number): Vector =>
  Float64Array.from({ length: width }, (_, j) => A.reduce((s, row, i) => s + (row[j] ?? 0) * (u[i] ?? 0), 0))

/** $A^\top$, for a matrix of `width` columns. */
export const transposed = (A: Rows, width: number): Rows =>
  Array.from({ length: width }, (_, j) => A.map((row) => row[j] ?? 0))

/** $AB$, for a $B$ of `width` columns. */
export const product = (A: Rows, B: Rows, width: number): Rows =>
  A.map((row) =>
    Array.from({ length: width }, (_, j) => row.reduce((s, a, l) => s + a * (B[l]?.[j] ?? 0), 0)),
  )

/** $A + sB$. */
export const plusMatrix = (A: Rows, B: Rows, s = 1): Rows =>
  A.map((row, i) => row.map((a, j) => a + s * (B[i]?.[j] ?? 0)))

/** $u + sw$. */
export const plus = (u: Vector, w: Vector, s = 1): Vector => u.map((ui, i) => ui + s * (w[i] ?? 0))

/** $\|u - w\|$. */
export const distance = (u: Vector, w: Vector): number => norm(plus(u, w, -1))

/** The extreme eigenvalues of a symmetric matrix. */
export const spectrum = (A: Rows): { readonly least: number; readonly greatest: number } => {
  const found = symmetricEigenvalues(Float64Array.from(A.flat()), A.length)
  return { least: found[0] ?? 0, greatest: found.at(-1) ?? 0 }
}

/** What the eigenvalues of a small matrix may be too small by. */
const ROUNDED = 1 + 2 ** -40

/** A bound on the spectral norm, sharp but for rounding, of a matrix of `width` columns. */
export const spectralNorm = (A: Rows, width: number): number =>
  A.length === 0 || width === 0
    ? 0
    : ROUNDED * Math.sqrt(Math.max(0, spectrum(product(A, transposed(A, width), A.length)).greatest))

/** $A^{-1} b$ for a positive definite matrix. */
export const solved = (A: Rows, b: Vector): Vector => {
  const found = solvePositiveDefinite(Float64Array.from(A.flat()), b)
  if (found === null) throw new RangeError('matrix: expected a positive definite one')
  return found
}

/** $A^{-1} B$ for a positive definite $A$, for a $B$ of `width` columns. */
export const solvedMatrix = (A: Rows, B: Rows, width: number): Rows =>
  transposed(
    transposed(B, width).map((column) => Array.from(solved(A, Float64Array.from(column)))),
    A.length,
  )

/** Numbers as a vector. */
export const vector = (a: ReadonlyArray<number>): Vector => Float64Array.from(a)
