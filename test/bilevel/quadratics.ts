/** Small quadratic bilevel problems with points, for tests: curvatures of the lower level between 1/4 and 4. */

import { fc } from '@fast-check/vitest'
import { quadraticBilevel } from 'steplaw/bilevel'

const entry = () => fc.integer({ min: -16, max: 16 }).map((i) => i / 8)
const row = (n: number) => fc.array(entry(), { minLength: n, maxLength: n })
const rows = (m: number, n: number) => fc.array(row(n), { minLength: m, maxLength: m })

const symmetrised = (A: ReadonlyArray<ReadonlyArray<number>>, scale: number): number[][] =>
  A.map((r, i) => r.map((a, j) => (scale * (a + (A[j]?.[i] ?? 0))) / 2))

/** Diagonally dominant, so that all eigenvalues are in [1/4, 4]. */
const curvature = (m: number) =>
  fc.tuple(rows(m, m), fc.array(fc.constantFrom(1, 1.5, 3), { minLength: m, maxLength: m })).map(([A, d]) => {
    const small = symmetrised(A, 3 / (8 * m))
    return small.map((r, i) => r.map((a, j) => (i === j ? (d[i] ?? 1) : a)))
  })

/** A problem with $x$ and $y$; both levels may have several components. */
export const quadratics = () =>
  fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 }))
    .chain(([n, m, count]) => {
      const lower = fc.record({ H: curvature(m), B: rows(m, n), c: row(m) })
      const upper = fc.record({
        P: rows(m, m).map((A) => symmetrised(A, 1)),
        S: rows(n, m),
        R: rows(n, n).map((A) => symmetrised(A, 1)),
        p: row(m),
        r: row(n),
      })
      return fc.record({
        problem: fc
          .record({
            lower: fc.array(lower, { minLength: count, maxLength: count }),
            upper: fc.array(upper, { minLength: count, maxLength: count }),
          })
          .map(quadraticBilevel),
        x: row(n).map((x) => Float64Array.from(x)),
        y: row(m).map((y) => Float64Array.from(y)),
      })
    })
