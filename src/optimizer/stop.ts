import type { DescentState, IterationRecord } from './iteration.js'

/**
 * When to stop, as a value: a name and a test of what has just happened. Conditions combine by {@link anyOf} and
 * {@link allOf}.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface StopCondition {
  readonly name: string
  readonly met: (record: IterationRecord, next: DescentState) => boolean
}

const threshold = (name: string, bound: number, met: StopCondition['met']): StopCondition => {
  if (!(bound >= 0)) throw new RangeError(`${name}: the bound is ${bound}, expected a number >= 0`)
  return { name: `${name}(${bound})`, met }
}

/**
 * Stops after $n$ iterations.
 *
 * @throws RangeError if `n` is NaN or negative.
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { afterIterations } from 'steplaw'
 *
 * afterIterations(100).name // => 'afterIterations(100)'
 * ```
 */
export const afterIterations = (n: number): StopCondition =>
  threshold('afterIterations', n, (_record, next) => next.k >= n)

/**
 * Stops after $n$ evaluations on training batches, probes included.
 *
 * @throws RangeError if `n` is NaN or negative.
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { afterEvaluations } from 'steplaw'
 *
 * afterEvaluations(1000).name // => 'afterEvaluations(1000)'
 * ```
 */
export const afterEvaluations = (n: number): StopCondition =>
  threshold('afterEvaluations', n, (_record, { counts }) => counts.values + counts.gradients >= n)

/**
 * Stops where $\|g_k\| \le \varepsilon$ on the batch.
 *
 * @throws RangeError if `epsilon` is NaN or negative.
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { gradientBelow } from 'steplaw'
 *
 * gradientBelow(1e-6).name // => 'gradientBelow(0.000001)'
 * ```
 */
export const gradientBelow = (epsilon: number): StopCondition =>
  threshold('gradientBelow', epsilon, ({ gradientNorm }) => gradientNorm <= epsilon)

/**
 * Stops where $f_S(x_k) \le v$ on the batch.
 *
 * @throws RangeError if `value` is NaN.
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { valueBelow } from 'steplaw'
 *
 * valueBelow(0.5).name // => 'valueBelow(0.5)'
 * ```
 */
export const valueBelow = (value: number): StopCondition => {
  if (Number.isNaN(value)) throw new RangeError('valueBelow: the bound is NaN, expected a number')
  return { name: `valueBelow(${value})`, met: (record) => record.value <= value }
}

/**
 * Stops when any of the conditions is met.
 *
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { afterIterations, anyOf, gradientBelow } from 'steplaw'
 *
 * anyOf(afterIterations(100), gradientBelow(0.5)).name // => 'anyOf(afterIterations(100), gradientBelow(0.5))'
 * ```
 */
export const anyOf = (...conditions: ReadonlyArray<StopCondition>): StopCondition => ({
  name: `anyOf(${conditions.map((c) => c.name).join(', ')})`,
  met: (record, next) => conditions.some((c) => c.met(record, next)),
})

/**
 * Stops when all of the conditions are met in the same iteration.
 *
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { afterIterations, allOf, gradientBelow } from 'steplaw'
 *
 * allOf(afterIterations(10), gradientBelow(0.5)).name // => 'allOf(afterIterations(10), gradientBelow(0.5))'
 * ```
 */
export const allOf = (...conditions: ReadonlyArray<StopCondition>): StopCondition => ({
  name: `allOf(${conditions.map((c) => c.name).join(', ')})`,
  met: (record, next) => conditions.every((c) => c.met(record, next)),
})
