import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import type { Json } from '../../spec/vocabulary/json.js'
import { double, encodeNumber } from '../../spec/vocabulary/number.js'
import type { Vector } from '../problem/oracle.js'

export const index = t.refinement(t.number, (n) => Number.isSafeInteger(n) && n >= 0, 'an integer >= 0')

/** A vector as JSON. */
export const encodeVector = (v: ArrayLike<number>): Json => Array.from(v, encodeNumber)

const numbersOf = (length: number) => {
  const name = `an array of ${length} numbers`
  return t.refinement(t.readonlyArray(double, name), (read) => read.length === length, name)
}

/** The codec of lists of numbers of one length. */
export const numbers = (length: number): t.Type<ReadonlyArray<number>, unknown, unknown> => numbersOf(length)

/** The codec of points of one length. */
export const vector = (length: number): t.Type<Vector, Json, unknown> => {
  const read = numbersOf(length)
  return new t.Type<Vector, Json, unknown>(
    read.name,
    (u): u is Vector => u instanceof Float64Array && u.length === length,
    (u, context) => {
      const found = read.validate(u, context)
      return E.isLeft(found) ? found : t.success(Float64Array.from(found.right))
    },
    encodeVector,
  )
}

/** The codec of what may be absent: null is none. */
export const orNull = <A>(codec: t.Type<A, unknown, unknown>): t.Type<O.Option<A>, unknown, unknown> =>
  new t.Type<O.Option<A>, unknown, unknown>(
    `${codec.name} or null`,
    (u): u is O.Option<A> => typeof u === 'object' && u !== null && '_tag' in u,
    (u, context) => {
      if (u === null) return t.success(O.none)
      const read = codec.validate(u, context)
      return E.isRight(read) ? t.success(O.some(read.right)) : read
    },
    (option) => (O.isSome(option) ? codec.encode(option.value) : null),
  )
