import Papa from 'papaparse'
import { type Invalid, invalid } from '../../../spec/vocabulary/invalid.js'
import { MAX_ENTRIES, type Matrix } from './dataset.js'
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
 * How to read a table of numbers.
 *
 * @category Data
 * @since 0.1.0
 */
export interface TableOptions {
  /** The name used in errors; default `'csv'`. */
  readonly name?: string
  /** Whether the first row is a header; default: it is when every cell of it reads as a name. */
  readonly header?: boolean
  /** The most entries (`rows * columns`) to make room for; default {@link MAX_ENTRIES}. */
  readonly maxEntries?: number
}

/** A CSV text in which every cell below the header is a number. */
export interface Table {
  /** The names of the columns; empty when the text has no header. */
  readonly header: ReadonlyArray<string>
  readonly matrix: Matrix
}

/** What programs write for a number they do not have: never the name of a column. */
const MISSING = /^(?:nan|na|n\/a|inf|infinity|null|none|nil|true|false|undefined)$/i

const isName = (cell: string): boolean => /^[\p{L}_]/u.test(cell) && !MISSING.test(cell)

/** Without the blanks around it, which are spaces and tabs alone. */
const trim = (cell: string): string =>
  cell.includes(' ') || cell.includes('\t') ? cell.replace(/^[ \t]+|[ \t]+$/g, '') : cell

const lineBreaks = (cells: ReadonlyArray<string>): number =>
  cells.reduce((breaks, cell) => breaks + cell.split('\n').length - 1, 0)

/** Reads a CSV text whose cells are all numbers, but for an optional header. See {@link parseCsv} for the rules. */
export const parseTable = (text: string, options: TableOptions = {}): Parsed<Table> => {
  const { name = 'csv', maxEntries = MAX_ENTRIES } = options
  const errors: Array<Invalid> = []
  const rows: Array<Float64Array> = []
  let header: ReadonlyArray<string> | undefined
  let columns = 0
  let line = 1
  // Only a cell in quotes can hold a line break.
  const quoted = text.includes('"')

  const read = (cells: ReadonlyArray<string>): void => {
    if (columns === 0) {
      columns = cells.length
      if (options.header ?? cells.every(isName)) {
        header = cells
        return
      }
    }
    if (cells.length !== columns) {
      errors.push(
        invalid(`${name}:${line}`, `${cells.length} cells`, `${columns} cells, as in the first row`),
      )
      return
    }
    const row = new Float64Array(columns)
    cells.forEach((cell, j) => {
      const x = parseDecimal(cell)
      if (x !== undefined) row[j] = x
      else if (errors.length < MAX_ERRORS) {
        errors.push(invalid(`${name}:${line}:${j + 1}`, cell, DECIMAL_EXPECTED))
      }
    })
    rows.push(row)
    if (rows.length * columns > maxEntries) {
      errors.push(tooLarge(`${name}:${line}`, rows.length, columns, maxEntries))
    }
  }

  Papa.parse<ReadonlyArray<string>>(text.replace(/\r\n?/g, '\n'), {
    delimiter: ',',
    newline: '\n',
    step: ({ data, errors: malformed }, parser) => {
      const cells = data.map(trim)
      for (const { message } of malformed.slice(0, 1)) {
        errors.push(invalid(`${name}:${line}`, data.join(','), `well-formed quotes (${message})`))
      }
      if (malformed.length === 0 && !(cells.length === 1 && cells[0] === '')) read(cells)
      line += 1 + (quoted ? lineBreaks(data) : 0)
      const full = rows.length * columns > maxEntries
      if (full || malformed.length > 0 || errors.length >= MAX_ERRORS) parser.abort()
    },
  })

  if (errors.length === 0 && rows.length === 0) return refuse(name, undefined, 'at least one row of numbers')
  return unless(errors, () => {
    const values = new Float64Array(rows.length * columns)
    rows.forEach((row, i) => {
      values.set(row, i * columns)
    })
    return { header: header ?? [], matrix: { rows: rows.length, columns, values } }
  })
}
