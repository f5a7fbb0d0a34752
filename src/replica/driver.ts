import * as O from 'fp-ts/lib/Option.js'
import type { DirectionState } from '../optimizer/direction/direction.js'
import type { Batch, Objective, ValueAndGradient, Vector } from '../problem/oracle.js'
import { runAsync } from '../program/interpret.js'
import type { Program } from '../program/program.js'
import { type Communicator, sumInOrder } from '../runtime/communicator/communicator.js'
import type { ControllerState, Synchronisation } from './controller.js'
import {
  decide,
  each,
  type Hyperparameters,
  hyperparameters,
  type ReplicaMethod,
  type ReplicaRecord,
  type ReplicaRequest,
  type ReplicaResponse,
  type ReplicaState,
  replicaInit,
  replicaIteration,
  replicasOf,
} from './iteration.js'

/**
 * What a replica asks of its objective: loss and gradient at a point, on a batch, under its hyperparameters.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface ReplicaPoint {
  readonly x: Vector
  readonly batch: Batch
  /** `step`, and what else has a controller. */
  readonly hyperparameters: Hyperparameters<number>
}

/**
 * Who answers a {@link ReplicaPoint}: for an objective that reads hyperparameters.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export type ReplicaOracle = (point: ReplicaPoint) => ValueAndGradient

/**
 * A {@link ReplicaOracle} that answers later.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export type AsyncReplicaOracle = (point: ReplicaPoint) => ValueAndGradient | Promise<ValueAndGradient>

/**
 * The state of all replicas between two iterations. Plain data: a run can be stopped there and go on elsewhere, in one thread or
 * in many, with the same bits.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface ReplicasState {
  readonly k: number
  readonly controllers: Hyperparameters<ControllerState>
  readonly replicas: ReadonlyArray<{
    readonly x: Vector
    readonly direction: DirectionState
    /** The sum of the losses since the last synchronisation. */
    readonly loss: number
  }>
}

/**
 * What happened in one iteration at all replicas.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface ReplicasRecord {
  readonly k: number
  /** The loss of each replica before its step. */
  readonly losses: ReadonlyArray<number>
  /** The hyperparameters of each replica in this iteration. */
  readonly values: Hyperparameters<ReadonlyArray<number>>
  /** What the controllers said, where the replicas were averaged after this iteration and the warm-up was over. */
  readonly synchronisation: O.Option<Hyperparameters<Synchronisation>>
}

/**
 * The end of a run over replicas.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface ReplicasRun {
  /** The mean of the points. */
  readonly x: Vector
  readonly state: ReplicasState
  readonly records: ReadonlyArray<ReplicasRecord>
}

/** The one replica of a rank. */
export const replicaAt = ({ k, controllers, replicas }: ReplicasState, rank: number): ReplicaState => {
  const own = replicas[rank]
  if (own === undefined)
    throw new RangeError(`replicas: got ${replicas.length}, expected one for rank ${rank}`)
  return { k, controllers, ...own }
}

/** All replicas, from each of them. */
export const together = (states: ReadonlyArray<ReplicaState>): ReplicasState => {
  const [first] = states
  if (first === undefined) throw new RangeError('replicas: got none, expected at least one')
  return {
    k: first.k,
    controllers: first.controllers,
    replicas: states.map(({ x, direction, loss }) => ({ x, direction, loss })),
  }
}

/**
 * The state of all replicas before the first iteration: all at one point, or each at its own ({@link noisyStarts}).
 *
 * @throws RangeError naming what of the method or of the starts is out of its domain.
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { controller, meanPoint, replicaMethod, replicasInit } from 'steplaw/replica'
 *
 * const step = controller({ replicas: 2, step: 1, spread: 0.5, temperature: 1, momentum: 0, gain: 1 })
 * const method = replicaMethod({ controllers: { step }, period: 10 })
 * meanPoint(replicasInit(method, [Float64Array.of(3), Float64Array.of(5)])) // => Float64Array.of(4)
 * ```
 */
export const replicasInit = (method: ReplicaMethod, start: Vector | ReadonlyArray<Vector>): ReplicasState => {
  const replicas = replicasOf(method)
  const starts = start instanceof Float64Array ? Array.from({ length: replicas }, () => start) : start
  if (starts.length !== replicas)
    throw new RangeError(`start: got ${starts.length} points, expected one for each of ${replicas} replicas`)
  const odd = starts.find(({ length }) => length !== starts[0]?.length)
  if (odd !== undefined)
    throw new RangeError(
      `start: got points of length ${starts[0]?.length} and ${odd.length}, expected one length`,
    )
  return together(starts.map((x) => replicaInit(method, x)))
}

