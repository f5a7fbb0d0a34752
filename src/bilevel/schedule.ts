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
