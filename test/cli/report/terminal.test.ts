import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { abridged, expressionParts, wrapExpression } from '../../../src/cli/report/expression.js'
import {
  formatLoss,
  formatPercent,
  formatPower,
  printable,
  shorten,
  tickFormat,
} from '../../../src/cli/report/format.js'
import { renderTable } from '../../../src/cli/report/index.js'
import { anyReport, batch, report, run, twoLevelRun } from './sample.js'

describe('numbers', () => {
  test('losses have four digits; those that are not finite have diverged', () => {
    expect(
      [0.28714, 2.3, 12345, 1.23456e-7, 0, Number.NaN, Number.POSITIVE_INFINITY, null].map(formatLoss),
    ).toEqual(['0.2871', '2.300', '12350', '1.235e-7', '0', 'diverged', 'diverged', '–'])
  })
  test('percentages, powers and ticks', () => {
    expect([0.91345, null, Number.NaN].map(formatPercent)).toEqual(['91.34 %', '–', '–'])
    expect([1e-4, 2e5, 1, 1.5e-12].map(formatPower)).toEqual(['10⁻⁴', '2·10⁵', '10⁰', '1.5·10⁻¹²'])
    expect([0.1, 1, 10].map(tickFormat([0.1, 1, 10]))).toEqual(['0.1', '1', '10'])
    expect([1e-4, 1].map(tickFormat([1e-4, 1]))).toEqual(['10⁻⁴', '10⁰'])
    expect([-2, 0, 2].map(tickFormat([-2, 0, 2]))).toEqual(['−2', '0', '2'])
  })
})

describe('texts', () => {
  test('what a terminal would obey is shown as a replacement character', () => {
    expect(printable('\u{1b}[31m\n\u{202e}a\ud800')).toBe('\u{fffd}[31m\u{fffd}\u{fffd}a\u{fffd}')
    expect(printable('Größe 😀 "&<')).toBe('Größe 😀 "&<')
  })
  test('long names lose their middle', () => {
    expect(shorten('constant 0.001', 14)).toBe('constant 0.001')
    expect(shorten('constant 0.00001', 9)).toBe('cons…0001')
    expect([...shorten('😀'.repeat(20), 9)].length).toBe(9)
  })
  test('expressions break after brackets and spaces, not within plain fields', () => {
    expect(expressionParts('min[polyak{c: 0.5}, runningMin(constant{step: 1})]')).toEqual([
      'min[',
      'polyak{c: 0.5}, ',
      'runningMin(',
      'constant{step: 1})]',
    ])
    expect(wrapExpression('min[polyak{c: 0.5}, constant{step: 1}]', 20)).toEqual([
      'min[polyak{c: 0.5},',
      'constant{step: 1}]',
    ])
  })
  test('wrapping fits the width and loses nothing but spaces', () =>
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-d {}[\](),:1]*$/),
        fc.integer({ min: 1, max: 30 }),
        (text, width) => {
          const lines = wrapExpression(text, width)
          expect(lines.every((line) => line.length <= width)).toBe(true)
          expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
        },
      ),
    ))
})

describe('abridged', () => {
  const within = (length: number) => (text: string) => text.length <= length

  test('leaves out what is innermost, the last of one depth first', () => {
    const text = 'upper: armijo{start: min[last{initial: 1}, constant{step: 9}], slack: 0} along adam{eps: 1}'
    expect([200, 90, 80, 74, 68, 40].map((length) => abridged(text, within(length)))).toEqual([
      text,
      'upper: armijo{start: min[last{initial: 1}, constant{…}], slack: 0} along adam{eps: 1}',
      'upper: armijo{start: min[last{…}, constant{…}], slack: 0} along adam{eps: 1}',
      'upper: armijo{start: min[…], slack: 0} along adam{eps: 1}',
      'upper: armijo{start: min[…], slack: 0} along adam{eps: 1}',
      'upper: armijo{…} along adam{…}',
    ])
  })

  test('is no longer than the text, fits where anything can, and keeps what stands outside', () =>
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-d {}[\](),:1]*$/),
        fc.integer({ min: 0, max: 40 }),
        (text, length) => {
          const short = abridged(text, within(length))
          expect(short.length).toBeLessThanOrEqual(text.length)
          if (text.length <= length) expect(short).toBe(text)
          // Nothing was left out in vain, and what was, was within brackets.
          const least = abridged(text, () => false)
          expect(abridged(short, () => false)).toBe(least)
          if (least.length <= length) expect(short.length).toBeLessThanOrEqual(length)
        },
      ),
    ))
})

