import type { Shape } from '../../autodiff/ir.js'
import { size } from '../../autodiff/shape.js'
import { exp } from '../../numeric/exponential.js'
import { log } from '../../numeric/logarithm.js'
import { sumStrided } from '../../numeric/sum.js'

/** An array seen as outer x count x inner, reduced over the middle. */
export interface Lanes {
  readonly outer: number
  readonly count: number
  readonly inner: number
}

/** The three factors when the reduced axes are neighbours; `null` when the array must be rearranged first. */
export const lanesOf = (shape: Shape, axes: ReadonlyArray<number>): Lanes | null => {
  const first = axes[0] ?? 0
  const last = axes[axes.length - 1] ?? 0
  if (last - first !== axes.length - 1) return null
  return {
    outer: size(shape.slice(0, first)),
    count: size(shape.slice(first, last + 1)),
    inner: size(shape.slice(last + 1)),
  }
}

export const sum = (out: Float64Array, x: Float64Array, { outer, count, inner }: Lanes): void => {
  for (let o = 0; o < outer; o += 1)
    for (let i = 0; i < inner; i += 1) out[o * inner + i] = sumStrided(x, o * count * inner + i, inner, count)
}

const maxStrided = (x: Float64Array, start: number, stride: number, count: number): number => {
  let m = Number.NEGATIVE_INFINITY
  for (let i = 0; i < count; i += 1) m = Math.max(m, x[start + i * stride] as number)
  return m
}

export const max = (out: Float64Array, x: Float64Array, { outer, count, inner }: Lanes): void => {
  for (let o = 0; o < outer; o += 1)
    for (let i = 0; i < inner; i += 1) out[o * inner + i] = maxStrided(x, o * count * inner + i, inner, count)
}

/** $m + \log \sum e^{x - m}$ with $m$ the maximum. `scratch` has room for one lane. */
export const logSumExp = (
  out: Float64Array,
  x: Float64Array,
  { outer, count, inner }: Lanes,
  scratch: Float64Array,
): void => {
  for (let o = 0; o < outer; o += 1)
    for (let i = 0; i < inner; i += 1) {
      const start = o * count * inner + i
      const m = maxStrided(x, start, inner, count)
      if (Number.isFinite(m)) {
        for (let q = 0; q < count; q += 1) scratch[q] = exp((x[start + q * inner] as number) - m)
        out[o * inner + i] = m + log(sumStrided(scratch, 0, 1, count))
      } else out[o * inner + i] = m
    }
}
