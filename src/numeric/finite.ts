/** The index of the first entry that is NaN or infinite; `-1` when there is none. */
export const firstNotFinite = (x: ArrayLike<number>): number => {
  for (let i = 0; i < x.length; i += 1) if (!Number.isFinite(x[i])) return i
  return -1
}
