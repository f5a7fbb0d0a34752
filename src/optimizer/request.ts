import * as O from 'fp-ts/lib/Option.js'
import type { Batch, Objective, Vector } from '../problem/oracle.js'
import type { Step } from '../rule/outcome.js'

/**
 * What an iteration asks of whoever holds the objective: the value, or value and gradient, of $f_S$ at a point.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface Request {
  readonly want: 'value' | 'gradient'
  readonly x: Vector
  readonly batch: Batch
  /** The ray a probe lies on, and the steps that may be asked for next. */
  readonly ray: O.Option<{
    readonly from: Vector
    readonly along: Vector
    readonly hints: ReadonlyArray<Step>
  }>
}

/**
 * The answer to a {@link Request}. `gradient` must be there when it was wanted; the bounds, where they are known, are
 * those of the batch.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface Response {
  readonly value: number
  readonly gradient?: Vector
  readonly lowerBound?: number
  readonly solutionValue?: number
}

/**
 * Who answers: another framework, a remote service, or {@link answerWith} our own objective.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export type Oracle = (request: Request) => Response

/**
 * An {@link Oracle} that answers later.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export type AsyncOracle = (request: Request) => Response | Promise<Response>

/**
 * The oracle of an objective.
 *
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { answerWith, quadratic } from 'steplaw'
 * import * as O from 'fp-ts/lib/Option.js'
 *
 * const oracle = answerWith(quadratic({ A: [[[2]]], b: [[0]] }))
 * oracle({ want: 'value', x: Float64Array.of(3), batch: null, ray: O.none }).value // => 9
 * ```
 */
export const answerWith =
  (objective: Objective): Oracle =>
  ({ want, x, batch }) => {
    if (want === 'value') return { value: objective.value(x, batch) }
    const { value, gradient } = objective.valueAndGradient(x, batch)
    const solution = objective.solutionValue(batch)
    return {
      value,
      gradient,
      lowerBound: objective.lowerBound(batch),
      ...(O.isSome(solution) ? { solutionValue: solution.value } : {}),
    }
  }
