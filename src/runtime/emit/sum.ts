import { BLOCK } from '../../numeric/sum.js'
import type { Code, Func, Local } from '../assembler/code.js'
import type { Module } from '../assembler/module.js'
import { across, depthOf } from './columns.js'
import { advance, atMost, copyOf, place, repeat, sweep, whole } from './loop.js'

/** Accumulators of a block: row `i` goes to accumulator `i mod 8`. */
const GROUPS = 8
/** A kernel over rows of `inner` doubles, one after another. */
export interface Rows {
  readonly inner: number
}

/** Doubles that {@link emitSum} wants as scratch: the accumulators of a block, and the sums of the blocks. */
export const sumScratch = (count: number, { inner }: Rows): number =>
  inner * (GROUPS + Math.max(Math.ceil(count / BLOCK), 1))

/**
 * Adds rows to the accumulators of a block: parameters `rows, start, x, state`. `state` holds eight rows, zero before the first call;
 * `start` is the number of rows of the block that came before. A block so may be summed while it is produced, piece by piece.
 */
export const emitSumOnward = (module: Module, name: string, { inner }: Rows): Func =>
  module.function(name, ['i32', 'i32', 'i32', 'i32'], [], (code) => {
    const [rows, start, x, state] = [0, 1, 2, 3].map((i) => code.param(i)) as Four
    const [groups, part, rest] = [code.local('i32'), code.local('i32'), code.local('i32')]
    const [phase, sum] = [code.local('i32'), code.local('i32')]
    const single = (): void => {
      place(code, sum, state, phase, 8 * inner)
      across(code, inner, [sum, x], ({ load, store }) => {
        code.get(sum, sum)
        load()
        code.get(x)
        load()
        code.simd('f64x2.add')
        store()
      })
      code
        .get(phase)
        .i32(1)
        .op('i32.add')
        .i32(GROUPS - 1)
        .op('i32.and')
        .set(phase)
    }
    code
      .get(start)
      .i32(GROUPS - 1)
      .op('i32.and')
      .set(phase)
    code.block((leave) => {
      code.loop((again) => {
        code.get(rows).op('i32.eqz')
        leave()
        code.get(phase).op('i32.eqz')
        leave()
        single()
        advance(code, rows, -1)
        code.i32(1)
        again()
      })
    })
    whole(code, groups, rows, GROUPS)
    code.get(rows, groups).op('i32.sub').set(rest)
    code.get(groups).when(() => {
      code.loop((again) => {
        atMost(code, part, groups, depthOf(inner))
        wholeGroups(code, inner, x, state, part)
        place(code, x, x, part, 8 * inner)
        code.get(groups, part).op('i32.sub').tee(groups)
        again()
      })
    })
    repeat(code, rest, single)
  })

type Four = [Local, Local, Local, Local]

/** Adds `rows` rows, a multiple of eight, to all eight accumulators. */
const wholeGroups = (code: Code, inner: number, x: Local, state: Local, rows: Local): void => {
  const [row, end] = [code.local('i32'), code.local('i32')]
  // Accumulators that are single doubles lie side by side, so that four vectors hold them.
  const lanes = inner === 1 ? 2 : 1
  const sums = Array.from({ length: GROUPS / lanes }, () => code.local('v128'))
  const at = (i: number): number => 8 * inner * lanes * i
  const sum = copyOf(code, state)
  const column = copyOf(code, x)
  across(code, inner * lanes, [sum, column], ({ load, store }) => {
    sums.forEach((s, i) => {
      code.get(sum)
      load(at(i))
      code.set(s)
    })
    code.get(column).set(row)
    place(code, end, row, rows, 8 * inner)
    sweep(code, row, end, 8 * inner * GROUPS, () => {
      sums.forEach((s, i) => {
        code.get(s, row)
        load(at(i))
        code.simd('f64x2.add').set(s)
      })
    })
    sums.forEach((s, i) => {
      code.get(sum, s)
      store(at(i))
    })
  })
}

