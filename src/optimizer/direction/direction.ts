import type * as O from 'fp-ts/lib/Option.js'
import type { DirectionExpr } from '../../../spec/vocabulary/direction.js'
import type { Vector } from '../../problem/oracle.js'

/**
 * The state of a direction: how many gradients it has seen, and running vectors of the length of a point. A direction
 * with a {@link Direction.history} holds the latest points instead, the last one first, and counts iterations.
 *
 * @category Directions
 * @since 0.1.0
 */
export interface DirectionState {
  readonly count: number
  readonly moments: ReadonlyArray<Vector>
}

/**
 * Where a direction points: rules search along `probe`, the step is taken along `execute` from `base` (the current point,
 * unless it is given).
 *
 * @category Directions
 * @since 0.1.0
 */
export interface Heading {
  readonly state: DirectionState
  readonly probe: Vector
  readonly execute: Vector
  readonly base?: Vector
}

/**
 * Maps gradients to directions (the standard, chapter Directions). It advances in every iteration whose value and gradient are
 * finite, whatever the rule then says.
 *
 * @category Directions
 * @since 0.1.0
 */
export interface Direction {
  readonly name: string
  readonly expr: O.Option<DirectionExpr>
  /** How many running vectors the state begins with. */
  readonly moments: number
  /** How many earlier points it remembers at most; such a direction begins with no vectors. */
  readonly history?: number
  /** `at.k` is the iteration, `at.x` the point $x_k$, where `at.gradient` was taken. */
  readonly advance: (
    state: DirectionState,
    at: { readonly k: number; readonly x: Vector; readonly gradient: Vector },
  ) => Heading
}

/**
 * The state before the first gradient: zeros.
 *
 * @param dimension - the length of a point.
 * @category Directions
 * @since 0.1.0
 * @example
 * ```ts
 * import { adam, directionInit } from 'steplaw'
 *
 * directionInit(adam(), 1) // => { count: 0, moments: [new Float64Array(1), new Float64Array(1)] }
 * ```
 */
export const directionInit = (direction: Direction, dimension: number): DirectionState => ({
  count: 0,
  moments: Array.from({ length: direction.moments }, () => new Float64Array(dimension)),
})
