import * as E from 'fp-ts/lib/Either.js'
import type { ControllerExpr } from '../../../spec/vocabulary/controller.js'
import type { Json } from '../../../spec/vocabulary/json.js'
import { encodeNumber } from '../../../spec/vocabulary/number.js'
import type { SeededDraws } from '../../problem/draws.js'
import type { Objective, Vector } from '../../problem/oracle.js'
import { checkpointReplicas, restoreReplicas } from '../../replica/checkpoint.js'
import { controller } from '../../replica/controller.js'
import { drawnAssignments, drawnBatches } from '../../replica/draws.js'
import { iterateReplicas, meanPoint, type ReplicasState, replicasInit } from '../../replica/driver.js'
import type { ReplicaMethod } from '../../replica/iteration.js'
import { replicaMethod } from '../../replica/method.js'
import type { Course } from './course.js'
import type { Problem } from './problem.js'
import { sharedField, standing } from './standing.js'

/** A run of several replicas around a base step, as data. */
export interface ReplicaRun {
  readonly controller: ControllerExpr
  /** Of the permutations of steps among replicas; without it they stay as they are. */
  readonly seed?: number
}

/** The run as an expression. */
export const printedReplicas = ({ controller: fields, seed }: ReplicaRun): string => {
  const entries = Object.entries({ ...fields, ...(seed === undefined ? {} : { seed }) })
  return `replicas{${entries.map(([name, value]) => `${name}: ${value}`).join(', ')}}`
}

const methodOf = (
  { controller: { period, ...fields }, seed }: ReplicaRun,
  { components }: Objective,
  draws: SeededDraws | null,
): ReplicaMethod =>
  replicaMethod({
    controllers: { step: controller(fields) },
    period,
    ...(seed === undefined ? {} : { assignment: drawnAssignments(fields.replicas, seed) }),
    ...(draws === null ? {} : { batch: drawnBatches(draws, components, fields.replicas) }),
  })

const mean = (xs: ReadonlyArray<number>): number => xs.reduce((a, b) => a + b, 0) / xs.length

/** A run of replicas from a start that they share, or from where it was saved; null if the saved state does not fit. */
export const replicaCourse = (
  run: ReplicaRun,
  {
    problem,
    start,
    draws,
  }: { readonly problem: Problem; readonly start: Vector; readonly draws: SeededDraws | null },
  saved: Json,
): Course | null => {
  const { objective } = problem
  const method = methodOf(run, objective, draws)
  const restored = saved === null ? null : restoreReplicas(method, start.length)(saved)
  if (restored !== null && E.isLeft(restored)) return null
  const at = (state: ReplicasState): Course => {
    const x = meanPoint(state)
    const counts = { values: 0, gradients: state.k * state.replicas.length }
    return {
      k: state.k,
      ended: false,
      standing: () => standing({ k: state.k, x, counts, average: null }, problem),
      save: () => checkpointReplicas(state),
      advance: () => {
        const { record, state: after } = iterateReplicas(objective, method, state).next().value
        const field = (name: string): Json => {
          const shared = sharedField(name, { x, counts }, problem)
          if (shared !== undefined) return shared
          if (name === 'value') return encodeNumber(mean(record.losses))
          if (name === 'step') return encodeNumber(mean(record.values.step))
          return name === 'x' ? Array.from(x, encodeNumber) : null
        }
        return { next: at(after), happening: { field, decided: null, failed: null } }
      },
    }
  }
  return at(restored === null ? replicasInit(method, start) : restored.right)
}
