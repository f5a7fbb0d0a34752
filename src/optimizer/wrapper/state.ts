import * as t from 'io-ts'
import type { Json } from '../../../spec/vocabulary/json.js'
import { encodeNumber } from '../../../spec/vocabulary/number.js'
import type { Vector } from '../../problem/oracle.js'
import { encodeVector } from '../vector.js'

/**
 * The state of a wrapper: plain data by name.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface WrapperState {
  readonly [field: string]: number | ReadonlyArray<number> | Vector | WrapperState
}

const isNumbers = (u: ReadonlyArray<number> | WrapperState): u is ReadonlyArray<number> => Array.isArray(u)

/** A state as JSON; numbers as every file has them. */
export const encodeState = (state: WrapperState): Json =>
  Object.fromEntries(
    Object.entries(state).map(([field, u]): readonly [string, Json] => {
      if (typeof u === 'number') return [field, encodeNumber(u)]
      if (u instanceof Float64Array || isNumbers(u)) return [field, encodeVector(u)]
      return [field, encodeState(u)]
    }),
  )

/** The codec of states that are read like this. */
export const stateCodec = (decoder: t.Decoder<unknown, WrapperState>): t.Type<WrapperState, Json, unknown> =>
  new t.Type<WrapperState, Json, unknown>(
    decoder.name,
    (u): u is WrapperState => typeof u === 'object' && u !== null,
    decoder.validate,
    encodeState,
  )
