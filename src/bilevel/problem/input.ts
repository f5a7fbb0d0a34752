import { array, type Dense } from '../../autodiff/array.js'
import { fail } from '../../autodiff/primitive.js'
import { broadcastTo, reshape, slice } from '../../autodiff/structural.js'
import type { Tensor } from '../../autodiff/tensor.js'
import type { RowMajor } from '../../numeric/dense.js'
import { firstNotFinite } from '../../numeric/finite.js'
import { type MatrixInput, rowsOf, type VectorInput } from '../../problem/objective/input.js'

/**
 * What rules may take for lower bounds of the components of $f$ and of $g$; 0 unless they are given.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface LowerBounds {
  readonly upper?: number
  readonly lower?: number
}

/** Both bounds; minus infinity is one, plus infinity is none. */
export const boundsOf = ({ upper = 0, lower = 0 }: LowerBounds = {}): Required<LowerBounds> => {
  for (const [name, bound] of Object.entries({ upper, lower }))
    if (!(bound < Number.POSITIVE_INFINITY))
      fail(`lowerBounds.${name}`, `must be a number below infinity, got ${bound}`)
  return { upper, lower }
}

/** A matrix of a known size. */
export const matrixOf = (field: string, input: MatrixInput, height: number, width: number): RowMajor => {
  const { n, d, A } = rowsOf(field, input)
  if (n !== height || d !== width) fail(field, `must be ${height} by ${width}, got ${n} by ${d}`)
  return { rows: n, columns: d, values: A.values }
}

/** A vector of a known length. */
export const vectorOf = (field: string, input: VectorInput, length: number): Float64Array => {
  if (input.length !== length) fail(field, `must have ${length} entries, got ${input.length}`)
  const bad = firstNotFinite(input)
  if (bad >= 0) fail(field, `entry ${bad} must be finite, got ${input[bad]}`)
  return input instanceof Float64Array ? input : Float64Array.from(input)
}

/** A number that must be finite and at least `least`. */
export const finiteOf = (field: string, value: number, least = Number.NEGATIVE_INFINITY): number =>
  Number.isFinite(value) && value >= least
    ? value
    : fail(
        field,
        `must be a finite number${least === Number.NEGATIVE_INFINITY ? '' : ` >= ${least}`}, got ${value}`,
      )

/** An integer that must be at least `least`. */
export const integerOf = (field: string, value: number, least: number): number =>
  Number.isSafeInteger(value) && value >= least
    ? value
    : fail(field, `must be an integer >= ${least}, got ${value}`)

/** Refuses a matrix that is not symmetric, naming the first entry that is not its mirror image. */
export const expectSymmetric = (field: string, { rows, values }: RowMajor): void => {
  for (let i = 0; i < rows; i += 1)
    for (let j = 0; j < i; j += 1) {
      const [a, b] = [values[i * rows + j], values[j * rows + i]]
      if (a !== b) fail(`${field}[${i}][${j}]`, `must equal ${field}[${j}][${i}], got ${a} and ${b}`)
    }
}

/** A matrix, or a vector, as the data of the only component of a function. */
export const alone = (a: RowMajor | Float64Array): Dense =>
  a instanceof Float64Array ? array([1, a.length], a) : array([1, a.rows, a.columns], a.values)

/** What {@link alone} put away; a batch may name the component more than once. */
export const only = (t: Tensor): Tensor => {
  const [, ...shape] = t.shape
  return reshape(slice(t, [0], [1]), shape)
}

/** The data of a function of one component that has none. */
export const noData = { none: array([1, 0], []) }

/** A value that every row of a batch shares. */
export const spread = (value: Tensor, rows: Tensor): Tensor => broadcastTo(value, rows.shape.slice(0, 1))
