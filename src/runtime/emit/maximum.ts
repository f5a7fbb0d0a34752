import type { Code, Func, Local } from '../assembler/code.js'
import type { Module } from '../assembler/module.js'
import { across } from './columns.js'
import { advance, atMost, copyOf, place, repeat, sweep, whenBit, whole } from './loop.js'
import type { Rows } from './sum.js'

/** Rows compared before the next columns are. */
const DEPTH = 256

/**
 * Maxima over the middle of outer times count times inner: parameters `outer, count, x, out, onward`. They begin with
 * $-\infty$ or, if `onward` is not zero, with what `out` holds. A NaN wins, and `0` over `-0`, so no order matters.
 */
export const emitMax = (module: Module, name: string, { inner }: Rows): Func =>
  module.function(name, ['i32', 'i32', 'i32', 'i32', 'i32'], [], (code) => {
    const [outer, count, x, out, onward] = [0, 1, 2, 3, 4].map((i) => code.param(i)) as Five
    const [left, part] = [code.local('i32'), code.local('i32')]
    code
      .get(onward)
      .op('i32.eqz')
      .when(() => {
        const [end, at] = [code.local('i32'), copyOf(code, out)]
        place(code, end, out, outer, 8 * inner)
        sweep(code, at, end, 8, () => {
          code.get(at).f64(Number.NEGATIVE_INFINITY).memory('f64.store')
        })
      })
    repeat(code, outer, () => {
      code
        .get(count)
        .tee(left)
        .when(() => {
          code.loop((again) => {
            atMost(code, part, left, DEPTH)
            if (inner === 1) alongRow(code, part, x, out)
            else downColumns(code, inner, part, x, out)
            place(code, x, x, part, 8 * inner)
            code.get(left, part).op('i32.sub').tee(left)
            again()
          })
        })
      advance(code, out, 8 * inner)
    })
  })

type Five = [Local, Local, Local, Local, Local]

const downColumns = (code: Code, inner: number, rows: Local, x: Local, out: Local): void => {
  const [row, end, largest] = [code.local('i32'), code.local('i32'), code.local('v128')]
  const column = copyOf(code, x)
  const to = copyOf(code, out)
  across(code, inner, [to, column], ({ load, store }) => {
    code.get(to)
    load()
    code.set(largest)
    code.get(column).set(row)
    place(code, end, row, rows, 8 * inner)
    sweep(code, row, end, 8 * inner, () => {
      code.get(largest, row)
      load()
      code.simd('f64x2.max').set(largest)
    })
    code.get(to, largest)
    store()
  })
}

const alongRow = (code: Code, count: Local, x: Local, out: Local): void => {
  const [end, largest] = [code.local('i32'), code.local('v128')]
  const at = copyOf(code, x)
  code.get(out).memory('v128.load64_splat').set(largest)
  whole(code, end, count, 2)
  place(code, end, at, end, 8)
  const take = (load: 'v128.load' | 'v128.load64_splat'): void => {
    code.get(largest, at).memory(load).simd('f64x2.max').set(largest)
  }
  sweep(code, at, end, 16, () => take('v128.load'))
  whenBit(code, count, 1, () => take('v128.load64_splat'))
  code.get(out)
  for (const lane of [0, 1] as const) code.get(largest).lane('f64x2.extract_lane', lane)
  code.op('f64.max').memory('f64.store')
}
