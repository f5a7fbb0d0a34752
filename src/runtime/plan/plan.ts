import type { IR } from '../../autodiff/ir.js'
import { Emission } from './emit.js'
import { lower } from './lower.js'
import { ALIGNMENT, place, type Wanted } from './memory.js'
import type { Cell, Value } from './node.js'
import { type Cluster, schedule, type Task } from './schedule.js'
import { emitRun, type Stage } from './step.js'

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
}

/** What a plan wants of an arena. */
export interface Room {
  /** Takes a piece of so many bytes. */
  readonly take: (bytes: number) => number
  /** Where the input of this number lies already; null if it comes with each call. */
  readonly bound: (input: number) => number | null
  readonly pages: number
  readonly shared: boolean
}

const bytesOf = ({ size, type }: Cell): number => size * (type === 'f64' ? 8 : 4)

const readsOf = (task: Task): ReadonlyArray<Value> =>
  task.kind === 'cluster'
    ? task.nodes.flatMap(({ inputs }) => inputs.map(({ value }) => value))
    : task.inputs.map(({ value }) => value)

const writesOf = (task: Task): ReadonlyArray<Value> =>
  task.kind === 'cluster' ? task.nodes.map(({ output }) => output) : [task.output]

/** For each value the tasks that read it. */
const readersOf = (levels: ReadonlyArray<ReadonlyArray<Task>>): ReadonlyMap<Value, ReadonlySet<Task>> => {
  const readers = new Map<Value, Set<Task>>()
  for (const task of levels.flat())
    for (const value of readsOf(task)) {
      const known = readers.get(value) ?? new Set()
      readers.set(value, known.add(task))
    }
  return readers
}

/**
 * Plans a program: lowers it, orders it in levels, gives every value that outlives its pass a place, and writes the code.
 *
 * Scratch of a level lies behind everything else and is used again by the next.
 */
export const plan = (ir: IR, room: Room): Plan => {
  const { cells, nodes, inputs, outputs } = lower(ir)
  const levels = schedule({ cells, nodes, inputs, outputs })
  const readers = readersOf(levels)
  const results = new Set(outputs)
  const kept = (value: Value, by: Cluster): boolean =>
    results.has(value) || [...(readers.get(value) ?? [])].some((task) => task !== by)

  const wanted = new Map<Value, Wanted>()
  const want = (value: Value, level: number): void => {
    const cell = cells[value]
    if (cell === undefined) throw new RangeError(`plan: there is no value ${value}`)
    const known = wanted.get(value)
    const whole = cell.content !== undefined
    const from = whole ? 0 : Math.min(known?.from ?? level, level)
    const to = whole || results.has(value) ? levels.length : Math.max(known?.to ?? level, level)
    wanted.set(value, { bytes: bytesOf(cell), from, to })
  }
  const bound = new Map<Value, number>()
  inputs.forEach((value, i) => {
    const at = room.bound(i)
    if (at === null) want(value, 0)
    else bound.set(value, at)
  })
  levels.forEach((tasks, level) => {
    for (const task of tasks) for (const value of [...writesOf(task), ...readsOf(task)]) want(value, level)
  })
  for (const value of outputs) want(value, levels.length)
  const values = [...wanted.keys()].filter((value) => !bound.has(value))
  const { offsets, bytes } = place(values.map((value) => wanted.get(value) ?? { bytes: 0, from: 0, to: 0 }))

  // Scratch: sizes are known only while code is written, so that code is written twice; addresses do not change its length much.
  const emitted = (base: number, scratchBase: number) => {
    const places = new Map(values.map((value, i) => [value, base + (offsets[i] ?? 0)]))
    let used = 0
    let most = 0
    const emission = new Emission(
      cells,
      {
        at: (value) => bound.get(value) ?? places.get(value) ?? 0,
        scratch: (size) => {
          const at = scratchBase + used
          used += Math.ceil(size / ALIGNMENT) * ALIGNMENT
          most = Math.max(most, used)
          return at
        },
        flag: base - ALIGNMENT,
      },
      kept,
    )
    const stages = levels.flatMap((tasks): ReadonlyArray<Stage> => {
      used = 0
      const all = tasks.map((task) => emission.steps(task))
      const depth = Math.max(0, ...all.map((steps) => steps.length))
      return Array.from({ length: depth }, (_, i) => all.flatMap((steps) => steps[i] ?? []))
    })
    return { emission, stages, places, most }
  }
  const { most } = emitted(ALIGNMENT, 0)
  const block = room.take(ALIGNMENT + bytes + most)
  const base = block + ALIGNMENT
  const { emission, stages, places } = emitted(base, base + bytes)
  emitRun(
    emission.module,
    'run',
    stages.filter((stage) => stage.length > 0),
    () => {},
  )
  const slot = (value: Value): Slot => ({
    at: bound.get(value) ?? places.get(value) ?? 0,
    cell: cells[value] ?? { size: 0, type: 'f64' },
  })
  return {
    binary: emission.module.binary({ shared: room.shared, maximum: room.pages }),
    inputs: inputs.map(slot),
    outputs: outputs.map(slot),
    contents: values.filter((value) => cells[value]?.content !== undefined).map(slot),
    flag: block,
  }
}