/** The sum of a block from its eight accumulators: parameters `state, out`. */
export const emitSumFinish = (module: Module, name: string, { inner }: Rows): Func =>
  module.function(name, ['i32', 'i32'], [], (code) => {
    const [state, out] = [code.param(0), code.param(1)]
    across(code, inner, [state, out], ({ load, store }) => {
      const a = (i: number): void => {
        code.get(state)
        load(8 * inner * i)
      }
      const four = (i: number): void => {
        a(i)
        a(i + 4)
        code.simd('f64x2.add')
        a(i + 2)
        a(i + 6)
        code.simd('f64x2.add').simd('f64x2.add')
      }
      code.get(out)
      four(0)
      four(1)
      code.simd('f64x2.add')
      store()
    })
  })

/**
 * Adds rows, the sums of blocks, in pairs until one is left: parameters `count, level, out`. What stood at `level` is lost. No rows
 * at all give zeros.
 */
export const emitPairwise = (module: Module, name: string, { inner }: Rows): Func =>
  module.function(name, ['i32', 'i32', 'i32'], [], (code) => {
    const [count, level, out] = [0, 1, 2].map((i) => code.param(i)) as [Local, Local, Local]
    const [half, from, to] = [code.local('i32'), code.local('i32'), code.local('i32')]
    const row = 8 * inner
    const copyRow = (target: Local, source: Local): void => {
      code.get(target, source).i32(row).copyBytes()
    }
    code
      .get(count)
      .op('i32.eqz')
      .when(() => {
        code.get(out).i32(0).i32(row).fillBytes()
        code.op('return')
      })
    code.block((leave) => {
      code.loop((again) => {
        code.get(count).i32(1).op('i32.eq')
        leave()
        code.get(count).i32(1).op('i32.shr_u').set(half)
        code.get(level).tee(from).set(to)
        repeat(code, half, () => {
          across(code, inner, [to, from], ({ load, store }) => {
            code.get(to, from)
            load()
            code.get(from)
            load(row)
            code.simd('f64x2.add')
            store()
          })
          advance(code, from, row)
        })
        // An odd last row moves up as it is.
        code
          .get(count)
          .i32(1)
          .op('i32.and')
          .when(() => copyRow(to, from))
        code.get(count).i32(1).op('i32.add').i32(1).op('i32.shr_u').set(count)
        code.i32(1)
        again()
      })
    })
    copyRow(out, level)
  })

/**
 * Sums over the middle of outer times count times inner, in the order of `numeric/sum`: parameters `outer, count, x, out, scratch`;
 * {@link sumScratch} tells how much.
 */
export const emitSum = (module: Module, name: string, { inner }: Rows): Func => {
  const onward = emitSumOnward(module, `${name}.onward`, { inner })
  const finish = emitSumFinish(module, `${name}.finish`, { inner })
  const pairwise = emitPairwise(module, `${name}.pairwise`, { inner })
  const row = 8 * inner
  return module.function(name, ['i32', 'i32', 'i32', 'i32', 'i32'], [], (code) => {
    const [outer, count, x, out, state] = [0, 1, 2, 3, 4].map((i) => code.param(i)) as [...Four, Local]
    const [left, part, level, blocks] = [0, 1, 2, 3].map(() => code.local('i32')) as Four
    const levels = copyOf(code, state)
    advance(code, levels, GROUPS * row)
    repeat(code, outer, () => {
      code.get(count).set(left)
      code.get(levels).set(level)
      code.i32(0).set(blocks)
      // An empty block has a sum as well.
      code.loop((again) => {
        atMost(code, part, left, BLOCK)
        code
          .get(state)
          .i32(0)
          .i32(GROUPS * row)
          .fillBytes()
        code.get(part).i32(0).get(x, state).call(onward)
        code.get(state, level).call(finish)
        place(code, x, x, part, row)
        advance(code, level, row)
        advance(code, blocks, 1)
        code.get(left, part).op('i32.sub').tee(left)
        again()
      })
      code.get(blocks, levels, out).call(pairwise)
      advance(code, out, row)
    })
  })
}
