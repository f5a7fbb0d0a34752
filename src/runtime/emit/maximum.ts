import type { Code, Func, Local } from '../assembler/code.js'
import type { Module } from '../assembler/module.js'
import { across, depthOf } from './columns.js'
import { advance, atMost, copyOf, place, repeat, sweep, whenBit, whole } from './loop.js'
import type { Rows } from './sum.js'

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
            atMost(code, part, left, depthOf(inner))
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

/** Comparisons under way at a time: one takes many cycles. */
const CHAINS = 4

/**
 * Takes `count` vectors, `step` bytes apart from `from` on, into the maximum that is in `largest`. `load` loads one of them.
 */
const largestOf = (
  code: Code,
  { from, count, step, largest }: { from: Local; count: Local; step: number; largest: Local },
  load: (offset?: number) => void,
): void => {
  const [at, end] = [copyOf(code, from), code.local('i32')]
  const chains = Array.from({ length: CHAINS }, () => code.local('v128'))
  for (const chain of chains) code.get(largest).set(chain)
  whole(code, end, count, CHAINS)
  place(code, end, at, end, step)
  sweep(code, at, end, CHAINS * step, () => {
    chains.forEach((chain, i) => {
      code.get(chain, at)
      load(i * step)
      code.simd('f64x2.max').set(chain)
    })
  })
  for (const chain of chains) code.get(largest, chain).simd('f64x2.max').set(largest)
  place(code, end, from, count, step)
  sweep(code, at, end, step, () => {
    code.get(largest, at)
    load()
    code.simd('f64x2.max').set(largest)
  })
}

const downColumns = (code: Code, inner: number, rows: Local, x: Local, out: Local): void => {
  const largest = code.local('v128')
  const column = copyOf(code, x)
  const to = copyOf(code, out)
  across(code, inner, [to, column], ({ load, store }) => {
    code.get(to)
    load()
    code.set(largest)
    largestOf(code, { from: column, count: rows, step: 8 * inner, largest }, load)
    code.get(to, largest)
    store()
  })
}

const alongRow = (code: Code, count: Local, x: Local, out: Local): void => {
  const [pairs, at, largest] = [code.local('i32'), code.local('i32'), code.local('v128')]
  code.get(out).memory('v128.load64_splat').set(largest)
  code.get(count).i32(1).op('i32.shr_u').set(pairs)
  largestOf(code, { from: x, count: pairs, step: 16, largest }, (offset) => code.memory('v128.load', offset))
  whenBit(code, count, 1, () => {
    place(code, at, x, pairs, 16)
    code.get(largest, at).memory('v128.load64_splat').simd('f64x2.max').set(largest)
  })
  code.get(out)
  for (const lane of [0, 1] as const) code.get(largest).lane('f64x2.extract_lane', lane)
  code.op('f64.max').memory('f64.store')
}
