import type * as E from 'fp-ts/lib/Either.js'
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js'
import * as O from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import { decodeWith, type Invalid } from '../../spec/vocabulary/invalid.js'
import type { Json } from '../../spec/vocabulary/json.js'
import { double, encodeNumber } from '../../spec/vocabulary/number.js'
import { strict } from '../../spec/vocabulary/strict.js'
import type { Direction } from './direction/direction.js'
import type { DescentState } from './iteration.js'
import { type Method, partsOf } from './method.js'
import { encodeVector, index, orNull, vector } from './vector.js'
import { encodeState, stateCodec as wrapperCodec } from './wrapper/state.js'

const positive = t.refinement(double, (x) => x > 0 && Number.isFinite(x), 'a finite number > 0')

/** The state of a direction; none has none, that is, no vectors. */
const directionCodec = (direction: Direction | undefined, dimension: number) => {
  const points = t.readonlyArray(vector(dimension))
  const moments = direction?.moments ?? 0
  const history = direction?.history
  const state = strict('the state of a direction', {
    count: index,
    moments:
      history === undefined
        ? t.refinement(points, ({ length }) => length === moments, `an array of ${moments} vectors`)
        : points,
  })
  return history === undefined
    ? state
    : t.refinement(
        state,
        ({ count, moments: { length } }) => length === Math.min(count, history),
        `the latest ${history} of as many points as count says`,
      )
}

const stateCodec = (method: Method, dimension: number) => {
  const { base, wrapper } = partsOf(method)
  const point = vector(dimension)
  return strict('a checkpoint', {
    k: index,
    x: point,
    start: point,
    rule: base?.rule.state ?? t.null,
    direction: directionCodec(base?.direction, dimension),
    wrapper: wrapper?.state(dimension) ?? wrapperCodec(strict('nothing, for there is no wrapper', {})),
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
  wrapper,
  executed,
  previous,
  counts,
}: DescentState): Json => ({
  k,
  x: encodeVector(x),
  start: encodeVector(start),
  rule,
  direction: { count: direction.count, moments: direction.moments.map(encodeVector) },
  wrapper: encodeState(wrapper),
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

/** The codec of states, of which {@link checkpoint} and {@link restore} are the two halves. */
export const descentCodec = (method: Method, dimension: number): t.Type<DescentState, Json, unknown> => {
  const read = stateCodec(method, dimension)
  return new t.Type<DescentState, Json, unknown>(
    'a checkpoint of descent',
    (u): u is DescentState => read.is(u),
    (u, context) => read.validate(u, context),
    checkpoint,
  )
}
