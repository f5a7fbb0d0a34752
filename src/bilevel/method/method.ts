import type * as O from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import { type Json, json } from '../../../spec/vocabulary/json.js'
import { strict } from '../../../spec/vocabulary/strict.js'
import type { Vector } from '../../problem/oracle.js'
import type { Outcome } from '../../rule/outcome.js'
import type { BilevelDraw } from '../draw.js'
import type { Asking, Pair } from '../oracle.js'

/**
 * Where a run starts: $x_0$ and $y_0$, and what some methods carry beside them.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface BilevelStart extends Pair {
  /** The first solution of the linear system; zeros by default. */
  readonly v?: Vector
  /** The first solution of the lower problem, where $y$ solves another; $y_0$ by default. */
  readonly z?: Vector
}

/**
 * Whether a method goes on, and why not: it has proved that the gradient is small, or could not reach the accuracy it needs.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export type Status = 'running' | 'stationary' | 'exhausted'

/** The codec of {@link Status}. */
export const statusCodec = t.keyof({ running: null, stationary: null, exhausted: null }, 'a status')

/** The codec of a state that has these fields. */
export const stateCodec = <R extends { readonly [key: string]: t.Mixed }>(
  name: string,
  fields: R,
): t.Type<{ readonly [K in keyof R]: t.TypeOf<R[K]> }, Json, unknown> => {
  const read = strict(`a state of ${name}`, fields)
  return new t.Type(read.name, read.is, read.validate, (state) => {
    const written = read.encode(state)
    if (!json.is(written)) throw new TypeError(`${read.name}: a field of it is not JSON`)
    return written
  })
}

/**
 * What every state of a bilevel method has; the rest is its own. Plain data: a run can be stopped between any two iterations and
 * go on elsewhere with the same bits.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface BilevelState {
  readonly k: number
  readonly status: Status
}

/**
 * What happened in one iteration of a bilevel method.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface BilevelRecord<T> {
  readonly k: number
  /** $x_k$ and the lower point that the upper gradient was taken at. */
  readonly x: Vector
  readonly y: Vector
  /** $f_S(x_k, y)$. */
  readonly value: number
  /** What $x$ moved along; none where there was no such gradient. */
  readonly gradient: O.Option<Vector>
  /** What the upper rule said. */
  readonly outcome: Outcome
  /** What this method has to show besides. */
  readonly own: T
}

/**
 * A bilevel method: an iteration program with an explicit state and explicit draws.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface BilevelMethod<S extends BilevelState, T> {
  readonly name: string
  /** The state before the first iteration. */
  readonly init: (start: BilevelStart) => S
  readonly iterate: (state: S, draw: BilevelDraw) => Asking<readonly [S, BilevelRecord<T>]>
  /** Where the state stands. */
  readonly point: (state: S) => Pair
  /** The codec of states of problems of a size. */
  readonly state: (dimension: { readonly x: number; readonly y: number }) => t.Type<S, Json, unknown>
}
