import type { IR } from '../autodiff/ir.js'
import { fail } from '../autodiff/primitive.js'
import { Module } from './assembler/module.js'
import { webAssembly } from './assembler/webassembly.js'
import type { Bound, Executable } from './executable.js'
import { fastMachine, PLAIN } from './fast/features.js'
import type { Feature, Machine } from './fast/machine.js'
import { Held } from './held.js'
import { compileHoisted } from './hoisted.js'
import { interpret } from './interpret.js'
import { TUNING, type Tuning } from './plan/tuning.js'
import { type Make, Prepared } from './prepared.js'
import { interpretStaged, remembering, type Staged, type StagedProgram } from './staged.js'
import { MOST_THREADS } from './thread/control.js'
import { nodeThreads } from './thread/node.js'
import { openWorkshop, type Workshop } from './workshop.js'

/**
 * What an engine may be told.
 *
 * @category Program
 * @since 0.1.0
 */
export interface EngineOptions {
  /** How many threads a call has, the caller's own included; by default as many as it is fastest with, found by trying. */
  readonly threads?: number | 'auto'
  /** The most memory that programs and data may have, in bytes, from 2^20 to 2^32; 2^32 by default. */
  readonly maximum?: number
  /**
   * Milliseconds that a thread waits for another, beyond many times what the work should take; 5000 by default.
   */
  readonly patience?: number
  /**
   * `exact`, which is the default, gives the bits of the interpreter, on every machine. `fast` trades them for speed: results agree up to
   * rounding, and may differ from machine to machine, from one version of a runtime to the next, and, with a BLAS, with the number of
   * threads. What it uses is checked against the interpreter when an engine is made, and left out where it fails: multiplication and
   * addition rounded once, and vectors of twice the width. For the latter it sets an experimental flag of V8 while it compiles a
   * program; for the former, on Node 20, one that stays set.
   */
  readonly mode?: 'exact' | 'fast'
  /**
   * In fast mode, a library of linear algebra (OpenBLAS, or another with the interface of CBLAS and 32-bit integers) for large products:
   * its path, or true for the first that is found in the usual places; false by default. It is called through the package `koffi`, which
   * is to be installed beside this one. Without either the engine does its products itself.
   */
  readonly blas?: boolean | string
  /** Told, once, of each thing that the engine does without here. */
  readonly notice?: (message: string) => void
  /** @internal */
  readonly tuning?: Tuning
}

/**
 * Runs programs as machine code, written for each program, in one memory and on threads that all its programs share.
 *
 * Functions like {@link valueAndGrad} and {@link compile} use one that all programs of this thread share, so that most
 * never meet it. One of its own is for who wants to say how many threads there are, or how much memory. Results do not depend on any
 * of that: they agree in every bit, with each other and with a program that is interpreted, unless its `mode` is `fast`.
 *
 * Threads start when they are first wanted, take part as soon as they have begun, and never keep a process alive. When one is lost
 * in the middle of a call, the call fails, and the next begins anew. In a thread that is not the main one, and where there are no threads,
 * calls have one by default. Where there is no WebAssembly with vectors and shared memory, programs are interpreted.
 *
 * @category Program
 * @since 0.1.0
 * @example
 * ```ts
 * import { Engine, sum, trace } from 'steplaw/autodiff'
 *
 * const engine = new Engine({ threads: 1, maximum: 2 ** 24 })
 * const total = engine.compile(trace((x) => sum(x), [{ shape: [3], type: 'f64' }]))
 * const y = new Float64Array(1)
 * total.run([Float64Array.of(1, 2, 3)], [y])
 * y[0] // => 6
 * ```
 */
export class Engine {
  readonly #options: Required<Omit<EngineOptions, 'notice' | 'mode' | 'blas'>>
  /** What a fast engine uses that an exact one does not. */
  readonly features: ReadonlyArray<Feature>
  readonly #machine: Machine
  #workshop: Workshop | null
  #programs = 0
  /** Takes back the memory of programs that nobody holds any more. */
  readonly #collected = new FinalizationRegistry<Prepared | Held>((program) => program.release())

