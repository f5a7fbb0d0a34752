import { encode } from 'fast-png'
import { renderFigure } from '../../../src/cli/report/figure.js'
import { html } from '../../../src/cli/report/html.js'
import type { Figure } from './figure.js'

/** A grey picture, row by row, from 0 (black) to 1 (white). */
export interface Picture {
  readonly heading: string
  readonly width: number
  readonly pixels: ReadonlyArray<number>
}

const dataUri = (width: number, pixels: ReadonlyArray<number>): string => {
  const height = Math.ceil(pixels.length / width)
  const data = Uint8Array.from(pixels, (x) => Math.round(255 * Math.min(1, Math.max(0, x))))
  return `data:image/png;base64,${Buffer.from(encode({ width, height, data, channels: 1, depth: 8 })).toString('base64')}`
}

/** Pictures side by side, each magnified without smoothing; `scale` units of the page a pixel. */
export const pictureFigure =
  (pictures: ReadonlyArray<Picture>, caption: string, scale = 3): Figure =>
  (number) =>
    renderFigure(
      number,
      'panels',
      pictures.map(({ heading, width, pixels }) => {
        const height = Math.ceil(pixels.length / width)
        return {
          heading,
          picture: html`<img alt="${heading}" src="${dataUri(width, pixels)}" width="${scale * width}" height="${scale * height}" style="image-rendering: pixelated; max-width: 100%; height: auto">`,
        }
      }),
      html`${caption}`,
    )

/** Pictures of one size in rows of `columns`, as one picture; the gaps are `gap` pixels wide and white. */
export const sheet = (
  heading: string,
  pictures: ReadonlyArray<ReadonlyArray<number>>,
  width: number,
  columns: number,
  gap = 2,
): Picture => {
  const height = Math.ceil((pictures[0]?.length ?? 0) / width)
  const [wide, rows] = [columns * (width + gap) - gap, Math.ceil(pictures.length / columns)]
  const pixels = Array.from({ length: wide * (rows * (height + gap) - gap) }, (_, at) => {
    const [i, j] = [Math.floor(at / wide), at % wide]
    const [row, column] = [Math.floor(i / (height + gap)), Math.floor(j / (width + gap))]
    const [r, c] = [i - row * (height + gap), j - column * (width + gap)]
    return r < height && c < width ? (pictures[row * columns + column]?.[r * width + c] ?? 1) : 1
  })
  return { heading, width: wide, pixels }
}
