import type { CompiledModule, Memory } from '../assembler/webassembly.js'
import { barrierWords, CONTROL_BYTES, MOST_THREADS, mailbox } from './control.js'
import type { NodeThreads } from './node.js'
import type { Message, WorkerData } from './worker.js'

/** How often a thread looks at a barrier before it sleeps: some tens of microseconds, where every thread has a core. */
const LOOKS = 20_000

type Worker = ReturnType<NodeThreads['start']>

/** A place for a worker, and the plans that it was sent. */
interface Seat {
  worker: Worker | null
  readonly plans: Set<number>
  /** It ended before it had begun: another would as well. */
  hopeless: boolean
}

/**
 * Workers over one memory, started when they are first wanted, which take part in whatever plan they are called for. They never keep the
 * process alive.
 */
export class Pool {
  readonly #threads: NodeThreads
  readonly #memory: Memory
  readonly #control: number
  readonly #blas: string | null
  readonly #words: Int32Array
  readonly #seats: Seat[] = []
  #ended = false

  /**
   * @param at - the address of {@link CONTROL_BYTES} bytes of the memory
   * @param blas - the library that threads call
   */
  constructor(
    threads: NodeThreads,
    memory: Memory,
    { at, blas }: { readonly at: number; readonly blas: string | null },
  ) {
    this.#threads = threads
    this.#memory = memory
    this.#control = at
    this.#blas = blas
    this.#words = new Int32Array(memory.buffer, at, CONTROL_BYTES / 4)
    this.#words.fill(0)
  }

  get cores(): number {
    return this.#threads.cores
  }

  /** How many threads can take part at once, the caller's included: those asked for, once they have begun. Asks for them. */
  ready(wanted: number): number {
    const most = Math.min(wanted, MOST_THREADS)
    for (let thread = 1; thread < most; thread += 1) {
      const seat = this.#seat(thread)
      if (seat.worker === null && !seat.hopeless) this.#start(thread, seat)
    }
    let ready = 1
    while (ready < most && Atomics.load(this.#words, mailbox(ready).ready) === 1) ready += 1
    return ready
  }

  #seat(thread: number): Seat {
    const known = this.#seats[thread - 1] ?? { worker: null, plans: new Set(), hopeless: false }
    this.#seats[thread - 1] = known
    return known
  }

  #start(thread: number, seat: Seat): void {
    const box = mailbox(thread)
    const data: WorkerData = {
      thread,
      memory: this.#memory,
      control: this.#control,
      words: this.#words.length,
      blas: this.#blas,
    }
    const worker = this.#threads.start(data, () => {
      if (this.#ended || seat.worker !== worker) return
      seat.hopeless = Atomics.exchange(this.#words, box.ready, 0) === 0
      seat.worker = null
      seat.plans.clear()
    })
    seat.worker = worker
  }

  /**
   * Has the workers run a plan, the caller being thread 0 of `threads`; they wait for it at the first barrier.
   *
   * @param patience - milliseconds that a thread waits for another at most
   */
  call(plan: number, module: CompiledModule, threads: number, patience: number): void {
    Atomics.store(this.#words, barrierWords.looks / 4, threads <= this.cores ? LOOKS : 0)
    Atomics.store(this.#words, barrierWords.patience / 4, patience)
    for (let thread = 1; thread < threads; thread += 1) {
      const box = mailbox(thread)
      const { worker, plans } = this.#seat(thread)
      if (!plans.has(plan)) {
        plans.add(plan)
        worker?.postMessage({ keep: plan, module } satisfies Message)
      }
      Atomics.store(this.#words, box.plan, plan)
      Atomics.store(this.#words, box.threads, threads)
      Atomics.add(this.#words, box.job, 1)
      if (Atomics.load(this.#words, box.asleep) === 1) Atomics.notify(this.#words, box.job)
    }
  }

  /** Nobody will call this plan again. */
  forget(plan: number): void {
    for (const { worker, plans } of this.#seats)
      if (plans.delete(plan)) worker?.postMessage({ forget: plan } satisfies Message)
  }

  /** Ends all workers, whatever they do. */
  end(): void {
    this.#ended = true
    for (const { worker } of this.#seats) worker?.terminate()
  }
}
