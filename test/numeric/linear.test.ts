import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { gamma } from '../../src/numeric/index.js'
import { solvePositiveDefinite, symmetricEigenvalues } from '../../src/numeric/linear.js'

const entries = (count: number) =>
  fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: count, maxLength: count })

/** $Q D Q^T$ with $Q$ a product of reflections: its eigenvalues are known. */
const rotated = (eigenvalues: ReadonlyArray<number>, normals: ReadonlyArray<ReadonlyArray<number>>) => {
  const n = eigenvalues.length
  let A = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => (i === j ? (eigenvalues[i] ?? 0) : 0)),
  )
  for (const v of normals) {
    const vv = v.reduce((s, a) => s + a * a, 0)
    if (vv < 0.01) continue
    const H = v.map((a, i) => v.map((b, j) => (i === j ? 1 : 0) - (2 * a * b) / vv))
    const times = (X: ReadonlyArray<ReadonlyArray<number>>, Y: ReadonlyArray<ReadonlyArray<number>>) =>
      X.map((row) => (Y[0] ?? []).map((_, j) => row.reduce((s, a, k) => s + a * (Y[k]?.[j] ?? 0), 0)))
    A = times(times(H, A), H)
  }
  return Float64Array.from(A.flatMap((row, i) => row.map((a, j) => (a + (A[j]?.[i] ?? 0)) / 2)))
}

const spectra = fc
  .integer({ min: 1, max: 7 })
  .chain((n) => fc.record({ eigenvalues: entries(n), normals: fc.array(entries(n), { maxLength: 3 }) }))

describe('symmetric eigenvalues', () => {
  test.prop([spectra])('find a spectrum that was rotated', ({ eigenvalues, normals }) => {
    const n = eigenvalues.length
    const found = symmetricEigenvalues(rotated(eigenvalues, normals), n)
    const expected = Float64Array.from(eigenvalues).sort()
    // Three reflections and about ten sweeps of rotations, each within gamma(n) of the norm, at most 4 n.
    found.forEach((v, i) => {
      expect(Math.abs(v - (expected[i] ?? 0))).toBeLessThanOrEqual(gamma(100 * n) * 4 * n)
    })
  })

  test.prop([fc.integer({ min: 1, max: 9 }).chain((n) => entries(n))])(
    'are exact for diagonal matrices',
    (diagonal) => {
      const A = new Float64Array(diagonal.length ** 2)
      diagonal.forEach((v, i) => {
        A[i * diagonal.length + i] = v
      })
      expect([...symmetricEigenvalues(A, diagonal.length)]).toEqual([...Float64Array.from(diagonal).sort()])
    },
  )

  test('work far from one and refuse what is not finite', () => {
    const tiny = symmetricEigenvalues(Float64Array.of(5e-200, -4e-200, -4e-200, 5e-200), 2)
    expect(Math.abs((tiny[1] ?? 0) / 9e-200 - 1)).toBeLessThanOrEqual(gamma(16))
    expect(() => symmetricEigenvalues(Float64Array.of(Number.NaN), 1)).toThrow('the matrix must be finite')
  })
})

describe('the Cholesky solve', () => {
  test.prop([spectra.chain((s) => fc.tuple(fc.constant(s), entries(s.eigenvalues.length)))])(
    'leaves a residual at rounding level',
    ([{ eigenvalues, normals }, b]) => {
      const n = b.length
      const A = rotated(
        eigenvalues.map((v) => Math.abs(v) + 0.5),
        normals,
      )
      const x = solvePositiveDefinite(A, Float64Array.from(b))
      expect(x).not.toBeNull()
      const solved = [...(x ?? [])]
      const size = Math.max(1, ...solved.map(Math.abs))
      b.forEach((v, i) => {
        const residual = solved.reduce((s, xj, j) => s + (A[i * n + j] ?? 0) * xj, -v)
        // Backward stable: |A x - b| <= gamma(4 n) n |A| |x|, |A| <= 5.
        expect(Math.abs(residual)).toBeLessThanOrEqual(gamma(8 * n) * 5 * n * n * size)
      })
    },
  )

  test('refuses singular and indefinite matrices', () => {
    expect(solvePositiveDefinite(Float64Array.of(1, 1, 1, 1), Float64Array.of(1, 2))).toBeNull()
    expect(solvePositiveDefinite(Float64Array.of(1, 2, 2, 1), Float64Array.of(1, 2))).toBeNull()
    expect(solvePositiveDefinite(Float64Array.of(0), Float64Array.of(1))).toBeNull()
  })
})