  /** @throws `RangeError` naming the option that is none */
  constructor(options: EngineOptions = {}) {
    const { threads = 'auto', maximum = 2 ** 32, patience = 5000, tuning = TUNING, notice } = options
    const { mode = 'exact', blas = false } = options
    if (threads !== 'auto' && !(Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS))
      fail('threads', `expected 'auto' or an integer from 1 to ${MOST_THREADS}, got ${threads}`)
    if (!(maximum >= 2 ** 20 && maximum <= 2 ** 32))
      fail('maximum', `expected bytes from 2^20 to 2^32, got ${maximum}`)
    if (!(patience >= 1 && patience < 2 ** 31))
      fail('patience', `expected milliseconds >= 1, got ${patience}`)
    if (mode !== 'exact' && mode !== 'fast') fail('mode', `expected 'exact' or 'fast', got ${mode}`)
    if (typeof blas !== 'boolean' && typeof blas !== 'string')
      fail('blas', `expected a path, true or false, got ${blas}`)
    if (mode === 'exact' && blas !== false) fail('blas', "expected mode 'fast' with it, got 'exact'")
    this.#options = { threads, maximum, patience, tuning }
    const able = canCompile()
    const { machine, features, notices } = able && mode === 'fast' ? fastMachine(blas) : PLAIN
    for (const missing of notices) notice?.(missing)
    this.features = features
    this.#machine = machine
    this.#workshop = able ? openWorkshop(maximum, machine) : null
    if (this.#workshop === null)
      notice?.('there is no WebAssembly with vectors and shared memory here: programs are interpreted')
    else if (threads !== 1 && this.#workshop.pool === null)
      notice?.('there are no worker threads here: programs run on one thread')
  }

  /** Threads of one process would only get into each other's way if each of several threads had several. */
  get #most(): number {
    const { threads } = this.#options
    const here = nodeThreads()
    return threads === 'auto' ? (here?.main === true ? here.cores : 1) : threads
  }

  /** The bytes of memory that the engine has taken from the system so far. */
  get memory(): number {
    return this.#workshop?.arena.memory.buffer.byteLength ?? 0
  }

  /** How many threads can take part in a call by now, the caller's own included; those that have not begun are asked to. */
  ready(): number {
    return this.#workshop?.pool?.ready(this.#most) ?? 1
  }

  /** Ends its threads and gives its memory up. A later call begins anew. */
  close(): void {
    if (this.#workshop === null) return
    this.#workshop.pool?.end()
    this.#workshop = openWorkshop(this.#options.maximum, this.#machine)
  }

  /**
   * The program as machine code, at once; {@link compile} waits until it is worth it.
   *
   * @param bound - inputs that stay the same: copied once, however many programs have them
   * @throws `RangeError` when it needs more memory than there is
   */
  compile(ir: IR, bound: Bound = []): Executable {
    if (this.#workshop === null) return interpret(ir, bound)
    const prepared = this.#prepared((into) => compileHoisted(into, ir, bound))
    prepared.prepare()
    const executable: Executable = {
      ir,
      run: (inputs, outputs) => prepared.run(inputs, outputs),
      release: () => prepared.release(),
    }
    this.#collected.register(executable, prepared)
    return executable
  }

  /**
   * A program of which several things are asked at one point, as machine code.
   *
   * @hidden
   */
  stage(program: StagedProgram): Staged {
    if (this.#workshop === null) return interpretStaged(program)
    const held = new Held(program, {
      workshop: () => this.#open(),
      tuning: this.#options.tuning,
      prepare: (make) => this.#prepared(make),
    })
    held.parts()
    const staged: Staged = { run: remembering(() => held.parts()), release: () => held.release() }
    this.#collected.register(staged, held)
    return staged
  }

  #open(): Workshop {
    this.#workshop ??= openWorkshop(this.#options.maximum, this.#machine)
    return this.#workshop
  }

  #prepared(make: Make): Prepared {
    const { threads, patience, tuning } = this.#options
    this.#programs += 1
    return new Prepared(make, {
      number: this.#programs - 1,
      threads: this.#most,
      auto: threads === 'auto',
      patience,
      tuning,
      workshop: () => this.#open(),
      // A late thread must not write into a later call: it keeps the memory that it has, and all others get another.
      abandon: () => this.close(),
    })
  }
}

let shared: Engine | undefined

/** The engine of this thread, made when it is first asked for. */
export const sharedEngine = (): Engine => {
  shared ??= new Engine()
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
