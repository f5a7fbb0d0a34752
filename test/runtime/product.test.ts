import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { emitPack } from '../../src/runtime/emit/pack.js'
import { NARROW, WIDE } from '../../src/runtime/emit/panel.js'
import { emitProduct } from '../../src/runtime/emit/product.js'
import { emitMatrixVector, emitTransposedMatrixVector } from '../../src/runtime/emit/vectorProduct.js'
import { doubles } from './arbitrary.js'
import { bench, expectSame } from './harness.js'

/** The definition: every element from `start`, strictly in the order of the inner index. */
const plain = (
  start: Float64Array,
  [m, n, k]: readonly [number, number, number],
  a: (i: number, p: number) => number,
  b: (p: number, j: number) => number,
): Float64Array => {
  const c = start.slice()
  for (let i = 0; i < m; i += 1)
    for (let j = 0; j < n; j += 1) {
      let s = start[i * n + j] ?? 0
      for (let p = 0; p < k; p += 1) s += a(i, p) * b(p, j)
      c[i * n + j] = s
    }
  return c
}

// Around tiles, panels and groups of rows, and around the chunks of the inner index.
const sizes = fc.tuple(
  fc.oneof(fc.nat(20), fc.integer({ min: 44, max: 101 })),
  fc.nat(19),
  fc.oneof(fc.nat(12), fc.integer({ min: 253, max: 259 }), fc.integer({ min: 510, max: 514 })),
)

describe('a product', () => {
  for (const transposeA of [false, true])
    for (const transposeB of [false, true])
      for (const packed of transposeB ? [true] : [true, false])
        test.prop([
          sizes.chain(([m, n, k]) =>
            fc.record({
              sizes: fc.constant([m, n, k] as const),
              a: doubles(m * k),
              b: doubles(k * n),
              c: doubles(m * n),
              onward: fc.boolean(),
              rows: fc.boolean(),
              tile: fc.constantFrom(NARROW, WIDE),
            }),
          ),
        ])(
          `of A${transposeA ? ' transposed' : ''} and B${transposeB ? ' transposed' : ''}${packed ? ', packed,' : ''} has the bits of the definition`,
          ({ sizes: [m, n, k], a, b, c, onward, rows, tile }) => {
            const at = bench((module) => {
              emitPack(module, 'pack', transposeB ? { inner: 1, across: k } : { inner: n, across: 1 }, {
                n,
                tile,
              })
              emitProduct(module, 'product', {
                tile,
                n,
                a: transposeA ? { inner: m, across: 1 } : { inner: 1, across: k },
                b: packed ? 'packed' : { inner: n },
                c: n,
                rows,
              })
            })
            const [x, y, z, scratch] = [a, b, c, new Float64Array(k * n)].map(at.put) as [
              number,
              number,
              number,
              number,
            ]
            at.call('pack', k, y, scratch)
            const more = rows ? [at.put(new Float64Array(m * k))] : []
            at.call('product', m, k, x, packed ? scratch : y, z, onward ? 1 : 0, ...more)
            const expected = plain(
              onward ? c : new Float64Array(m * n),
              [m, n, k],
              (i, p) => (transposeA ? a[p * m + i] : a[i * k + p]) as number,
              (p, j) => (transposeB ? b[j * k + p] : b[p * n + j]) as number,
            )
            expectSame(at.doubles(z, m * n), expected)
            expectSame(at.doubles(x, m * k), a)
            expect(at.trespass()).toBe(false)
          },
        )
})

describe('a product with a vector', () => {
  const sizes = fc.tuple(fc.nat(40), fc.nat(40))
  test.prop([
    sizes.chain(([m, k]) =>
      fc.record({
        sizes: fc.constant([m, k] as const),
        a: doubles(m * k),
        x: doubles(k),
        y: doubles(m),
        onward: fc.boolean(),
        transposed: fc.boolean(),
      }),
    ),
  ])('has the bits of the definition', ({ sizes: [m, k], a, x, y, onward, transposed }) => {
    const at = bench((module) => {
      emitMatrixVector(module, 'rows', { stride: k })
      emitTransposedMatrixVector(module, 'columns', { stride: m })
    })
    const [p, q, r] = [a, x, y].map(at.put) as [number, number, number]
    at.call(transposed ? 'columns' : 'rows', m, k, p, q, r, onward ? 1 : 0)
    const expected = plain(
      onward ? y : new Float64Array(m),
      [m, 1, k],
      (i, j) => (transposed ? a[j * m + i] : a[i * k + j]) as number,
      (i) => x[i] as number,
    )
    expectSame(at.doubles(r, m), expected)
    expect(at.trespass()).toBe(false)
  })
})
