import type { Sliding } from '../../autodiff/window.js'

/** Every window of the images as one row, elements in the order of the image. */
export const patches = (out: Float64Array, x: Float64Array, s: Sliding): void => {
  const run = s.wide * s.channels
  let to = 0
  for (let image = 0; image < s.images; image += 1)
    for (let i = 0; i < s.rows; i += 1)
      for (let j = 0; j < s.columns; j += 1)
        for (let r = 0; r < s.tall; r += 1) {
          const from = ((image * s.height + i * s.down + r) * s.width + j * s.right) * s.channels
          out.set(x.subarray(from, from + run), to)
          to += run
        }
}

/** The transpose: windows are added to images of zeros, one after the other. */
export const overlay = (out: Float64Array, x: Float64Array, s: Sliding): void => {
  const run = s.wide * s.channels
  out.fill(0)
  let from = 0
  for (let image = 0; image < s.images; image += 1)
    for (let i = 0; i < s.rows; i += 1)
      for (let j = 0; j < s.columns; j += 1)
        for (let r = 0; r < s.tall; r += 1) {
          const to = ((image * s.height + i * s.down + r) * s.width + j * s.right) * s.channels
          for (let k = 0; k < run; k += 1) out[to + k] = (out[to + k] as number) + (x[from + k] as number)
          from += run
        }
}
