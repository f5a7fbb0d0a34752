import type { Code, Func, Local } from '../assembler/code.js'
import type { Module } from '../assembler/module.js'
import { advance, copyOf, repeat } from './loop.js'

// Lanes are elements whose sums do not wait for each other: rows of one column of the factor, right-hand sides of a system.

/** Doubles at a time: four vectors. */
const WIDEST = 8

const loadOf = (width: number): 'v128.load' | 'v128.load64_zero' =>
  width === 1 ? 'v128.load64_zero' : 'v128.load'

/** Does `body` for `count` items from `address` on, which moves: {@link WIDEST} at a time, then fewer. */
const inChunks = (
  code: Code,
  count: Local,
  body: (width: 1 | 2 | 4 | 8) => void,
  move: (width: number) => void,
): void => {
  const many = code.local('i32')
  code.get(count).i32(WIDEST).op('i32.div_u').set(many)
  repeat(code, many, () => {
    body(WIDEST)
    move(WIDEST)
  })
  for (const width of [4, 2, 1] as const)
    code
      .get(count)
      .i32(width)
      .op('i32.and')
      .when(() => {
        body(width)
        move(width)
      })
}

/** Sums of products over `known` steps: a number from `scalar` times a vector from `vectors`, addresses in steps of bytes. */
const sumsOf = (
  code: Code,
  width: number,
  known: Local,
  scalar: { readonly from: Local; readonly step: number },
  vectors: { readonly from: Local; readonly step: number },
): ReadonlyArray<Local> => {
  const sums = Array.from({ length: (width + 1) >> 1 }, () => code.local('v128'))
  const factor = code.local('v128')
  for (const sum of sums) code.f64x2(0).set(sum)
  const [p, q, left] = [copyOf(code, scalar.from), copyOf(code, vectors.from), copyOf(code, known)]
  repeat(code, left, () => {
    code.get(p).memory('v128.load64_splat').set(factor)
    sums.forEach((sum, i) => {
      code
        .get(sum, factor, q)
        .memory(loadOf(width), 16 * i)
        .simd('f64x2.mul')
        .simd('f64x2.add')
        .set(sum)
    })
    advance(code, p, scalar.step)
    advance(code, q, vectors.step)
  })
  return sums
}

const store = (code: Code, width: number, offset: number): void => {
  if (width === 1) code.storeLane(0, offset)
  else code.memory('v128.store', offset)
}

/**
 * The lower factor of a matrix of size `n`: parameters `a, out`, which do not overlap. Its transpose is built first, in the upper
 * triangle of `out`, where the rows of a column of the factor lie side by side.
 */
export const emitCholesky = (module: Module, name: string, { n }: { readonly n: number }): Func =>
  module.function(name, ['i32', 'i32'], [], (code) => {
    const [a, out] = [code.param(0), code.param(1)]
    if (n === 0) return
    const row = 8 * n
    // Column `j`: its top in the transpose, its pivot there, the diagonal element of `a`, the rows below and the columns before.
    const [top, pivot, diagonal] = [copyOf(code, out), copyOf(code, out), copyOf(code, a)]
    const [below, before] = [code.local('i32'), code.local('i32')]
    const [from, to, vectors] = [code.local('i32'), code.local('i32'), code.local('i32')]
    const [rest, root] = [code.local('v128'), code.local('v128')]
    const columns = code.local('i32')
    code.i32(n).set(columns)
    code.i32(n - 1).set(below)
    repeat(code, columns, () => {
      const [square] = sumsOf(code, 1, before, { from: top, step: row }, { from: top, step: row })
      code.get(diagonal).memory('v128.load64_zero')
      if (square !== undefined) code.get(square).simd('f64x2.sub')
      code.set(rest)
      code.get(rest).lane('f64x2.extract_lane', 0).f64(0).op('f64.gt')
      code.get(rest).lane('f64x2.extract_lane', 0).f64(Number.MAX_VALUE).op('f64.le')
      code.op('i32.and').op('i32.eqz')
      code.when(() => {
        fillNaN(code, out, n * n)
        code.op('return')
      })
      code.get(pivot, rest).simd('f64x2.sqrt').storeLane(0)
      code.get(pivot).memory('v128.load64_splat').set(root)
      code.get(diagonal).i32(row).op('i32.add').set(from)
      code.get(pivot).i32(8).op('i32.add').set(to)
      code.get(top).i32(8).op('i32.add').set(vectors)
      inChunks(
        code,
        below,
        (width) => {
          const sums = sumsOf(code, width, before, { from: top, step: row }, { from: vectors, step: row })
          sums.forEach((sum, i) => {
            code.get(to, from).memory('v128.load64_zero', 2 * i * row)
            if (width > 1) {
              code.set(rest)
              code.get(from, rest).loadLane(1, (2 * i + 1) * row)
            }
            code.get(sum).simd('f64x2.sub').get(root).simd('f64x2.div')
            store(code, width, 16 * i)
          })
        },
        (width) => {
          advance(code, from, width * row)
          advance(code, to, 8 * width)
          advance(code, vectors, 8 * width)
        },
      )
      advance(code, top, 8)
      advance(code, pivot, row + 8)
      advance(code, diagonal, row + 8)
      advance(code, below, -1)
      advance(code, before, 1)
    })
    turnOver(code, out, n)
  })

