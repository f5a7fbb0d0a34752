import * as E from 'fp-ts/lib/Either.js'
import { type Invalid, invalid } from '../../../spec/vocabulary/invalid.js'
import { type Dataset, MAX_ENTRIES } from './dataset.js'
import {
  DECIMAL_EXPECTED,
  MAX_ERRORS,
  type Parsed,
  parseDecimal,
  refuse,
  tooLarge,
  unless,
} from './parsed.js'

/**
 * How to read a LIBSVM text.
 *
 * @category Data
 * @since 0.1.0
 */
export interface LibsvmOptions {
  /** The name used in errors; default `'libsvm'`. */
  readonly name?: string
  /** The number of columns; default: the greatest index in the text. */
  readonly features?: number
  /** The most entries (`rows * columns`) to make room for; default {@link MAX_ENTRIES}. */
  readonly maxEntries?: number
}

interface Row {
  readonly label: number
  /** The entries that are written out, as column (from 0) and value in turn. */
  readonly entries: ReadonlyArray<number>
}

const MAX_INDEX = 2147483647

/** Reads `index:value`; `last` is the index before it. */
const parsePair = (
  token: string,
  at: string,
  last: number,
  features: number,
): E.Either<Invalid, readonly [number, number]> => {
  const colon = token.indexOf(':')
  const numeral = token.slice(0, Math.max(colon, 0))
  if (!/^\d+$/.test(numeral)) return E.left(invalid(at, token, 'index:value with a decimal index'))
  if (!/^[1-9]/.test(numeral)) {
    return E.left(invalid(at, token, 'an index from 1, without leading zeros'))
  }
  const index = Number(numeral)
  if (index > features) {
    const why = features === MAX_INDEX ? '' : ' (features)'
    return E.left(invalid(at, token, `an index of at most ${features}${why}`))
  }
  if (index <= last) {
    return E.left(invalid(at, token, `an index above ${last}: indices ascend and do not repeat`))
  }
  const value = parseDecimal(token.slice(colon + 1))
  return value === undefined
    ? E.left(invalid(at, token, `index:value, the value ${DECIMAL_EXPECTED}`))
    : E.right([index, value])
}

const parseRow = (tokens: ReadonlyArray<string>, at: string, features: number): E.Either<Invalid, Row> => {
  const [first = '', ...pairs] = tokens
  const label = parseDecimal(first)
  if (label === undefined) return E.left(invalid(at, first, `a label that is ${DECIMAL_EXPECTED}`))
  const entries: Array<number> = []
  let last = 0
  for (const token of pairs) {
    const pair = parsePair(token, at, last, features)
    if (E.isLeft(pair)) return pair
    const [index, value] = pair.right
    entries.push(index - 1, value)
    last = index
  }
  return E.right({ label, entries })
}

const scatter = (name: string, parsed: ReadonlyArray<Row>, columns: number): Dataset => {
  const values = new Float64Array(parsed.length * columns)
  const targets = new Float64Array(parsed.length)
  parsed.forEach(({ label, entries }, i) => {
    targets[i] = label
    for (let e = 0; e < entries.length; e += 2) {
      values[i * columns + (entries[e] ?? Number.NaN)] = entries[e + 1] ?? Number.NaN
    }
  })
  return { name, features: { rows: parsed.length, columns, values }, targets }
}

/**
 * Reads the LIBSVM format: one example a line, its label, then `index:value` pairs with indices from 1 in ascending
 * order; entries not written are zero. Columns count from the index 1, so index $j$ is column $j - 1$. Everything after
 * a `#` is a comment; blank lines are skipped.
 *
 * Errors name `name:line`. Nothing is guessed: an index that is zero, repeated, out of order, not a decimal integer or
 * beyond `features`, and a number that is not a finite decimal are errors, and so are a text without examples or
 * without features and one whose dense form exceeds `maxEntries`.
 *
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { parseLibsvm } from 'steplaw'
 *
 * const parsed = parseLibsvm('+1 1:0.5 3:2\n-1 2:4 # a comment')
 * parsed._tag === 'Right' ? Array.from(parsed.right.features.values) : [] // => [0.5, 0, 2, 0, 4, 0]
 * parsed._tag === 'Right' ? Array.from(parsed.right.targets) : [] // => [1, -1]
 * parseLibsvm('+1 3:1 2:1')._tag // => 'Left'
 * ```
 */
export const parseLibsvm = (text: string, options: LibsvmOptions = {}): Parsed<Dataset> => {
  const { name = 'libsvm', features, maxEntries = MAX_ENTRIES } = options
  if (features !== undefined && !(Number.isInteger(features) && features >= 1 && features <= MAX_INDEX)) {
    return refuse('features', features, `an integer from 1 to ${MAX_INDEX}`)
  }
  const parsed: Array<Row> = []
  const errors: Array<Invalid> = []
  let columns = features ?? 0
  for (const [i, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const tokens = (line.split('#', 1)[0] ?? '').split(/[ \t]+/).filter((token) => token !== '')
    if (tokens.length === 0) continue
    const row = parseRow(tokens, `${name}:${i + 1}`, features ?? MAX_INDEX)
    if (E.isLeft(row)) errors.push(row.left)
    else {
      parsed.push(row.right)
      columns = Math.max(columns, (row.right.entries.at(-2) ?? -1) + 1)
      if (parsed.length * columns > maxEntries) {
        errors.push(tooLarge(`${name}:${i + 1}`, parsed.length, columns, maxEntries))
        break
      }
    }
    if (errors.length >= MAX_ERRORS) break
  }
  if (errors.length === 0 && parsed.length === 0) return refuse(name, undefined, 'at least one example')
  if (errors.length === 0 && columns === 0) return refuse(name, undefined, 'at least one index:value pair')
  return unless(errors, () => scatter(name, parsed, columns))
}
