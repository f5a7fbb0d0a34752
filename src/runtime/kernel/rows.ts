/** The index at `i`, refused when it does not address one of `count` rows. */
const checked = (name: string, rows: Int32Array, i: number, count: number): number => {
  const r = rows[i] as number
  if (r < 0 || r >= count)
    throw new RangeError(`${name}: index ${r} at ${i} is out of range, expected 0..${count - 1}`)
  return r
}

export const gather = (
  out: Float64Array,
  x: Float64Array,
  rows: Int32Array,
  count: number,
  width: number,
): void => {
  for (let i = 0; i < rows.length; i += 1) {
    const from = checked('gather', rows, i, count) * width
    const to = i * width
    for (let j = 0; j < width; j += 1) out[to + j] = x[from + j] as number
  }
}

export const gatherIndices = (
  out: Int32Array,
  x: Int32Array,
  rows: Int32Array,
  count: number,
  width: number,
): void => {
  for (let i = 0; i < rows.length; i += 1) {
    const from = checked('gather', rows, i, count) * width
    for (let j = 0; j < width; j += 1) out[i * width + j] = x[from + j] as number
  }
}

export const scatterAdd = (
  out: Float64Array,
  x: Float64Array,
  rows: Int32Array,
  count: number,
  width: number,
): void => {
  out.fill(0)
  for (let i = 0; i < rows.length; i += 1) {
    const to = checked('scatterAdd', rows, i, count) * width
    const from = i * width
    for (let j = 0; j < width; j += 1) out[to + j] = (out[to + j] as number) + (x[from + j] as number)
  }
}

export const pick = (out: Float64Array, x: Float64Array, labels: Int32Array, columns: number): void => {
  for (let i = 0; i < out.length; i += 1)
    out[i] = x[i * columns + checked('pick', labels, i, columns)] as number
}

export const place = (out: Float64Array, x: Float64Array, labels: Int32Array, columns: number): void => {
  out.fill(0)
  for (let i = 0; i < x.length; i += 1)
    out[i * columns + checked('place', labels, i, columns)] = x[i] as number
}
