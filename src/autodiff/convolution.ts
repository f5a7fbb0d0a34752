import { type Input, lifted, tensor } from './lift.js'
import { fail, two } from './primitive.js'
import { showShape, showType, size as sizeOf } from './shape.js'
import type { Tensor } from './tensor.js'
import { vocabulary as v } from './vocabulary.js'

/** One number for rows and columns, or one for each. */
type Pair = number | readonly [number, number]

const pair = (name: string, what: string, given: Pair, least: number): readonly [number, number] => {
  const both: readonly [number, number] = typeof given === 'number' ? [given, given] : given
  return both.length === 2 && both.every((n) => Number.isSafeInteger(n) && n >= least)
    ? both
    : fail(name, `${what} must be one or two integers >= ${least}, got ${String(given)}`)
}

/**
 * The windows of images, each as one row: `[n, h, w, c]` to `[n, rows, columns, window[0] * window[1] * c]`, where the elements of a
 * window are in the order of the image.
 *
 * Windows are `stride` apart, by default 1, and lie wholly inside; there are $\lfloor (h - k) / s \rfloor + 1$ rows of them. With it,
 * pooling is a maximum or mean over the last axis. It copies; the derivative adds what overlapping windows have at one element in the
 * order of the windows.
 *
 * @throws `RangeError` unless `x` has four axes, and windows and strides are at least 1
 * @example
 * ```ts
 * import { array, evaluate, patches } from 'steplaw/autodiff'
 *
 * const image = array([1, 2, 3, 1], [1, 2, 3, 4, 5, 6])
 * Array.from(evaluate((x) => patches(x, 2))(image).values) // => [1, 2, 4, 5, 2, 3, 5, 6]
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const patches = (
  x: Tensor,
  window: number | readonly [number, number],
  stride: number | readonly [number, number] = 1,
): Tensor =>
  v.apply(
    'patches',
    { window: pair('patches', 'window', window, 1), stride: pair('patches', 'stride', stride, 1) },
    tensor('patches', x),
  )

/**
 * How filters move over images.
 *
 * @category Autodiff
 * @since 0.1.0
 */
export interface Convolution {
  /** How far the next window is, down and to the right; 1 by default. */
  readonly stride?: number | readonly [number, number]
  /**
   * Zeros around the images: `'valid'` (none, the default); `'same'`, as many as make $\lceil h / s \rceil$ rows of results, an odd one
   * below and to the right; or how many above and below, and left and right.
   */
  readonly padding?: 'same' | 'valid' | number | readonly [number, number]
}

/** Zeros before and after an axis of `extent`. */
const zeros = (extent: number, window: number, stride: number): readonly [number, number] => {
  const all = Math.max(0, (Math.ceil(extent / stride) - 1) * stride + window - extent)
  return [Math.floor(all / 2), Math.ceil(all / 2)]
}

/**
 * Images `[n, h, w, c]` under filters `[kh, kw, c, f]`: `[n, rows, columns, f]`.
 *
 * $$y_{n i j f} = \sum_{p, q, k} x_{n,\, s i + p,\, s j + q,\, k} \, w_{p q k f}$$
 *
 * The filters are not turned round, as in machine learning; a convolution in the sense of analysis has them reversed along their first
 * two axes. It is a product of {@link patches} with the filters as a matrix, so that each element is summed strictly in the order of
 * $(p, q, k)$. A single image of shape `[h, w]` enters by `reshape(x, [1, h, w, 1])`. The cost is $2 k_h k_w c f$ operations for each
 * window; the windows are `kh * kw` times as large as the images.
 *
 * @throws `RangeError` naming both shapes when there are not four axes each or the channels differ, or naming the option
 * @example
 * ```ts
 * import { array, conv2d, evaluate } from 'steplaw/autodiff'
 *
 * const filter = array([1, 2, 1, 1], [-1, 1])
 * const image = array([1, 1, 4, 1], [1, 2, 4, 7])
 * Array.from(evaluate((x) => conv2d(x, filter))(image).values) // => [1, 2, 3]
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const conv2d = (
  images: Input,
  filters: Input,
  { stride = 1, padding = 'valid' }: Convolution = {},
): Tensor => {
  const [x, w] = two(lifted('conv2d', [images, filters]))
  const [n = 0, height = 0, width = 0, channels = 0] = x.shape
  const [tall = 0, wide = 0, depth = 0, count = 0] = w.shape
  if (x.shape.length !== 4 || w.shape.length !== 4 || channels !== depth || tall === 0 || wide === 0)
    return fail(
      'conv2d',
      `expected images [n, h, w, c] and filters [kh, kw, c, f], got ${showType(x)} and ${showType(w)}`,
    )
  const [down, right] = pair('conv2d', 'stride', stride, 1)
  const around = (): readonly [readonly [number, number], readonly [number, number]] => {
    if (padding === 'same') return [zeros(height, tall, down), zeros(width, wide, right)]
    const [above, left] = padding === 'valid' ? [0, 0] : pair('conv2d', 'padding', padding, 0)
    return [
      [above, above],
      [left, left],
    ]
  }
  const [[above, below], [left, after]] = around()
  const padded = above + below + left + after === 0 ? x : v.pad(x, [0, above, left, 0], [0, below, after, 0])
  const cut = v.apply('patches', { window: [tall, wide], stride: [down, right] }, padded)
  const [, rows = 0, columns = 0, size = 0] = cut.shape
  if (rows * columns === 0 && sizeOf(padded.shape) > 0)
    return fail(
      'conv2d',
      `a filter of ${showShape([tall, wide])} does not fit into images ${showShape(padded.shape)}`,
    )
  const product = v.matmul(
    v.reshape(cut, [n * rows * columns, size]),
    v.reshape(w, [size, count]),
    false,
    false,
  )
  return v.reshape(product, [n, rows, columns, count])
}
