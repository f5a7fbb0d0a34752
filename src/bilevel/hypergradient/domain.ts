/** An integer of at least `least`. */
export const countOf = (field: string, n: number, least: number): number => {
  if (Number.isSafeInteger(n) && n >= least) return n
  throw new RangeError(`${field}: got ${n}, expected an integer >= ${least}`)
}

/** A number that is 0 or more. */
export const toleranceOf = (field: string, x: number): number => {
  if (x >= 0) return x
  throw new RangeError(`${field}: got ${x}, expected a number >= 0`)
}

/** A finite number > 0. */
export const positiveOf = (field: string, x: number): number => {
  if (x > 0 && x < Number.POSITIVE_INFINITY) return x
  throw new RangeError(`${field}: got ${x}, expected a finite number > 0`)
}

/** A finite number that is 0 or more. */
export const nonNegativeOf = (field: string, x: number): number => {
  if (x >= 0 && x < Number.POSITIVE_INFINITY) return x
  throw new RangeError(`${field}: got ${x}, expected a finite number >= 0`)
}
