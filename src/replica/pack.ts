import type { Vector } from '../problem/oracle.js'
import { each, entry, momentsOf, type ReplicaMethod, type ReplicaState } from './iteration.js'

/** The order in which controllers are written. */
const namesOf = ({ controllers }: ReplicaMethod): ReadonlyArray<string> => Object.keys(controllers)

/** Room for as many vectors as the direction will have: all states are of one length. */
const mostMoments = (method: ReplicaMethod): number => momentsOf(method, Number.POSITIVE_INFINITY)

/** The state of a replica but for its iteration, as numbers: how often the direction turned, the losses, bases and velocities, vectors. */
export const pack = (
  method: ReplicaMethod,
  { x, direction, loss, controllers }: ReplicaState,
): Float64Array<ArrayBuffer> => {
  const scalars = namesOf(method).flatMap((name) => {
    const { base, velocity } = entry(controllers, name)
    return [base, velocity]
  })
  const first = 2 + scalars.length
  const values = new Float64Array(first + (1 + mostMoments(method)) * x.length)
  values.set([direction.count, loss, ...scalars])
  for (const [i, v] of [x, ...direction.moments].entries()) values.set(v, first + i * x.length)
  return values
}

/** The state that {@link pack} wrote. */
export const unpack = (method: ReplicaMethod, k: number, values: Float64Array): ReplicaState => {
  const [count = 0, loss = 0] = values
  const names = namesOf(method)
  const first = 2 + 2 * names.length
  const dimension = (values.length - first) / (1 + mostMoments(method))
  const vector = (i: number): Vector => values.slice(first + i * dimension, first + (i + 1) * dimension)
  return {
    k,
    x: vector(0),
    direction: {
      count,
      moments: Array.from({ length: momentsOf(method, count) }, (_, i) => vector(1 + i)),
    },
    loss,
    controllers: each(method.controllers, (_, name) => {
      const at = 2 + 2 * names.indexOf(name)
      return { base: values[at] ?? Number.NaN, velocity: values[at + 1] ?? Number.NaN }
    }),
  }
}
