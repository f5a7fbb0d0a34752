/** Small dense matrices, row by row. Sizes are not checked: whoever makes a matrix has checked them. */
import { symmetricEigenvalues } from './linear.js'

/** Entry $(i, j)$ is `values[i * columns + j]`. */
export interface RowMajor {
  readonly rows: number
  readonly columns: number
  readonly values: Float64Array
}

const at = (a: RowMajor, i: number, j: number): number => a.values[i * a.columns + j] as number

/** The matrix with these entries. */
export const tabulate = (
  rows: number,
  columns: number,
  entry: (i: number, j: number) => number,
): RowMajor => ({
  rows,
  columns,
  values: Float64Array.from({ length: rows * columns }, (_, e) =>
    entry(Math.floor(e / columns), e % columns),
  ),
})

/** $A^\top$. */
export const transposed = (a: RowMajor): RowMajor => tabulate(a.columns, a.rows, (i, j) => at(a, j, i))

/** $A x$. */
export const times = (a: RowMajor, x: ArrayLike<number>): Float64Array =>
  Float64Array.from({ length: a.rows }, (_, i) => {
    let s = 0
    for (let j = 0; j < a.columns; j += 1) s += at(a, i, j) * (x[j] as number)
    return s
  })

/** $A^\top x$. */
export const transposedTimes = (a: RowMajor, x: ArrayLike<number>): Float64Array => {
  const out = new Float64Array(a.columns)
  for (let i = 0; i < a.rows; i += 1)
    for (let j = 0; j < a.columns; j += 1) out[j] = (out[j] as number) + at(a, i, j) * (x[i] as number)
  return out
}

/** $A B$. */
export const product = (a: RowMajor, b: RowMajor): RowMajor =>
  tabulate(a.rows, b.columns, (i, j) => {
    let s = 0
    for (let k = 0; k < a.columns; k += 1) s += at(a, i, k) * at(b, k, j)
    return s
  })

/** $A^\top A$, exactly symmetric. */
export const gram = (a: RowMajor): RowMajor => product(transposed(a), a)

/** $A + c B$. */
export const plus = (a: RowMajor, b: RowMajor, c = 1): RowMajor => ({
  ...a,
  values: a.values.map((v, e) => v + c * (b.values[e] as number)),
})

/** $\frac12 (A + A^\top)$. */
export const symmetrised = (a: RowMajor): RowMajor =>
  tabulate(a.rows, a.columns, (i, j) => (at(a, i, j) + at(a, j, i)) / 2)

/** The largest singular value, from the eigenvalues of the smaller Gram matrix. */
export const spectralNorm = (a: RowMajor): number => {
  const g = a.rows < a.columns ? gram(transposed(a)) : gram(a)
  return Math.sqrt(Math.max(0, symmetricEigenvalues(g.values, g.rows).at(-1) ?? 0))
}
