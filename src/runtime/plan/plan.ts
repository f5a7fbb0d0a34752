import type { IR } from '../../autodiff/ir.js'
import { Module } from '../assembler/module.js'
import type { Machine } from '../fast/machine.js'
import { groupsOf } from './band.js'
import { Layout } from './layout.js'
import { lower } from './lower.js'
import { ALIGNMENT } from './memory.js'
import { keptOf, type Move, movesOf } from './move.js'
import type { Cell, Value } from './node.js'
import { otherSteps } from './other.js'
import { passSteps } from './pass.js'
import { acrossStep, productSteps } from './product.js'
import { type Barrier, emitRun, isShared } from './run.js'
import type { Task } from './schedule.js'
import type { Part, Stage, Step } from './step.js'
import type { Tuning } from './tuning.js'
import { type Extent, type Steps, Writer } from './writer.js'

/** Where a value lies and how many elements it has. */
export interface Slot {
  readonly at: number
  readonly cell: Cell
}

/** A program as machine code over an arena: `run(thread, threads)`. */
export interface Plan {
  readonly binary: Uint8Array<ArrayBuffer>
  readonly inputs: ReadonlyArray<Slot>
  readonly outputs: ReadonlyArray<Slot>
  /** To be written once, before the first run. */
  readonly contents: ReadonlyArray<Slot>
  /** One word, set by an index out of range. */
  readonly flag: number
  /** Whether a second thread finds something to do. */
  readonly shareable: boolean
  /** Operations of a run, about. */
  readonly work: number
}

/** What a plan wants of an arena. */
export interface Room {
  /** Takes a piece of so many bytes. */
  readonly take: (bytes: number) => number
  /** Where the input of this number lies already; null if it comes with each call. */
  readonly bound: (input: number) => number | null
  readonly pages: number
  readonly shared: boolean
  /** Prepares a module for threads that wait for one another. */
  readonly barrier: (module: Module) => Barrier
}

/** Scratch of a part, which the next uses again. */
class Scratch {
  #used = 0
  most = 0

  readonly take = (bytes: number): number => {
    const at = this.#used
    this.#used += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT
    this.most = Math.max(this.most, this.#used)
    return at
  }

  clear(): void {
    this.#used = 0
  }
}

/** A task for all rows, or as a step along a band. */
const stepsOf = (w: Writer, task: Task, extent: Extent): Steps => {
  switch (task.kind) {
    case 'cluster':
      return passSteps(w, task, extent)
    case 'product':
      return productSteps(w, task, extent)
    case 'other':
      return otherSteps(w, task, extent)
  }
}

const partsOf = (move: Move, w: Writer): ReadonlyArray<Part> => {
  const stages = (...all: ReadonlyArray<Stage['steps']>): ReadonlyArray<Stage> =>
    all.flatMap((steps) => (steps.length === 0 ? [] : [{ kind: 'stage', steps }]))
  if (move.kind === 'level') {
    const all = move.tasks.map((task) => stepsOf(w, task, null))
    return stages(
      all.flatMap(({ before }) => before),
      all.flatMap(({ main }) => main),
      all.flatMap(({ after }) => after),
    )
  }
  const { rows, block } = move
  const all = move.along.map((task) => stepsOf(w, task, { rows, block }))
  const across = move.across.map((node) => acrossStep(w, node, { block }))
  const band: Part = { kind: 'band', rows, block, along: all.flatMap(({ main }) => main), across }
  return [...stages(all.flatMap(({ before }) => before)), band]
}

const workOf = (part: Part): number => {
  const all = (steps: ReadonlyArray<Step>): number => steps.reduce((sum, { work }) => sum + work, 0)
  if (part.kind === 'stage') return all(part.steps)
  return all(part.along) + Math.ceil(part.rows / part.block) * all(part.across)
}

/** Plans a program: lowers it, orders it, gives every value that outlives its pass a place, and writes the code. */
export const plan = (
  ir: IR,
  room: Room,
  { tuning, machine }: { readonly tuning: Tuning; readonly machine: Machine },
): Plan => {
  const lowered = lower(ir)
  const { cells, inputs, outputs } = lowered
  const moves = groupsOf(lowered, tuning).flatMap((group) => movesOf(lowered, group))
  const kept = keptOf(moves, outputs)
  const layout = new Layout(lowered, moves, { bound: room.bound, kept })
  const flag = room.take(ALIGNMENT + layout.bytes)
  const at = layout.addresses(flag + ALIGNMENT)
  const module = new Module(machine)
  const scratch = new Scratch()
  const places = { at, scratch: scratch.take, flag, turn: layout.turn }
  const writer = new Writer(module, { cells, places, kept, machine })
  const barrier = room.barrier(module)
  const parts = moves.flatMap((move) => {
    scratch.clear()
    return partsOf(move, writer)
  })
  emitRun(module, 'run', parts, {
    barrier,
    scratch: room.take(scratch.most),
    shared: tuning.shared,
  })
  const slot = (value: Value): Slot => ({ at: at(value), cell: cells[value] ?? { size: 0, type: 'f64' } })
  return {
    binary: module.binary({ shared: room.shared, maximum: room.pages }),
    inputs: inputs.map(slot),
    outputs: outputs.map(slot),
    contents: layout.constants.map(slot),
    flag,
    shareable: parts.some((part) => isShared(part, tuning.shared)),
    work: parts.reduce((sum, part) => sum + workOf(part), 0),
  }
}
