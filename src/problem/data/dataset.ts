/**
 * A dense matrix, row by row: entry $(i, j)$ is `values[i * columns + j]`.
 *
 * @category Data
 * @since 0.1.0
 */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  /** `rows * columns` finite doubles; treated as immutable. */
  readonly values: Float64Array
}

/**
 * Examples to learn from: one row of features and one target each. Targets are kept as they were read; what they mean
 * (a class, a sign, a number) is decided by the objective, see {@link signLabels} and {@link classLabels}.
 *
 * @category Data
 * @since 0.1.0
 */
export interface Dataset {
  /** Where the data came from, such as the name of a file. */
  readonly name: string
  readonly features: Matrix
  /** One finite double for every row. */
  readonly targets: Float64Array
}

/**
 * The most entries (`rows * columns`) a reader makes room for by default: $2^{28}$ doubles are 2 GiB.
 *
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { MAX_ENTRIES } from 'steplaw'
 *
 * MAX_ENTRIES === 2 ** 28 // => true
 * ```
 */
export const MAX_ENTRIES = 268435456

/**
 * A dataset from arrays at hand. The arrays are kept, not copied.
 *
 * @throws RangeError naming `rows`, `columns`, `values` or `targets`: no row or no column, lengths that do not fit, or
 * an entry that is not finite
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { dataset } from 'steplaw'
 *
 * const two = dataset('two points', { rows: 2, columns: 1, values: Float64Array.of(3, 5) }, Float64Array.of(-1, 1))
 * two.targets.length // => 2
 * ```
 */
export const dataset = (name: string, features: Matrix, targets: Float64Array): Dataset => {
  const { rows, columns, values } = features
  const positive = (field: string, n: number): void => {
    if (!(Number.isInteger(n) && n >= 1)) throw new RangeError(`${field}: got ${n}, expected an integer >= 1`)
  }
  const finite = (field: string, xs: Float64Array, length: number): void => {
    if (xs.length !== length) throw new RangeError(`${field}: got ${xs.length} numbers, expected ${length}`)
    const at = xs.findIndex((x) => !Number.isFinite(x))
    if (at >= 0) throw new RangeError(`${field}[${at}]: got ${xs[at]}, expected a finite number`)
  }
  positive('rows', rows)
  positive('columns', columns)
  finite('values', values, rows * columns)
  finite('targets', targets, rows)
  return { name, features, targets }
}

/**
 * The rows at these indices, in their order; repeats are repeated. Costs a copy of the rows.
 *
 * @throws RangeError naming `indices` when one is not a row, or when there are none
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { dataset, takeRows } from 'steplaw'
 *
 * const two = dataset('two points', { rows: 2, columns: 1, values: Float64Array.of(3, 5) }, Float64Array.of(-1, 1))
 * Array.from(takeRows(two, [1]).features.values) // => [5]
 * ```
 */
export const takeRows = (from: Dataset, indices: ArrayLike<number>): Dataset => {
  const { rows, columns, values } = from.features
  const chosen = Array.from(indices)
  if (chosen.length === 0) throw new RangeError('indices: got none, expected at least one row')
  const taken = new Float64Array(chosen.length * columns)
  const targets = new Float64Array(chosen.length)
  chosen.forEach((row, i) => {
    if (!(Number.isInteger(row) && row >= 0 && row < rows)) {
      throw new RangeError(`indices[${i}]: got ${row}, expected an integer from 0 to ${rows - 1}`)
    }
    taken.set(values.subarray(row * columns, (row + 1) * columns), i * columns)
    targets[i] = from.targets[row] ?? Number.NaN
  })
  return { name: from.name, features: { rows: chosen.length, columns, values: taken }, targets }
}

/**
 * The rows whose target is one of `classes`; the targets become their positions there: 0, 1, ... Costs a copy of the rows.
 *
 * @throws RangeError naming `indices` when no row is left
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { dataset, onlyClasses } from 'steplaw'
 *
 * const three = dataset('digits', { rows: 3, columns: 1, values: Float64Array.of(5, 6, 7) }, Float64Array.of(8, 1, 3))
 * Array.from(onlyClasses(three, [3, 8]).targets) // => [1, 0]
 * ```
 */
export const onlyClasses = (from: Dataset, classes: ReadonlyArray<number>): Dataset => {
  const rows = Array.from(from.targets.keys()).filter((row) =>
    classes.includes(from.targets[row] ?? Number.NaN),
  )
  const taken = takeRows(from, rows)
  return { ...taken, targets: taken.targets.map((target) => classes.indexOf(target)) }
}
