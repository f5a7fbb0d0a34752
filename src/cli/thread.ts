import { Worker, type WorkerOptions } from 'node:worker_threads'

/**
 * Starts a worker script. In the sources it is TypeScript, and a thread does not inherit the loader of the thread that
 * starts it.
 */
export const startWorker = (entry: URL, options: WorkerOptions): Worker =>
  entry.pathname.endsWith('.ts')
    ? new Worker(
        `import('tsx/esm/api').then(({ register }) => (register(), import(${JSON.stringify(entry.href)})))`,
        { ...options, eval: true },
      )
    : new Worker(entry, options)
