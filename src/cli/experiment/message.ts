import type { RunProgress } from './execute.js'

/** What a worker is started with. */
export interface WorkerInput {
  /** The experiment file; every worker reads it for itself. */
  readonly path: string
  /** One shared cell: 1 once the experiment is to stop. */
  readonly interrupted: Int32Array
}

/** What a worker is sent: which run to execute, and from where. */
export interface Job {
  readonly index: number
  readonly saved: RunProgress | null
}

/** What a worker sends. */
export type Report =
  | { readonly report: 'ready' }
  | { readonly report: 'iterations'; readonly index: number; readonly k: number }
  | {
      readonly report: 'saved' | 'finished' | 'interrupted'
      readonly index: number
      readonly progress: RunProgress
      readonly seconds: number
    }
  | { readonly report: 'failed'; readonly index: number | null; readonly message: string }
