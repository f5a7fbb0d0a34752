import type { Code, Func, Local } from '../assembler/code.js'
import type { Module } from '../assembler/module.js'
import { advance, place, sweep, whenBit, whole } from './loop.js'

/** How many columns of C one panel has; {@link panelWidths} cuts the columns. */
export type Width = 1 | 2 | 3 | 4

/** The widths of the panels that the columns of C are cut into: four, and what is left. */
export const panelWidths = (n: number): { readonly full: number; readonly rest: 0 | 1 | 2 | 3 } => {
  const rest = n % 4
  return { full: n >>> 2, rest: rest === 1 || rest === 2 || rest === 3 ? rest : 0 }
}

/** Strides in bytes. */
export interface PanelSpec {
  readonly width: Width
  readonly a: { readonly row: number; readonly inner: number }
  /** From one inner step to the next in B, where the columns of the panel lie next to one another. */
  readonly b: number
  /** From one row of C to the next. */
  readonly c: number
}

/**
 * Rows by `width` columns of a product: parameters `rows, k, a, b, c, onward`. Each element is summed over the inner index, strictly
 * in order, from what C holds if `onward` is not zero, else from zero.
 *
 * The accumulators are what fits the registers of a baseline-free Node 20 with the operands, eight vectors: four rows by four
 * columns, or eight rows by two. The inner loop is not unrolled, and the strides are in the instructions.
 */
export const emitPanel = (module: Module, name: string, spec: PanelSpec): Func =>
  module.function(name, ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], [], (code) => {
    const [rows, k, a, b, c, onward] = [0, 1, 2, 3, 4, 5].map((i) => code.param(i)) as Six
    const [bEnd, stop] = [code.local('i32'), code.local('i32')]
    place(code, bEnd, b, k, spec.b)
    const tile = tileOf(code, spec, { a, b, bEnd, c, onward })
    const tallest = spec.width > 2 ? 4 : 8
    whole(code, stop, rows, tallest)
    place(code, stop, c, stop, spec.c)
    sweep(code, c, stop, tallest * spec.c, () => {
      tile(tallest)
      advance(code, a, tallest * spec.a.row)
    })
    for (let height = tallest >> 1; height > 0; height >>= 1)
      whenBit(code, rows, height, () => {
        tile(height)
        advance(code, a, height * spec.a.row)
        advance(code, c, height * spec.c)
      })
  })

type Six = [Local, Local, Local, Local, Local, Local]

interface Operands {
  readonly a: Local
  readonly b: Local
  readonly bEnd: Local
  readonly c: Local
  readonly onward: Local
}

/** Writes the product of `height` rows of A with the panel; a last odd column is half a vector whose other lane is never stored. */
const tileOf = (
  code: Code,
  spec: PanelSpec,
  { a, b, bEnd, c, onward }: Operands,
): ((height: number) => void) => {
  const vectors = (spec.width + 1) >> 1
  const half = (v: number): boolean => 2 * v + 1 === spec.width
  const load = (v: number, offset: number): void => {
    code.memory(half(v) ? 'v128.load64_zero' : 'v128.load', offset + 16 * v)
  }
  const [x, y, left] = [code.local('i32'), code.local('i32'), code.local('v128')]
  const right = Array.from({ length: vectors }, () => code.local('v128'))
  return (height) => {
    const sums = Array.from({ length: height }, (_, i) =>
      right.map((column, v) => ({ sum: code.local('v128'), column, v, i })),
    )
    const each = sums.flat()
    code.get(onward).when(
      () => {
        for (const { sum, v, i } of each) {
          code.get(c)
          load(v, i * spec.c)
          code.set(sum)
        }
      },
      () => {
        for (const { sum } of each) code.f64x2(0).set(sum)
      },
    )
    code.get(a).set(x)
    code.get(b).set(y)
    sweep(code, y, bEnd, spec.b, () => {
      right.forEach((column, v) => {
        code.get(y)
        load(v, 0)
        code.set(column)
      })
      sums.forEach((row, i) => {
        code
          .get(x)
          .memory('v128.load64_splat', i * spec.a.row)
          .set(left)
        for (const { sum, column } of row)
          code.get(sum, left, column).simd('f64x2.mul').simd('f64x2.add').set(sum)
      })
      advance(code, x, spec.a.inner)
    })
    for (const { sum, v, i } of each) {
      code.get(c, sum)
      if (half(v)) code.storeLane(0, i * spec.c + 16 * v)
      else code.memory('v128.store', i * spec.c + 16 * v)
    }
  }
}
