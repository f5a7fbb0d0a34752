import type { Shape, ValueType } from './ir.js'

/** The number of elements; `1` for a scalar. */
export const size = (shape: Shape): number => shape.reduce((n, s) => n * s, 1)

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i])

/** `[3,4]`; a scalar is `[]`. */
export const showShape = (shape: Shape): string => `[${shape.join(',')}]`

/** `f64[3,4]`. */
export const showType = ({ shape, type }: ValueType): string => type + showShape(shape)

export const isSize = (u: unknown): u is number => typeof u === 'number' && Number.isSafeInteger(u) && u >= 0

export const isShape = (u: unknown): u is Shape => Array.isArray(u) && u.every(isSize)

/** NumPy's rule: aligned at the last axis, sizes agree or one of them is 1. `null` when they do not. */
export const broadcastShapes = (a: Shape, b: Shape): Shape | null => {
  const rank = Math.max(a.length, b.length)
  const result: number[] = []
  for (let i = 0; i < rank; i += 1) {
    const m = a[a.length - rank + i] ?? 1
    const n = b[b.length - rank + i] ?? 1
    if (m !== n && m !== 1 && n !== 1) return null
    result.push(m === 1 ? n : m)
  }
  return result
}

/** The axes of `to` along which `from` is repeated when it is broadcast to it. */
export const repeatedAxes = (from: Shape, to: Shape): ReadonlyArray<number> =>
  to.flatMap((n, i) => {
    const at = i - (to.length - from.length)
    return at < 0 || (from[at] === 1 && n !== 1) ? [i] : []
  })

/** Row-major strides. */
export const stridesOf = (shape: Shape): ReadonlyArray<number> =>
  shape.map((_, i) => size(shape.slice(i + 1)))

/** `shape` without some axes. */
export const without = (shape: Shape, axes: ReadonlyArray<number>): Shape =>
  shape.filter((_, i) => !axes.includes(i))

/** `shape` with 1 in place of some axes. */
export const withOnes = (shape: Shape, axes: ReadonlyArray<number>): Shape =>
  shape.map((n, i) => (axes.includes(i) ? 1 : n))