const fillNaN = (code: Code, out: Local, count: number): void => {
  const [to, left] = [copyOf(code, out), code.local('i32')]
  code.i32(count).set(left)
  repeat(code, left, () => {
    code.get(to).f64(Number.NaN).memory('f64.store')
    advance(code, to, 8)
  })
}

/** Moves the upper triangle of a square matrix to the lower one and leaves zeros. */
const turnOver = (code: Code, out: Local, n: number): void => {
  const diagonal = copyOf(code, out)
  const [rows, left, from, to] = [0, 1, 2, 3].map(() => code.local('i32')) as [Local, Local, Local, Local]
  code.i32(n - 1).set(rows)
  repeat(code, rows, () => {
    code.get(rows).set(left)
    code.get(diagonal).i32(8).op('i32.add').set(from)
    code
      .get(diagonal)
      .i32(8 * n)
      .op('i32.add')
      .set(to)
    repeat(code, left, () => {
      code.get(to, from).memory('f64.load').memory('f64.store')
      code.get(from).f64(0).memory('f64.store')
      advance(code, from, 8)
      advance(code, to, 8 * n)
    })
    advance(code, diagonal, 8 * n + 8)
  })
}

export interface SolveSpec {
  readonly n: number
  /** Right-hand sides, side by side. */
  readonly columns: number
  readonly lower: boolean
  readonly transpose: boolean
}

/** Solves a triangular system: parameters `t, b, out`; `out` overlaps neither. */
export const emitSolveTriangular = (
  module: Module,
  name: string,
  { n, columns, lower, transpose }: SolveSpec,
): Func =>
  module.function(name, ['i32', 'i32', 'i32'], [], (code) => {
    const [t, b, out] = [0, 1, 2].map((i) => code.param(i)) as [Local, Local, Local]
    if (n * columns === 0) return
    const forward = lower !== transpose
    const way = forward ? 1 : -1
    const line = 8 * columns
    const last = forward ? 0 : n - 1
    const sides = code.local('i32')
    code.i32(columns).set(sides)
    const [start, diagonal] = [code.local('i32'), code.local('i32')]
    const [first, from, to] = [code.local('i32'), code.local('i32'), code.local('i32')]
    const [known, steps] = [code.local('i32'), code.local('i32')]
    const pivot = code.local('v128')
    inChunks(
      code,
      sides,
      (width) => {
        // The coefficients of the first unknown, its pivot, and its rows on the right and of the result.
        code
          .get(t)
          .i32(8 * (n + 1) * last)
          .op('i32.add')
          .tee(start)
          .set(diagonal)
        code
          .get(b)
          .i32(line * last)
          .op('i32.add')
          .set(from)
        code
          .get(out)
          .i32(line * last)
          .op('i32.add')
          .tee(first)
          .set(to)
        code.i32(0).set(known).i32(n).set(steps)
        repeat(code, steps, () => {
          const coefficients = { from: start, step: way * (transpose ? 8 * n : 8) }
          const sums = sumsOf(code, width, known, coefficients, { from: first, step: way * line })
          code.get(diagonal).memory('v128.load64_splat').set(pivot)
          sums.forEach((sum, i) => {
            code.get(to, from).memory(loadOf(width), 16 * i)
            code.get(sum).simd('f64x2.sub').get(pivot).simd('f64x2.div')
            store(code, width, 16 * i)
          })
          advance(code, start, way * (transpose ? 8 : 8 * n))
          advance(code, diagonal, way * 8 * (n + 1))
          advance(code, from, way * line)
          advance(code, to, way * line)
          advance(code, known, 1)
        })
      },
      (width) => {
        advance(code, b, 8 * width)
        advance(code, out, 8 * width)
      },
    )
  })
