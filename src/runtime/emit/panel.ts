import type { Code, Func, Local } from '../assembler/code.js'
import type { Module } from '../assembler/module.js'
import { advance, place, sweep, whenBit } from './loop.js'

/**
 * How a product is cut. Accumulators, what is loaded in one inner step and a product must fit fifteen registers, because all loads of a
 * step come before its arithmetic; and it takes six additions at a time to hide the latency of one.
 */
export interface Tile {
  /** Columns of a whole panel. */
  readonly panel: number
  /** Rows that are packed together. */
  readonly rows: number
  /** Rows that are summed together, by the vectors of a row. */
  readonly tallest: ReadonlyArray<number>
}

/** For vectors of two doubles. */
export const NARROW: Tile = { panel: 4, rows: 4, tallest: [0, 6, 4, 2] }
/** For a compiler that makes one vector of four doubles of two adjacent ones. */
export const WIDE: Tile = { panel: 8, rows: 4, tallest: [0, 6, 4, 4, 4, 2] }

/** The panels that the columns of C are cut into: how many are whole, and how wide a last one is, if any. */
export const panelsOf = (n: number, { panel }: Tile): { readonly full: number; readonly rest: number } => {
  const full = Math.floor(n / panel)
  const rest = n % panel
  // One column alone is slow; with those of the panel before it, it is not.
  return rest === 1 && full > 0 ? { full: full - 1, rest: panel + 1 } : { full, rest }
}

/** Strides in bytes. */
export interface PanelSpec {
  readonly tile: Tile
  /** Columns, from one to those of a panel and one more. */
  readonly width: number
  /** `packed`: rows side by side for each inner step, by {@link emitPackRows}. */
  readonly a: 'packed' | { readonly row: number; readonly inner: number }
  /** From one inner step to the next in B, where the columns of the panel lie next to one another. */
  readonly b: number
  /** From one row of C to the next. */
  readonly c: number
}

/**
 * Rows by `width` columns of a product: parameters `rows, k, a, b, c, onward`. Each element is summed over the inner index, strictly
 * in order, from what C holds if `onward` is not zero, else from zero. The inner loop is not unrolled, and the strides are in the
 * instructions. With packed rows there is a seventh parameter: the bytes from some that are packed together to the next.
 */
export const emitPanel = (module: Module, name: string, spec: PanelSpec): Func => {
  const packed = spec.a === 'packed'
  const params = Array.from({ length: packed ? 7 : 6 }, () => 'i32' as const)
  return module.function(name, params, [], (code) => {
    const [rows, k, a, b, c, onward] = [0, 1, 2, 3, 4, 5].map((i) => code.param(i)) as Six
    const bEnd = code.local('i32')
    place(code, bEnd, b, k, spec.b)
    const strides = spec.a === 'packed' ? { row: 8, inner: 8 * spec.tile.rows } : spec.a
    const tile = tileOf(code, { ...spec, a: strides }, { a, b, bEnd, c, onward })
    const some = (height: number): void => {
      tile(height)
      if (packed) code.get(a, code.param(6)).op('i32.add').set(a)
      else advance(code, a, height * strides.row)
      advance(code, c, height * spec.c)
      advance(code, rows, -height)
    }
    const tallest = packed ? spec.tile.rows : (spec.tile.tallest[(spec.width + 1) >> 1] ?? 1)
    code.block((leave) => {
      code.loop((again) => {
        code.get(rows).i32(tallest).op('i32.lt_u')
        leave()
        some(tallest)
        code.i32(1)
        again()
      })
    })
    if (packed) return
    for (const height of [4, 2, 1].filter((h) => h < tallest)) whenBit(code, rows, height, () => some(height))
  })
}

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
  spec: PanelSpec & { readonly a: { readonly row: number; readonly inner: number } },
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
        for (const { sum, column } of row) code.addProduct(sum, () => code.get(left, column))
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
