/** Arrays the slow and obvious way: a function from an index to a number, tabulated. */
export interface Plain {
  readonly shape: ReadonlyArray<number>
  readonly values: ReadonlyArray<number>
}

type Index = ReadonlyArray<number>

const count = (shape: Index): number => shape.reduce((n, s) => n * s, 1)

export const indicesOf = (shape: Index): ReadonlyArray<Index> =>
  shape.reduce<ReadonlyArray<Index>>(
    (heads, n) => heads.flatMap((head) => Array.from({ length: n }, (_, i) => [...head, i])),
    [[]],
  )

export const tabulate = (shape: Index, f: (i: Index) => number): Plain => ({
  shape,
  values: indicesOf(shape).map(f),
})

export const at = ({ shape, values }: Plain, index: Index): number => {
  const flat = index.reduce((k, i, axis) => k * (shape[axis] ?? 0) + i, 0)
  const v = values[flat]
  if (v === undefined) throw new Error(`no element ${index} in ${shape}`)
  return v
}

export const broadcastAt = (x: Plain, index: Index): number =>
  at(
    x,
    x.shape.map((n, i) => (n === 1 ? 0 : (index[i + index.length - x.shape.length] ?? 0))),
  )

export const jointShape = (a: Index, b: Index): Index => {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, i) => {
    const m = a[a.length - rank + i] ?? 1
    const n = b[b.length - rank + i] ?? 1
    return m === 1 ? n : m
  })
}

export const zip = (x: Plain, y: Plain, f: (a: number, b: number) => number): Plain =>
  tabulate(jointShape(x.shape, y.shape), (i) => f(broadcastAt(x, i), broadcastAt(y, i)))

/** The elements of `x` that a reduction over `axes` brings together, for every index of the result. */
export const reduce = (x: Plain, axes: Index, f: (xs: ReadonlyArray<number>) => number): Plain => {
  const kept = [...x.shape.keys()].filter((a) => !axes.includes(a))
  const reducedShape = axes.map((a) => x.shape[a] ?? 0)
  return tabulate(
    kept.map((a) => x.shape[a] ?? 0),
    (i) =>
      f(
        indicesOf(reducedShape).map((r) => {
          const index = [...x.shape.keys()].map((a) =>
            kept.includes(a) ? (i[kept.indexOf(a)] ?? 0) : (r[axes.indexOf(a)] ?? 0),
          )
          return at(x, index)
        }),
      ),
  )
}

export const size = count
