/**
 * A number for every iteration: always the same, or a function of $k$.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export type Schedule = number | ((k: number) => number)

/** The value of a schedule, which must be finite. */
export const scheduled = (field: string, schedule: Schedule): ((k: number) => number) => {
  const at = typeof schedule === 'number' ? () => schedule : schedule
  return (k) => {
    const value = at(k)
    if (Number.isFinite(value)) return value
    throw new RangeError(`${field}: got ${value} for k = ${k}, expected a finite number`)
  }
}

/** The value of a schedule of shares, which must be from 0 to 1. */
export const shareOf = (field: string, schedule: Schedule): ((k: number) => number) => {
  const at = scheduled(field, schedule)
  return (k) => {
    const share = at(k)
    if (share >= 0 && share <= 1) return share
    throw new RangeError(`${field}: got ${share} for k = ${k}, expected a number from 0 to 1`)
  }
}
