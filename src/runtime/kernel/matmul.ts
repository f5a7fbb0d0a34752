// Every element is summed strictly in the order of the inner index, from zero. Four inner steps at a time keep that order
// and save three of four trips through the result.

type Product = (out: Float64Array, x: Float64Array, y: Float64Array, m: number, n: number, k: number) => void

/** $X y$, X m by k: four rows at a time, four independent chains of additions. */
const matrixVector = (out: Float64Array, x: Float64Array, y: Float64Array, m: number, k: number): void => {
  let i = 0
  for (; i + 4 <= m; i += 4) {
    const r0 = i * k
    const r1 = r0 + k
    const r2 = r1 + k
    const r3 = r2 + k
    let s0 = 0
    let s1 = 0
    let s2 = 0
    let s3 = 0
    for (let p = 0; p < k; p += 1) {
      const b = y[p] as number
      s0 += (x[r0 + p] as number) * b
      s1 += (x[r1 + p] as number) * b
      s2 += (x[r2 + p] as number) * b
      s3 += (x[r3 + p] as number) * b
    }
    out[i] = s0
    out[i + 1] = s1
    out[i + 2] = s2
    out[i + 3] = s3
  }
  for (; i < m; i += 1) {
    let s = 0
    for (let p = 0; p < k; p += 1) s += (x[i * k + p] as number) * (y[p] as number)
    out[i] = s
  }
}

/** $X Y$, X m by k, Y k by n. */
export const productNN: Product = (out, x, y, m, n, k) => {
  if (n === 1) return matrixVector(out, x, y, m, k)
  out.fill(0)
  for (let i = 0; i < m; i += 1) {
    const row = i * n
    const end = row + n
    let p = 0
    for (; p + 4 <= k; p += 4) {
      const at = i * k + p
      const a0 = x[at] as number
      const a1 = x[at + 1] as number
      const a2 = x[at + 2] as number
      const a3 = x[at + 3] as number
      let b = p * n
      for (let c = row; c < end; c += 1) {
        out[c] =
          (out[c] as number) +
          a0 * (y[b] as number) +
          a1 * (y[b + n] as number) +
          a2 * (y[b + 2 * n] as number) +
          a3 * (y[b + 3 * n] as number)
        b += 1
      }
    }
    for (; p < k; p += 1) {
      const a = x[i * k + p] as number
      let b = p * n
      for (let c = row; c < end; c += 1) {
        out[c] = (out[c] as number) + a * (y[b] as number)
        b += 1
      }
    }
  }
}

/** $X^T y$, X k by m: streams the rows of X. */
const transposedMatrixVector = (
  out: Float64Array,
  x: Float64Array,
  y: Float64Array,
  m: number,
  k: number,
): void => {
  let p = 0
  for (; p + 4 <= k; p += 4) {
    const b0 = y[p] as number
    const b1 = y[p + 1] as number
    const b2 = y[p + 2] as number
    const b3 = y[p + 3] as number
    const r0 = p * m
    const r1 = r0 + m
    const r2 = r1 + m
    const r3 = r2 + m
    for (let i = 0; i < m; i += 1)
      out[i] =
        (out[i] as number) +
        (x[r0 + i] as number) * b0 +
        (x[r1 + i] as number) * b1 +
        (x[r2 + i] as number) * b2 +
        (x[r3 + i] as number) * b3
  }
  for (; p < k; p += 1) {
    const b = y[p] as number
    for (let i = 0; i < m; i += 1) out[i] = (out[i] as number) + (x[p * m + i] as number) * b
  }
}

/** $X^T Y$, X k by m, Y k by n: streams the rows of both. */
export const productTN: Product = (out, x, y, m, n, k) => {
  out.fill(0)
  if (n === 1) return transposedMatrixVector(out, x, y, m, k)
  let p = 0
  for (; p + 4 <= k; p += 4) {
    const b = p * n
    for (let i = 0; i < m; i += 1) {
      const at = p * m + i
      const a0 = x[at] as number
      const a1 = x[at + m] as number
      const a2 = x[at + 2 * m] as number
      const a3 = x[at + 3 * m] as number
      const row = i * n
      for (let j = 0; j < n; j += 1)
        out[row + j] =
          (out[row + j] as number) +
          a0 * (y[b + j] as number) +
          a1 * (y[b + n + j] as number) +
          a2 * (y[b + 2 * n + j] as number) +
          a3 * (y[b + 3 * n + j] as number)
    }
  }
  for (; p < k; p += 1)
    for (let i = 0; i < m; i += 1) {
      const a = x[p * m + i] as number
      const row = i * n
      for (let j = 0; j < n; j += 1) out[row + j] = (out[row + j] as number) + a * (y[p * n + j] as number)
    }
}

/** $X Y^T$, X m by k, Y n by k: four columns at a time, four independent chains of additions. */
export const productNT: Product = (out, x, y, m, n, k) => {
  for (let i = 0; i < m; i += 1) {
    const row = i * k
    let j = 0
    for (; j + 4 <= n; j += 4) {
      const c0 = j * k
      const c1 = c0 + k
      const c2 = c1 + k
      const c3 = c2 + k
      let s0 = 0
      let s1 = 0
      let s2 = 0
      let s3 = 0
      for (let p = 0; p < k; p += 1) {
        const a = x[row + p] as number
        s0 += a * (y[c0 + p] as number)
        s1 += a * (y[c1 + p] as number)
        s2 += a * (y[c2 + p] as number)
        s3 += a * (y[c3 + p] as number)
      }
      out[i * n + j] = s0
      out[i * n + j + 1] = s1
      out[i * n + j + 2] = s2
      out[i * n + j + 3] = s3
    }
    for (; j < n; j += 1) {
      let s = 0
      for (let p = 0; p < k; p += 1) s += (x[row + p] as number) * (y[j * k + p] as number)
      out[i * n + j] = s
    }
  }
}

/** $X^T Y^T$, X k by m, Y n by k. Rare, so plain. */
export const productTT: Product = (out, x, y, m, n, k) => {
  for (let i = 0; i < m; i += 1)
    for (let j = 0; j < n; j += 1) {
      let s = 0
      for (let p = 0; p < k; p += 1) s += (x[p * m + i] as number) * (y[j * k + p] as number)
      out[i * n + j] = s
    }
}
