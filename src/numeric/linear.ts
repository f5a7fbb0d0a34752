/** Small dense symmetric systems. Matrices are row-major, `n` by `n`. */

/**
 * The eigenvalues of a symmetric matrix in increasing order, by cyclic Jacobi rotations: exact for diagonal matrices,
 * else within a small multiple of $n u \|A\|$. The cost is about $10 n^3$.
 *
 * @throws `RangeError` when the matrix is not finite
 */
export const symmetricEigenvalues = (matrix: Float64Array, n: number): Float64Array => {
  const a = Float64Array.from(matrix)
  const at = (i: number, j: number): number => a[i * n + j] as number
  if (!a.every(Number.isFinite)) throw new RangeError('symmetricEigenvalues: the matrix must be finite')
  for (let sweep = 0; sweep < 60; sweep += 1) {
    let changed = false
    for (let p = 0; p < n; p += 1)
      for (let q = p + 1; q < n; q += 1) {
        const apq = at(p, q)
        // What is below the last place of both diagonal entries moves neither.
        const small =
          Math.abs(at(p, p)) + apq === Math.abs(at(p, p)) && Math.abs(at(q, q)) + apq === Math.abs(at(q, q))
        if (apq === 0) continue
        if (small && sweep > 3) {
          a[p * n + q] = 0
          a[q * n + p] = 0
          continue
        }
        changed = true
        const theta = (at(q, q) - at(p, p)) / (2 * apq)
        const t =
          Math.abs(theta) > 1e150
            ? 1 / (2 * theta)
            : (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
        const c = 1 / Math.sqrt(t * t + 1)
        const s = t * c
        const tau = s / (1 + c)
        a[p * n + p] = at(p, p) - t * apq
        a[q * n + q] = at(q, q) + t * apq
        a[p * n + q] = 0
        a[q * n + p] = 0
        for (let r = 0; r < n; r += 1) {
          if (r === p || r === q) continue
          const x = at(r, p)
          const y = at(r, q)
          a[r * n + p] = x - s * (y + tau * x)
          a[r * n + q] = y + s * (x - tau * y)
          a[p * n + r] = at(r, p)
          a[q * n + r] = at(r, q)
        }
      }
    if (!changed) break
  }
  return Float64Array.from({ length: n }, (_, i) => at(i, i)).sort()
}

/**
 * The map $b \mapsto A^{-1} b$ for a symmetric positive definite $A$ by Cholesky factorisation, or `null` when a pivot is not
 * safely positive. The factor costs $n^3/3$, a solution $2 n^2$.
 */
export const positiveDefiniteSolver = (
  matrix: Float64Array,
  n: number,
): ((b: Float64Array) => Float64Array) | null => {
  const l = new Float64Array(n * n)
  const at = (i: number, j: number): number => l[i * n + j] as number
  const partial = (i: number, j: number): number => {
    let s = matrix[i * n + j] as number
    for (let k = 0; k < j; k += 1) s -= at(i, k) * at(j, k)
    return s
  }
  for (let j = 0; j < n; j += 1) {
    const pivot = partial(j, j)
    if (!(pivot > 4 * n * Number.EPSILON * (matrix[j * n + j] as number))) return null
    l[j * n + j] = Math.sqrt(pivot)
    for (let i = j + 1; i < n; i += 1) l[i * n + j] = partial(i, j) / at(j, j)
  }
  return (b) => {
    const x = Float64Array.from(b)
    for (let i = 0; i < n; i += 1) {
      let s = x[i] as number
      for (let k = 0; k < i; k += 1) s -= at(i, k) * (x[k] as number)
      x[i] = s / at(i, i)
    }
    for (let i = n - 1; i >= 0; i -= 1) {
      let s = x[i] as number
      for (let k = i + 1; k < n; k += 1) s -= at(k, i) * (x[k] as number)
      x[i] = s / at(i, i)
    }
    return x
  }
}

/**
 * The solution of $A x = b$ for a symmetric positive definite $A$ by Cholesky factorisation, or `null` when a pivot is
 * not safely positive.
 */
export const solvePositiveDefinite = (matrix: Float64Array, b: Float64Array): Float64Array | null =>
  positiveDefiniteSolver(matrix, b.length)?.(b) ?? null

/**
 * The solution of $A x = b$ for any square matrix by elimination with partial pivoting, or `null` when a pivot is zero or not
 * finite, or the solution is not.
 */
export const solveSquare = (matrix: Float64Array, b: Float64Array): Float64Array | null => {
  const n = b.length
  const rows: Array<Float64Array> = Array.from({ length: n }, (_, i) => matrix.slice(i * n, (i + 1) * n))
  const x = b.slice()
  const entry = (i: number, j: number): number => rows[i]?.[j] ?? 0
  for (let j = 0; j < n; j += 1) {
    let best = j
    for (let i = j + 1; i < n; i += 1) if (Math.abs(entry(i, j)) > Math.abs(entry(best, j))) best = i
    const row = rows[best] as Float64Array
    const pivot = row[j] as number
    if (!(Math.abs(pivot) > 0 && Number.isFinite(pivot))) return null
    ;[rows[best], rows[j]] = [rows[j] as Float64Array, row]
    ;[x[best], x[j]] = [x[j] as number, x[best] as number]
    for (let i = j + 1; i < n; i += 1) {
      const other = rows[i] as Float64Array
      const factor = (other[j] as number) / pivot
      for (let k = j; k < n; k += 1) other[k] = (other[k] as number) - factor * (row[k] as number)
      x[i] = (x[i] as number) - factor * (x[j] as number)
    }
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    let rest = x[i] as number
    for (let k = i + 1; k < n; k += 1) rest -= entry(i, k) * (x[k] as number)
    x[i] = rest / entry(i, i)
  }
  return x.every(Number.isFinite) ? x : null
}
