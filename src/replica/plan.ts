import type { DirectionExpr } from '../../spec/vocabulary/direction.js'
import type { ObjectiveExpr } from '../../spec/vocabulary/objective.js'
import { compileDirection } from '../optimizer/direction/compile.js'
import { steepest } from '../optimizer/direction/steepest.js'
import type { SeededDraws } from '../problem/draws.js'
import type { Batch } from '../problem/oracle.js'
import { type ControllerFields, controller } from './controller.js'
import {
  drawnAssignments,
  drawnBatches,
  givenAssignments,
  givenBatches,
  identityAssignment,
} from './draws.js'
import { each, type Hyperparameters, type ReplicaMethod } from './iteration.js'
import { replicaMethod } from './method.js'
import { type OneCycle, oneCycle } from './schedule.js'

/**
 * An export of a module: `file:///a/b.mjs#name`, without a name the default. The address is a whole URL, such as
 * `` `${new URL('./loss.mjs', import.meta.url)}#loss` ``, since a worker does not know whose relative path it would be.
 *
 * It is an {@link "steplaw".Objective | Objective}, or a function that takes a {@link ReplicaPoint} and returns a value with its
 * gradient, at once or later.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface ModuleReference {
  readonly module: string
}

/**
 * A method over replicas and its objective as data: what can be sent to a thread, where a function can not.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface ReplicaPlan {
  readonly objective: ObjectiveExpr | ModuleReference
  readonly controllers: Hyperparameters<ControllerFields>
  readonly period: number
  /** Steepest by default. */
  readonly direction?: DirectionExpr
  /** The step follows a one-cycle schedule whose greatest value is `step`, until the controller takes over. */
  readonly warmUp?: { readonly cycle: OneCycle; readonly until: number }
  /** Random choices: written out, or seeds. By default all components, and the identity. */
  readonly draws?: {
    /** `batches[k][r]`, or drawn. */
    readonly batches?: ReadonlyArray<ReadonlyArray<ReadonlyArray<number>>> | SeededDraws
    /** `permutations[j]`, or drawn. */
    readonly permutations?: ReadonlyArray<ReadonlyArray<number>> | { readonly seed: number }
  }
}

const isSeeded = <A extends object>(draws: ReadonlyArray<unknown> | A): draws is A => !Array.isArray(draws)

/** The number of components that an objective written out has. */
const componentsOf = (objective: ReplicaPlan['objective']): number | undefined =>
  'module' in objective ? undefined : objective.A.length

const assignmentOf = ({ draws, controllers }: ReplicaPlan): ReplicaMethod['assignment'] => {
  const { replicas } = controllers.step
  const permutations = draws?.permutations
  if (permutations === undefined) return identityAssignment(replicas)
  return isSeeded(permutations)
    ? drawnAssignments(replicas, permutations.seed)
    : givenAssignments(replicas, permutations)
}

const batchOf = (
  { draws, objective, controllers }: ReplicaPlan,
  components: number | undefined = componentsOf(objective),
): ((k: number, r: number) => Batch) => {
  const batches = draws?.batches
  if (batches === undefined) return () => null
  if (!isSeeded(batches)) return givenBatches(batches)
  if (components !== undefined) return drawnBatches(batches, components, controllers.step.replicas)
  return () => {
    throw new RangeError('draws.batches: the number of components is not known, expected batches written out')
  }
}

/**
 * The method that a plan means.
 *
 * @param components - the number of components to draw batches from, where the objective is a module's.
 * @throws RangeError naming what is out of its domain.
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { plannedMethod } from 'steplaw/replica'
 *
 * const method = plannedMethod({
 *   objective: { objective: 'quadratic', A: [[[2]]], b: [[0]] },
 *   controllers: { step: { replicas: 3, step: 0.1, spread: 0.3, temperature: 1, momentum: 0.9, gain: 0.5 } },
 *   period: 10,
 *   draws: { permutations: [[2, 0, 1]] },
 * })
 * method.assignment(0, 'step') // => [2, 0, 1]
 * ```
 */
export const plannedMethod = (plan: ReplicaPlan, components?: number): ReplicaMethod => {
  const { objective, controllers, period, direction, warmUp } = plan
  if ('module' in objective && !URL.canParse(objective.module))
    throw new RangeError(`objective.module: got ${objective.module}, expected a whole URL`)
  return replicaMethod({
    controllers: each(controllers, controller),
    period,
    direction: direction === undefined ? steepest : compileDirection(direction),
    ...(warmUp === undefined ? {} : { warmUp: { factor: oneCycle(warmUp.cycle), until: warmUp.until } }),
    assignment: assignmentOf(plan),
    batch: batchOf(plan, components),
  })
}
