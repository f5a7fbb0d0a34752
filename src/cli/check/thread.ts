import type { Json } from '../../../spec/vocabulary/json.js'
import { startWorker } from '../thread.js'
import type { CheckInput, CheckJob, CheckReport } from './message.js'

/** A worker that will say no more, and the case that it was at. */
export interface Lost {
  readonly report: 'lost'
  readonly because: string
  /** How many cases it was given in answer to the latest question, and the last of them. */
  readonly cases: number
  readonly given: Json
}

export type Reply = Exclude<CheckReport, { readonly report: 'case' }> | Lost

/** A worker with the module in it. */
export interface Thread {
  /** What it says next, after a job if one is given; it is ended when nothing is heard of it for so many seconds. */
  readonly next: (seconds: number, job?: CheckJob) => Promise<Reply>
  readonly close: () => void
}

/** More than any rule needs, and soon used up by one that never stops growing. */
const megabytes = 256

const deathOf = (error: Error & { readonly code?: unknown }): string =>
  error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? `it ran out of memory (${megabytes} MB)`
    : `an error that nobody caught ended it: ${error.name}: ${error.message}`

/** Starts a worker, which imports the module. */
export const openThread = (entry: URL, input: CheckInput): Thread => {
  const worker = startWorker(entry, {
    workerData: input,
    stdout: true,
    resourceLimits: { maxOldGenerationSizeMb: megabytes },
  })
  // Standard output is for findings: what the module prints goes to the errors' stream.
  worker.stdout.pipe(process.stderr, { end: false })
  let cases = 0
  let given: Json = null
  let end: string | null = null
  let waiting: ((reply: Reply) => void) | null = null
  let timer: NodeJS.Timeout | undefined

  const reply = (report: Reply): void => {
    clearTimeout(timer)
    waiting?.(report)
    waiting = null
  }
  const lose = (because: string): void => {
    end ??= because
    reply({ report: 'lost', because: end, cases, given })
  }
  worker.on('message', (report: CheckReport) => {
    if (report.report !== 'case') return reply(report)
    cases++
    given = report.given
    timer?.refresh()
  })
  worker.on('error', (error: Error) => {
    end ??= deathOf(error)
  })
  worker.on('exit', (code) => lose(`it ended the process that it runs in (exit code ${code})`))

  const close = (): void => {
    worker.unref()
    void worker.terminate()
  }
  return {
    next: (seconds, job) =>
      new Promise((resolve) => {
        waiting = resolve
        cases = 0
        given = null
        if (end !== null) return lose(end)
        timer = setTimeout(() => {
          lose('no answer within the time limit: it hangs')
          close()
        }, 1000 * seconds)
        if (job !== undefined) worker.postMessage(job)
      }),
    close,
  }
}
