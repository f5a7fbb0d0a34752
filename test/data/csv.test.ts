import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { parseCsv } from '../../src/problem/data/csv.js'
import { parseTable } from '../../src/problem/data/table.js'
import { fields, left, matrix, mutated, numeral, right, rowsOf } from './support.js'

const cell = (x: number): fc.Arbitrary<string> =>
  fc
    .tuple(numeral(x), fc.constantFrom('', '', ' ', '\t'), fc.constantFrom('', '', ' '), fc.nat({ max: 4 }))
    .map(([text, before, after, quote]) =>
      quote === 0 ? `"${before}${text}${after}"` : `${before}${text}${after}`,
    )

const name = fc.constantFrom('x', 'width', '_1', 'é', '"a,b"', '"two\nlines"', 'x 2')

/** A matrix written as CSV, with every freedom that the format leaves. */
const written = (quotes: boolean) =>
  matrix({ min: 1, max: 6 }, { min: 2, max: 5 }).chain((rows) =>
    fc
      .record({
        lines: fc.tuple(
          ...rows.map((row) =>
            fc
              .tuple(fc.tuple(...row.map(cell)), fc.constantFrom('', '', '\n', ' \n'))
              .map(([cells, before]) => before + cells.join(',')),
          ),
        ),
        header: fc.option(
          fc.array(name, { minLength: rows[0]?.length ?? 0, maxLength: rows[0]?.length ?? 0 }),
        ),
        end: fc.constantFrom('\n', '\r\n', '\r'),
        last: fc.constantFrom('', '\n', '\n\n'),
        mark: fc.constantFrom('', '\uFEFF'),
      })
      .map(({ lines, header, end, last, mark }) => {
        const text = [...(header === null ? [] : [header.join(',')]), ...lines].join('\n') + last
        return { rows, text: mark + (quotes ? text : text.replaceAll('"', '')).replaceAll('\n', end) }
      }),
  )

