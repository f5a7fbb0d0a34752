import type { Shape } from './ir.js'
import { fail } from './primitive.js'
import { isShape, showShape, size } from './shape.js'

/**
 * Doubles with a shape, row by row. The values are used where they are, never copied, and must not change afterwards.
 *
 * @category Data
 * @since 0.1.0
 */
export interface Dense {
  readonly _tag: 'Dense'
  readonly shape: Shape
  readonly values: Float64Array
}

/**
 * A vector of row numbers or labels.
 *
 * @category Data
 * @since 0.1.0
 */
export interface Indices {
  readonly _tag: 'Indices'
  readonly shape: Shape
  readonly values: Int32Array
}

/**
 * An array of any shape over a flat, row-major buffer.
 *
 * @throws `RangeError` when the values do not fill the shape
 * @example
 * ```ts
 * import { array } from 'steplaw/autodiff'
 *
 * array([2, 1, 2], [1, 2, 3, 4]).shape // => [2, 1, 2]
 * ```
 * @category Data
 * @since 0.1.0
 */
export const array = (shape: Shape, values: Float64Array | ReadonlyArray<number>): Dense => {
  if (!isShape(shape)) fail('array', `shape must be a list of integers >= 0, got ${String(shape)}`)
  if (values.length !== size(shape))
    fail('array', `${values.length} values do not fill the shape ${showShape(shape)}`)
  return { _tag: 'Dense', shape, values: values instanceof Float64Array ? values : Float64Array.from(values) }
}

/**
 * A vector.
 *
 * @example
 * ```ts
 * import { vector } from 'steplaw/autodiff'
 *
 * vector([1, 2, 3]).shape // => [3]
 * ```
 * @category Data
 * @since 0.1.0
 */
export const vector = (values: Float64Array | ReadonlyArray<number>): Dense => array([values.length], values)

/**
 * A matrix of `rows` by `columns`, row by row.
 *
 * @throws `RangeError` unless there are `rows * columns` values
 * @example
 * ```ts
 * import { matrix } from 'steplaw/autodiff'
 *
 * matrix(2, 3, [1, 2, 3, 4, 5, 6]).shape // => [2, 3]
 * ```
 * @category Data
 * @since 0.1.0
 */
export const matrix = (rows: number, columns: number, values: Float64Array | ReadonlyArray<number>): Dense =>
  array([rows, columns], values)

/**
 * A vector of indices: labels of rows, or row numbers.
 *
 * @throws `RangeError` naming the first entry that is not an integer from 0 to 2147483647
 * @example
 * ```ts
 * import { indices } from 'steplaw/autodiff'
 *
 * indices([2, 0, 1]).shape // => [3]
 * ```
 * @category Data
 * @since 0.1.0
 */
export const indices = (values: Int32Array | ReadonlyArray<number>): Indices => {
  const bad = values.findIndex((i) => !(Number.isInteger(i) && i >= 0 && i <= 0x7fffffff))
  if (bad >= 0) fail('indices', `entry ${bad} must be an integer from 0 to 2147483647, got ${values[bad]}`)
  return {
    _tag: 'Indices',
    shape: [values.length],
    values: values instanceof Int32Array ? values : Int32Array.from(values),
  }
}
