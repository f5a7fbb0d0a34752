import { type Invalid, invalid } from '../../../spec/vocabulary/invalid.js'
import { generator, isSeed, MAX_SEED, MIN_SEED, permutation } from '../random.js'
import { type Parsed, unless } from './parsed.js'

/**
 * How to set rows apart: `test` and `validation` are fractions in $(0, 1)$ or counts from 1, `seed` a signed 32-bit
 * integer.
 *
 * @category Data
 * @since 0.1.0
 */
export interface SplitSpec {
  readonly test: number
  readonly validation?: number
  readonly seed: number
}

/**
 * Disjoint sets of row indices that together are all rows, each in random order.
 *
 * @category Data
 * @since 0.1.0
 */
export interface Split {
  readonly train: Int32Array
  /** Empty when the split asks for none. */
  readonly validation: Int32Array
  readonly test: Int32Array
}

/** Whether a number is a share of the rows: a fraction in (0, 1) or a count from 1. */
export const isShare = (u: unknown): u is number =>
  typeof u === 'number' && u > 0 && (u < 1 || Number.isInteger(u))

export const SHARE_EXPECTED = 'a fraction in (0, 1) or a count >= 1'
export const SEED_EXPECTED = `an integer from ${MIN_SEED} to ${MAX_SEED}`

/**
 * Splits `rows` rows by a seeded shuffle: the test rows are taken first, then the validation rows, the rest trains. A
 * fraction $q$ is $\mathrm{round}(q n)$ rows. The test rows do not depend on `validation`.
 *
 * Errors name `at.test`, `at.validation` or `at.seed`: not a share or a seed, a fraction that rounds to no row, or counts
 * that leave no row to train on.
 *
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { split } from 'steplaw'
 *
 * const parts = split({ test: 0.25, seed: 1 }, 8)
 * parts._tag === 'Right' ? [parts.right.test.length, parts.right.train.length] : [] // => [2, 6]
 * split({ test: 8, seed: 1 }, 8)._tag // => 'Left'
 * ```
 */
export const split = ({ test, validation, seed }: SplitSpec, rows: number, at = 'split'): Parsed<Split> => {
  const errors: Array<Invalid> = []
  const count = (field: string, share: number | undefined): number => {
    if (share === undefined) return 0
    const n = share < 1 ? Math.round(share * rows) : share
    if (!isShare(share)) errors.push(invalid(`${at}.${field}`, share, SHARE_EXPECTED))
    else if (n === 0) errors.push(invalid(`${at}.${field}`, share, `at least one of ${rows} rows`))
    return n
  }
  const tested = count('test', test)
  const validated = count('validation', validation)
  if (!isSeed(seed)) errors.push(invalid(`${at}.seed`, seed, SEED_EXPECTED))
  if (errors.length === 0 && tested + validated >= rows) {
    const field = tested >= rows ? 'test' : 'validation'
    const left = tested >= rows ? rows : rows - tested
    errors.push(invalid(`${at}.${field}`, field === 'test' ? test : validation, `fewer than ${left} rows`))
  }
  return unless(errors, () => {
    const [order] = permutation(rows)(generator(seed, 'split'))
    return {
      test: order.slice(0, tested),
      validation: order.slice(tested, tested + validated),
      train: order.slice(tested + validated),
    }
  })
}
