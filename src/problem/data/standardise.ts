import type { Dataset } from './dataset.js'

/**
 * The mean and the standard deviation of each column; a deviation of 1 stands for a constant column.
 *
 * @category Data
 * @since 0.1.0
 */
export interface Moments {
  readonly means: Float64Array
  readonly deviations: Float64Array
}

const column = (j: number, found: string): RangeError =>
  new RangeError(`standardise: column ${j} ${found}; expected numbers of moderate size`)

/**
 * The moments of each column, $m_j = \frac1n \sum_i a_{ij}$ and $s_j^2 = \frac1n \sum_i (a_{ij} - m_j)^2$, in two
 * passes. In a constant column $m_j$ is that constant, exactly, and $s_j = 1$.
 *
 * @throws RangeError naming `standardise` and the column when its moments leave the range of doubles (entries beyond
 * about $10^{150}$, or differences below about $10^{-150}$)
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { dataset, moments } from 'steplaw'
 *
 * const data = dataset('d', { rows: 2, columns: 2, values: Float64Array.of(1, 7, 5, 7) }, Float64Array.of(0, 1))
 * Array.from(moments(data).means) // => [3, 7]
 * Array.from(moments(data).deviations) // => [2, 1]
 * ```
 */
export const moments = ({ features: { rows, columns, values } }: Dataset): Moments => {
  const first = values.subarray(0, columns)
  const constant = new Uint8Array(columns).fill(1)
  // Summed as differences from the first row, so that a large common part costs no digits and a constant stays itself.
  const means = new Float64Array(columns)
  const squares = new Float64Array(columns)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const difference = (values[i * columns + j] ?? Number.NaN) - (first[j] ?? Number.NaN)
      means[j] = (means[j] ?? Number.NaN) + difference
      if (difference !== 0) constant[j] = 0
    }
  }
  means.forEach((total, j) => {
    means[j] = (first[j] ?? Number.NaN) + total / rows
  })
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const centred = (values[i * columns + j] ?? Number.NaN) - (means[j] ?? Number.NaN)
      squares[j] = (squares[j] ?? Number.NaN) + centred * centred
    }
  }
  const deviations = squares.map((total, j) => {
    const variance = total / rows
    if (constant[j] === 1) return 1
    if (!(variance >= 2.2250738585072014e-308 && variance < Number.POSITIVE_INFINITY)) {
      throw column(j, `has the variance ${variance}`)
    }
    return Math.sqrt(variance)
  })
  return { means, deviations }
}

/**
 * Each entry less the mean of its column, over its deviation: $(a_{ij} - m_j)/s_j$. With the moments of the same data
 * every column that is not constant gets mean 0 and variance 1, and a constant column becomes zeros. Take the moments
 * from the training rows alone, and apply them to the test rows too.
 *
 * @throws RangeError naming `standardise` and the column when a result is not finite, or when the number of columns
 * differs
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { dataset, moments, standardise } from 'steplaw'
 *
 * const data = dataset('d', { rows: 2, columns: 2, values: Float64Array.of(1, 7, 5, 7) }, Float64Array.of(0, 1))
 * Array.from(standardise(moments(data))(data).features.values) // => [-1, 0, 1, 0]
 * ```
 */
export const standardise =
  ({ means, deviations }: Moments) =>
  (data: Dataset): Dataset => {
    const { rows, columns, values } = data.features
    if (means.length !== columns) {
      throw new RangeError(`standardise: got ${columns} columns, expected ${means.length}`)
    }
    const scaled = new Float64Array(values.length)
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const x = values[i * columns + j] ?? Number.NaN
        const z = (x - (means[j] ?? Number.NaN)) / (deviations[j] ?? Number.NaN)
        if (!Number.isFinite(z)) throw column(j, `holds ${x}`)
        scaled[i * columns + j] = z
      }
    }
    return { ...data, features: { rows, columns, values: scaled } }
  }

/**
 * The data with a column of ones appended, so that the last parameter of a linear model is its bias.
 *
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { dataset, withBias } from 'steplaw'
 *
 * const data = dataset('d', { rows: 2, columns: 1, values: Float64Array.of(3, 5) }, Float64Array.of(0, 1))
 * Array.from(withBias(data).features.values) // => [3, 1, 5, 1]
 * ```
 */
export const withBias = (data: Dataset): Dataset => {
  const { rows, columns, values } = data.features
  const widened = new Float64Array(rows * (columns + 1)).fill(1)
  for (let i = 0; i < rows; i++) {
    widened.set(values.subarray(i * columns, (i + 1) * columns), i * (columns + 1))
  }
  return { ...data, features: { rows, columns: columns + 1, values: widened } }
}
