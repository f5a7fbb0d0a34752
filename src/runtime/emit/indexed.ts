import type { Code, Func, Local } from '../assembler/code.js'
import type { Module } from '../assembler/module.js'
import { across } from './columns.js'
import { advance, copyOf, place, sweep } from './loop.js'

// Every kernel here takes the address of a flag. An index that does not address one of `limit` rows is passed over and sets the flag to
// one, so that nothing is read or written out of bounds; who calls then finds the index for the message.

/** Does `body` for every index of an array of `count`, with `index` set, where it is below `limit`. */
const eachIndex = (
  code: Code,
  { count, indices, limit, flag }: { count: Local; indices: Local; limit: number; flag: Local },
  body: (index: Local) => void,
  always: () => void,
): void => {
  const [end, index] = [code.local('i32'), code.local('i32')]
  place(code, end, indices, count, 4)
  sweep(code, indices, end, 4, () => {
    code
      .get(indices)
      .memory('i32.load')
      .tee(index)
      .i32(limit)
      .op('i32.lt_u')
      .when(
        () => body(index),
        () => {
          code.get(flag).i32(1).memory('i32.store')
        },
      )
    always()
  })
}

/** Sets `target` to row `index` of an array whose rows have `bytes`. */
const rowAt = (code: Code, target: Local, array: Local, index: Local, bytes: number): void =>
  place(code, target, array, index, bytes)

export interface GatherSpec {
  /** Rows of what is read. */
  readonly limit: number
  /** Elements of a row. */
  readonly width: number
  /** Bytes of an element. */
  readonly element: 4 | 8
}

/** Rows of `x` by their numbers: parameters `count, x, indices, out, flag`. */
export const emitGather = (module: Module, name: string, { limit, width, element }: GatherSpec): Func =>
  module.function(name, ['i32', 'i32', 'i32', 'i32', 'i32'], [], (code) => {
    const [count, x, indices, out, flag] = [0, 1, 2, 3, 4].map((i) => code.param(i)) as Five
    const from = code.local('i32')
    const bytes = width * element
    eachIndex(
      code,
      { count, indices, limit, flag },
      (index) => {
        rowAt(code, from, x, index, bytes)
        copyRow(code, bytes, from, out)
      },
      () => advance(code, out, bytes),
    )
  })

type Five = [Local, Local, Local, Local, Local]

/** Copies `bytes`, a multiple of four. Short rows are copied without a loop, long ones by the engine. */
export const copyRow = (code: Code, bytes: number, from: Local, to: Local): void => {
  if (bytes > 256) {
    code.get(to, from).i32(bytes).copyBytes()
    return
  }
  let at = 0
  for (; at + 16 <= bytes; at += 16) code.get(to, from).memory('v128.load', at).memory('v128.store', at)
  for (; at + 8 <= bytes; at += 8) code.get(to, from).memory('f64.load', at).memory('f64.store', at)
  if (at < bytes) code.get(to, from).memory('i32.load', at).memory('i32.store', at)
}

export interface ScatterSpec {
  /** Rows of what is written. */
  readonly limit: number
  /** Doubles of a row. */
  readonly width: number
}

/**
 * Adds row `i` of `x` to row `indices[i]`, in the order of `i`: parameters `count, x, indices, out, flag, onward`. `out` begins with
 * zeros or, if `onward` is not zero, with what it holds.
 */
export const emitScatterAdd = (module: Module, name: string, { limit, width }: ScatterSpec): Func =>
  module.function(name, ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], [], (code) => {
    const [count, x, indices, out, flag] = [0, 1, 2, 3, 4].map((i) => code.param(i)) as Five
    const [from, to] = [code.local('i32'), code.local('i32')]
    clearUnless(code, code.param(5), () => {
      code
        .get(out)
        .i32(0)
        .i32(8 * width * limit)
        .fillBytes()
    })
    eachIndex(
      code,
      { count, indices, limit, flag },
      (index) => {
        rowAt(code, to, out, index, 8 * width)
        code.get(x).set(from)
        across(code, width, [to, from], ({ load, store }) => {
          code.get(to, to)
          load()
          code.get(from)
          load()
          code.simd('f64x2.add')
          store()
        })
      },
      () => advance(code, x, 8 * width),
    )
  })

const clearUnless = (code: Code, onward: Local, clear: () => void): void => {
  code.get(onward).op('i32.eqz').when(clear)
}

export interface PickSpec {
  readonly columns: number
}

/** Column `labels[i]` of row `i` of `x`: parameters `count, x, labels, out, flag`. */
export const emitPick = (module: Module, name: string, { columns }: PickSpec): Func =>
  module.function(name, ['i32', 'i32', 'i32', 'i32', 'i32'], [], (code) => {
    const [count, x, labels, out, flag] = [0, 1, 2, 3, 4].map((i) => code.param(i)) as Five
    const from = code.local('i32')
    eachIndex(
      code,
      { count, indices: labels, limit: columns, flag },
      (label) => {
        rowAt(code, from, x, label, 8)
        code.get(out, from).memory('f64.load').memory('f64.store')
      },
      () => {
        advance(code, x, 8 * columns)
        advance(code, out, 8)
      },
    )
  })

/** Element `i` of `x` in column `labels[i]` of row `i`, zeros elsewhere: parameters `count, x, labels, out, flag`. */
export const emitPlace = (module: Module, name: string, { columns }: PickSpec): Func =>
  module.function(name, ['i32', 'i32', 'i32', 'i32', 'i32'], [], (code) => {
    const [count, x, labels, out, flag] = [0, 1, 2, 3, 4].map((i) => code.param(i)) as Five
    const row = copyOf(code, out)
    const to = code.local('i32')
    code
      .get(out)
      .i32(0)
      .get(count)
      .i32(8 * columns)
      .op('i32.mul')
      .fillBytes()
    eachIndex(
      code,
      { count, indices: labels, limit: columns, flag },
      (label) => {
        rowAt(code, to, row, label, 8)
        code.get(to, x).memory('f64.load').memory('f64.store')
      },
      () => {
        advance(code, x, 8)
        advance(code, row, 8 * columns)
      },
    )
  })
