import type { Code, Local } from '../assembler/code.js'
import { advance, sweep } from './loop.js'

/** What the body of {@link across} does with the doubles that it finds at its addresses: one vector, or half of one. */
export interface Pair {
  /** Loads from the address on the stack plus `offset`; where only one double is left, the other lane is zero. */
  readonly load: (offset?: number) => void
  /** Stores what is on the stack at the address below it. */
  readonly store: (offset?: number) => void
}

/**
 * Walks along `count` doubles from several addresses at once, two at a time; an odd last one comes alone. All the addresses end
 * behind what they walked along.
 */
export const across = (
  code: Code,
  count: number,
  addresses: readonly [Local, ...ReadonlyArray<Local>],
  body: (pair: Pair) => void,
): void => {
  const [first, ...others] = addresses
  if (count > 1) {
    const end = code.local('i32')
    code
      .get(first)
      .i32(16 * (count >> 1))
      .op('i32.add')
      .set(end)
    sweep(code, first, end, 16, () => {
      body({
        load: (offset = 0) => code.memory('v128.load', offset),
        store: (offset = 0) => code.memory('v128.store', offset),
      })
      for (const other of others) advance(code, other, 16)
    })
  }
  if (count % 2 === 0) return
  body({
    load: (offset = 0) => code.memory('v128.load64_zero', offset),
    store: (offset = 0) => code.storeLane(0, offset),
  })
  for (const address of addresses) advance(code, address, 8)
}

/**
 * How many rows of `inner` doubles to go down before the next columns are, a multiple of eight: few enough to stay in the nearest
 * cache until all columns are done.
 */
export const depthOf = (inner: number): number => 8 * Math.min(Math.max(Math.floor(384 / inner), 1), 32)
