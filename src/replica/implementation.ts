import type { Cases } from '../../spec/conformance/case.js'
import type { Outputs } from '../../spec/conformance/compare.js'
import type { Implementation } from '../../spec/conformance/conform.js'
import type { Json } from '../../spec/vocabulary/json.js'
import { encodeNumber } from '../../spec/vocabulary/number.js'
import { objectiveOf } from '../optimizer/implementation.js'
import { type Controller, type ControllerFields, controller, type Synchronisation } from './controller.js'
import { givenAssignments, givenBatches, identityAssignment } from './draws.js'
import { iterateReplicas, meanPoint, replicasInit } from './driver.js'
import { replicaMethod } from './method.js'

type Made = (fields: ControllerFields) => Controller

const encodeAll = (xs: ArrayLike<number>): Json => Array.from(xs, encodeNumber)

/** What a controller said at its synchronisations, with the assignments that were in force. */
const said = (
  { init, values }: Controller,
  assignment: (j: number) => ReadonlyArray<number>,
  synchronisations: ReadonlyArray<Synchronisation>,
): Outputs => {
  const bases = [init, ...synchronisations.map(({ state }) => state)].map(({ base }) => base)
  return {
    base: encodeAll(bases),
    steps: bases.map((base, j) => encodeAll(values(base, assignment(j)))),
    signal: encodeAll(synchronisations.map(({ signal }) => signal)),
    velocity: encodeAll(synchronisations.map(({ state }) => state.velocity)),
    weights: synchronisations.map(({ weights }) => encodeAll(weights)),
  }
}

const replicas = (made: Made, given: Cases['replicas']): Outputs => {
  const { period, ...fields } = given.controller
  const step = made(fields)
  const { permutations } = given.draws ?? {}
  const assignment =
    permutations === undefined
      ? identityAssignment(fields.replicas)
      : givenAssignments(fields.replicas, permutations)
  if ('losses' in given) {
    const synchronisations: Array<Synchronisation> = []
    let state = step.init
    for (const [j, losses] of given.losses.entries()) {
      const synchronisation = step.synchronise(state, assignment(j), losses)
      synchronisations.push(synchronisation)
      state = synchronisation.state
    }
    return said(step, assignment, synchronisations)
  }
  const batches = given.draws?.batches
  const method = replicaMethod({
    controllers: { step },
    period,
    assignment,
    ...(batches === undefined ? {} : { batch: givenBatches(batches) }),
  })
  const from = replicasInit(method, Float64Array.from(given.start))
  const run = iterateReplicas(objectiveOf(given.objective), method, from)
  const iterates = Array.from({ length: given.iterations }, () => run.next().value)
  const states = [from, ...iterates.map(({ state }) => state)]
  return {
    ...said(
      step,
      assignment,
      iterates.flatMap(({ record: { synchronisation: s } }) => (s._tag === 'Some' ? [s.value.step] : [])),
    ),
    mean: states.map((state) => encodeAll(meanPoint(state))),
    loss: iterates.map(({ record }) => encodeAll(record.losses)),
    replicas: states.slice(-1).flatMap((state) => state.replicas.map(({ x }) => encodeAll(x))),
  }
}

/**
 * The part of the standard about replicas, with another meaning for its controllers: what a test puts to the golden vectors in
 * order to see that they find a fault.
 *
 * @param made - the controller that fields mean.
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { controller, replicaImplementationOf } from 'steplaw/replica'
 *
 * Object.keys(replicaImplementationOf(controller)) // => ['replicas']
 * ```
 */
export const replicaImplementationOf = (made: (fields: ControllerFields) => Controller): Implementation => ({
  replicas: (given) => replicas(made, given),
})

/**
 * The part of the standard about replicas, as this library implements it; with `implementation` of `steplaw` what
 * `steplaw conform` puts golden vectors to.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { implementation } from 'steplaw'
 * import { replicaImplementation } from 'steplaw/replica'
 *
 * Object.keys({ ...implementation, ...replicaImplementation }) // => ['decode', 'rule', 'descent', 'replicas']
 * ```
 */
export const replicaImplementation: Implementation = replicaImplementationOf(controller)
