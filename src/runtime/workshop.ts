import { Arena } from './arena.js'
import { EXACT, type Machine } from './fast/machine.js'
import { CONTROL_BYTES } from './thread/control.js'
import { nodeThreads } from './thread/node.js'
import { Pool } from './thread/pool.js'

/** One memory with the threads that work on it. It is given up as a whole when one of them is lost. */
export interface Workshop {
  readonly arena: Arena
  /** The words by which threads tell one another what they do. */
  readonly control: { readonly at: number; readonly words: Int32Array }
  /** What code is written for. */
  readonly machine: Machine
  /** Null where there are no threads. */
  readonly pool: Pool | null
}

/** A memory of at most so many bytes, with nothing in it, and threads that begin when they are wanted. */
export const openWorkshop = (maximum: number, machine = EXACT): Workshop => {
  const arena = new Arena({ maximum })
  const at = arena.take(CONTROL_BYTES)
  const threads = nodeThreads()
  const pool =
    threads === null
      ? null
      : new Pool(threads, arena.memory, { at, blas: machine.blas?.library.path ?? null })
  return { arena, control: { at, words: arena.integers(at, CONTROL_BYTES / 4) }, machine, pool }
}
