import * as E from 'fp-ts/lib/Either.js'
import type { Dataset, Matrix } from './dataset.js'
import { type Parsed, refuse } from './parsed.js'
import { parseTable, type Table, type TableOptions } from './table.js'

/**
 * How to read a CSV text.
 *
 * @category Data
 * @since 0.1.0
 */
export interface CsvOptions extends TableOptions {
  /** The column of the labels: its name in the header, or its position from 0. Default: the last column. */
  readonly labels?: string | number
}

/** The position of the label column, or what is wrong with how it was named. */
const labelColumn = (
  { header, matrix }: Table,
  labels: string | number | undefined,
  at: string,
): Parsed<number> => {
  const last = matrix.columns - 1
  if (labels === undefined) return E.right(last)
  if (typeof labels === 'number') {
    return Number.isInteger(labels) && labels >= 0 && labels <= last
      ? E.right(labels)
      : refuse(at, labels, `the position of a column, an integer from 0 to ${last}`)
  }
  const column = header.indexOf(labels)
  if (column < 0) {
    return refuse(
      at,
      labels,
      header.length === 0
        ? 'the position of a column, since there is no header'
        : `a column of the header: ${header.join(', ')}`,
    )
  }
  return header.lastIndexOf(labels) === column
    ? E.right(column)
    : refuse(at, labels, 'a column whose name occurs once in the header')
}

/** Every row without its cell in this column, and that column. */
const takeColumn = ({ rows, columns, values }: Matrix, column: number): readonly [Matrix, Float64Array] => {
  const rest = new Float64Array(rows * (columns - 1))
  const taken = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    const row = values.subarray(i * columns, (i + 1) * columns)
    taken[i] = row[column] ?? Number.NaN
    rest.set(row.subarray(0, column), i * (columns - 1))
    rest.set(row.subarray(column + 1), i * (columns - 1) + column)
  }
  return [{ rows, columns: columns - 1, values: rest }, taken]
}

/** Takes the label column out of a table. */
export const labelled = (
  name: string,
  table: Table,
  labels?: string | number,
  at = 'labels',
): Parsed<Dataset> => {
  const { columns } = table.matrix
  if (columns < 2) return refuse(name, `${columns} column`, 'at least one feature beside the label')
  const column = labelColumn(table, labels, at)
  if (E.isLeft(column)) return column
  const [features, targets] = takeColumn(table.matrix, column.right)
  return E.right({ name, features, targets })
}

/**
 * Reads comma-separated values (RFC 4180): one example a row, every cell a number, the label in the last column unless
 * `labels` says otherwise.
 *
 * The first row is a header when each of its cells starts with a letter or an underscore and is not a mark of a
 * missing value (`nan`, `NA`, `inf`, ...); `header` overrides. A header of numbers cannot be told from data. Blank
 * lines are skipped; blanks around a number are allowed; rows end with `\n`, `\r\n` or `\r`.
 *
 * Errors name `name:line:column` (both from 1; the column counts cells): an empty cell, a text, `NaN` or an infinity is
 * an error, and so are a row of another length, quotes that do not close, and a table that exceeds `maxEntries`.
 *
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { parseCsv } from 'steplaw'
 *
 * const parsed = parseCsv('width,height,kind\n1,2.5,0\n3,4,1\n')
 * parsed._tag === 'Right' ? Array.from(parsed.right.features.values) : [] // => [1, 2.5, 3, 4]
 * parsed._tag === 'Right' ? Array.from(parsed.right.targets) : [] // => [0, 1]
 * parseCsv('1,,0') // => { _tag: 'Left', left: [{ _tag: 'Invalid', field: 'csv:1:2', value: '', expected: 'a finite decimal number' }] }
 * ```
 */
export const parseCsv = (text: string, options: CsvOptions = {}): Parsed<Dataset> => {
  const table = parseTable(text, options)
  return E.isLeft(table) ? table : labelled(options.name ?? 'csv', table.right, options.labels)
}
