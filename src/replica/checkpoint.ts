import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js'
import * as t from 'io-ts'
import { decodeWith, type Invalid } from '../../spec/vocabulary/invalid.js'
import type { Json } from '../../spec/vocabulary/json.js'
import { double, encodeNumber } from '../../spec/vocabulary/number.js'
import { strict } from '../../spec/vocabulary/strict.js'
import { encodeVector, index, vector } from '../optimizer/vector.js'
import type { ReplicasState } from './driver.js'
import { each, entry, momentsOf, type ReplicaMethod, replicasOf } from './iteration.js'

/** As many entries as there have to be. */
const several = <A>(codec: t.Type<A, unknown, unknown>, count: number, name: string) =>
  t.refinement(t.readonlyArray(codec), (found) => found.length === count, `an array of ${count} ${name}`)

const stateCodec = (method: ReplicaMethod, dimension: number) => {
  const x = vector(dimension)
  const positive = t.refinement(double, (b) => b > 0 && Number.isFinite(b), 'a finite number > 0')
  const controllerState = strict('the state of a controller', { base: positive, velocity: double })
  return strict('a checkpoint of replicas', {
    k: index,
    controllers: strict(
      'controllers',
      each(method.controllers, () => controllerState),
    ),
    replicas: several(
      strict('a replica', {
        x,
        direction: t.refinement(
          strict('the state of a direction', { count: index, moments: t.readonlyArray(x) }),
          ({ count, moments }) => moments.length === momentsOf(method, count),
          'the state of a direction with as many vectors as its count says',
        ),
        loss: double,
      }),
      replicasOf(method),
      'replicas',
    ),
  })
}

/**
 * Writes the state of all replicas between two iterations as JSON. Reading it back with {@link restoreReplicas} gives the same bits.
 *
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import * as E from 'fp-ts/lib/Either.js'
 * import { checkpointReplicas, controller, replicaMethod, replicasInit, restoreReplicas } from 'steplaw/replica'
 *
 * const step = controller({ replicas: 2, step: 1, spread: 0.5, temperature: 1, momentum: 0, gain: 1 })
 * const method = replicaMethod({ controllers: { step }, period: 10 })
 * const state = replicasInit(method, Float64Array.of(0.1, -0))
 * const read = restoreReplicas(method, 2)(JSON.parse(JSON.stringify(checkpointReplicas(state))))
 * E.isRight(read) && read.right // => state
 * ```
 */
export const checkpointReplicas = ({ k, controllers, replicas }: ReplicasState): Json => ({
  k,
  controllers: each(controllers, ({ base, velocity }) => ({
    base: encodeNumber(base),
    velocity: encodeNumber(velocity),
  })),
  replicas: replicas.map(({ x, direction: { count, moments }, loss }) => ({
    x: encodeVector(x),
    direction: { count, moments: moments.map(encodeVector) },
    loss: encodeNumber(loss),
  })),
})

/**
 * Reads a state written by {@link checkpointReplicas}; refuses what does not fit the method or the dimension, naming the field.
 *
 * @param dimension - the length of a point.
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import * as E from 'fp-ts/lib/Either.js'
 * import { controller, replicaMethod, restoreReplicas } from 'steplaw/replica'
 * import { showInvalid } from 'steplaw/spec'
 *
 * const step = controller({ replicas: 2, step: 1, spread: 0.5, temperature: 1, momentum: 0, gain: 1 })
 * const read = restoreReplicas(replicaMethod({ controllers: { step }, period: 10 }), 2)('nonsense')
 * E.isLeft(read) && read.left.map(showInvalid).join() // => 'checkpoint: got "nonsense", expected a checkpoint of replicas'
 * ```
 */
export const restoreReplicas =
  (method: ReplicaMethod, dimension: number) =>
  (u: unknown): E.Either<NonEmptyArray<Invalid>, ReplicasState> =>
    pipe(
      decodeWith(stateCodec(method, dimension), 'checkpoint')(u),
      E.map(({ k, controllers, replicas }) => ({
        k,
        controllers: each(method.controllers, (_, name) => entry(controllers, name)),
        replicas,
      })),
    )
