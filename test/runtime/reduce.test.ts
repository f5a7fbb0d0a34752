import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { pairwise } from '../../src/numeric/sum.js'
import { emitMax } from '../../src/runtime/emit/maximum.js'
import {
  emitPairwise,
  emitSum,
  emitSumFinish,
  emitSumOnward,
  sumScratch,
} from '../../src/runtime/emit/sum.js'
import * as reference from '../../src/runtime/kernel/reduce.js'
import { doubles } from './arbitrary.js'
import { bench, expectSame } from './harness.js'

const near = (n: number) => fc.integer({ min: n - 3, max: n + 3 })

const lanes = fc
  .oneof(
    fc.record({ outer: fc.nat(5), count: fc.nat(40), inner: fc.nat(11) }),
    fc.record({ outer: fc.nat(2), count: fc.oneof(near(256), near(300)), inner: fc.nat(4) }),
    fc.record({
      outer: fc.nat(1),
      count: fc.oneof(near(4096), near(8192), near(3 * 4096)),
      inner: fc.integer({ min: 1, max: 3 }),
    }),
  )
  .chain((shape) =>
    fc.record({ shape: fc.constant(shape), x: doubles(shape.outer * shape.count * shape.inner) }),
  )

describe('a reduction', () => {
  test.prop([lanes])('sums in the order of the library', ({ shape, x }) => {
    const { outer, count, inner } = shape
    const at = bench((module) => {
      emitSum(module, 'sum', { inner })
    })
    const expected = new Float64Array(outer * inner)
    reference.sum(expected, x, shape)
    const from = at.put(x)
    const out = at.put(new Float64Array(expected.length).fill(7))
    const scratch = at.put(new Float64Array(sumScratch(count, { inner })).fill(7))
    at.call('sum', outer, count, from, out, scratch)
    expectSame(at.doubles(out, expected.length), expected)
    expect(at.trespass()).toBe(false)
  })

  test.prop([lanes, fc.array(fc.nat(60))])(
    'sums a block the same whatever the pieces it comes in',
    ({ shape: { count: all, inner }, x }, pieces) => {
      const count = x.length === 0 ? 0 : Math.min(all, 4096)
      const at = bench((module) => {
        emitSumOnward(module, 'onward', { inner })
        emitSumFinish(module, 'finish', { inner })
      })
      const from = at.put(x)
      const state = at.put(new Float64Array(8 * inner))
      const out = at.put(new Float64Array(inner).fill(7))
      let start = 0
      for (const piece of [...pieces, count]) {
        const rows = Math.min(piece, count - start)
        at.call('onward', rows, start, from + 8 * inner * start, state)
        start += rows
      }
      at.call('finish', state, out)
      const expected = new Float64Array(inner)
      reference.sum(expected, x, { outer: 1, count, inner })
      expectSame(at.doubles(out, inner), expected)
      expect(at.trespass()).toBe(false)
    },
  )

  test.prop([
    fc
      .tuple(fc.nat(40), fc.nat(5))
      .chain(([count, inner]) => fc.tuple(fc.constant(count), fc.constant(inner), doubles(count * inner))),
  ])('adds the sums of blocks in pairs', ([count, inner, x]) => {
    const at = bench((module) => {
      emitPairwise(module, 'pairwise', { inner })
    })
    const level = at.put(x)
    const out = at.put(new Float64Array(inner).fill(7))
    at.call('pairwise', count, level, out)
    const expected = Float64Array.from({ length: inner }, (_, j) =>
      pairwise(Array.from({ length: count }, (_, i) => x[i * inner + j] as number)),
    )
    expectSame(at.doubles(out, inner), expected)
    expect(at.trespass()).toBe(false)
  })

  test.prop([lanes, fc.boolean(), fc.double()])('finds the largest', ({ shape, x }, onward, first) => {
    const { outer, count, inner } = shape
    const at = bench((module) => {
      emitMax(module, 'max', { inner })
    })
    const expected = new Float64Array(outer * inner)
    reference.max(expected, x, shape)
    const begin = new Float64Array(expected.length).fill(first)
    const from = at.put(x)
    const out = at.put(begin)
    at.call('max', outer, count, from, out, onward ? 1 : 0)
    expectSame(
      at.doubles(out, expected.length),
      onward ? expected.map((v, i) => Math.max(v, begin[i] as number)) : expected,
    )
    expect(at.trespass()).toBe(false)
  })
})
