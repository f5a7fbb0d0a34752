import type { Code, Func, Local } from '../assembler/code.js'
import type { Module } from '../assembler/module.js'
import { copyRow } from './indexed.js'
import { advance, copyOf, place, repeat, sweep, whole } from './loop.js'
import { type Turned, turn } from './turn.js'

/** One axis of a copy; strides in elements. */
export interface Axis {
  readonly extent: number
  readonly from: number
  readonly to: number
}

export interface CopySpec {
  /** Bytes of an element. */
  readonly element: 4 | 8
  /** The first axis, whose extent is given with each call. */
  readonly rows: Omit<Axis, 'extent'>
  readonly axes: ReadonlyArray<Axis>
}

/** An axis in bytes; the extent of one that is known only when the kernel runs is in `count`. */
interface Loop extends Axis {
  readonly count?: Local
}

/**
 * Copies an array along strides: parameters `count, from, to`, `count` the extent of the first axis. It is a transpose, a repetition
 * (stride 0), a block cut out or put in; what is contiguous on both sides is copied as one run. The two arrays do not overlap.
 */
export const emitCopy = (module: Module, name: string, { element, rows, axes }: CopySpec): Func =>
  module.function(name, ['i32', 'i32', 'i32'], [], (code) => {
    const [count, from, to] = [0, 1, 2].map((i) => code.param(i)) as [Local, Local, Local]
    if (axes.some(({ extent }) => extent === 0)) return
    const inner = merged(axes.map((axis) => inBytes(axis, element)))
    const first = { ...inBytes({ extent: 1, ...rows }, element), count }
    const [next, ...rest] = inner
    // Rows that follow one another on both sides are one long run.
    const loops =
      next !== undefined && follows(first, next)
        ? [{ ...next, count: times(code, count, next.extent) }, ...rest]
        : [first, ...inner]
    nest(code, from, to, ordered(loops, element), element)
  })

/**
 * Sets `count` doubles to one number: parameters `count, to`.
 */
export const emitFill = (module: Module, name: string, value: number): Func =>
  module.function(name, ['i32', 'i32'], [], (code) => {
    const [count, to] = [code.param(0), code.param(1)]
    const v = code.local('v128')
    code.f64x2(value).set(v)
    fill(code, to, count, v)
  })

const inBytes = ({ extent, from, to }: Axis, element: number): Axis => ({
  extent,
  from: from * element,
  to: to * element,
})

const follows = (outer: Axis, inner: Axis): boolean =>
  outer.from === inner.extent * inner.from && outer.to === inner.extent * inner.to

const times = (code: Code, count: Local, factor: number): Local => {
  const product = code.local('i32')
  code.get(count).i32(factor).op('i32.mul').set(product)
  return product
}

/** Without axes of one element, and with neighbours joined that are one axis on both sides. */
const merged = (axes: ReadonlyArray<Axis>): ReadonlyArray<Axis> => {
  const joined: Axis[] = []
  for (const axis of axes) {
    const last = joined[joined.length - 1]
    if (axis.extent === 1) continue
    if (last !== undefined && follows(last, axis))
      joined[joined.length - 1] = { ...axis, extent: last.extent * axis.extent }
    else joined.push(axis)
  }
  return joined
}

/**
 * The loops with the best ones innermost: what is written side by side, and before it, if that is not read side by side, what is.
 * The order is nothing to the result.
 */
const ordered = (loops: ReadonlyArray<Loop>, element: 4 | 8): ReadonlyArray<Loop> => {
  const written = loops.find(({ to }) => to === element)
  if (written === undefined) return loops
  const read = loops.find((loop) => loop.from === element && loop !== written)
  const last = read === undefined || written.from === element ? [written] : [read, written]
  return [...loops.filter((loop) => !last.includes(loop)), ...last]
}

const nest = (code: Code, from: Local, to: Local, loops: ReadonlyArray<Loop>, element: 4 | 8): void => {
  const [outer, next, ...rest] = loops
  if (outer === undefined) return
  if (next === undefined) {
    run(code, from, to, outer, element)
    return
  }
  if (rest.length === 0 && element === 8 && outer.from === 8 && next.to === 8 && next.from !== 0) {
    const side = (loop: Loop, stride: number): Turned => ({ count: countOf(code, loop), stride })
    turn(code, from, to, side(outer, outer.to), side(next, next.from))
    return
  }
  const [f, t, count] = [copyOf(code, from), copyOf(code, to), countOf(code, outer)]
  repeat(code, count, () => {
    nest(code, f, t, [next, ...rest], element)
    advance(code, f, outer.from)
    advance(code, t, outer.to)
  })
}

/** The extent of a loop in a new local, that may be counted down. */
const countOf = (code: Code, { extent, count }: Loop): Local => {
  if (count !== undefined) return copyOf(code, count)
  const local = code.local('i32')
  code.i32(extent).set(local)
  return local
}

const run = (code: Code, from: Local, to: Local, loop: Loop, element: 4 | 8): void => {
  if (loop.to === element && loop.from === element) {
    if (loop.count === undefined) copyRow(code, loop.extent * element, from, to)
    else code.get(to, from, loop.count).i32(element).op('i32.mul').copyBytes()
    return
  }
  const count = countOf(code, loop)
  const t = copyOf(code, to)
  if (loop.to === 8 && loop.from === 0 && element === 8) {
    const v = code.local('v128')
    // Nothing is read where nothing is written.
    code.get(count).when(() => {
      code.get(from).memory('v128.load64_splat').set(v)
      fill(code, t, count, v)
    })
    return
  }
  const f = copyOf(code, from)
  const [load, store] =
    element === 8 ? (['f64.load', 'f64.store'] as const) : (['i32.load', 'i32.store'] as const)
  repeat(code, count, () => {
    code.get(t, f).memory(load).memory(store)
    advance(code, f, loop.from)
    advance(code, t, loop.to)
  })
}

/** Stores `count` doubles that are the lanes of `v`, from `to` on, which moves. */
const fill = (code: Code, to: Local, count: Local, v: Local): void => {
  const end = code.local('i32')
  whole(code, end, count, 2)
  place(code, end, to, end, 8)
  sweep(code, to, end, 16, () => {
    code.get(to, v).memory('v128.store')
  })
  code
    .get(count)
    .i32(1)
    .op('i32.and')
    .when(() => {
      code.get(to, v).storeLane(0)
    })
}
