/** A measured error against an effort, and what is proven of it where something is. */
export interface Curve {
  readonly at: ReadonlyArray<number>
  readonly error: ReadonlyArray<number>
  readonly bound?: ReadonlyArray<number>
}

/** What one computation of the study comes to, by name. */
export interface Curves {
  readonly [name: string]: Curve
}

/** One error, and its bound. */
export interface Measured {
  readonly error: number
  readonly bound?: number
}

/** Below this share of what is sought, differences are of rounding and no longer of the method. */
const resolution = 1e-13

/** Errors relative to the length of what is sought, as far as rounding lets them be seen. */
export const curve = (at: ReadonlyArray<number>, length: number, measure: (n: number) => Measured): Curve => {
  const all = at
    .map((n) => ({ n, ...measure(n) }))
    .filter(({ error, bound }) => (bound ?? error) > resolution * length)
  const bounds = all.flatMap(({ bound }) => (bound === undefined ? [] : [bound / length]))
  return {
    at: all.map(({ n }) => n),
    error: all.map(({ error }) => error / length),
    ...(bounds.length === all.length ? { bound: bounds } : {}),
  }
}

export const norm = (v: ArrayLike<number>): number =>
  Math.sqrt(Array.from(v).reduce((sum, vi) => sum + vi * vi, 0))

export const distance = (u: Float64Array, v: Float64Array): number =>
  norm(u.map((ui, i) => ui - (v[i] ?? Number.NaN)))

/** The integers from `low` to `high`. */
export const counts = (low: number, high: number): ReadonlyArray<number> =>
  Array.from({ length: high - low + 1 }, (_, i) => low + i)
