import * as E from 'fp-ts/lib/Either.js'
import { type Dataset, takeRows } from './dataset.js'
import { type Parsed, refuse } from './parsed.js'
import type { Split } from './split.js'
import { moments, standardise, withBias } from './standardise.js'

/**
 * What to do to the features before training.
 *
 * @category Data
 * @since 0.1.0
 */
export interface Preparation {
  /** Bring every column to mean 0 and variance 1 on the training rows; default `false`. */
  readonly standardise?: boolean
  /** Append a column of ones, after standardising; default `false`. */
  readonly bias?: boolean
}

/**
 * The rows to train on and the rows kept apart; `null` where the split asks for none.
 *
 * @category Data
 * @since 0.1.0
 */
export interface Parts {
  readonly train: Dataset
  readonly validation: Dataset | null
  readonly test: Dataset | null
}

/**
 * Cuts a dataset into its parts and prepares the features of each, with statistics from the training rows only, so that
 * nothing of the test rows reaches the training. Without a split all rows train.
 *
 * Errors name `at.standardise`: a column whose mean or variance leaves the range of doubles.
 *
 * @throws RangeError when the split holds an index that is not a row
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { dataset, prepare } from 'steplaw'
 *
 * const data = dataset('d', { rows: 2, columns: 1, values: Float64Array.of(1, 5) }, Float64Array.of(0, 1))
 * const parts = prepare({ standardise: true, bias: true }, data, null)
 * parts._tag === 'Right' ? Array.from(parts.right.train.features.values) : [] // => [-1, 1, 1, 1]
 * ```
 */
export const prepare = (
  { standardise: wanted = false, bias = false }: Preparation,
  data: Dataset,
  split: Split | null,
  at = 'data',
): Parsed<Parts> => {
  const part = (rows: Int32Array): Dataset | null => (rows.length === 0 ? null : takeRows(data, rows))
  const train = split === null ? data : takeRows(data, split.train)
  const validation = split === null ? null : part(split.validation)
  const test = split === null ? null : part(split.test)
  const widen = (d: Dataset): Dataset => (bias ? withBias(d) : d)
  const all = (f: (d: Dataset) => Dataset): Parts => ({
    train: f(train),
    validation: validation === null ? null : f(validation),
    test: test === null ? null : f(test),
  })
  if (!wanted) return E.right(all(widen))
  try {
    const scale = standardise(moments(train))
    return E.right(all((d) => widen(scale(d))))
  } catch (e) {
    if (e instanceof RangeError) return refuse(`${at}.standardise`, true, `columns in range (${e.message})`)
    throw e
  }
}
