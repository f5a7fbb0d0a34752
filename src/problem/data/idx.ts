import * as E from 'fp-ts/lib/Either.js'
import { type Dataset, MAX_ENTRIES } from './dataset.js'
import { type Parsed, refuse, tooLarge } from './parsed.js'

/**
 * An array read from an IDX file: its dimensions and its entries, the last dimension running fastest.
 *
 * @category Data
 * @since 0.1.0
 */
export interface IdxArray {
  readonly dimensions: ReadonlyArray<number>
  readonly values: Float64Array
  /** Whether the file holds unsigned bytes, as images do. */
  readonly unsignedBytes: boolean
}

/**
 * How to read IDX files.
 *
 * @category Data
 * @since 0.1.0
 */
export interface IdxOptions {
  /** The name used in errors; default `'idx'`. */
  readonly name?: string
  /** The most entries to make room for; default {@link MAX_ENTRIES}. */
  readonly maxEntries?: number
}

interface Kind {
  readonly bytes: number
  readonly read: (view: DataView, at: number) => number
}

/** The kinds of entries by the third byte of the file; all are big-endian. */
const KINDS: ReadonlyMap<number, Kind> = new Map([
  [0x08, { bytes: 1, read: (view, at) => view.getUint8(at) }],
  [0x09, { bytes: 1, read: (view, at) => view.getInt8(at) }],
  [0x0b, { bytes: 2, read: (view, at) => view.getInt16(at) }],
  [0x0c, { bytes: 4, read: (view, at) => view.getInt32(at) }],
  [0x0d, { bytes: 4, read: (view, at) => view.getFloat32(at) }],
  [0x0e, { bytes: 8, read: (view, at) => view.getFloat64(at) }],
])

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')

/**
 * Reads an IDX file: two zero bytes, a byte for the kind of the entries, a byte for the number of dimensions, the
 * dimensions as 32-bit big-endian integers, then the entries. The length must fit exactly.
 *
 * Errors name the file: a wrong magic number, a header or body that ends early, bytes that are left over, a dimension
 * of zero, more than `maxEntries` entries, an entry that is not finite.
 *
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { parseIdx } from 'steplaw'
 *
 * const parsed = parseIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9))
 * parsed._tag === 'Right' ? Array.from(parsed.right.values) : [] // => [7, 9]
 * parseIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7))._tag // => 'Left'
 * ```
 */
export const parseIdx = (bytes: Uint8Array, options: IdxOptions = {}): Parsed<IdxArray> => {
  const { name = 'idx', maxEntries = MAX_ENTRIES } = options
  const magic = bytes.subarray(0, 4)
  const [zero, alsoZero, code = 0, rank = 0] = magic
  const kind = KINDS.get(code)
  if (zero !== 0 || alsoZero !== 0 || kind === undefined || rank === 0) {
    return refuse(
      name,
      hex(magic),
      'an IDX magic number: 00 00, 08 09 0b 0c 0d or 0e, at least one dimension',
    )
  }
  const start = 4 + 4 * rank
  if (bytes.length < start) return refuse(name, `${bytes.length} bytes`, `a header of ${start} bytes`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const dimensions = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i))
  const shape = dimensions.join(' x ')
  if (dimensions.includes(0)) return refuse(name, shape, 'dimensions of at least 1')
  const length = dimensions.reduce((product, n) => product * n, 1)
  if (length > maxEntries) {
    const rows = dimensions[0] ?? 1
    return E.left([tooLarge(name, rows, length / rows, maxEntries)])
  }
  const expected = start + length * kind.bytes
  if (bytes.length !== expected) {
    const fault = bytes.length < expected ? 'the file is cut off' : 'bytes are left over'
    return refuse(name, `${bytes.length} bytes`, `${expected} bytes for ${shape} entries: ${fault}`)
  }
  const values = new Float64Array(length)
  for (let i = 0; i < length; i++) values[i] = kind.read(view, start + i * kind.bytes)
  const odd = values.findIndex((x) => !Number.isFinite(x))
  if (odd >= 0) return refuse(`${name}[${odd}]`, values[odd], 'a finite number')
  return E.right({ dimensions, values, unsignedBytes: code === 0x08 })
}

/**
 * The dataset of two IDX files. The first dimension of the images counts the examples, the others are flattened to
 * columns; labels have one dimension of the same size.
 *
 * Images of unsigned bytes are scaled from $0, \dots, 255$ to $[0, 1]$ by division by 255, as {@link parseDigits} gives
 * them; entries of every other kind, and labels, are taken as they stand.
 *
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { idxDataset, parseIdx } from 'steplaw'
 *
 * const images = parseIdx(Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255))
 * const labels = parseIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7))
 * const data =
 *   images._tag === 'Right' && labels._tag === 'Right' ? idxDataset(images.right, labels.right) : null
 * data?._tag === 'Right' ? data.right.features.values : null // => Float64Array.of(0, 1)
 * data?._tag === 'Right' ? data.right.targets : null // => Float64Array.of(7)
 * ```
 */
export const idxDataset = (
  images: IdxArray,
  labels: IdxArray,
  names: { readonly images: string; readonly labels: string } = { images: 'images', labels: 'labels' },
): Parsed<Dataset> => {
  const [rows = 0, ...rest] = images.dimensions
  if (rest.length === 0) {
    return refuse(names.images, '1 dimension', 'at least 2: the examples and the features of each')
  }
  if (labels.dimensions.length !== 1) {
    return refuse(
      names.labels,
      `${labels.dimensions.length} dimensions`,
      '1 dimension: a label for each example',
    )
  }
  if (labels.values.length !== rows) {
    return refuse(
      names.labels,
      `${labels.values.length} labels`,
      `${rows}, one for each example of ${names.images}`,
    )
  }
  const values = images.unsignedBytes ? images.values.map((byte) => byte / 255) : images.values
  return E.right({
    name: names.images,
    features: { rows, columns: values.length / rows, values },
    targets: labels.values,
  })
}
