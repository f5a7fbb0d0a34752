import * as O from 'fp-ts/lib/Option.js'
import type { Batch } from '../problem/oracle.js'

/**
 * The random choices of one bilevel iteration, as data (the standard, chapter Draws). What a method does not draw it does not
 * read.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface BilevelDraw {
  /** The batch $S$ of $f$; the tasks, where the problem has such. */
  readonly upper: Batch
  /** The batch $T_t$ of $g$ for inner step $t$. */
  readonly lower: (t: number) => Batch
  /** The batch $C$ of $g$ for $J v$, and for Hessian products unless `hessian` says otherwise. */
  readonly cross: Batch
  /** The batch of $g$ for the $q$-th Hessian product. */
  readonly hessian: (q: number) => Batch
  /** The depth of a randomised Neumann series. */
  readonly depth: O.Option<number>
  /** The batch of $g$ for the step of $y$ inside a probe of the upper level. */
  readonly probe: Batch
  /** A coin, 1 with probability $q$. */
  readonly coin: O.Option<0 | 1>
  /** A number, uniform on $[0, 1)$. */
  readonly uniform: O.Option<number>
}

const all = (): Batch => null

/**
 * No randomness: all components everywhere.
 *
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { noDraw } from 'steplaw/bilevel'
 *
 * noDraw.lower(3) // => null
 * ```
 */
export const noDraw: BilevelDraw = {
  upper: null,
  lower: all,
  cross: null,
  hessian: all,
  depth: O.none,
  probe: null,
  coin: O.none,
  uniform: O.none,
}
