/** Dense matrices whose eigenvalues are known to the last bit. */

/** The rows of a matrix. */
export type Matrix = ReadonlyArray<ReadonlyArray<number>>

/** $0, \dots, n - 1$. */
export const indices = (length: number): ReadonlyArray<number> => Array.from({ length }, (_, i) => i)

/** $A_{ij}$. */
export const entry = (A: Matrix, i: number, j: number): number => A[i]?.[j] ?? 0

/** $AB$. */
export const times = (A: Matrix, B: Matrix): Matrix =>
  A.map((row) => indices(row.length).map((j) => row.reduce((s, a, l) => s + a * entry(B, l, j), 0)))

/** The diagonal matrix of some numbers. */
export const diagonal = (e: ReadonlyArray<number>): Matrix =>
  e.map((x, i) => e.map((_, j) => (i === j ? x : 0)))

/** $\|v\|^2$ times the reflection across the hyperplane orthogonal to $v$: integers for integer $v$; the identity for 0. */
const reflection = (v: ReadonlyArray<number>): { readonly square: number; readonly P: Matrix } => {
  const square = v.reduce((s, x) => s + x * x, 0)
  return square === 0
    ? { square: 1, P: diagonal(v.map(() => 1)) }
    : { square, P: v.map((x, i) => v.map((y, j) => (i === j ? square : 0) - 2 * x * y)) }
}

/** The greatest power of two below a positive integer. */
const below = (x: number): number => 2 ** (31 - Math.clz32(x))

/**
 * $Q\,\mathrm{diag}(e)\,Q^\top$ for the rotation $Q$ made of two reflections, times the square of their lengths over powers of
 * two near them. In integers throughout, so that the matrix is symmetric and its eigenvalues `scale * e` to the last bit.
 */
export const rotated = (
  e: ReadonlyArray<number>,
  v: ReadonlyArray<number>,
  w: ReadonlyArray<number>,
): { readonly A: Matrix; readonly scale: number } => {
  const first = reflection(v)
  const second = reflection(w)
  const lengths = first.square * second.square
  const unit = below(first.square) * below(second.square)
  const inner = times(first.P, times(diagonal(e), first.P))
  const A = times(second.P, times(inner, second.P))
  // 2^16 makes every quotient an integer: both lengths are at most 16.
  const integer = 2 ** 16 / (unit * unit)
  return { A: A.map((row) => row.map((a) => a * integer)), scale: lengths * lengths * integer }
}
