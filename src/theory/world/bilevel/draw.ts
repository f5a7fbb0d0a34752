import fc from 'fast-check'
import { rotated } from '../../../../spec/law/arbitrary/rotation.js'
import { powerOfTwo } from '../../../numeric/index.js'
import type { Rows } from './matrix.js'

/** Numbers of a few bits, so that little of what is made of them is rounded. */
export const entry = (): fc.Arbitrary<number> => fc.integer({ min: -16, max: 16 }).map((i) => i / 8)

export const entries = (length: number): fc.Arbitrary<ReadonlyArray<number>> =>
  fc.array(entry(), { minLength: length, maxLength: length })

export const matrix = (height: number, width: number): fc.Arbitrary<Rows> =>
  fc.array(entries(width), { minLength: height, maxLength: height })

/** A symmetric matrix with entries between -1 and 1. */
export const symmetric = (n: number): fc.Arbitrary<Rows> =>
  fc
    .array(fc.integer({ min: -4, max: 4 }), { minLength: n * n, maxLength: n * n })
    .map((all) =>
      Array.from({ length: n }, (_, i) =>
        Array.from({ length: n }, (_, j) => (all[Math.min(i, j) * n + Math.max(i, j)] ?? 0) / 4),
      ),
    )

/** A symmetric matrix with its extreme eigenvalues, both exact. */
export interface Spectral {
  readonly A: Rows
  readonly least: number
  readonly greatest: number
}

/** `rotated` scales by this and more. */
const UNIT = 2 ** -18

const reflector = (n: number) => fc.array(fc.integer({ min: -2, max: 2 }), { minLength: n, maxLength: n })

/** Eigenvalues between 1 and $2^{\mathrm{octaves}}$ (times a scale that the rotation brings), log-uniform to a quarter of an octave. */
const eigenvalues = (n: number, octaves: number): fc.Arbitrary<ReadonlyArray<number>> =>
  fc
    .record({
      top: fc.integer({ min: 0, max: octaves }),
      rest: fc.array(fc.record({ octave: fc.integer({ min: 0, max: octaves }), quarter: fc.nat(3) }), {
        minLength: n,
        maxLength: n,
      }),
    })
    .map(({ top, rest }) =>
      rest.map(({ octave, quarter }, i) =>
        // Both ends are present, and between them what is drawn.
        i === 0
          ? 4
          : i === 1
            ? 4 * powerOfTwo(top)
            : (4 + (octave % (top + 1) < top ? quarter : 0)) * powerOfTwo(octave % (top + 1)),
      ),
    )

/** Positive definite matrices of any condition number up to $2^{\mathrm{octaves}}$, multiples of the identity among them. */
export const positiveDefinite = (n: number, octaves: number): fc.Arbitrary<Spectral> =>
  fc
    .record({
      e: eigenvalues(n, octaves),
      v: reflector(n),
      w: reflector(n),
      scale: fc.integer({ min: -2, max: 1 }),
    })
    .map(({ e, v, w, scale: exponent }) => {
      const { A, scale } = rotated(e, v, w)
      const unit = UNIT * powerOfTwo(exponent)
      return {
        A: A.map((row) => row.map((a) => a * unit)),
        least: scale * unit * Math.min(...e),
        greatest: scale * unit * Math.max(...e),
      }
    })

/** Positive semidefinite matrices, zero among them. */
export const positiveSemidefinite = (n: number): fc.Arbitrary<Rows> =>
  fc
    .record({
      e: fc.array(fc.nat(4), { minLength: n, maxLength: n }),
      v: reflector(n),
      w: reflector(n),
    })
    .map(({ e, v, w }) => rotated(e, v, w).A.map((row) => row.map((a) => a * UNIT)))
