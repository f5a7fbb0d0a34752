import { isNumber } from './cluster.js'
import { ALIGNMENT, place, type Wanted } from './memory.js'
import { type Move, readersOf, readsOf, tasksOf, writesOf } from './move.js'
import type { Cell, Lowered, Value } from './node.js'
import type { Cluster, Task } from './schedule.js'

const bytesOf = ({ size, type }: Cell): number => size * (type === 'f64' ? 8 : 4)

/** The values that a task reads from memory or writes to it. */
const stored = (
  task: Task,
  cells: ReadonlyArray<Cell>,
  kept: (value: Value, by: Cluster) => boolean,
): ReadonlyArray<Value> => {
  if (task.kind !== 'cluster') return [...writesOf(task), ...readsOf(task)]
  const made = new Set(task.nodes.flatMap((node) => (node.kind === 'map' ? [node.output] : [])))
  const read = readsOf(task).filter((value) => !made.has(value) && !isNumber(cells[value]))
  return [...read, ...writesOf(task).filter((value) => !made.has(value) || kept(value, task))]
}

/** Where values lie: from the first move that touches them to the last, and what the bands keep to themselves in little room. */
export class Layout {
  readonly #lowered: Lowered
  readonly #bound = new Map<Value, number>()
  readonly #wanted = new Map<Value, Wanted>()
  readonly #turns = new Map<Value, number>()
  readonly #values: ReadonlyArray<Value>
  readonly #offsets: ReadonlyArray<number>
  readonly bytes: number

  constructor(
    lowered: Lowered,
    moves: ReadonlyArray<Move>,
    {
      bound,
      kept,
    }: {
      readonly bound: (input: number) => number | null
      readonly kept: (value: Value, by: Cluster) => boolean
    },
  ) {
    this.#lowered = lowered
    const results = new Set(lowered.outputs)
    const readers = readersOf(moves.flatMap(tasksOf))
    for (const move of moves) if (move.kind === 'band') this.#keep(move, readers, results)
    lowered.inputs.forEach((value, i) => {
      const at = bound(i)
      if (at === null) this.#want(value, 0, moves.length, results)
      else this.#bound.set(value, at)
    })
    moves.forEach((move, time) => {
      for (const task of tasksOf(move))
        for (const value of stored(task, lowered.cells, kept)) this.#want(value, time, moves.length, results)
    })
    for (const value of lowered.outputs) this.#want(value, moves.length, moves.length, results)
    this.#values = [...this.#wanted.keys()].filter((value) => !this.#bound.has(value))
    const none: Wanted = { bytes: 0, from: 0, to: 0 }
    const { offsets, bytes } = place(this.#values.map((value) => this.#wanted.get(value) ?? none))
    this.#offsets = offsets
    this.bytes = bytes
  }

  /** A value that one band makes and nobody else reads needs no more room than two blocks of rows. */
  #keep(
    { rows, block, along, across }: Move & { readonly kind: 'band' },
    readers: ReadonlyMap<Value, ReadonlySet<Task>>,
    results: ReadonlySet<Value>,
  ): void {
    const own = new Set<Task>([...along, ...across])
    for (const value of along.flatMap(writesOf)) {
      const cell = this.#lowered.cells[value]
      if (cell === undefined || results.has(value)) continue
      if ([...(readers.get(value) ?? [])].some((task) => !own.has(task))) continue
      this.#turns.set(value, Math.ceil((bytesOf(cell) / rows) * (block / ALIGNMENT)) * ALIGNMENT)
    }
  }

  #want(value: Value, time: number, end: number, results: ReadonlySet<Value>): void {
    const cell = this.#lowered.cells[value]
    if (cell === undefined) throw new RangeError(`plan: there is no value ${value}`)
    const known = this.#wanted.get(value)
    const whole = cell.content !== undefined
    const from = whole ? 0 : Math.min(known?.from ?? time, time)
    const to = whole || results.has(value) ? end : Math.max(known?.to ?? time, time)
    const turn = this.#turns.get(value)
    this.#wanted.set(value, { bytes: turn === undefined ? bytesOf(cell) : 2 * turn, from, to })
  }

  /** The bytes from one place of a value to the other, if a band has it for itself. */
  readonly turn = (value: Value): number | null => this.#turns.get(value) ?? null

  /** The addresses, where everything but what is bound begins at `base`. */
  addresses(base: number): (value: Value) => number {
    const places = new Map(this.#values.map((value, i) => [value, base + (this.#offsets[i] ?? 0)]))
    return (value) => this.#bound.get(value) ?? places.get(value) ?? 0
  }

  /** What is to be written once. */
  get constants(): ReadonlyArray<Value> {
    return this.#values.filter((value) => this.#lowered.cells[value]?.content !== undefined)
  }
}
