import { startWorker } from '../thread.js'
import type { Job, Report, WorkerInput } from './message.js'

/** Who listens to a pool. */
export interface PoolEvents {
  readonly onReport: (report: Report) => void
}

/** What became of the jobs. */
export interface PoolResult {
  /** Messages of runs, or of whole workers, that failed. */
  readonly failures: ReadonlyArray<{ readonly index: number | null; readonly message: string }>
}

/**
 * Executes jobs on worker threads, each worker one at a time, in order of the list. A worker that dies fails its job
 * and is replaced as long as there are jobs; the others go on.
 */
export const runPool = (
  jobs: ReadonlyArray<Job>,
  threads: number,
  entry: URL,
  input: WorkerInput,
  { onReport }: PoolEvents,
): Promise<PoolResult> =>
  new Promise((resolve) => {
    const queue = [...jobs]
    const failures: Array<{ readonly index: number | null; readonly message: string }> = []
    let alive = 0
    let unfit = false

    const start = (): void => {
      alive++
      let current: number | null = null
      let told = false
      const worker = startWorker(entry, { workerData: input })
      const next = (): void => {
        const job = Atomics.load(input.interrupted, 0) === 1 ? undefined : queue.shift()
        current = job?.index ?? null
        if (job === undefined) void worker.terminate()
        else worker.postMessage(job)
      }
      worker.on('message', (report: Report) => {
        onReport(report)
        if (report.report === 'failed') {
          failures.push({ index: report.index, message: report.message })
          if (report.index === null) {
            // The experiment itself can not be loaded: no other worker will fare better.
            unfit = true
            told = true
            void worker.terminate()
            return
          }
        }
        if (report.report !== 'iterations' && report.report !== 'saved') next()
      })
      worker.on('error', (error: Error) => {
        told = true
        failures.push({ index: current, message: error.message })
      })
      worker.on('exit', (code) => {
        alive--
        if (current !== null && !told && code !== 0)
          failures.push({ index: current, message: `its worker ended with code ${code}` })
        const stopped = unfit || Atomics.load(input.interrupted, 0) === 1
        if (current !== null && queue.length > 0 && !stopped) start()
        else if (alive === 0) resolve({ failures })
      })
    }
    const workers = Math.min(threads, jobs.length)
    if (workers === 0) resolve({ failures })
    for (let i = 0; i < workers; i++) start()
  })
