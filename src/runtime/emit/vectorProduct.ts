import type { Code, Func, Local } from '../assembler/code.js'
import type { Module } from '../assembler/module.js'
import { advance, copyOf, place, sweep, whenBit, whole } from './loop.js'

type Six = [Local, Local, Local, Local, Local, Local]

/**
 * $y = A x$ or $y \mathrel{+}= A x$ for a matrix stored by rows, `stride` doubles apart: parameters `m, k, a, x, y, onward`. Lanes are
 * rows, so that the sum of each goes strictly in the order of the inner index; where the module is fused they are two sums of one row.
 * `y` overlaps neither `a` nor `x`.
 */
export const emitMatrixVector = (
  module: Module,
  name: string,
  { stride }: { readonly stride: number },
): Func =>
  module.function(name, ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], [], (code) => {
    const [m, k, a, x, y, onward] = [0, 1, 2, 3, 4, 5].map((i) => code.param(i)) as Six
    const [stop, rest, pairsEnd] = [code.local('i32'), code.local('i32'), code.local('i32')]
    const row = 8 * stride
    whole(code, pairsEnd, k, 2)
    place(code, pairsEnd, x, pairsEnd, 8)
    const [write, tallest] = module.fused ? [dotsAlong, TALLEST_ALONG] : [dots, TALLEST]
    const rows = (height: number): void => {
      write(code, { height, row, a, x, pairsEnd, y, k, onward })
      advance(code, a, height * row)
    }
    code.get(m).i32(tallest).op('i32.rem_u').set(rest)
    code.get(m, rest).op('i32.sub').set(stop)
    place(code, stop, y, stop, 8)
    sweep(code, y, stop, 8 * tallest, () => rows(tallest))
    for (const height of [4, 2, 1].filter((h) => h < tallest))
      whenBit(code, rest, height, () => {
        rows(height)
        advance(code, y, 8 * height)
      })
  })

/** Rows at a time: as many as fit the registers, where all loads of a step come before its arithmetic. */
const TALLEST = 8
/** Where every row has a vector of its own. */
const TALLEST_ALONG = 6

interface Dots {
  readonly height: number
  readonly row: number
  readonly a: Local
  readonly x: Local
  readonly pairsEnd: Local
  readonly y: Local
  readonly k: Local
  readonly onward: Local
}

/** The sums of `height` rows. Two rows by two inner steps are multiplied as they are stored and turned afterwards. */
const dots = (code: Code, { height, row, a, x, pairsEnd, y, k, onward }: Dots): void => {
  const alone = height === 1
  const sums = Array.from({ length: (height + 1) >> 1 }, () => code.local('v128'))
  const [v, first, second] = [code.local('v128'), code.local('v128'), code.local('v128')]
  const load = alone ? 'v128.load64_zero' : 'v128.load'
  code.get(onward).when(
    () => {
      sums.forEach((sum, i) => {
        code
          .get(y)
          .memory(load, 16 * i)
          .set(sum)
      })
    },
    () => {
      for (const sum of sums) code.f64x2(0).set(sum)
    },
  )
  const p = copyOf(code, a)
  const q = copyOf(code, x)
  sweep(code, q, pairsEnd, 16, () => {
    code.get(q).memory('v128.load').set(v)
    sums.forEach((sum, i) => {
      code
        .get(p)
        .memory('v128.load', 2 * i * row)
        .get(v)
        .simd('f64x2.mul')
        .set(first)
      if (!alone)
        code
          .get(p)
          .memory('v128.load', (2 * i + 1) * row)
          .get(v)
          .simd('f64x2.mul')
          .set(second)
      // A row alone is summed in the first lane; the other repeats it and is dropped.
      const other = alone ? first : second
      code.get(sum, first, other).shuffle(0, 2).simd('f64x2.add')
      code.get(first, other).shuffle(1, 3).simd('f64x2.add').set(sum)
    })
    advance(code, p, 16)
  })
  whenBit(code, k, 1, () => {
    code.get(q).memory('v128.load64_splat').set(v)
    sums.forEach((sum, i) => {
      code
        .get(p)
        .memory('v128.load64_zero', 2 * i * row)
        .set(first)
      if (!alone)
        code
          .get(p, first)
          .loadLane(1, (2 * i + 1) * row)
          .set(first)
      code.addProduct(sum, () => code.get(first, v))
    })
  })
  sums.forEach((sum, i) => {
    code.get(y, sum)
    if (alone) code.storeLane(0)
    else code.memory('v128.store', 16 * i)
  })
}

