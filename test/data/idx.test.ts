import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { idxDataset, parseIdx } from '../../src/problem/data/idx.js'
import { fields, left, right, rowsOf } from './support.js'

interface Kind {
  readonly code: number
  readonly bytes: number
  readonly value: fc.Arbitrary<number>
  readonly write: (view: DataView, at: number, x: number) => void
}

const kinds: ReadonlyArray<Kind> = [
  { code: 8, bytes: 1, value: fc.nat({ max: 255 }), write: (v, at, x) => v.setUint8(at, x) },
  { code: 9, bytes: 1, value: fc.integer({ min: -128, max: 127 }), write: (v, at, x) => v.setInt8(at, x) },
  {
    code: 11,
    bytes: 2,
    value: fc.integer({ min: -32768, max: 32767 }),
    write: (v, at, x) => v.setInt16(at, x),
  },
  { code: 12, bytes: 4, value: fc.integer(), write: (v, at, x) => v.setInt32(at, x) },
  {
    code: 13,
    bytes: 4,
    value: fc.float({ noNaN: true, noDefaultInfinity: true }),
    write: (v, at, x) => v.setFloat32(at, x),
  },
  {
    code: 14,
    bytes: 8,
    value: fc.double({ noNaN: true, noDefaultInfinity: true }),
    write: (v, at, x) => v.setFloat64(at, x),
  },
]

const encode = (
  { code, bytes, write }: Kind,
  dimensions: ReadonlyArray<number>,
  values: ReadonlyArray<number>,
): Uint8Array => {
  const out = new Uint8Array(4 + 4 * dimensions.length + bytes * values.length)
  const view = new DataView(out.buffer)
  out.set([0, 0, code, dimensions.length])
  dimensions.forEach((n, i) => {
    view.setUint32(4 + 4 * i, n)
  })
  values.forEach((x, i) => {
    write(view, 4 + 4 * dimensions.length + i * bytes, x)
  })
  return out
}

const written = fc
  .tuple(fc.constantFrom(...kinds), fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }))
  .chain(([kind, dimensions]) => {
    const length = dimensions.reduce((a, b) => a * b, 1)
    return fc
      .array(kind.value, { minLength: length, maxLength: length })
      .map((values) => ({ dimensions, values, bytes: encode(kind, dimensions, values) }))
  })

const bytesOf = (dimensions: ReadonlyArray<number>, values: ReadonlyArray<number>): Uint8Array =>
  kinds[0] === undefined ? new Uint8Array() : encode(kinds[0], dimensions, values)

describe('IDX', () => {
  test.prop([written, fc.nat({ max: 7 })])('reads back what was written, at any offset', (file, offset) => {
    const buffer = new Uint8Array(file.bytes.length + offset)
    buffer.set(file.bytes, offset)
    const read = right(parseIdx(buffer.subarray(offset)))
    expect(read.dimensions).toEqual(file.dimensions)
    expect(Array.from(read.values)).toEqual(file.values)
  })

  test.prop([written])('every beginning of a file is refused', ({ bytes }) => {
    for (let length = 0; length < bytes.length; length++) {
      expect(fields(parseIdx(bytes.subarray(0, length), { name: 'd' }))).toEqual(['d'])
    }
  })

  test.prop([written, fc.uint8Array({ minLength: 1, maxLength: 9 })])(
    'bytes left over are refused',
    (file, more) => {
      const longer = Uint8Array.of(...file.bytes, ...more)
      expect(left(parseIdx(longer))[0]?.expected).toContain('bytes are left over')
    },
  )

  test.prop([fc.uint8Array({ maxLength: 64 })])('garbage never throws', (bytes) => {
    parseIdx(bytes, { maxEntries: 1000 })
    parseIdx(Uint8Array.of(0, 0, 8, ...bytes), { maxEntries: 1000 })
  })

  test('the header must be one', () => {
    const expected = /IDX magic number/
    expect(left(parseIdx(Uint8Array.of(0x1f, 0x8b, 8, 1)))[0]?.expected).toMatch(expected)
    expect(left(parseIdx(Uint8Array.of(0, 0, 7, 1, 0, 0, 0, 0)))[0]?.expected).toMatch(expected)
    expect(left(parseIdx(Uint8Array.of(0, 0, 8, 0)))[0]?.expected).toMatch(expected)
    expect(left(parseIdx(bytesOf([0], [])))[0]?.expected).toContain('at least 1')
  })

  test('dimensions that need too much room are refused before any is made', () => {
    const huge = Uint8Array.of(0, 0, 14, 3, ...Array.from({ length: 12 }, () => 255))
    expect(left(parseIdx(huge))[0]?.expected).toContain('at most 268435456 entries')
  })

  test('entries that are not finite are refused', () => {
    const nan = Uint8Array.of(0, 0, 14, 1, 0, 0, 0, 1, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0)
    expect(fields(parseIdx(nan, { name: 'd' }))).toEqual(['d[0]'])
  })

  test('bytes become features from 0 to 1, labels stay', () => {
    const data = right(
      idxDataset(right(parseIdx(bytesOf([2, 1, 2], [0, 255, 51, 1]))), right(parseIdx(bytesOf([2], [9, 3])))),
    )
    expect(rowsOf(data)).toEqual([
      [0, 1],
      [0.2, 1 / 255],
    ])
    expect(Array.from(data.targets)).toEqual([9, 3])
  })

  test('images and labels must belong together', () => {
    const images = right(parseIdx(bytesOf([2, 2], [0, 1, 2, 3])))
    const two = right(parseIdx(bytesOf([2], [0, 1])))
    const three = right(parseIdx(bytesOf([3], [0, 1, 2])))
    expect(fields(idxDataset(images, three))).toEqual(['labels'])
    expect(fields(idxDataset(images, images))).toEqual(['labels'])
    expect(fields(idxDataset(two, images))).toEqual(['images'])
  })
})
