/** A matrix seen through its strides, so that a transposed one is the same array walked the other way. */
export interface View {
  /** From one row of the result's rows (or columns) to the next. */
  readonly outer: number
  /** From one step of the inner index to the next. */
  readonly inner: number
}

// Inner steps done at a time, so that the panels in use stay in cache: long where a row of A is contiguous, short where
// a step goes from row to row. Sums go on from the result, so the choice moves no bit.
const CONTIGUOUS = 1024
const STRIDED = 128

/** How much room {@link matmul} wants for columns of B laid out one after the other. */
export const packed = (n: number, k: number): number => n * Math.min(k, CONTIGUOUS)

/**
 * $C = A B$, `m` by `n` with inner size `k`. Every element is summed strictly in the order of the inner index, from zero,
 * whatever the tile: four rows by two columns are eight independent chains of additions in registers.
 */
export const matmul = (
  c: Float64Array,
  a: Float64Array,
  { outer: ai, inner: ap }: View,
  b: Float64Array,
  { outer: bj, inner: bp }: View,
  m: number,
  n: number,
  k: number,
  panel: Float64Array,
): void => {
  c.fill(0)
  const chunk = ap === 1 ? CONTIGUOUS : STRIDED
  for (let p0 = 0; p0 < k; p0 += chunk) {
    const width = Math.min(chunk, k - p0)
    for (let j = 0; j < n; j += 1)
      for (let p = 0; p < width; p += 1) panel[j * width + p] = b[j * bj + (p0 + p) * bp] as number
    const start = p0 * ap
    let i = 0
    for (; i + 4 <= m; i += 4) {
      let j = 0
      for (; j + 2 <= n; j += 2) tile4x2(c, i * n + j, n, a, start + i * ai, ai, ap, panel, j * width, width)
      if (j < n) tile4x1(c, i * n + j, n, a, start + i * ai, ai, ap, panel, j * width, width)
    }
    for (; i < m; i += 1)
      for (let j = 0; j < n; j += 1) tile1x1(c, i * n + j, a, start + i * ai, ap, panel, j * width, width)
  }
}

const tile4x2 = (
  c: Float64Array,
  c0: number,
  cn: number,
  a: Float64Array,
  a0: number,
  ai: number,
  ap: number,
  b: Float64Array,
  b0: number,
  k: number,
): void => {
  const c1 = c0 + cn
  const c2 = c1 + cn
  const c3 = c2 + cn
  let s00 = c[c0] as number
  let s01 = c[c0 + 1] as number
  let s10 = c[c1] as number
  let s11 = c[c1 + 1] as number
  let s20 = c[c2] as number
  let s21 = c[c2 + 1] as number
  let s30 = c[c3] as number
  let s31 = c[c3 + 1] as number
  let r0 = a0
  let r1 = a0 + ai
  let r2 = r1 + ai
  let r3 = r2 + ai
  let q0 = b0
  let q1 = b0 + k
  for (let p = 0; p < k; p += 1) {
    const y0 = b[q0] as number
    const y1 = b[q1] as number
    const x0 = a[r0] as number
    const x1 = a[r1] as number
    const x2 = a[r2] as number
    const x3 = a[r3] as number
    s00 += x0 * y0
    s01 += x0 * y1
    s10 += x1 * y0
    s11 += x1 * y1
    s20 += x2 * y0
    s21 += x2 * y1
    s30 += x3 * y0
    s31 += x3 * y1
    r0 += ap
    r1 += ap
    r2 += ap
    r3 += ap
    q0 += 1
    q1 += 1
  }
  c[c0] = s00
  c[c0 + 1] = s01
  c[c1] = s10
  c[c1 + 1] = s11
  c[c2] = s20
  c[c2 + 1] = s21
  c[c3] = s30
  c[c3 + 1] = s31
}

const tile4x1 = (
  c: Float64Array,
  c0: number,
  cn: number,
  a: Float64Array,
  a0: number,
  ai: number,
  ap: number,
  b: Float64Array,
  b0: number,
  k: number,
): void => {
  let s0 = c[c0] as number
  let s1 = c[c0 + cn] as number
  let s2 = c[c0 + 2 * cn] as number
  let s3 = c[c0 + 3 * cn] as number
  let r = a0
  let q = b0
  for (let p = 0; p < k; p += 1) {
    const y = b[q] as number
    s0 += (a[r] as number) * y
    s1 += (a[r + ai] as number) * y
    s2 += (a[r + 2 * ai] as number) * y
    s3 += (a[r + 3 * ai] as number) * y
    r += ap
    q += 1
  }
  c[c0] = s0
  c[c0 + cn] = s1
  c[c0 + 2 * cn] = s2
  c[c0 + 3 * cn] = s3
}

const tile1x1 = (
  c: Float64Array,
  c0: number,
  a: Float64Array,
  a0: number,
  ap: number,
  b: Float64Array,
  b0: number,
  k: number,
): void => {
  let s = c[c0] as number
  for (let p = 0; p < k; p += 1) s += (a[a0 + p * ap] as number) * (b[b0 + p] as number)
  c[c0] = s
}