/** The sums of `height` rows where their order is free: each row has a vector of its own, whose lanes are added at the end. */
const dotsAlong = (code: Code, { height, row, a, x, pairsEnd, y, k, onward }: Dots): void => {
  const sums = Array.from({ length: height }, () => code.local('v128'))
  const [v, total] = [code.local('v128'), code.local('v128')]
  for (const sum of sums) code.f64x2(0).set(sum)
  const p = copyOf(code, a)
  const q = copyOf(code, x)
  const step = (load: 'v128.load' | 'v128.load64_zero'): void => {
    code.get(q).memory(load).set(v)
    sums.forEach((sum, i) => {
      code.addProduct(sum, () =>
        code
          .get(p)
          .memory(load, i * row)
          .get(v),
      )
    })
  }
  sweep(code, q, pairsEnd, 16, () => {
    step('v128.load')
    advance(code, p, 16)
  })
  whenBit(code, k, 1, () => step('v128.load64_zero'))
  for (let i = 0; i < height; i += 2) {
    const first = sums[i] as Local
    const second = sums[i + 1] ?? first
    const load = height === 1 ? 'v128.load64_zero' : 'v128.load'
    code.get(first, second).shuffle(0, 2).get(first, second).shuffle(1, 3).simd('f64x2.add').set(total)
    code.get(onward).when(() => {
      code
        .get(total, y)
        .memory(load, 8 * i)
        .simd('f64x2.add')
        .set(total)
    })
    code.get(y, total)
    if (height === 1) code.storeLane(0)
    else code.memory('v128.store', 8 * i)
  }
}

/**
 * $y = A^\top x$ or $y \mathrel{+}= A^\top x$ for a matrix stored by rows, `stride` doubles apart: parameters `m, k, a, x, y, onward`,
 * `m` its columns and the length of `y`, `k` its rows. Row after row is added to `y`, several in one pass, each in its turn. `y` overlaps
 * neither `a` nor `x`.
 */
export const emitTransposedMatrixVector = (
  module: Module,
  name: string,
  { stride }: { readonly stride: number },
): Func =>
  module.function(name, ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], [], (code) => {
    const [m, k, a, x, y, onward] = [0, 1, 2, 3, 4, 5].map((i) => code.param(i)) as Six
    const [stop, pairsEnd] = [code.local('i32'), code.local('i32')]
    const row = 8 * stride
    whole(code, pairsEnd, m, 2)
    place(code, pairsEnd, y, pairsEnd, 8)
    code
      .get(onward)
      .op('i32.eqz')
      .when(() => {
        code.get(y).i32(0).get(m).i32(8).op('i32.mul').fillBytes()
      })
    const rows = (height: number): void => {
      updates(code, { height, row, a, x, y, pairsEnd, m })
      advance(code, a, height * row)
    }
    whole(code, stop, k, DEEPEST)
    place(code, stop, x, stop, 8)
    sweep(code, x, stop, 8 * DEEPEST, () => rows(DEEPEST))
    for (let height = DEEPEST >> 1; height > 0; height >>= 1)
      whenBit(code, k, height, () => {
        rows(height)
        advance(code, x, 8 * height)
      })
  })

/** Rows added in one pass over `y`: their factors stay in registers. */
const DEEPEST = 4

interface Updates {
  readonly height: number
  readonly row: number
  readonly a: Local
  readonly x: Local
  readonly y: Local
  readonly pairsEnd: Local
  readonly m: Local
}

const updates = (code: Code, { height, row, a, x, y, pairsEnd, m }: Updates): void => {
  const factors = Array.from({ length: height }, () => code.local('v128'))
  factors.forEach((factor, i) => {
    code
      .get(x)
      .memory('v128.load64_splat', 8 * i)
      .set(factor)
  })
  const sum = code.local('v128')
  const p = copyOf(code, a)
  const q = copyOf(code, y)
  const column = (load: 'v128.load' | 'v128.load64_zero'): void => {
    code.get(q).memory(load).set(sum)
    factors.forEach((factor, i) => {
      code.addProduct(sum, () =>
        code
          .get(p)
          .memory(load, i * row)
          .get(factor),
      )
    })
  }
  sweep(code, q, pairsEnd, 16, () => {
    column('v128.load')
    code.get(q, sum).memory('v128.store')
    advance(code, p, 16)
  })
  whenBit(code, m, 1, () => {
    column('v128.load64_zero')
    code.get(q, sum).storeLane(0)
  })
}
