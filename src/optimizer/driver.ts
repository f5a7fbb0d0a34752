import type { Batch, Objective, Vector } from '../problem/oracle.js'
import { runAsync, runSync } from '../program/interpret.js'
import { type DescentState, descentInit, type IterationRecord, iteration } from './iteration.js'
import type { Method } from './method.js'
import { type AsyncOracle, answerWith, type Oracle } from './request.js'
import { afterIterations, anyOf, type StopCondition } from './stop.js'

/**
 * What a driver needs besides the objective and the method.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface RunOptions {
  /** $x_0$. */
  readonly start: Vector
  /** The batch of iteration $k$; all components by default. */
  readonly batches?: (k: number) => Batch
  /** The number of iterations, a shorthand for {@link afterIterations}. */
  readonly iterations?: number
  readonly stop?: StopCondition
  /** Goes on from here instead of from `start`. */
  readonly from?: DescentState
}

/**
 * What a driver needs besides the objective.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export type Options = Method & RunOptions

/**
 * One iteration as a driver yields it: what happened, and the state from which to go on.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface Iterate {
  readonly record: IterationRecord
  readonly state: DescentState
}

/**
 * The end of a run.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface Run {
  /** The last point. */
  readonly x: Vector
  readonly state: DescentState
  /** One record per iteration. */
  readonly records: ReadonlyArray<IterationRecord>
  /** The name of the condition that ended it. */
  readonly stopped: string
}

const stopOf = ({ iterations, stop }: RunOptions): StopCondition => {
  if (iterations === undefined) {
    if (stop === undefined)
      throw new RangeError('iterations: nothing ends the run, expected iterations or stop')
    return stop
  }
  if (!Number.isSafeInteger(iterations) || iterations < 0)
    throw new RangeError(`iterations is ${iterations}, expected an integer >= 0`)
  return stop === undefined ? afterIterations(iterations) : anyOf(afterIterations(iterations), stop)
}

const none = (): Batch => null

/**
 * The iterations of a run, one at a time, without an end of its own: the caller stops by not asking for more.
 *
 * @throws RangeError if the start is not finite, the pieces of the method do not fit, or the oracle's gradient has
 * another length.
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { answerWith, constant, iterate, quadratic } from 'steplaw'
 *
 * const oracle = answerWith(quadratic({ A: [[[2]]], b: [[0]] }))
 * const values: Array<number> = []
 * for (const { record } of iterate(oracle, { rule: constant(0.25), start: Float64Array.of(4) })) {
 *   values.push(record.value)
 *   if (record.k === 2) break
 * }
 * values // => [16, 4, 1]
 * ```
 */
export function* iterate(oracle: Oracle, options: Options): Generator<Iterate, never> {
  const { batches = none } = options
  const next = iteration(options)
  let state = options.from ?? descentInit(options, options.start)
  for (;;) {
    const [after, record] = runSync(next(state, batches(state.k)), oracle)
    state = after
    yield { record, state }
  }
}

/**
 * {@link iterate} for an oracle that answers later.
 *
 * @throws as {@link iterate}; rejects as the oracle does.
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { answerWith, constant, iterateAsync, quadratic } from 'steplaw'
 *
 * const oracle = answerWith(quadratic({ A: [[[2]]], b: [[0]] }))
 * const remote = (request: Parameters<typeof oracle>[0]) => Promise.resolve(oracle(request))
 * const run = iterateAsync(remote, { rule: constant(0.25), start: Float64Array.of(4) })
 * const first = await run.next()
 * first.value.record.value // => 16
 * ```
 */
export async function* iterateAsync(oracle: AsyncOracle, options: Options): AsyncGenerator<Iterate, never> {
  const { batches = none } = options
  const next = iteration(options)
  let state = options.from ?? descentInit(options, options.start)
  for (;;) {
    const [after, record] = await runAsync(next(state, batches(state.k)), oracle)
    state = after
    yield { record, state }
  }
}

const finished = (
  stop: StopCondition,
  state: DescentState,
  records: ReadonlyArray<IterationRecord>,
): Run => ({
  x: state.x,
  state,
  records,
  stopped: stop.name,
})

/** Whether there is nothing to do at all: the budget of iterations was spent before the run began. */
const spent = ({ iterations, from }: RunOptions): boolean =>
  iterations !== undefined && (from?.k ?? 0) >= iterations

/**
 * Minimises an objective: runs the descent driver until a condition is met.
 *
 * $x_{k+1} = x_k + \gamma_k e_k$ with $(p_k, e_k)$ from the direction and $\gamma_k$ from the rule on the ray
 * $\varphi(a) = f_S(x_k + a p_k)$. A failure leaves the point, and the run goes on. A wrapper may put $x_{k+1}$ elsewhere.
 *
 * Cost per iteration: one value and gradient of the batch, and one value for each distinct step the rule probes.
 *
 * @param objective - an {@link Objective}, or an {@link Oracle}: a function of another framework.
 * @throws RangeError if the start is not finite or has another length than the objective's points, if nothing ends the
 * run, if the pieces of the method do not fit, or if the oracle's gradient has another length.
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { armijo, constant, minimise, quadratic } from 'steplaw'
 *
 * const problem = quadratic({ A: [[[4, 0], [0, 1]]], b: [[1, -1]] })
 * const run = minimise(problem, {
 *   rule: armijo({ start: constant(1) }),
 *   start: Float64Array.of(0, 0),
 *   iterations: 60,
 * })
 * run.x.map((x) => Math.round(1e6 * x) / 1e6) // => Float64Array.of(1, -1)
 * ```
 */
export const minimise = (objective: Objective | Oracle, options: Options): Run => {
  const stop = stopOf(options)
  if (typeof objective !== 'function' && options.start.length !== objective.dimension)
    throw new RangeError(
      `start has length ${options.start.length}, expected ${objective.dimension}, the dimension of the objective`,
    )
  const records: Array<IterationRecord> = []
  const from = options.from ?? descentInit(options, options.start)
  if (spent(options)) return finished(stop, from, records)
  const oracle = typeof objective === 'function' ? objective : answerWith(objective)
  const run = iterate(oracle, { ...options, from })
  for (;;) {
    const { record, state } = run.next().value
    records.push(record)
    if (stop.met(record, state)) return finished(stop, state, records)
  }
}

/**
 * {@link minimise} for an oracle that answers later.
 *
 * @throws as {@link minimise}; rejects as the oracle does.
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { minimiseAsync, polyak } from 'steplaw'
 *
 * // f(x) = x^2 / 2, answered by something far away.
 * const far = async ({ x: [x = 0] }: { readonly x: Float64Array }) => ({
 *   value: x ** 2 / 2,
 *   gradient: Float64Array.of(x),
 *   lowerBound: 0,
 * })
 * const run = await minimiseAsync(far, { rule: polyak(), start: Float64Array.of(8), iterations: 3 })
 * run.x // => Float64Array.of(1)
 * ```
 */
export const minimiseAsync = async (oracle: AsyncOracle, options: Options): Promise<Run> => {
  const stop = stopOf(options)
  const records: Array<IterationRecord> = []
  const from = options.from ?? descentInit(options, options.start)
  if (spent(options)) return finished(stop, from, records)
  for await (const { record, state } of iterateAsync(oracle, { ...options, from })) {
    records.push(record)
    if (stop.met(record, state)) return finished(stop, state, records)
  }
  return finished(stop, from, records)
}
