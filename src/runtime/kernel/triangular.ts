/**
 * The lower factor of a symmetric matrix of size `n`, of which the lower triangle is read. Where a pivot is not a positive number
 * everything is `NaN`.
 *
 * Element $(i, j)$ is $a_{ij} - s$ by the pivot of column $j$, or its root on the diagonal, where $s = 0 + l_{i0} l_{j0} + \dots$ in
 * the order of the columns.
 */
export const cholesky = (out: Float64Array, a: Float64Array, n: number): void => {
  out.fill(0)
  for (let i = 0; i < n; i += 1)
    for (let j = 0; j <= i; j += 1) {
      let s = 0
      for (let k = 0; k < j; k += 1) s += (out[i * n + k] as number) * (out[j * n + k] as number)
      const rest = (a[i * n + j] as number) - s
      if (i > j) out[i * n + j] = rest / (out[j * n + j] as number)
      else if (rest > 0 && rest <= Number.MAX_VALUE) out[i * n + j] = Math.sqrt(rest)
      else {
        out.fill(Number.NaN)
        return
      }
    }
}

/**
 * $T X = B$ or $T^\top X = B$ for a triangular $T$ of size `n` and `columns` right-hand sides. The sum that is taken off a
 * right-hand side begins with 0 and has the unknowns in the order in which they are found.
 */
export const solveTriangular = (
  out: Float64Array,
  t: Float64Array,
  b: Float64Array,
  n: number,
  columns: number,
  { lower, transpose }: { readonly lower: boolean; readonly transpose: boolean },
): void => {
  const forward = lower !== transpose
  for (let step = 0; step < n; step += 1) {
    const i = forward ? step : n - 1 - step
    for (let c = 0; c < columns; c += 1) {
      let s = 0
      for (let known = 0; known < step; known += 1) {
        const k = forward ? known : n - 1 - known
        s += (t[transpose ? k * n + i : i * n + k] as number) * (out[k * columns + c] as number)
      }
      out[i * columns + c] = ((b[i * columns + c] as number) - s) / (t[i * n + i] as number)
    }
  }
}
