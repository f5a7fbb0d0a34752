import type { Func } from '../assembler/code.js'
import type { Module } from '../assembler/module.js'
import { importDgemm } from '../emit/blasProduct.js'
import { NARROW, type Tile, WIDE } from '../emit/panel.js'
import type { Machine } from '../fast/machine.js'
import { importScalars } from '../lane/scalars.js'
import type { Cell, Value } from './node.js'
import type { Cluster } from './schedule.js'
import type { Argument, Step } from './step.js'

/** Where things lie: values, and scratch that only the current task uses. */
export interface Places {
  readonly at: (value: Value) => number
  /** An address of its own, counted from the beginning of the scratch. */
  readonly scratch: (bytes: number) => number
  /** One word that is set where an index is out of range. */
  readonly flag: number
  /** What a band keeps to itself: the bytes from one of its two places to the other; null for what all may read. */
  readonly turn: (value: Value) => number | null
}

/** Whether a task is done for all rows at once, or within a band, for the rows of a block. */
export type Extent = { readonly rows: number; readonly block: number } | null

/** What is to be done first, then, and last. */
export interface Steps {
  readonly before: ReadonlyArray<Step>
  readonly main: ReadonlyArray<Step>
  readonly after: ReadonlyArray<Step>
}

export const steps = (some: Partial<Steps>): Steps => ({ before: [], main: [], after: [], ...some })

export const fixed = (value: number): Argument => ({ fixed: value })
export const COUNT: Argument = { count: 1 }

/** What is known of the program while its kernels are written. */
interface Known {
  readonly cells: ReadonlyArray<Cell>
  readonly places: Places
  /** Whether somebody else than this pass reads a value of it. */
  readonly kept: (value: Value, by: Cluster) => boolean
  readonly machine: Machine
}

/** Writes kernels into a module, each once, and says where their operands are. */
export class Writer {
  readonly module: Module
  readonly scalars: ReturnType<typeof importScalars>
  readonly cells: Known['cells']
  readonly places: Places
  readonly kept: Known['kept']
  readonly tile: Tile
  /** The product of a library, for those that it is faster with. */
  readonly #dgemm: { readonly func: Func; readonly least: number; readonly shortest: number } | null
  readonly #emitted = new Map<string, Func>()

  constructor(module: Module, { cells, places, kept, machine }: Known) {
    this.module = module
    this.scalars = importScalars(module)
    this.cells = cells
    this.places = places
    this.kept = kept
    this.tile = machine.wide ? WIDE : NARROW
    this.#dgemm = machine.blas === null ? null : { ...machine.blas, func: importDgemm(module) }
  }

  /** The product of a library, if one of these sizes is to be computed by it. */
  dgemm(m: number, n: number, k: number): Func | null {
    if (this.#dgemm === null) return null
    const { func, least, shortest } = this.#dgemm
    return m * n * k >= least && Math.min(m, n, k) >= shortest ? func : null
  }

  /** The kernel for these facts, emitted when they are met for the first time. */
  kernel<S>(
    kind: string,
    emit: (module: Module, name: string, spec: S) => Func,
    spec: S,
    more: ReadonlyArray<number> = [],
  ): Func {
    const key = `${kind}${JSON.stringify([spec, more], (_, x: unknown) => (typeof x === 'number' ? encode(x) : x))}`
    const known = this.#emitted.get(key) ?? emit(this.module, `${kind}.${this.#emitted.size}`, spec)
    this.#emitted.set(key, known)
    return known
  }

  /** One call, by one thread. */
  once(kernel: Func, given: ReadonlyArray<number | Argument>, work: number): Step {
    const all = given.map((a) => (typeof a === 'number' ? fixed(a) : a))
    return { kernel, arguments: all, items: 1, unit: 1, grain: 1, work }
  }

  scratch(bytes: number): { readonly at: number; readonly scratch: true } {
    return { at: this.places.scratch(bytes), scratch: true }
  }

  /** The place of row `i` of a value, which has so many bytes a row. */
  row(value: Value, bytes: number, extent: Extent): Argument {
    const [at, turn] = [this.places.at(value), this.places.turn(value)]
    if (extent === null) return { at, item: bytes }
    return turn === null ? { at, item: bytes, row: bytes } : { at, item: bytes, turn }
  }

  /** The first row of the block of a band; items are something else, `item` bytes apart. */
  block(value: Value, bytes: number, item: number): Argument {
    const [at, turn] = [this.places.at(value), this.places.turn(value)]
    return turn === null ? { at, item, row: bytes } : { at, item, turn }
  }
}

const encode = (x: number): number | string => (Object.is(x, -0) ? '-0' : Number.isFinite(x) ? x : String(x))
