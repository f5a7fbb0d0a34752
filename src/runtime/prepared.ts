import type { Compiled } from './compiled.js'
import type { Buffer } from './executable.js'
import type { Tuning } from './plan/tuning.js'
import { ThreadLost } from './thread/sleep.js'
import { Tuner } from './thread/tuner.js'
import type { Workshop } from './workshop.js'

/** What a program is prepared for. */
export interface Setting {
  /** By which threads know the program. */
  readonly number: number
  /** How many threads it has at most, and whether it always has that many or finds out how many are best. */
  readonly threads: number
  readonly auto: boolean
  readonly patience: number
  readonly tuning: Tuning
  /** Where it works now. */
  readonly workshop: () => Workshop
  /** A thread was lost: this is no place to work any more. */
  readonly abandon: () => void
}

/** Milliseconds that an operation takes on a slow machine, many times over. */
const SLOW = 2e-5

/** How long a thread waits for another: a long step of one is no reason to take it for lost. */
const patienceFor = ({ work }: Compiled, patience: number): number =>
  Math.min(2 ** 31 - 1, Math.ceil(patience + SLOW * work))

/** Compiles a program for a workshop. */
export type Make = (into: Workshop & { readonly tuning: Tuning }) => Compiled

/** A program of an engine, which is compiled anew when it gave its memory back or the memory was given up. */
export class Prepared {
  readonly #make: Make
  readonly #setting: Setting
  #at: { readonly workshop: Workshop; readonly compiled: Compiled } | null = null
  #tuner: Tuner | null = null

  constructor(make: Make, setting: Setting) {
    this.#make = make
    this.#setting = setting
  }

  /** Compiles it, if it is not. */
  prepare(): { readonly workshop: Workshop; readonly compiled: Compiled } {
    const workshop = this.#setting.workshop()
    if (this.#at?.workshop === workshop) return this.#at
    const { tuning, auto, threads } = this.#setting
    const compiled = this.#make({ ...workshop, tuning })
    this.#at = { workshop, compiled }
    this.#tuner ??= new Tuner(auto && compiled.shareable ? threads : 1)
    return this.#at
  }

  /** Runs once; where the outputs are null, they stay where they are. */
  run(inputs: ReadonlyArray<Buffer>, outputs: ReadonlyArray<Float64Array> | null): void {
    const {
      workshop: { pool },
      compiled,
    } = this.prepare()
    const { number, auto, patience } = this.#setting
    const tuner = this.#tuner
    const wanted = !compiled.shareable ? 1 : auto ? (tuner?.threads ?? 1) : this.#setting.threads
    const threads = wanted === 1 || pool === null ? 1 : pool.ready(wanted)
    const begun = tuner?.begin() ?? 0
    compiled.give(inputs, outputs)
    if (threads > 1) pool?.call(number, compiled.module, threads, patienceFor(compiled, patience))
    try {
      compiled.run(threads)
    } catch (error) {
      if (error instanceof ThreadLost) this.#setting.abandon()
      throw error
    }
    compiled.take(inputs, outputs)
    tuner?.end(threads, begun)
  }

  /** Gives its memory back. */
  release(): void {
    if (this.#at === null) return
    const { workshop, compiled } = this.#at
    this.#at = null
    workshop.pool?.forget(this.#setting.number)
    for (const [at, bytes] of compiled.taken) workshop.arena.give(at, bytes)
  }
}
