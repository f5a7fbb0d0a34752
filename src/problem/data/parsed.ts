import * as A from 'fp-ts/lib/Array.js'
import * as E from 'fp-ts/lib/Either.js'
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js'
import { type Invalid, invalid } from '../../../spec/vocabulary/invalid.js'

/**
 * What came of reading something from outside: a value, or what was wrong with it.
 *
 * @category Data
 * @since 0.1.0
 */
export type Parsed<T> = E.Either<NonEmptyArray<Invalid>, T>

/** A reader stops after so many errors: a file of another format has one on every line. */
export const MAX_ERRORS = 10

export const refuse = (field: string, value: unknown, expected: string): Parsed<never> =>
  E.left([invalid(field, value, expected)])

/** The value, unless there were errors. */
export const unless = <T>(errors: Array<Invalid>, value: () => T): Parsed<T> =>
  A.isNonEmpty(errors) ? E.left(errors) : E.right(value())

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

/**
 * The double nearest to a decimal numeral, the one that `Number` and JSON give; `undefined` for every other text
 * (`''`, `'12abc'`, `'0x10'`, `'1_000'`, `'nan'`) and for a numeral beyond the range of doubles.
 */
export const parseDecimal = (text: string): number | undefined => {
  if (!DECIMAL.test(text)) return undefined
  const x = Number(text)
  return Number.isFinite(x) ? x : undefined
}

/** In words, what {@link parseDecimal} admits. */
export const DECIMAL_EXPECTED = 'a finite decimal number'

/** The refusal of a table too large to hold densely. */
export const tooLarge = (field: string, rows: number, columns: number, maxEntries: number): Invalid =>
  invalid(
    field,
    `${rows} rows * ${columns} columns`,
    `at most ${maxEntries} entries (rows * columns): features are held densely, 8 bytes each`,
  )