describe('CSV', () => {
  test.prop([written(true)])('reads back what was written, the last column as labels', ({ rows, text }) => {
    const data = right(parseCsv(text))
    expect(rowsOf(data)).toEqual(rows.map((row) => row.slice(0, -1)))
    expect(Array.from(data.targets)).toEqual(rows.map((row) => row.at(-1)))
  })

  test.prop([written(true), fc.nat({ max: 4 })])(
    'takes any column for the labels',
    ({ rows, text }, column) => {
      const parsed = parseCsv(text, { labels: column })
      if (column >= (rows[0]?.length ?? 0)) {
        expect(fields(parsed)).toEqual(['labels'])
        return
      }
      expect(rowsOf(right(parsed))).toEqual(rows.map((row) => row.filter((_, j) => j !== column)))
      expect(Array.from(right(parsed).targets)).toEqual(rows.map((row) => row[column]))
    },
  )

  test.prop([written(false).chain(({ text }) => mutated(text, '0123456789,.+-e \t\nxN'))], { numRuns: 1000 })(
    'a damaged text is refused, or every number of it is the one that stands there',
    (text) => {
      const parsed = parseTable(text)
      if (parsed._tag === 'Left') return
      const { header, matrix: m } = parsed.right
      const cells = text
        .replace(/^\uFEFF/, '')
        .split(/\r\n|\r|\n/)
        .map((line) => line.split(',').map((c) => c.replace(/^[ \t]+|[ \t]+$/g, '')))
        .filter((line) => line.length > 1 || line[0] !== '')
      const numbers = (header.length === 0 ? cells : cells.slice(1)).flat()
      expect(numbers.every((c) => c !== '')).toBe(true)
      expect(Array.from(m.values)).toEqual(numbers.map(Number))
      expect(m.values.length).toBe(m.rows * m.columns)
      expect(m.values.every(Number.isFinite)).toBe(true)
    },
  )

  test.prop([written(true).chain(({ text }) => mutated(text, '",0\n ')), fc.boolean()], { numRuns: 1000 })(
    'damaged quotes never throw and never give a number that is not finite',
    (text, header) => {
      const parsed = parseTable(text, { header })
      if (parsed._tag === 'Right') expect(parsed.right.matrix.values.every(Number.isFinite)).toBe(true)
    },
  )

  test.prop([fc.string({ unit: 'binary', maxLength: 60 })])('garbage never throws', (text) => {
    parseCsv(text)
  })

  const faults: ReadonlyArray<readonly [string, string, string, string]> = [
    ['an empty cell', '1,2\n3,\n', 'd:2:2', 'a finite decimal number'],
    ['a blank cell', '1, ,2', 'd:1:2', 'a finite decimal number'],
    ['a word', 'a,b\n1,2\n\n3,four', 'd:4:2', 'a finite decimal number'],
    ['NaN', '1,2\nNaN,2', 'd:2:1', 'a finite decimal number'],
    ['a row of NaN at the top', 'NaN,nan\n1,2', 'd:1:1', 'a finite decimal number'],
    ['an infinity', '1,2\n1,Infinity', 'd:2:2', 'a finite decimal number'],
    ['a number beyond doubles', '1,2\n1,1e999', 'd:2:2', 'a finite decimal number'],
    ['a hexadecimal number', '0x10,1', 'd:1:1', 'a finite decimal number'],
    ['a header with one number', 'a,b,3\n1,2,3', 'd:1:1', 'a finite decimal number'],
    ['a semicolon for a comma', '1;2\n3;4', 'd:1:1', 'a finite decimal number'],
    ['a longer row', '1,2\n1,2,3', 'd:2', '2 cells'],
    ['a shorter row', 'a,b\n1,2\n1', 'd:3', '2 cells'],
    ['a trailing comma', '1,2\n1,2,', 'd:2', '2 cells'],
    ['a fault below a header of two lines', '"a\nb",c\n1,2\n1,x', 'd:4:2', 'a finite decimal number'],
    ['a quote that does not close', '1,2\n"3,4\n5,6', 'd:2', 'well-formed quotes'],
    ['text after a quote', '1,2\n"3"4,5', 'd:2', 'well-formed quotes'],
    ['a header alone', 'a,b\n', 'd', 'at least one row'],
    ['an empty text', '', 'd', 'at least one row'],
    ['one column', '1\n2\n', 'd', 'at least one feature'],
  ]
  for (const [what, text, field, expected] of faults) {
    test(`refuses ${what} and says where`, () => {
      const [error] = left(parseCsv(text, { name: 'd' }))
      expect(error?.field).toBe(field)
      expect(error?.expected).toContain(expected)
    })
  }

  test('finds the labels by the name of their column', () => {
    const text = 'kind,x,y\n1,2,3\n4,5,6'
    expect(Array.from(right(parseCsv(text, { labels: 'kind' })).targets)).toEqual([1, 4])
    expect(left(parseCsv(text, { labels: 'sort' }))[0]?.expected).toBe('a column of the header: kind, x, y')
    expect(left(parseCsv('a,a\n1,2', { labels: 'a' }))[0]?.expected).toContain('occurs once')
    expect(left(parseCsv('1,2', { labels: 'a' }))[0]?.expected).toContain('no header')
  })

  test('the header can be forced and forbidden', () => {
    expect(right(parseCsv('0,1\n2,3', { header: true })).features.rows).toBe(1)
    expect(fields(parseCsv('a,b\n2,3', { header: false, name: 'd' }))).toEqual(['d:1:1', 'd:1:2'])
  })

  test('stops at the first entry for which there is no room', () => {
    expect(fields(parseCsv('1,2\n3,4\n5,6\nx', { maxEntries: 5, name: 'd' }))).toEqual(['d:3'])
    expect(right(parseCsv('1,2\n3,4\n5,6', { maxEntries: 6 })).features.rows).toBe(3)
  })

  test('reports at most ten errors', () => {
    expect(fields(parseCsv(`1,1\n${'a,1\n'.repeat(1000)}`)).length).toBe(10)
  })
})
