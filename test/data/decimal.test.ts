import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { parseDecimal } from '../../src/problem/data/parsed.js'
import { finite, numeral } from './support.js'

describe('decimal numerals', () => {
  test.prop([finite.chain((x) => numeral(x).map((text) => [x, text] as const))])(
    'every numeral of a double reads as that double',
    ([x, text]) => {
      expect(parseDecimal(text)).toBe(x)
    },
  )

  test.prop([fc.string({ unit: fc.constantFrom(...'0123456789+-.eExX_ ,naifty'), maxLength: 8 })], {
    numRuns: 2000,
  })('what is read is what Number reads, and only if it has a digit and no other letter than e', (text) => {
    const x = parseDecimal(text)
    if (x === undefined) return
    expect(x).toBe(Number(text))
    expect(text).toMatch(/^[0-9+\-.eE]*[0-9][0-9+\-.eE]*$/)
  })

  const refused = [
    '',
    ' ',
    '1 ',
    ' 1',
    '12abc',
    '0x10',
    '0b1',
    '1_000',
    '1,5',
    '.',
    '+',
    '-',
    'e5',
    '1e',
    '1e+',
  ]
  const spelt = ['nan', 'NaN', 'inf', 'Infinity', '-Infinity', '1e999', '-1e999', '--1', '1.2.3', '٣', '１']
  for (const text of [...refused, ...spelt]) {
    test(`refuses ${JSON.stringify(text)}`, () => {
      expect(parseDecimal(text)).toBeUndefined()
    })
  }

  for (const text of ['1', '+1', '-1', '1.', '.5', '-.5', '1e5', '1E-5', '007', '1e-400', '-0']) {
    test(`reads ${text} as Number does`, () => {
      expect(parseDecimal(text)).toBe(Number(text))
    })
  }
})
