import { builtin } from './builtin.js'
import type { WorkerData } from './worker.js'

/** What this library uses of a worker of Node. */
interface Worker {
  postMessage(message: unknown): void
  terminate(): unknown
}

/** Threads, where this is Node. */
export interface NodeThreads {
  /** How many can run at once. */
  readonly cores: number
  /** Whether this is the main thread of the process. */
  readonly main: boolean
  readonly start: (data: WorkerData, ended: () => void) => Worker
}

/** Threads by the modules of Node, asked for when they are wanted, so that the library loads where there are none; null there. */
export const nodeThreads = (): NodeThreads | null => {
  const [threads, os] = [builtin('node:worker_threads'), builtin('node:os')]
  if (threads === null || os === null) return null
  return {
    cores: os.availableParallelism(),
    main: threads.isMainThread,
    start: (data, ended) => {
      const source = import.meta.url.endsWith('.ts')
      const entry = new URL(source ? './worker.ts' : './worker.js', import.meta.url)
      // In the sources it is TypeScript, and a thread does not inherit the loader of the thread that starts it.
      const worker = source
        ? new threads.Worker(
            `import('tsx/esm/api').then(({ register }) => (register(), import(${JSON.stringify(entry.href)})))`,
            { workerData: data, eval: true },
          )
        : new threads.Worker(entry, { workerData: data })
      worker.unref()
      worker.on('error', ended)
      worker.on('exit', ended)
      return worker
    },
  }
}
