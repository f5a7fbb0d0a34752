import type { Code, Func, Local } from '../assembler/code.js'
import type { Module } from '../assembler/module.js'
import { advance, atMost, copyOf, place, repeat, sweep, whole } from './loop.js'
import { panelsOf, type Tile } from './panel.js'

/** Inner steps that are done before the next: a panel of B and the rows of A that meet it stay in the nearest cache. */
export const CHUNK = 256

/** Strides of a matrix in elements; one of the two is 1. */
export interface Strides {
  readonly inner: number
  readonly across: number
}

/**
 * Whether it pays to pack B for a product with `m` rows: it must be if its columns do not lie side by side, and it should be if
 * many rows read it and its inner steps are so far apart that they would fall on few sets of a cache, or on many pages.
 */
export const wantsPack = (m: number, n: number, { across }: Strides): boolean =>
  across !== 1 || (m >= 48 && (n % 64 === 0 || n > 512))

/**
 * Lays the `n` columns of B out as {@link emitProduct} reads them: parameters `k, b, packed`, where `packed` has room for `k n`
 * doubles. For every chunk of inner steps its panels, for every panel its inner steps, each with the columns side by side.
 */
export const emitPack = (
  module: Module,
  name: string,
  { inner, across }: Strides,
  { n, tile }: { readonly n: number; readonly tile: Tile },
): Func =>
  module.function(name, ['i32', 'i32', 'i32'], [], (code) => {
    const [left, b, to] = [0, 1, 2].map((i) => code.param(i)) as [Local, Local, Local]
    const { full, rest } = panelsOf(n, tile)
    const [steps, column, end] = [code.local('i32'), code.local('i32'), code.local('i32')]
    const panel = across === 1 ? rowsOf(code, inner) : transposedOf(code, across)
    code.get(left).when(() => {
      code.loop((again) => {
        atMost(code, steps, left, CHUNK)
        code.get(b).set(column)
        if (full > 0) {
          code
            .get(b)
            .i32(full * 8 * tile.panel * across)
            .op('i32.add')
            .set(end)
          sweep(code, column, end, 8 * tile.panel * across, () => panel(tile.panel, steps, column, to))
        }
        if (rest > 0) panel(rest, steps, column, to)
        place(code, b, b, steps, 8 * inner)
        code.get(left, steps).op('i32.sub').tee(left)
        again()
      })
    })
  })

/**
 * Lays rows of A out as many together as a tile has, their elements side by side for each inner step: parameters `rows, k, a, packed`, where `rows` is a
 * multiple of them and `packed` has room for `rows k` doubles.
 */
export const emitPackRows = (module: Module, name: string, { inner, across }: Strides, tile: Tile): Func =>
  module.function(name, ['i32', 'i32', 'i32', 'i32'], [], (code) => {
    const [rows, k, a, to] = [0, 1, 2, 3].map((i) => code.param(i)) as [Local, Local, Local, Local]
    const end = code.local('i32')
    const panel = across === 1 ? rowsOf(code, inner) : transposedOf(code, across)
    place(code, end, a, rows, 8 * across)
    sweep(code, a, end, 8 * tile.rows * across, () => panel(tile.rows, k, a, to))
  })

type WritePanel = (width: number, steps: Local, from: Local, to: Local) => void

/** From rows: what a panel holds of an inner step lies side by side already. Moves `to` on. */
const rowsOf =
  (code: Code, inner: number): WritePanel =>
  (width, steps, from, to) => {
    const x = copyOf(code, from)
    const left = copyOf(code, steps)
    repeat(code, left, () => {
      let at = 0
      for (; at + 2 <= width; at += 2)
        code
          .get(to, x)
          .memory('v128.load', 8 * at)
          .memory('v128.store', 8 * at)
      if (at < width)
        code
          .get(to, x)
          .memory('f64.load', 8 * at)
          .memory('f64.store', 8 * at)
      advance(code, to, 8 * width)
      advance(code, x, 8 * inner)
    })
  }

/** From columns that lie one after another: two inner steps at a time are turned in registers. */
const transposedOf =
  (code: Code, across: number): WritePanel =>
  (width, steps, from, to) => {
    const x = copyOf(code, from)
    const [end, pairs] = [code.local('i32'), code.local('i32')]
    const columns = Array.from({ length: width }, () => code.local('v128'))
    whole(code, pairs, steps, 2)
    place(code, end, x, pairs, 8)
    sweep(code, x, end, 16, () => {
      columns.forEach((column, j) => {
        code
          .get(x)
          .memory('v128.load', 8 * across * j)
          .set(column)
      })
      for (const lane of [0, 1] as const) {
        const base = 8 * width * lane
        let at = 0
        for (; at + 2 <= width; at += 2)
          code
            .get(to, columns[at] as Local, columns[at + 1] as Local)
            .shuffle(lane, lane === 0 ? 2 : 3)
            .memory('v128.store', base + 8 * at)
        if (at < width) code.get(to, columns[at] as Local).storeLane(lane, base + 8 * at)
      }
      advance(code, to, 16 * width)
    })
    code
      .get(steps)
      .i32(1)
      .op('i32.and')
      .when(() => {
        for (let at = 0; at < width; at += 1)
          code
            .get(to, x)
            .memory('f64.load', 8 * across * at)
            .memory('f64.store', 8 * at)
        advance(code, to, 8 * width)
      })
  }
