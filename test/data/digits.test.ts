import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { PIXELS, parseDigits } from '../../src/problem/data/digits.js'
import { fields, right } from './support.js'

const image = (seed: number): ReadonlyArray<number> =>
  Array.from({ length: PIXELS }, (_, i) => ((i * 31 + seed) % 256) / 255)

describe('digits', () => {
  test.prop([fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 10 })], { numRuns: 20 })(
    'every image has its pixels and the digit of its file',
    (counts) => {
      const images = counts.map((n, digit) => Array.from({ length: n }, (_, i) => image(digit * 10 + i)))
      const data = right(parseDigits(images.map((of) => ({ data: of.flat() }))))
      expect(Array.from(data.targets)).toEqual(images.flatMap((of, digit) => of.map(() => digit)))
      expect(Array.from(data.features.values)).toEqual(images.flat(2))
      expect(data.features.columns).toBe(784)
    },
  )

  test('a fault names the file and the pixel', () => {
    const good = { data: image(1) }
    const at = (bad: unknown) => fields(parseDigits([good, bad]))
    expect(at({ data: image(1).slice(1) })).toEqual(['mnist/1.json.data'])
    expect(at({ data: [] })).toEqual(['mnist/1.json.data'])
    expect(at({ data: image(1).with(5, 1.5) })).toEqual(['mnist/1.json.data[5]'])
    expect(at({ data: [...image(1).slice(1), '0'] })).toEqual(['mnist/1.json.data[783]'])
    expect(at({ data: image(1).with(0, Number.NaN) })).toEqual(['mnist/1.json.data[0]'])
    expect(at({})).toEqual(['mnist/1.json'])
    expect(at(null)).toEqual(['mnist/1.json'])
    expect(fields(parseDigits([]))).toEqual(['mnist'])
    expect(fields(parseDigits([good], 'mnist', PIXELS - 1))).toEqual(['mnist'])
  })
})
