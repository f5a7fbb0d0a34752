import * as O from 'fp-ts/lib/Option.js'
import type { Batch } from '../problem/oracle.js'
import { type BilevelDraw, noDraw } from './draw.js'

/**
 * The random choices of a run written out (the standard, chapter Draws), by iteration. An entry that is missing means no
 * randomness.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface GivenDraws {
  /** `[k]`: the batch of $f$, or the tasks. */
  readonly upper?: ReadonlyArray<ReadonlyArray<number>>
  /** `[k][t]`: the batch of $g$ for inner step $t$. */
  readonly lower?: ReadonlyArray<ReadonlyArray<ReadonlyArray<number>>>
  /** `[k]`: the batch of $g$ for the cross product, and for Hessian products where `hessian` is missing. */
  readonly cross?: ReadonlyArray<ReadonlyArray<number>>
  /** `[k][q]`: the batch of $g$ for the $q$-th Hessian product. */
  readonly hessian?: ReadonlyArray<ReadonlyArray<ReadonlyArray<number>>>
  /** `[k]`: the depth of a randomised series. */
  readonly depth?: ReadonlyArray<number>
  /** `[k]`: the batch of $g$ for the step inside upper probes. */
  readonly probe?: ReadonlyArray<ReadonlyArray<number>>
  /** `[k]`: 0 or 1. */
  readonly coins?: ReadonlyArray<number>
  /** `[k]`: numbers in $[0, 1)$. */
  readonly uniforms?: ReadonlyArray<number>
}

type Places = ReadonlyArray<number>

const missing = (name: string, places: Places): never => {
  throw new RangeError(`draws.${name}${places.map((i) => `[${i}]`).join('')}: got nothing, expected an entry`)
}

/** Entry `k` of a list, if there is a list at all. */
const entry = <A>(name: string, list: ReadonlyArray<A> | undefined, k: number): A | undefined => {
  if (list === undefined) return undefined
  const found = list[k]
  return found === undefined ? missing(name, [k]) : found
}

const batchOf = (batch: ReadonlyArray<number> | undefined): Batch =>
  batch === undefined ? null : Int32Array.from(batch)

/** The batches of one iteration, by inner step. */
const within = (
  name: string,
  batches: ReadonlyArray<ReadonlyArray<number>> | undefined,
  k: number,
): ((t: number) => Batch) => {
  if (batches === undefined) return () => null
  const read = batches.map(batchOf)
  return (t) => {
    const found = read[t]
    return found === undefined ? missing(name, [k, t]) : found
  }
}

/**
 * The draws of a run from a table.
 *
 * @throws RangeError (when they are read) naming an entry that is not there.
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { givenDraws } from 'steplaw/bilevel'
 *
 * const draws = givenDraws({ upper: [[0, 1], [1]], lower: [[[2], [3]], [[0], [0]]] })
 * draws(0).upper // => Int32Array.of(0, 1)
 * draws(0).lower(1) // => Int32Array.of(3)
 * draws(1).cross // => null
 * ```
 */
export const givenDraws =
  ({
    upper,
    lower,
    cross,
    hessian,
    depth,
    probe,
    coins,
    uniforms,
  }: GivenDraws): ((k: number) => BilevelDraw) =>
  (k) => {
    const C = batchOf(entry('cross', cross, k))
    const coin = entry('coins', coins, k)
    return {
      ...noDraw,
      upper: batchOf(entry('upper', upper, k)),
      lower: within('lower', entry('lower', lower, k), k),
      cross: C,
      hessian: hessian === undefined ? () => C : within('hessian', entry('hessian', hessian, k), k),
      depth: O.fromNullable(entry('depth', depth, k)),
      probe: batchOf(entry('probe', probe, k)),
      coin: coin === undefined ? O.none : O.some(coin === 1 ? 1 : 0),
      uniform: O.fromNullable(entry('uniforms', uniforms, k)),
    }
  }
