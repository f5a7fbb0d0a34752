import * as O from 'fp-ts/lib/Option.js'
import type { Direction } from '../optimizer/direction/direction.js'
import { steepest } from '../optimizer/direction/steepest.js'
import type { Batch } from '../problem/oracle.js'
import type { Controller } from './controller.js'
import { identityAssignment } from './draws.js'
import { type Hyperparameters, type ReplicaMethod, replicasOf, type WarmUp } from './iteration.js'

/**
 * What a {@link ReplicaMethod} is made of, with what may be left out.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface ReplicaOptions {
  readonly controllers: Hyperparameters<Controller>
  readonly period: number
  /** {@link "steplaw".steepest | steepest} by default, the one direction of the standard. */
  readonly direction?: Direction
  /** None by default. */
  readonly warmUp?: WarmUp
  /** The permutation of assignment $j$; the identity by default. {@link drawnAssignments} draws, {@link givenAssignments} reads. */
  readonly assignment?: (j: number, name: string) => ReadonlyArray<number>
  /** The batch of replica $r$ in iteration $k$; all components by default. {@link drawnBatches} draws, {@link givenBatches} reads. */
  readonly batch?: (k: number, r: number) => Batch
}

/**
 * A method over replicas: the step size, and whatever else has a controller, is spread over the replicas; they share the mean of
 * their gradients in every iteration, and one point after every period.
 *
 * No theorem says that it converges. What is exact: with steepest descent the mean of the points moves along the mean gradient by
 * the mean step, which is the base; averaging does not move it.
 *
 * @throws RangeError naming what is out of its domain.
 * @category Optimizer
 * @since 0.1.0
 * @cite cheng2026
 * @example
 * ```ts
 * import { controller, replicaMethod } from 'steplaw/replica'
 *
 * const step = controller({ replicas: 8, step: 0.1, spread: 1 / 9, temperature: 0.1, momentum: 0.9, gain: 0.5 })
 * replicaMethod({ controllers: { step }, period: 100 }).assignment(0, 'step') // => [0, 1, 2, 3, 4, 5, 6, 7]
 * ```
 */
export const replicaMethod = ({
  controllers,
  period,
  direction = steepest,
  warmUp,
  assignment,
  batch = () => null,
}: ReplicaOptions): ReplicaMethod => {
  const { replicas } = controllers.step.fields
  const method: ReplicaMethod = {
    controllers,
    period,
    direction,
    warmUp: O.fromNullable(warmUp),
    assignment: assignment ?? identityAssignment(replicas),
    batch,
  }
  replicasOf(method)
  return method
}
