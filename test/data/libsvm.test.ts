import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { parseLibsvm } from '../../src/problem/data/libsvm.js'
import { fields, finite, left, matrix, mutated, numeral, right, rowsOf } from './support.js'

/** A matrix and labels written in the format, with every freedom that it leaves. */
const written = fc
  .tuple(
    matrix({ min: 1, max: 6 }, { min: 1, max: 5 }, fc.oneof(fc.constant(0), finite)),
    fc.infiniteStream(finite),
  )
  .chain(([rows, stream]) => {
    const labels = rows.map(() => stream.next().value ?? 0)
    const blank = fc.constantFrom(' ', '\t', '  ')
    const line = (row: ReadonlyArray<number>, label: number): fc.Arbitrary<string> =>
      fc
        .tuple(
          numeral(label),
          fc.tuple(
            ...row.map((x, j) =>
              fc
                .tuple(blank, numeral(x), fc.boolean())
                .map(([gap, text, zero]) => (x === 0 && zero ? '' : `${gap}${j + 1}:${text}`)),
            ),
          ),
          fc.constantFrom('', ' ', ' # why 1:2', '#3:4', '\t'),
          fc.constantFrom('', '', '\n', '# comment\n', '  \n'),
        )
        .map(([head, pairs, tail, before]) => `${before}${head}${pairs.join('')}${tail}`)
    return fc
      .tuple(
        fc.tuple(...rows.map((row, i) => line(row, labels[i] ?? 0))),
        fc.constantFrom('\n', '\r\n', '\r'),
      )
      .map(([lines, end]) => ({ rows, labels, text: lines.join('\n').replaceAll('\n', end) }))
  })

/** Another reading of the format, by one regular expression a line. */
const reread = (
  text: string,
): ReadonlyArray<{ label: number; pairs: ReadonlyArray<readonly [number, number]> }> =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/#.*/, ''))
    .filter((line) => /[^ \t]/.test(line))
    .map((line) => {
      const [, label, rest] = /^[ \t]*([^ \t:]+)((?:[ \t]+[0-9]+:[^ \t:]+)*)[ \t]*$/.exec(line) ?? []
      const pairs = [...(rest ?? '').matchAll(/([0-9]+):([^ \t]+)/g)]
      return {
        label: Number(label),
        pairs: pairs.map(([, index, value]) => [Number(index), Number(value)] as const),
      }
    })

describe('LIBSVM', () => {
  test.prop([written])('reads back what was written', ({ rows, labels, text }) => {
    const columns = rows[0]?.length ?? 0
    const data = right(parseLibsvm(text, { features: columns }))
    expect(rowsOf(data)).toEqual(rows)
    expect(Array.from(data.targets)).toEqual(labels)
  })

  test.prop([written])('takes the greatest index for the number of columns', ({ text }) => {
    const greatest = Math.max(0, ...reread(text).flatMap(({ pairs }) => pairs.map(([index]) => index)))
    const parsed = parseLibsvm(text)
    if (greatest === 0) expect(left(parsed)[0]?.expected).toBe('at least one index:value pair')
    else expect(right(parsed).features.columns).toBe(greatest)
  })

  test.prop([written.chain(({ text }) => mutated(text, '0123456789:.+-e# \t\nxN,'))], { numRuns: 1000 })(
    'a damaged text is refused, or every number of it is the one that stands there',
    (text) => {
      const parsed = parseLibsvm(text, { maxEntries: 10000 })
      if (parsed._tag === 'Left') return
      const again = reread(text)
      const { features, targets } = parsed.right
      expect(Array.from(targets)).toEqual(again.map(({ label }) => label))
      const expected = new Float64Array(features.rows * features.columns)
      again.forEach(({ pairs }, i) => {
        expect(pairs.map(([index]) => index)).toEqual(
          [...new Set(pairs.map(([index]) => index))].sort((a, b) => a - b),
        )
        for (const [index, value] of pairs) expected[i * features.columns + index - 1] = value
      })
      expect(features.values).toEqual(expected)
      expect(features.values.every(Number.isFinite)).toBe(true)
    },
  )

  test.prop([fc.string({ unit: 'binary', maxLength: 60 })])('garbage never throws', (text) => {
    parseLibsvm(text, { maxEntries: 1000 })
  })

  const faults: ReadonlyArray<readonly [string, string, string, string]> = [
    ['a repeated index', '1 1:2\n1 2:1 2:3', 'd:2', 'indices ascend and do not repeat'],
    ['an index out of order', '1 3:2 2:1', 'd:1', 'indices ascend'],
    ['the index zero', '1 0:2', 'd:1', 'an index from 1'],
    ['a leading zero', '1 01:2', 'd:1', 'without leading zeros'],
    ['a negative index', '1 -1:2', 'd:1', 'a decimal index'],
    ['a fractional index', '1 1.5:2', 'd:1', 'a decimal index'],
    ['a named index', '1 qid:2 1:1', 'd:1', 'a decimal index'],
    ['no colon', '1 1:2 3', 'd:1', 'index:value'],
    ['two colons', '1 1:2:3', 'd:1', 'a finite decimal number'],
    ['no value', '1 1:', 'd:1', 'a finite decimal number'],
    ['a value that is not a number', '1 1:nan', 'd:1', 'a finite decimal number'],
    ['a value beyond doubles', '1 1:1e999', 'd:1', 'a finite decimal number'],
    ['a number with a tail', '1 1:12abc', 'd:1', 'a finite decimal number'],
    ['a label that is not a number', '\n# c\nyes 1:1', 'd:3', 'a label'],
    ['several labels', '1,2 1:1', 'd:1', 'a label'],
    ['no label', '1:1 2:1', 'd:1', 'a label'],
    ['an unbreakable space', '1\u00a01:1', 'd:1', 'a label'],
    ['an index beyond 32 bits', '1 2147483648:1', 'd:1', 'at most 2147483647'],
    ['an absurd index', `1 ${'9'.repeat(400)}:1`, 'd:1', 'at most 2147483647'],
    ['an index that needs too much room', '1 1:1\n1 2147483647:1', 'd:2', 'at most 268435456 entries'],
    ['an empty text', '', 'd', 'at least one example'],
    ['comments only', '# 1 1:1\n\n', 'd', 'at least one example'],
    ['labels only', '1\n-1\n', 'd', 'at least one index:value pair'],
  ]
  for (const [what, text, field, expected] of faults) {
    test(`refuses ${what} and says where`, () => {
      const [error] = left(parseLibsvm(text, { name: 'd' }))
      expect(error?.field).toBe(field)
      expect(error?.expected).toContain(expected)
    })
  }

  test('an index beyond the given number of features is refused', () => {
    expect(left(parseLibsvm('1 1:1\n1 4:1', { name: 'd', features: 3 }))).toEqual([
      { _tag: 'Invalid', field: 'd:2', value: '4:1', expected: 'an index of at most 3 (features)' },
    ])
    expect(fields(parseLibsvm('1 1:1', { features: 0 }))).toEqual(['features'])
    expect(fields(parseLibsvm('1 1:1', { features: 2147483647 }))).toEqual(['libsvm:1'])
  })

  test('reports at most ten errors', () => {
    expect(fields(parseLibsvm('a\n'.repeat(1000), { name: 'd' }))).toEqual(
      Array.from({ length: 10 }, (_, i) => `d:${i + 1}`),
    )
  })

  test('a byte order mark is no part of the first label', () => {
    expect(Array.from(right(parseLibsvm('\uFEFF-1 1:2')).targets)).toEqual([-1])
  })
})
