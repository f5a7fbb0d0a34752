import type { Code, Func, Local } from '../assembler/code.js'
import type { Module } from '../assembler/module.js'
import { atMost, least } from '../emit/loop.js'
import type { Argument, Band, Part, Step } from './step.js'

/** Which block of a band is being done; what lies outside a band has none. */
interface Block {
  readonly first: Local
  readonly rows: Local
  /** Zero and one by turns. */
  readonly turn: Local
}

/** What is done with the code: who waits for whom, and where. */
export type Barrier = (code: Code, threads: Local) => void

/** Rows that threads share are cut at multiples of it, as products like them. */
const UNIT = 8

const argument = (
  code: Code,
  a: Argument,
  item: Local,
  count: Local,
  block: Block | null,
  scratch: number,
): void => {
  if ('fixed' in a) code.i32(a.fixed)
  else if ('count' in a) times(code.get(count), a.count)
  else if ('first' in a) {
    code.get(item)
    if (block !== null) code.get(block.first).op('i32.add')
  } else if ('rows' in a || 'onward' in a) {
    if (block === null) throw new RangeError('plan: there are blocks in a band only')
    code.get('rows' in a ? block.rows : block.first)
  } else {
    code.i32(a.scratch === true ? scratch + a.at : a.at)
    if (a.item !== undefined && a.item !== 0) times(code.get(item), a.item).op('i32.add')
    if (a.block !== undefined) code.get(item).i32(a.block).op('i32.div_u').i32(8).op('i32.mul').op('i32.add')
    if (block === null) return
    if (a.row !== undefined && a.row !== 0) times(code.get(block.first), a.row).op('i32.add')
    if (a.turn !== undefined) times(code.get(block.turn), a.turn).op('i32.add')
  }
}

const times = (code: Code, factor: number): Code => (factor === 1 ? code : code.i32(factor).op('i32.mul'))

/** Whether a step is not worth to be cut, or can not be. */
const isSmall = ({ items, unit, work }: Step, shared: number): boolean =>
  items > 0 && (items <= unit || work < shared)

/** Whether small steps are together worth a second thread. */
const isSpread = (small: ReadonlyArray<Step>, shared: number): boolean =>
  small.length > 1 && small.reduce((sum, { work }) => sum + work, 0) >= shared

/** Whether a second thread finds something to do. */
export const isShared = (part: Part, shared: number): boolean => {
  if (part.kind === 'band') return true
  const small = part.steps.filter((step) => isSmall(step, shared))
  return isSpread(small, shared) || part.steps.some((step) => step.items > 0 && !small.includes(step))
}

/** Writes the plan into one function. */
class Run {
  readonly #code: Code
  readonly #barrier: Barrier
  readonly #scratch: number
  readonly #shared: number
  readonly #thread: Local
  readonly #threads: Local
  readonly #item: Local
  readonly #end: Local
  readonly #count: Local
  readonly #share: Local

  constructor(code: Code, barrier: Barrier, scratch: number, shared: number) {
    this.#shared = shared
    this.#code = code
    this.#barrier = barrier
    this.#scratch = scratch
    this.#thread = code.param(0)
    this.#threads = code.param(1)
    this.#item = code.local('i32')
    this.#end = code.local('i32')
    this.#count = code.local('i32')
    this.#share = code.local('i32')
  }

