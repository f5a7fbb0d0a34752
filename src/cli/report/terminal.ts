import Table from 'cli-table3'
import { type Column, columns, decided, sections } from './column.js'
import type { ReportData, RunReport } from './data.js'
import { abridged, wrapExpression } from './expression.js'
import { printable } from './format.js'

/** Between columns. */
const gap = 2

/** Columns of expressions are not squeezed below this width. */
const narrowest = 18

/** Below this width the expressions stand under the numbers of their run; those of methods of two levels have the greater need. */
const columnsFrom = ({ runs }: ReportData): number =>
  runs.some(({ outline }) => outline !== undefined) ? 170 : 110

/** A longer name is broken over lines. */
const longestName = 24

const longest = (lines: ReadonlyArray<string>): number =>
  lines.reduce((most, line) => Math.max(most, [...line].length), 0)

/** The words of a heading, one a line. */
const heading = ({ head }: Column): ReadonlyArray<string> => head.split(' ')

/** The lines of every run in one column. */
type Wrapped = ReadonlyArray<ReadonlyArray<string>>

/** A line of a method of two levels is abridged until it takes no more than so many lines. */
const wrapLine = (
  { outline }: RunReport,
  line: string,
  width: number,
  most: number,
): ReadonlyArray<string> => {
  const text = printable(line)
  const fits = (shorter: string): boolean => wrapExpression(shorter, width).length <= most
  return wrapExpression(outline === undefined ? text : abridged(text, fits), width)
}

const wrapColumn = (column: Column, data: ReportData, width: number): Wrapped =>
  data.runs.map((run) => column.cell(run).flatMap((line) => wrapLine(run, line, width, 2)))

const sum = (numbers: ReadonlyArray<number>): number => numbers.reduce((a, b) => a + b, 0)

/** Beyond this many runs not every way to share the room is tried. */
const manyRuns = 100

/** Two columns in `room` characters, shared in the way that makes the table shortest. */
const wrapTwo = (
  left: Column,
  right: Column,
  data: ReportData,
  room: number,
): readonly [Wrapped, Wrapped] => {
  const stride = data.runs.length > manyRuns ? 8 : 1
  return Array.from({ length: Math.ceil((room - 2 * narrowest + 1) / stride) }, (_, share) => {
    const i = share * stride
    const lefts = wrapColumn(left, data, narrowest + i)
    const rights = wrapColumn(right, data, room - narrowest - i)
    const height = sum(lefts.map((lines, row) => Math.max(lines.length, rights[row]?.length ?? 0)))
    return { height, wrapped: [lefts, rights] as const }
  }).reduce((a, b) => (b.height <= a.height ? b : a)).wrapped
}

/** The cells of every column, wrapped: names and numbers have the room they need, expressions share the rest. */
const layOut = (all: ReadonlyArray<Column>, data: ReportData, width: number): ReadonlyArray<Wrapped> => {
  const whole = all.map((column) => wrapColumn(column, data, column.kind === 'name' ? longestName : width))
  const wanted = all.map((column, i) => longest([...heading(column), ...(whole[i] ?? []).flat()]))
  const gaps = gap * (all.length - 1)
  const [left, right] = all.filter(({ kind }) => kind === 'expression')
  if (left === undefined || right === undefined || sum(wanted) + gaps <= width) return whole
  const fixed = sum(wanted.filter((_, i) => all[i]?.kind !== 'expression')) + gaps
  const [lefts, rights] = wrapTwo(left, right, data, Math.max(2 * narrowest, width - fixed))
  return whole.map((lines, i) => (all[i] === left ? lefts : all[i] === right ? rights : lines))
}

/** The expressions of a run as lines of their own. */
const below = (run: RunReport, width: number): ReadonlyArray<string> => {
  const { rule, outline = [rule] } = run
  const [first = '', ...others] = outline
  return [`${first} · ${decided(run).join(', ')}`, ...others]
    .flatMap((line) => wrapLine(run, line, width - gap, 1))
    .map((line) => ' '.repeat(gap) + line)
}

const noLines = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid']
    .flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`])
    .concat('mid-mid')
    .map((name) => [name, '']),
)

/**
 * The table of results as text, without colours.
 *
 * @param width - the characters of a line; in less than 70 or so the table does not fit.
 */
export const renderTable = (data: ReportData, width = 120): string => {
  const room = Math.max(2 * narrowest, width)
  const narrow = width < columnsFrom(data)
  const all = columns(data, narrow ? 'narrow' : 'brief')
  const columnLines = layOut(all, data, room)
  const widths = all.map((column, i) => longest([...heading(column), ...(columnLines[i] ?? []).flat()]))
  const headings = all.map(heading)
  const table = new Table({
    chars: { ...noLines, middle: ' '.repeat(gap) },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colWidths: [...widths],
    colAligns: all.map(({ kind }) => (kind === 'number' ? 'right' : 'left')),
  })
  table.push(headings.map((words) => ({ content: words.join('\n'), vAlign: 'bottom' as const })))
  data.runs.forEach((_, row) => {
    table.push(columnLines.map((lines) => (lines[row] ?? []).join('\n')))
  })

  // The table is cut into its rows again, so that what stands between them may be as wide as the page.
  const lines = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
  const take = (cells: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> =>
    lines.splice(
      0,
      cells.reduce((most, cell) => Math.max(most, cell.length), 1),
    )
  const rule = '─'.repeat(sum(widths) + gap * (all.length - 1))
  const head = [...take(headings), rule]
  let row = 0
  const body = sections(data).flatMap(({ group, direction, runs }) => [
    ...wrapExpression(printable(direction === null ? group : `${group}, along ${direction}`), room),
    ...runs.flatMap((run) => {
      const cells = columnLines.map((column) => column[row] ?? [])
      row++
      return [...take(cells), ...(narrow ? below(run, room) : [])]
    }),
  ])
  return [...head, ...body, rule, ''].join('\n').replaceAll('\u{a0}', ' ')
}
