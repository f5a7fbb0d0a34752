import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { decodeWith } from '../../spec/vocabulary/invalid.js'
import { dataSpec, splitSpec } from '../../src/problem/data/spec.js'
import { startSpec, startVector } from '../../src/problem/data/start.js'
import { fields, finite, left, right } from './support.js'

const prepared = {
  features: fc.integer({ min: 1, max: 9 }),
  standardise: fc.boolean(),
  bias: fc.boolean(),
}
const path = fc.string({ minLength: 1 })
const specs = fc.oneof(
  fc.record({ ...prepared, file: path, as: fc.constant('libsvm') }, { requiredKeys: ['file', 'as'] }),
  fc.record(
    { ...prepared, file: path, as: fc.constant('csv'), labels: fc.oneof(path, fc.nat()) },
    { requiredKeys: ['file', 'as'] },
  ),
  fc.record(
    { ...prepared, file: path, as: fc.constant('idx'), labels: path },
    { requiredKeys: ['file', 'as', 'labels'] },
  ),
  fc.record({ ...prepared, as: fc.constant('mnist') }, { requiredKeys: ['as'] }),
)

const at = (codec: typeof dataSpec | typeof splitSpec | typeof startSpec, u: unknown) =>
  left(decodeWith<unknown>(codec, 'it')(u)).map((e) => `${e.field}: ${e.expected}`)

describe('the data of an experiment file', () => {
  test.prop([specs])('what is well formed is read and written unchanged', (spec) => {
    const read = right(decodeWith(dataSpec)(JSON.parse(JSON.stringify(spec))))
    expect(read).toEqual(spec)
    expect(dataSpec.encode(read)).toEqual(spec)
    expect(dataSpec.is(spec)).toBe(true)
  })

  test.prop([
    specs,
    fc.string().filter((key) => !['file', 'as', 'labels', 'features', 'standardise', 'bias'].includes(key)),
  ])('any other field is refused', (spec, key) => {
    const more: unknown = JSON.parse(`${JSON.stringify(spec).slice(0, -1)},${JSON.stringify(key)}:1}`)
    expect(at(dataSpec, more)[0]).toContain('no such field')
    expect(dataSpec.is(more)).toBe(false)
  })

  test.prop([fc.jsonValue()])('garbage never throws', (u) => {
    dataSpec.decode(u)
    splitSpec.decode(u)
    startSpec.decode(u)
  })

  test('errors speak of the form that was meant', () => {
    expect(at(dataSpec, { as: 'arff', file: 'x' })).toEqual(['it.as: one of libsvm, csv, idx, mnist'])
    expect(at(dataSpec, { file: 'x' })).toEqual(['it.as: one of libsvm, csv, idx, mnist'])
    expect(at(dataSpec, 'x.csv')).toEqual(['it: an object { as, ... }'])
    expect(at(dataSpec, { as: 'libsvm' })).toEqual(['it.file: the path of a file'])
    expect(at(dataSpec, { as: 'libsvm', file: '' })).toEqual(['it.file: the path of a file'])
    expect(at(dataSpec, { as: 'idx', file: 'x' })).toEqual(['it.labels: the path of a file'])
    for (const only of [[3], [3, 3], [3, 10], '38'])
      expect(at(dataSpec, { as: 'mnist', only })).toEqual(['it.only: two or more different digits'])
    expect(at(dataSpec, { as: 'mnist', bias: 1 })).toEqual(['it.bias: true or false'])
    expect(at(dataSpec, { as: 'libsvm', file: 'x', features: 0 })).toEqual(['it.features: an integer >= 1'])
    expect(at(dataSpec, { as: 'mnist', file: 'x' })).toEqual([
      'it.file: no such field (mnist data has only, features, standardise, bias, as)',
    ])
  })
})

describe('the split of an experiment file', () => {
  test('shares and seeds are checked', () => {
    expect(splitSpec.decode({ test: 0.2, validation: 10, seed: -1 })._tag).toBe('Right')
    expect(at(splitSpec, { test: 0, seed: 1 })).toEqual(['it.test: a fraction in (0, 1) or a count >= 1'])
    expect(at(splitSpec, { test: 1.5, seed: 1 })).toEqual(['it.test: a fraction in (0, 1) or a count >= 1'])
    expect(at(splitSpec, { test: 1 })).toEqual(['it.seed: an integer from -2147483648 to 2147483647'])
    expect(at(splitSpec, { test: 1, seed: 1e10 })).toEqual([
      'it.seed: an integer from -2147483648 to 2147483647',
    ])
    expect(at(splitSpec, { test: 1, seed: 1, train: 5 })[0]).toContain('it.train: no such field')
  })
})

describe('the start of an experiment file', () => {
  test.prop([fc.array(finite)])('a vector is itself', (xs) => {
    const spec = right(decodeWith(startSpec)(JSON.parse(JSON.stringify(xs))))
    expect(Array.from(right(startVector(spec, xs.length)))).toEqual(xs)
    expect(fields(startVector(spec, xs.length + 1, 'runs.start'))).toEqual(['runs.start'])
  })

  test.prop([fc.integer(), fc.nat({ max: 9 }), fc.double({ min: 1e-3, max: 1e3, noNaN: true })])(
    'a random start scales with its deviation and repeats with its seed',
    (seed, dimension, normal) => {
      const start = right(startVector({ normal, seed }, dimension))
      expect(start.length).toBe(dimension)
      expect(start).toEqual(right(startVector({ normal, seed }, dimension)))
      expect(start).toEqual(right(startVector({ normal: 1, seed }, dimension)).map((z) => normal * z))
    },
  )

  test('zeros are zeros', () => {
    expect(right(startVector('zeros', 3))).toEqual(new Float64Array(3))
  })

  test('numbers have the encoding of every file', () => {
    expect(startSpec.decode([1, '-0'])).toEqual({ _tag: 'Right', right: [1, -0] })
    expect(at(startSpec, [1, 'NaN'])).toEqual(['it[1]: a finite number'])
    expect(at(startSpec, [null])).toEqual(['it[0]: a finite number'])
    expect(at(startSpec, { normal: 0, seed: 1 })).toEqual(['it.normal: a finite number > 0'])
    expect(at(startSpec, { normal: 'Infinity', seed: 1 })).toEqual(['it.normal: a finite number > 0'])
    expect(at(startSpec, { normal: 1 })).toEqual(['it.seed: an integer from -2147483648 to 2147483647'])
    expect(at(startSpec, 'ones')).toEqual(['it: an array of numbers, "zeros" or { normal, seed }'])
    expect(at(startSpec, 3)).toEqual(['it: an array of numbers, "zeros" or { normal, seed }'])
    expect(fields(startVector({ normal: 1e308, seed: 1 }, 1000))).toEqual(['start.normal'])
  })
})