  /** Calls the kernel for the items from `item` to `end`, a grain at a time. */
  #grains({ kernel, grain, arguments: given }: Step, block: Block | null): void {
    const [code, item, end, count] = [this.#code, this.#item, this.#end, this.#count]
    code
      .get(item, end)
      .op('i32.lt_u')
      .when(() => {
        code.loop((again) => {
          code.get(end, item).op('i32.sub').set(count)
          atMost(code, count, count, grain)
          for (const a of given) argument(code, a, item, count, block, this.#scratch)
          code.call(kernel)
          code.get(item, count).op('i32.add').tee(item).get(end).op('i32.lt_u')
          again()
        })
      })
  }

  /** All items at once. */
  #whole(step: Step, block: Block | null): void {
    const [code, item, end] = [this.#code, this.#item, this.#end]
    code.i32(0).set(item).i32(step.items).set(end)
    if (step.items > step.grain) {
      this.#grains(step, block)
      return
    }
    code.get(end).set(this.#count)
    for (const a of step.arguments) argument(code, a, item, this.#count, block, this.#scratch)
    code.call(step.kernel)
  }

  /** Sets item and end to this thread's share of `items`, a whole number of units. */
  #shareOf(items: number, unit: number): void {
    const [code, item, end, share, thread, threads] = [
      this.#code,
      this.#item,
      this.#end,
      this.#share,
      this.#thread,
      this.#threads,
    ]
    code
      .i32(Math.ceil(items / unit) - 1)
      .get(threads)
      .op('i32.add')
      .get(threads)
      .op('i32.div_u')
    times(code, unit).set(share)
    code.get(thread, share).op('i32.mul').tee(item).get(share).op('i32.add').set(end)
    atMost(code, end, end, items)
  }

  /** Steps in any order. Those too small to be cut go to thread 0 or, if there is enough of them, to each thread in turn. */
  steps(steps: ReadonlyArray<Step>, block: Block | null): void {
    const code = this.#code
    const small = steps.filter((step) => isSmall(step, this.#shared))
    const spread = isSpread(small, this.#shared)
    small.forEach((step, i) => {
      if (spread) code.i32(i).get(this.#threads).op('i32.rem_u').get(this.#thread).op('i32.eq')
      else code.get(this.#thread).op('i32.eqz')
      code.when(() => this.#whole(step, block))
    })
    for (const step of steps) {
      if (step.items === 0 || small.includes(step)) continue
      this.#shareOf(step.items, step.unit)
      this.#grains(step, block)
    }
  }

  band({ rows, block: height, along, across }: Band): void {
    const code = this.#code
    const block: Block = { first: code.local('i32'), rows: code.local('i32'), turn: code.local('i32') }
    const [from, to] = [code.local('i32'), code.local('i32')]
    code.i32(0).set(block.first)
    code.loop((again) => {
      code.i32(rows).get(block.first).op('i32.sub').set(block.rows)
      atMost(code, block.rows, block.rows, height)
      // The same share of every block, though the last is shorter: what a thread wrote only it may overwrite.
      this.#shareOf(height, UNIT)
      least(code, from, this.#item, block.rows)
      least(code, to, this.#end, block.rows)
      for (const step of along) {
        code.get(from).set(this.#item).get(to).set(this.#end)
        this.#grains(step, block)
      }
      if (across.length > 0) this.#barrier(code, this.#threads)
      this.steps(across, block)
      code.i32(1).get(block.turn).op('i32.sub').set(block.turn)
      code.get(block.first).i32(height).op('i32.add').tee(block.first).i32(rows).op('i32.lt_u')
      again()
    })
  }
}

/**
 * The whole plan as one function of the number of this thread and of how many there are: every thread runs it, does its share of
 * each step, and waits for the others before the next stage, and at the end.
 */
export const emitRun = (
  module: Module,
  name: string,
  parts: ReadonlyArray<Part>,
  {
    barrier,
    scratch,
    shared,
  }: { readonly barrier: Barrier; readonly scratch: number; readonly shared: number },
): Func =>
  module.function(name, ['i32', 'i32'], [], (code) => {
    const run = new Run(code, barrier, scratch, shared)
    parts.forEach((part, i) => {
      if (part.kind === 'stage') run.steps(part.steps, null)
      else run.band(part)
      const next = parts[i + 1]
      // What thread 0 does alone and goes on with alone, nobody waits for.
      if (next === undefined || isShared(part, shared) || isShared(next, shared)) barrier(code, code.param(1))
    })
  })
