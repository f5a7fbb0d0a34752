/** Products of row-major matrices, four terms of the inner sum at a time. */

/** C[m,n] = A[m,k] B[k,n] */
export const product = (A, B, C, m, k, n) => {
  C.fill(0)
  for (let i = 0; i < m; i += 1) {
    const c = i * n
    let p = 0
    for (; p + 4 <= k; p += 4) {
      const a = i * k + p
      const [a0, a1, a2, a3] = [A[a], A[a + 1], A[a + 2], A[a + 3]]
      const b0 = p * n
      const b1 = b0 + n
      const b2 = b1 + n
      const b3 = b2 + n
      for (let j = 0; j < n; j += 1)
        C[c + j] += a0 * B[b0 + j] + a1 * B[b1 + j] + a2 * B[b2 + j] + a3 * B[b3 + j]
    }
    for (; p < k; p += 1) {
      const a = A[i * k + p]
      for (let j = 0; j < n; j += 1) C[c + j] += a * B[p * n + j]
    }
  }
}

/** C[k,n] = A[m,k]^T B[m,n] */
export const transposedProduct = (A, B, C, m, k, n) => {
  C.fill(0)
  let i = 0
  for (; i + 4 <= m; i += 4)
    for (let p = 0; p < k; p += 1) {
      const a = i * k + p
      const [a0, a1, a2, a3] = [A[a], A[a + k], A[a + 2 * k], A[a + 3 * k]]
      const b0 = i * n
      const b1 = b0 + n
      const b2 = b1 + n
      const b3 = b2 + n
      const c = p * n
      for (let j = 0; j < n; j += 1)
        C[c + j] += a0 * B[b0 + j] + a1 * B[b1 + j] + a2 * B[b2 + j] + a3 * B[b3 + j]
    }
  for (; i < m; i += 1)
    for (let p = 0; p < k; p += 1) {
      const a = A[i * k + p]
      for (let j = 0; j < n; j += 1) C[p * n + j] += a * B[i * n + j]
    }
}

/** C[m,k] = A[m,n] B[k,n]^T */
export const productTransposed = (A, B, C, m, n, k) => {
  for (let i = 0; i < m; i += 1)
    for (let p = 0; p < k; p += 1) {
      const a = i * n
      const b = p * n
      let even = 0
      let odd = 0
      let j = 0
      for (; j + 2 <= n; j += 2) {
        even += A[a + j] * B[b + j]
        odd += A[a + j + 1] * B[b + j + 1]
      }
      if (j < n) even += A[a + j] * B[b + j]
      C[i * k + p] = even + odd
    }
}

/** s[n] = the sum of the rows of A[m,n] */
export const columnSums = (A, s, m, n) => {
  s.fill(0)
  for (let i = 0; i < m; i += 1) for (let j = 0; j < n; j += 1) s[j] += A[i * n + j]
}

/** Adds to every row of A[m,n] the row b[n]. */
export const addRow = (A, b, m, n) => {
  for (let i = 0; i < m; i += 1) for (let j = 0; j < n; j += 1) A[i * n + j] += b[j]
}

/** The dot product of w[d] and the row of X that begins at `o`. */
export const rowDot = (X, o, w, d) => {
  let [s0, s1, s2, s3] = [0, 0, 0, 0]
  let j = 0
  for (; j + 4 <= d; j += 4) {
    s0 += X[o + j] * w[j]
    s1 += X[o + j + 1] * w[j + 1]
    s2 += X[o + j + 2] * w[j + 2]
    s3 += X[o + j + 3] * w[j + 3]
  }
  for (; j < d; j += 1) s0 += X[o + j] * w[j]
  return s0 + s1 + (s2 + s3)
}
