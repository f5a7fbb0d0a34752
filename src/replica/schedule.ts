import { cos } from '../numeric/index.js'

/**
 * A one-cycle schedule as data, relative to its greatest value.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface OneCycle {
  /** The number of iterations of the cycle. */
  readonly total: number
  /** The share of them in which the value rises, 0.3 by default. */
  readonly rise?: number
  /** $f_\text{div}$: greatest value over first, 25 by default. */
  readonly divide?: number
  /** $f_\text{final}$: first value over last, $10^4$ by default. */
  readonly finalDivide?: number
}

/** From `from` to `to` along half a wave of the cosine, for `share` from 0 to 1. */
const anneal = (from: number, to: number, share: number): number =>
  to + ((from - to) / 2) * (1 + cos(Math.PI * share))

/**
 * A one-cycle schedule with cosines: the factor of iteration $k$ goes from $1 / f_\text{div}$ up to 1, which it reaches at
 * $k = \text{rise} \cdot \text{total} - 1$, and down to $1 / (f_\text{div} f_\text{final})$ at $k = \text{total} - 1$, where it stays.
 *
 * @returns the factor as a function of $k$, to be multiplied with the greatest step.
 * @throws RangeError naming the field.
 * @category Optimizer
 * @since 0.1.0
 * @cite smith2019
 * @example
 * ```ts
 * import { oneCycle } from 'steplaw/replica'
 *
 * const factor = oneCycle({ total: 10, rise: 0.5, divide: 4, finalDivide: 2 })
 * ;[0, 2, 4, 9, 99].map(factor) // => [0.25, 0.625, 1, 0.125, 0.125]
 * ```
 */
export const oneCycle = ({
  total,
  rise = 0.3,
  divide = 25,
  finalDivide = 1e4,
}: OneCycle): ((k: number) => number) => {
  if (!Number.isSafeInteger(total) || total < 1)
    throw new RangeError(`total: got ${total}, expected an integer >= 1`)
  if (!(rise > 0 && rise < 1 && rise * total > 1))
    throw new RangeError(`rise: got ${rise}, expected a share in (0, 1) that is more than one iteration`)
  for (const [field, x] of Object.entries({ divide, finalDivide }))
    if (!(Number.isFinite(x) && x >= 1))
      throw new RangeError(`${field}: got ${x}, expected a finite number >= 1`)
  const first = 1 / divide
  const last = first / finalDivide
  const peak = rise * total - 1
  const end = total - 1
  return (k) => {
    if (k >= end) return last
    return k <= peak ? anneal(first, 1, k / peak) : anneal(1, last, (k - peak) / (end - peak))
  }
}