/**
 * The mean of the points of all replicas.
 *
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { controller, meanPoint, replicaMethod, replicasInit } from 'steplaw/replica'
 *
 * const step = controller({ replicas: 2, step: 1, spread: 0.5, temperature: 1, momentum: 0, gain: 1 })
 * meanPoint(replicasInit(replicaMethod({ controllers: { step }, period: 1 }), Float64Array.of(3))) // => Float64Array.of(3)
 * ```
 */
export const meanPoint = ({ replicas }: ReplicasState): Vector =>
  sumInOrder(replicas.map(({ x }) => x)).map((s) => s / replicas.length)

/**
 * The oracle of an objective that reads no hyperparameters.
 *
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { quadratic } from 'steplaw'
 * import { replicaOracle } from 'steplaw/replica'
 *
 * const oracle = replicaOracle(quadratic({ A: [[[2]]], b: [[0]] }))
 * oracle({ x: Float64Array.of(3), batch: null, hyperparameters: { step: 1 } }).value // => 9
 * ```
 */
export const replicaOracle =
  (objective: Objective): ReplicaOracle =>
  ({ x, batch }) =>
    objective.valueAndGradient(x, batch)

const gradientOf = ({ value, gradient }: ValueAndGradient): ReplicaResponse => ({ value, vector: gradient })

/** Runs the programs of all ranks side by side: sums are answered when all have asked. */
const runTogether = <A>(
  programs: ReadonlyArray<Program<ReplicaRequest, ReplicaResponse, A>>,
  oracle: ReplicaOracle,
): ReadonlyArray<A> => {
  let at = programs
  for (;;) {
    const met = at.map((program) => {
      let now = program
      while (now._tag === 'Ask' && now.question.ask === 'gradient')
        now = now.next(gradientOf(oracle(now.question)))
      return now
    })
    const asked = met.flatMap((p) =>
      p._tag === 'Ask' && p.question.ask === 'sum' ? [p.question.values] : [],
    )
    const values = met.flatMap((p) => (p._tag === 'Done' ? [p.value] : []))
    if (values.length === met.length) return values
    const vector = sumInOrder(asked)
    at = met.map((p) => (p._tag === 'Ask' ? p.next({ value: 0, vector }) : p))
  }
}

/**
 * The iterations of all replicas in this thread, one at a time, without an end of its own.
 *
 * @throws RangeError if the oracle's gradient has another length than the point; whatever the oracle throws.
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { quadratic } from 'steplaw'
 * import { controller, iterateReplicas, replicaMethod, replicasInit } from 'steplaw/replica'
 *
 * const step = controller({ replicas: 2, step: 0.25, spread: 0.5, temperature: 1, momentum: 0, gain: 1 })
 * const method = replicaMethod({ controllers: { step }, period: 10 })
 * const run = iterateReplicas(quadratic({ A: [[[2]]], b: [[0]] }), method, replicasInit(method, Float64Array.of(4)))
 * run.next().value.state.replicas.map(({ x }) => x[0]) // => [3, 1]
 * ```
 */
export function* iterateReplicas(
  objective: Objective | ReplicaOracle,
  method: ReplicaMethod,
  from: ReplicasState,
): Generator<{ readonly record: ReplicasRecord; readonly state: ReplicasState }, never> {
  const oracle = typeof objective === 'function' ? objective : replicaOracle(objective)
  const iterations = from.replicas.map((_, rank) => replicaIteration(method, rank))
  let state = from
  for (;;) {
    const before = state
    const after = runTogether(
      iterations.map((iteration, rank) => iteration(replicaAt(before, rank))),
      oracle,
    )
    state = together(after.map(([next]) => next))
    const record: ReplicasRecord = {
      k: before.k,
      losses: after.map(([, { loss }]) => loss),
      values: hyperparameters(method, before),
      synchronisation: after[0]?.[1].synchronisation ?? O.none,
    }
    yield { record, state }
  }
}

const checkIterations = (iterations: number): void => {
  if (!Number.isSafeInteger(iterations) || iterations < 0)
    throw new RangeError(`iterations: got ${iterations}, expected an integer >= 0`)
}

