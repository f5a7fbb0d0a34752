import { array, type Dense, type Indices, indices, matrix } from '../../autodiff/array.js'
import { fail } from '../../autodiff/primitive.js'
import { firstNotFinite } from '../../numeric/finite.js'
import { squaredNorm } from '../../numeric/sum.js'
import type { Matrix } from '../data/dataset.js'

/**
 * A matrix as rows, or as one row-major buffer, which is used where it is and must not change.
 *
 * @category Data
 * @since 0.1.0
 */
export type MatrixInput = ReadonlyArray<ReadonlyArray<number>> | Matrix

/**
 * A vector as numbers or doubles.
 *
 * @category Data
 * @since 0.1.0
 */
export type VectorInput = ReadonlyArray<number> | Float64Array

const expectFinite = (field: string, values: VectorInput): void => {
  const bad = firstNotFinite(values)
  if (bad >= 0) fail(field, `entry ${bad} must be finite, got ${values[bad]}`)
}

/** The rows of data, at least one, all of one length and finite. */
export const rowsOf = (
  field: string,
  input: MatrixInput,
): { readonly n: number; readonly d: number; readonly A: Dense } => {
  if ('columns' in input) {
    const { rows, columns, values } = input
    if (!(Number.isSafeInteger(rows) && rows > 0)) fail(field, `must have at least one row, got ${rows}`)
    if (!(Number.isSafeInteger(columns) && columns >= 0))
      fail(field, `columns must be an integer >= 0, got ${columns}`)
    if (values.length !== rows * columns)
      fail(field, `${values.length} values do not fill ${rows} rows of ${columns}`)
    expectFinite(field, values)
    return { n: rows, d: columns, A: matrix(rows, columns, values) }
  }
  const [first] = input
  if (first === undefined) return fail(field, 'must have at least one row')
  input.forEach((row, i) => {
    if (row.length !== first.length)
      fail(`${field}[${i}]`, `must have ${first.length} entries like the first row, got ${row.length}`)
    expectFinite(`${field}[${i}]`, row)
  })
  return { n: input.length, d: first.length, A: array([input.length, first.length], input.flat()) }
}

/** One finite number for each row. */
export const numbersOf = (field: string, input: VectorInput, n: number): Dense => {
  if (input.length !== n) fail(field, `must have ${n} entries, one for each row, got ${input.length}`)
  expectFinite(field, input)
  return array([n], input)
}

/** One class for each row. */
export const labelsOf = (field: string, input: ArrayLike<number>, n: number, classes: number): Indices => {
  if (input.length !== n) fail(field, `must have ${n} entries, one for each row, got ${input.length}`)
  const values = Array.from(input)
  const bad = values.findIndex((c) => !(Number.isInteger(c) && c >= 0 && c < classes))
  if (bad >= 0) fail(field, `entry ${bad} must be an integer from 0 to ${classes - 1}, got ${values[bad]}`)
  return indices(values)
}

/** The weight of a ridge term. */
export const ridgeOf = (l2: number): number =>
  Number.isFinite(l2) && l2 >= 0 ? l2 : fail('l2', `must be a finite number >= 0, got ${l2}`)

/** $\|a_i\|^2$ of every row, in the order of the rows. */
export const squaredRowNorms = (A: Dense): ReadonlyArray<number> => {
  const [n = 0, d = 0] = A.shape
  return Array.from({ length: n }, (_, i) => squaredNorm(A.values.subarray(i * d, (i + 1) * d)))
}

export const meanOf = (values: ReadonlyArray<number>): number =>
  values.reduce((s, v) => s + v, 0) / values.length
