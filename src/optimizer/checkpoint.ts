import * as E from 'fp-ts/lib/Either.js'
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js'
import * as O from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import { decodeWith, type Invalid } from '../../spec/vocabulary/invalid.js'
import type { Json } from '../../spec/vocabulary/json.js'
import { double, encodeNumber } from '../../spec/vocabulary/number.js'
import { strict } from '../../spec/vocabulary/strict.js'
import type { Vector } from '../problem/oracle.js'
import type { DescentState, Method } from './iteration.js'

const index = t.refinement(t.number, (n) => Number.isSafeInteger(n) && n >= 0, 'an integer >= 0')

const encodeVector = (v: Vector): Json => Array.from(v, encodeNumber)

/** The codec of points of one length. */
const vector = (length: number): t.Type<Vector, Json, unknown> => {
  const name = `an array of ${length} numbers`
  const numbers = t.readonlyArray(double, name)
  return new t.Type<Vector, Json, unknown>(
    name,
    (u): u is Vector => u instanceof Float64Array && u.length === length,
    (u, context) => {
      const read = numbers.validate(u, context)
      if (E.isLeft(read)) return read
      return read.right.length === length ? t.success(Float64Array.from(read.right)) : t.failure(u, context)
    },
    encodeVector,
  )
}

const orNull = <A>(codec: t.Type<A, unknown, unknown>): t.Type<O.Option<A>, unknown, unknown> =>
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

const positive = t.refinement(double, (x) => x > 0 && Number.isFinite(x), 'a finite number > 0')

const stateCodec = ({ direction, rule }: Method, dimension: number) => {
  const point = vector(dimension)
  return strict('a checkpoint', {
    k: index,
    x: point,
    start: point,
    rule: rule.state,
    direction: strict('the state of a direction', {
      count: index,
      moments: t.refinement(
        t.readonlyArray(point),
        (moments) => moments.length === direction.moments,
        `an array of ${direction.moments} vectors`,
      ),
    }),
    executed: orNull(positive),
    previous: orNull(strict('a point with its gradient', { x: point, gradient: point })),
    counts: strict('counts', { values: index, gradients: index }),
  })
}

/**
 * Writes the state between two iterations as JSON. Reading it back with {@link restore} gives the same bits.
 *
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { checkpoint, constant, descentInit, restore, steepest } from 'steplaw'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const method = { direction: steepest, rule: constant(1) }
 * const state = descentInit(method, Float64Array.of(0.1, -0))
 * const read = restore(method, 2)(JSON.parse(JSON.stringify(checkpoint(state))))
 * E.isRight(read) && read.right // => state
 * ```
 */
export const checkpoint = ({
  k,
  x,
  start,
  rule,
  direction,
  executed,
  previous,
  counts,
}: DescentState): Json => ({
  k,
  x: encodeVector(x),
  start: encodeVector(start),
  rule,
  direction: { count: direction.count, moments: direction.moments.map(encodeVector) },
  executed: O.isSome(executed) ? encodeNumber(executed.value) : null,
  previous: O.isSome(previous)
    ? { x: encodeVector(previous.value.x), gradient: encodeVector(previous.value.gradient) }
    : null,
  counts: { values: counts.values, gradients: counts.gradients },
})

/**
 * Reads a state written by {@link checkpoint}; refuses what does not fit the method or the dimension, naming the field.
 *
 * @param dimension - the length of a point.
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant, restore, steepest } from 'steplaw'
 * import { showInvalid } from 'steplaw/spec'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const read = restore({ direction: steepest, rule: constant(1) }, 2)('nonsense')
 * E.isLeft(read) && read.left.map(showInvalid) // => ['checkpoint: got "nonsense", expected a checkpoint']
 * ```
 */
export const restore =
  (method: Method, dimension: number) =>
  (u: unknown): E.Either<NonEmptyArray<Invalid>, DescentState> =>
    decodeWith(stateCodec(method, dimension), 'checkpoint')(u)