/**
 * Trains all replicas in this thread, up to iteration `iterations`. Threads give the same bits ({@link trainOnThreads}).
 *
 * Cost per iteration: a value with its gradient for each replica, and two vectors a replica; nothing is recorded but scalars.
 *
 * @param from - where to start: {@link replicasInit}, or a state from which to go on.
 * @throws RangeError as {@link iterateReplicas}.
 * @category Optimizer
 * @since 0.1.0
 * @cite cheng2026
 * @example
 * ```ts
 * import { quadratic } from 'steplaw'
 * import { controller, replicaMethod, replicasInit, trainReplicas } from 'steplaw/replica'
 *
 * const step = controller({ replicas: 4, step: 0.01, spread: 0.3, temperature: 0.1, momentum: 0, gain: 10 })
 * const method = replicaMethod({ controllers: { step }, period: 5 })
 * const problem = quadratic({ A: [[[1, 0], [0, 2]]], b: [[1, -1]] })
 * const run = trainReplicas(problem, method, replicasInit(method, Float64Array.of(0, 0)), 200)
 * run.x.map((x) => Math.round(100 * x) / 100) // => Float64Array.of(1, -1)
 * // The base was far too small, and has grown.
 * run.state.controllers.step.base > 0.02 // => true
 * ```
 */
export const trainReplicas = (
  objective: Objective | ReplicaOracle,
  method: ReplicaMethod,
  from: ReplicasState,
  iterations: number,
): ReplicasRun => {
  checkIterations(iterations)
  const run = iterateReplicas(objective, method, from)
  const records: Array<ReplicasRecord> = []
  let state = from
  while (state.k < iterations) {
    const { value } = run.next()
    records.push(value.record)
    state = value.state
  }
  return { x: meanPoint(state), state, records }
}

/**
 * The iterations of one replica, which meets the others by a communicator: its rank, any transport. Every rank of the
 * communicator has to run this, with the same method, from the same state. It tells the others when it throws.
 *
 * @param from - the state of all replicas; this one takes its own.
 * @throws RangeError if the communicator has another size than the method; rejects as communicator and oracle do.
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { quadratic } from 'steplaw'
 * import { controller, inProcess, iterateReplica, replicaMethod, replicasInit } from 'steplaw/replica'
 *
 * const step = controller({ replicas: 2, step: 0.25, spread: 0.5, temperature: 1, momentum: 0, gain: 1 })
 * const method = replicaMethod({ controllers: { step }, period: 10 })
 * const start = replicasInit(method, Float64Array.of(4))
 * const runs = inProcess(2).map((c) => iterateReplica(c, quadratic({ A: [[[2]]], b: [[0]] }), method, start))
 * const after = await Promise.all(runs.map((run) => run.next()))
 * after.map(({ value }) => value.state.x[0]) // => [3, 1]
 * ```
 */
export async function* iterateReplica(
  communicator: Communicator,
  objective: Objective | AsyncReplicaOracle,
  method: ReplicaMethod,
  from: ReplicasState,
): AsyncGenerator<{ readonly record: ReplicaRecord; readonly state: ReplicaState }, never> {
  const { rank, size } = communicator
  if (size !== replicasOf(method))
    throw new RangeError(
      `communicator: got ${size} ranks, expected one for each of ${replicasOf(method)} replicas`,
    )
  const oracle = typeof objective === 'function' ? objective : replicaOracle(objective)
  const iteration = replicaIteration(method, rank)
  const answer = async (request: ReplicaRequest): Promise<ReplicaResponse> =>
    request.ask === 'sum'
      ? { value: 0, vector: await communicator.allReduce(request.values) }
      : gradientOf(await oracle(request))
  let state = replicaAt(from, rank)
  for (;;) {
    try {
      const [after, record] = await runAsync(iteration(state), answer)
      state = after
      yield { record, state }
    } catch (error) {
      communicator.leave?.(
        `it threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
      )
      throw error
    }
  }
}

/**
 * The records of iterations whose losses are known: what the controllers said follows from them.
 *
 * @param losses - of each iteration after `from`, that of each replica.
 */
export const recordsOf = (
  method: ReplicaMethod,
  from: ReplicasState,
  losses: ReadonlyArray<ReadonlyArray<number>>,
): ReadonlyArray<ReplicasRecord> => {
  const records: Array<ReplicasRecord> = []
  let { k, controllers } = from
  let sums = from.replicas.map(({ loss }) => loss)
  for (const now of losses) {
    const values = hyperparameters(method, { k, controllers })
    sums = sums.map((sum, r) => sum + (now[r] ?? Number.NaN))
    const meets = (k + 1) % method.period === 0
    const means = sums.map((sum) => sum / method.period)
    const synchronisation = meets ? decide(method, { k, controllers }, means) : O.none
    records.push({ k, losses: now, values, synchronisation })
    if (O.isSome(synchronisation)) controllers = each(synchronisation.value, ({ state }) => state)
    if (meets) sums = sums.map(() => 0)
    k += 1
  }
  return records
}