describe('renderTable', () => {
  const lines = (text: string) => text.split('\n')

  test('a small table, as it is printed', () => {
    const data = report([
      run('constant 0.5'),
      run('SPSmax', {
        group: 'Rules',
        rule: 'min[polyak{c: 0.5}, constant{step: 1}]',
        summary: {
          ...run('x').summary,
          train: Number.NaN,
          testAccuracy: null,
          failures: 2,
          decided: [
            { operand: 'polyak{c: 0.5}', count: 40 },
            { operand: 'constant{step: 1}', count: 18 },
          ],
        },
        seconds: null,
      }),
    ])
    expect(lines(renderTable(data, 112))).toEqual([
      '                                      final',
      '                                      train      test  function  gradient            decided',
      'run           rule                     loss  accuracy     evals     evals  failures  by                     time',
      '─'.repeat(112),
      'Constant steps',
      'constant 0.5  constant{step: 0.5}   0.07419   87.50 %        60        60         0  60 × itself          1.50 s',
      'Rules',
      'SPSmax        min[polyak{c: 0.5},  diverged         –        60        60         2  40 × polyak{c: 0.5}       –',
      '              constant{step: 1}]                                                     18 ×',
      '                                                                                     constant{step: 1}',
      '─'.repeat(112),
      '',
    ])
  })

  test('has every run in every width, and fits where it can', () => {
    for (const width of [20, 80, 100, 120, 160, 400]) {
      const table = renderTable(batch, width)
      for (const { name } of batch.runs) expect(lines(table).some((line) => line.startsWith(name))).toBe(true)
      const longest = Math.max(...lines(table).map((line) => line.length))
      if (width >= 80) expect(longest).toBeLessThanOrEqual(width)
    }
  })

  test('has no columns for what was not measured', () => {
    const { summary } = run('a')
    const bare = renderTable(
      report([run('a', { seconds: null, summary: { ...summary, testLoss: null, testAccuracy: null } })]),
    )
    expect(bare).not.toMatch(/accuracy|failures|time|–/)
  })

  test('has the expressions below the numbers where there is little room', () => {
    const table = lines(renderTable(batch, 80))
    const at = table.findIndex((line) => line.startsWith('constant 0.01 '))
    expect(table[at + 1]).toBe('  constant{step: 0.01} · 60 × itself')
  })

  test('has methods of two levels in few lines, abridged to the width', () => {
    const table = lines(renderTable(report([twoLevelRun('BiSLS')]), 72))
    const at = table.findIndex((line) => line.startsWith('BiSLS '))
    expect(table.slice(at + 1, at + 4)).toEqual([
      '  bilevelDescent, cg{iterations: 3} · 19 × the upper rule',
      '  upper: armijo{start: min[…], slack: 0.01} along adam{…}',
      '  lower: 3 × armijo{start: min[last{…}, constant{…}], budget: 20}',
    ])
    const wide = renderTable(report([twoLevelRun('BiSLS')]), 240)
    expect(wide).toContain(
      'upper: armijo{start: min[last{initial: 1, factor: 1.5}, constant{step: 100}], slack:',
    )
  })

  test('is shorter where there is more room', () => {
    const heights = [110, 120, 130, 200, 400].map((width) => lines(renderTable(batch, width)).length)
    expect(heights).toEqual([...heights].sort((a, b) => b - a))
    expect(heights[4]).toBe(batch.runs.length + 3 + 3 + 2 + 1)
  })

  test('prints anything, once the same as again, and nothing that a terminal obeys', () =>
    fc.assert(
      fc.property(anyReport, fc.integer({ min: 1, max: 200 }), (data, width) => {
        const table = renderTable(data, width)
        expect(table.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
        expect(renderTable(data, width)).toBe(table)
      }),
    ))
})
