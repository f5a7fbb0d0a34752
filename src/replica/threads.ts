import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { runCrew } from '../runtime/thread/crew.js'
import { journalBytes, lastState, type SharedJournal, writeState } from '../runtime/thread/journal.js'
import { meanPoint, type ReplicasRun, type ReplicasState, recordsOf, replicaAt, together } from './driver.js'
import { replicasOf } from './iteration.js'
import { pack, unpack } from './pack.js'
import { plannedMethod, type ReplicaPlan } from './plan.js'
import type { WorkerInput } from './worker.js'

/**
 * A run on threads that lost a replica: what came before is kept.
 *
 * @category Errors
 * @since 0.1.0
 */
export interface Interrupted {
  /** Who is to blame. */
  readonly rank: number
  /** Who, and what happened, in words. */
  readonly message: string
  /** The run up to the last iteration that all replicas had finished; from its state one can go on. */
  readonly run: ReplicasRun
}

/**
 * How to run on threads.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface ThreadOptions {
  /** Milliseconds in which some replica has to get on; a minute by default. Longer than the slowest gradient, and than starting up. */
  readonly patience?: number
}

const script = (): URL => {
  const source = import.meta.url.endsWith('.ts')
  return new URL(source ? './worker.ts' : './worker.js', import.meta.url)
}

/**
 * Trains every replica in a thread of its own, up to iteration `iterations`: the same bits as {@link trainReplicas}, with sums by
 * shared memory. Threads are started when the task is run, and none is left when it ends.
 *
 * A thread that dies, throws or hangs ends the run as {@link Interrupted}, within the patience, with the state after the last
 * iteration that all had finished: every iteration is written down in memory that outlives the threads.
 *
 * Memory shared: $N (2 + m) d$ doubles twice, for $m$ moments of the direction, and $N$ for each iteration.
 *
 * @throws RangeError naming what of the plan or the state is out of its domain. Where there are no threads it is interrupted at
 * once.
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import * as E from 'fp-ts/lib/Either.js'
 * import { objectiveOf } from 'steplaw'
 * import { plannedMethod, replicasInit, type ReplicaPlan, trainOnThreads, trainReplicas } from 'steplaw/replica'
 *
 * const objective = { objective: 'leastSquares', A: [[1, 2], [3, 1], [0, 1]], y: [1, 0, 2] } as const
 * const plan: ReplicaPlan = {
 *   objective,
 *   controllers: { step: { replicas: 2, step: 0.1, spread: 0.3, temperature: 1, momentum: 0.9, gain: 0.5 } },
 *   period: 5,
 *   draws: { batches: { batch: 1, replace: false, seed: 1 }, permutations: { seed: 2 } },
 * }
 * const method = plannedMethod(plan)
 * const start = replicasInit(method, Float64Array.of(1, 1))
 * const threaded = await trainOnThreads(plan, start, 12)()
 * const here = trainReplicas(objectiveOf(objective), method, start, 12)
 * E.isRight(threaded) && threaded.right.x.join() === here.x.join() // => true
 * ```
 */
export const trainOnThreads = (
  plan: ReplicaPlan,
  from: ReplicasState,
  iterations: number,
  { patience = 60_000 }: ThreadOptions = {},
): TaskEither<Interrupted, ReplicasRun> => {
  const method = plannedMethod(plan)
  const size = replicasOf(method)
  if (from.replicas.length !== size)
    throw new RangeError(`from.replicas: got ${from.replicas.length}, expected one for each of ${size}`)
  if (!Number.isSafeInteger(iterations) || iterations < 0)
    throw new RangeError(`iterations: got ${iterations}, expected an integer >= 0`)
  if (!(patience > 0 && patience <= 1e9))
    throw new RangeError(`patience: got ${patience}, expected milliseconds from 0 to 1e9`)
  const states = from.replicas.map((_, rank) => pack(method, replicaAt(from, rank)))
  return async () => {
    const length = states[0]?.length ?? 0
    const entries = Math.max(iterations - from.k, 0)
    const memory = new SharedArrayBuffer(journalBytes(size, length, entries))
    const journal: SharedJournal = { memory, size, length, entries }
    for (const [rank, values] of states.entries()) writeState(journal, rank, 0, values, 0)
    const input: WorkerInput = { plan, from, iterations, journal }
    const capacity = (from.replicas[0]?.x.length ?? 0) + size
    const ended =
      entries === 0
        ? E.right(undefined)
        : await runCrew({ script: script(), size, capacity, patience, input })
    const last = lastState(journal)
    const state = together(last.states.map((values) => unpack(method, from.k + last.number, values)))
    const run = { x: meanPoint(state), state, records: recordsOf(method, from, last.entries) }
    return E.isRight(ended)
      ? E.right(run)
      : E.left({ rank: ended.left.rank, message: ended.left.message, run })
  }
}
