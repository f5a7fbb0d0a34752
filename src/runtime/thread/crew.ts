import * as E from 'fp-ts/lib/Either.js'
import { type Communicator, PeerLost } from '../communicator/communicator.js'
import { builtin } from './builtin.js'
import {
  arrivalsOf,
  begin,
  begunOf,
  blame,
  late,
  lostOf,
  meetingBytes,
  type SharedMeeting,
  sharedCommunicator,
} from './collective.js'

/** A crew: one thread for each rank, all of which run the same script on the same input and meet in shared memory. */
export interface Crew {
  /** The script, which calls {@link serveCrew}. */
  readonly script: URL
  readonly size: number
  /** The length of the longest vector that they exchange. */
  readonly capacity: number
  /** Milliseconds in which something has to happen. */
  readonly patience: number
  /** What every rank is given; it has to be data. */
  readonly input: unknown
}

interface CrewMember {
  readonly crew: SharedMeeting
  readonly rank: number
  readonly input: unknown
}

const isMember = (u: unknown): u is CrewMember =>
  typeof u === 'object' && u !== null && 'crew' in u && 'rank' in u && 'input' in u

const reasonOf = (error: unknown): string =>
  error instanceof Error ? `it threw ${error.name}: ${error.message}` : `it threw ${String(error)}`

/** In a thread of a crew, takes part; elsewhere does nothing. Who throws is blamed by all. */
export const serveCrew = (serve: (communicator: Communicator, input: unknown) => Promise<void>): void => {
  const threads = builtin('node:worker_threads')
  const member: unknown = threads?.workerData
  const port = threads?.parentPort
  if (!isMember(member) || port === null || port === undefined) return
  const { crew, rank, input } = member
  begin(crew, rank)
  serve(sharedCommunicator(crew, rank), input).then(
    () => port.postMessage('done'),
    // Where another is to blame, it has been blamed.
    (error: unknown) => blame(crew, rank, rank, reasonOf(error)),
  )
}

/** How often a watch looks at its crew within the patience. */
const TICKS = 16
/** Milliseconds that threads have to load this library, however little patience there is with what they do then. */
const LOADING = 60_000

/**
 * Runs a crew to its end: all have done their part, or the first that is lost and why. A thread that ends, throws, or lets
 * nothing be heard for as long as the patience is lost; the others are ended then. No thread is left.
 */
export const runCrew = async ({
  script,
  size,
  capacity,
  patience,
  input,
}: Crew): Promise<E.Either<PeerLost, void>> => {
  const threads = builtin('node:worker_threads')
  if (threads === null) return E.left(new PeerLost(0, 'there are no threads here'))
  const memory = new SharedArrayBuffer(meetingBytes(size, capacity))
  const crew: SharedMeeting = { memory, size, capacity, patience }
  const source = script.pathname.endsWith('.ts')
  const done = new Set<number>()
  const workers = Array.from({ length: size }, (_, rank) => {
    const workerData: CrewMember = { crew, rank, input }
    // In the sources it is TypeScript, and a thread does not inherit the loader of the thread that starts it.
    return source
      ? new threads.Worker(
          `import('tsx/esm/api').then(({ register }) => (register(), import(${JSON.stringify(script.href)})))`,
          { workerData, eval: true },
        )
      : new threads.Worker(script, { workerData })
  })
  let watch: ReturnType<typeof setInterval> | undefined
  const lost = await new Promise<PeerLost | null>((resolve) => {
    const look = (): void => {
      const found = lostOf(crew)
      if (found !== null) resolve(found)
      else if (done.size === size) resolve(null)
    }
    const blamed = (rank: number, because: string): void => {
      blame(crew, size, rank, because)
      look()
    }
    const progress = (): ReadonlyArray<number> => {
      const begun = begunOf(crew)
      return arrivalsOf(crew).map((n, rank) => n + (begun[rank] ? 1 : 0) + (done.has(rank) ? 1 : 0))
    }
    let before = progress()
    let ticks = 0
    watch = setInterval(() => {
      look()
      const now = progress()
      ticks = now.some((n, rank) => n !== before[rank]) ? 0 : ticks + 1
      before = now
      const allowed = begunOf(crew).every(Boolean) ? patience : Math.max(patience, LOADING)
      const waiting = now.map((n, rank) => (done.has(rank) ? Number.POSITIVE_INFINITY : n))
      if (ticks * patience >= TICKS * allowed) blamed(waiting.indexOf(Math.min(...waiting)), late(allowed))
    }, patience / TICKS)
    for (const [rank, worker] of workers.entries()) {
      worker.on('message', () => {
        done.add(rank)
        look()
      })
      worker.on('error', (error) => blamed(rank, reasonOf(error)))
      worker.on('exit', (code) => {
        if (!done.has(rank)) blamed(rank, `its thread ended with code ${code}`)
      })
    }
  })
  clearInterval(watch)
  await Promise.all(workers.map((worker) => worker.terminate()))
  return lost === null ? E.right(undefined) : E.left(lost)
}
