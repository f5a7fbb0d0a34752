/** Emitted factors and solutions have the bits of the loops. */
import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { emitCholesky, emitSolveTriangular } from '../../src/runtime/emit/triangular.js'
import { cholesky, solveTriangular } from '../../src/runtime/kernel/triangular.js'
import { doubles } from './arbitrary.js'
import { bench, expectSame } from './harness.js'

const sizes = fc.oneof(fc.nat(12), fc.constantFrom(17, 24, 33))

/** A matrix times its transpose, and more on the diagonal; now and then not positive definite, or with something else in it. */
const symmetric = sizes.chain((n) =>
  fc.tuple(fc.constant(n), doubles(n * n), fc.constantFrom(1, 1, 1, 0, -1), doubles(n * n)),
)

describe('an emitted', () => {
  test.prop([symmetric], { numRuns: 300 })('factor has the bits of the loops', ([n, x, sign, above]) => {
    const a = Float64Array.from({ length: n * n }, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n]
      // The upper triangle holds something else: it is not read.
      if (j > i) return above[at] ?? 0
      let s = i === j ? sign * 2 ** 40 : 0
      for (let k = 0; k < n; k += 1) s += ((x[i * n + k] ?? 0) / 2 ** 20) * ((x[j * n + k] ?? 0) / 2 ** 20)
      return s
    })
    const expected = new Float64Array(n * n)
    cholesky(expected, a, n)
    const at = bench((module) => {
      emitCholesky(module, 'kernel', { n })
    })
    const from = at.put(a)
    const out = at.put(new Float64Array(n * n).fill(7))
    at.call('kernel', from, out)
    expect(at.trespass()).toBe(false)
    expectSame(at.doubles(out, n * n), expected)
  })

  test.prop(
    [
      fc
        .tuple(sizes, fc.oneof(fc.nat(11), fc.constantFrom(16, 23)))
        .chain(([n, columns]) =>
          fc.tuple(fc.constant(n), fc.constant(columns), doubles(n * n), doubles(n * columns)),
        ),
      fc.boolean(),
      fc.boolean(),
    ],
    { numRuns: 300 },
  )('solution has the bits of the loops', ([n, columns, t, b], lower, transpose) => {
    const expected = new Float64Array(n * columns)
    solveTriangular(expected, t, b, n, columns, { lower, transpose })
    const at = bench((module) => {
      emitSolveTriangular(module, 'kernel', { n, columns, lower, transpose })
    })
    const [from, right] = [at.put(t), at.put(b)]
    const out = at.put(new Float64Array(n * columns).fill(7))
    at.call('kernel', from, right, out)
    expect(at.trespass()).toBe(false)
    expectSame(at.doubles(out, n * columns), expected)
  })
})
