import type { Code, Local } from '../assembler/code.js'
import { advance, copyOf, place, sweep, whenBit, whole } from './loop.js'

/** One side of a matrix that is turned: how many elements, and how far apart in bytes they are on the other side. */
export interface Turned {
  readonly count: Local
  readonly stride: number
}

/** Elements that are written side by side before the next row is: those of one cache line. */
const BLOCK = 8

/**
 * Turns a matrix of doubles: `read` elements lie side by side in `from`, and are `read.stride` apart in `to`; `written` elements are
 * `written.stride` apart in `from` and lie side by side in `to`. Two by two elements are turned in registers.
 */
export const turn = (code: Code, from: Local, to: Local, read: Turned, written: Turned): void => {
  const [first, column] = [copyOf(code, from), copyOf(code, to)]
  const [end, f, t] = [code.local('i32'), code.local('i32'), code.local('i32')]
  const [pairsEnd, upper, lower] = [code.local('i32'), code.local('v128'), code.local('v128')]
  const strip = (width: number): void => {
    code.get(first).set(f)
    code.get(column).set(t)
    whole(code, pairsEnd, read.count, 2)
    place(code, pairsEnd, first, pairsEnd, 8)
    sweep(code, f, pairsEnd, 16, () => {
      for (let q = 0; q < width; q += 2) {
        code
          .get(f)
          .memory('v128.load', q * written.stride)
          .set(upper)
        code
          .get(f)
          .memory('v128.load', (q + 1) * written.stride)
          .set(lower)
        code
          .get(t, upper, lower)
          .shuffle(0, 2)
          .memory('v128.store', 8 * q)
        code
          .get(t, upper, lower)
          .shuffle(1, 3)
          .memory('v128.store', read.stride + 8 * q)
      }
      advance(code, t, 2 * read.stride)
    })
    whenBit(code, read.count, 1, () => {
      for (let q = 0; q < width; q += 1)
        code
          .get(t, f)
          .memory('f64.load', q * written.stride)
          .memory('f64.store', 8 * q)
    })
  }
  whole(code, end, written.count, BLOCK)
  place(code, end, column, end, 8)
  sweep(code, column, end, 8 * BLOCK, () => {
    strip(BLOCK)
    advance(code, first, BLOCK * written.stride)
  })
  for (const width of [4, 2])
    whenBit(code, written.count, width, () => {
      strip(width)
      advance(code, first, width * written.stride)
      advance(code, column, 8 * width)
    })
  whenBit(code, written.count, 1, () => {
    code.get(first).set(f)
    code.get(column).set(t)
    place(code, pairsEnd, first, read.count, 8)
    sweep(code, f, pairsEnd, 8, () => {
      code.get(t, f).memory('f64.load').memory('f64.store')
      advance(code, t, read.stride)
    })
  })
}
