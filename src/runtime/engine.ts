import type { IR } from '../autodiff/ir.js'
import { Arena } from './arena.js'
import { Module } from './assembler/module.js'
import { webAssembly } from './assembler/webassembly.js'
import { type Compiled, type Control, compileInto } from './compiled.js'
import type { Bound, Executable } from './executable.js'
import { TUNING, type Tuning } from './plan/tuning.js'
import { CONTROL_BYTES } from './thread/control.js'
import { nodeThreads } from './thread/node.js'
import { Pool } from './thread/pool.js'
import { ThreadLost } from './thread/sleep.js'
import { Tuner } from './thread/tuner.js'

/** What an engine may be told. */
export interface EngineOptions {
  /** How many threads a call has, the caller's own included; by default as many as it is fastest with. */
  readonly threads?: number | 'auto'
  /** The most memory that programs and data may have, in bytes; at most, and by default, 4 GiB. */
  readonly maximum?: number
  /** Milliseconds that a thread waits for another beyond what the work should take. */
  readonly patience?: number
  readonly tuning?: Tuning
}

/** One memory with the threads that work on it. It is given up as a whole when one of them is lost. */
interface Workshop {
  readonly arena: Arena
  readonly control: Control
  readonly pool: Pool | null
}

/** Compiles programs into one memory and runs them on shared threads. */
export class Engine {
  readonly #options: Required<EngineOptions>
  #workshop: Workshop
  #plans = 0
  /** Takes back the memory of programs that nobody holds any more. */
  readonly #collected = new FinalizationRegistry<() => void>((giveBack) => giveBack())

  constructor({ threads = 'auto', maximum = 2 ** 32, patience = 5000, tuning = TUNING }: EngineOptions = {}) {
    if (threads !== 'auto' && !(Number.isInteger(threads) && threads >= 1))
      throw new RangeError(`threads: expected 'auto' or an integer >= 1, got ${threads}`)
    if (!(maximum >= 2 ** 20 && maximum <= 2 ** 32))
      throw new RangeError(`maximum: expected bytes from 2^20 to 2^32, got ${maximum}`)
    if (!(patience > 0 && patience < 2 ** 31))
      throw new RangeError(`patience: expected milliseconds > 0, got ${patience}`)
    this.#options = { threads, maximum, patience, tuning }
    this.#workshop = this.#open()
  }

  get arena(): Arena {
    return this.#workshop.arena
  }

  #open(): Workshop {
    const arena = new Arena({ maximum: this.#options.maximum })
    const at = arena.take(CONTROL_BYTES)
    const threads = nodeThreads()
    const pool = threads === null ? null : new Pool(threads, arena.memory, at)
    return { arena, control: { at, words: arena.integers(at, CONTROL_BYTES / 4) }, pool }
  }

  /** How many threads calls may have, as far as they have begun; asks them to begin. */
  ready(): number {
    return this.#workshop.pool?.ready(this.#most) ?? 1
  }

  /** Threads of one process would only get into each other's way if each of several threads had several. */
  get #most(): number {
    const { threads } = this.#options
    const here = nodeThreads()
    return threads === 'auto' ? (here?.main === true ? here.cores : 1) : threads
  }

  /** The program as machine code. */
  compile(ir: IR, bound: Bound = []): Executable {
    const plan = this.#plans
    this.#plans += 1
    const handle: { workshop: Workshop; compiled: Compiled } = {
      workshop: this.#workshop,
      compiled: this.#make(ir, bound),
    }
    const auto = this.#options.threads === 'auto'
    const most = handle.compiled.shareable ? this.#most : 1
    const tuner = new Tuner(auto ? most : 1)
    const executable: Executable = {
      ir,
      run: (inputs, outputs) => {
        if (handle.workshop !== this.#workshop) {
          handle.workshop = this.#workshop
          handle.compiled = this.#make(ir, bound)
        }
        const { workshop, compiled } = handle
        const { pool } = workshop
        const wanted = auto ? tuner.threads : most
        const threads = wanted === 1 || pool === null ? 1 : pool.ready(wanted)
        const begun = tuner.begin()
        try {
          compiled.run(inputs, outputs, threads, () => {
            if (threads > 1) pool?.call(plan, compiled.module, threads, this.#options.patience)
          })
        } catch (error) {
          if (error instanceof ThreadLost) this.#abandon()
          throw error
        }
        tuner.end(threads, begun)
      },
    }
    this.#collected.register(executable, () => {
      const { workshop, compiled } = handle
      workshop.pool?.forget(plan)
      for (const [at, bytes] of compiled.taken) workshop.arena.give(at, bytes)
    })
    return executable
  }

  #make(ir: IR, bound: Bound): Compiled {
    const { arena, control } = this.#workshop
    return compileInto({ arena, control, tuning: this.#options.tuning }, ir, bound)
  }

  /** A late worker must not write into a later call: it keeps the memory that it has, and all others get another. */
  #abandon(): void {
    this.#workshop.pool?.end()
    this.#workshop = this.#open()
  }
}

let shared: Engine | null | undefined

/** The engine of this thread, made when it is first asked for; null where the runtime lacks what it needs. */
export const engine = (): Engine | null => {
  if (shared === undefined) shared = canCompile() ? new Engine() : null
  return shared
}

/** Whether there are vectors and shared memory. */
const canCompile = (): boolean => {
  const api = webAssembly()
  if (api === null || typeof SharedArrayBuffer === 'undefined') return false
  const module = new Module()
  module.function('probe', [], [], (code) => {
    code.f64x2(0).op('drop')
  })
  return api.validate(module.binary({ shared: true }))
}
