import type { Shape } from './ir.js'
import { fail } from './primitive.js'
import { showShape } from './shape.js'

const isPair = (u: unknown): u is readonly [number, number] =>
  Array.isArray(u) && u.length === 2 && u.every((n) => Number.isSafeInteger(n) && n >= 1)

/** Predicates of the parameters of primitives that look through windows. */
export const windowParams = { window: isPair, stride: isPair } as const

/** The sizes that meet where windows move over images. */
export interface Sliding {
  readonly images: number
  readonly height: number
  readonly width: number
  readonly channels: number
  /** Rows and columns of windows in each image. */
  readonly rows: number
  readonly columns: number
  /** Rows and columns of a window. */
  readonly tall: number
  readonly wide: number
  /** How far the next window is down and to the right. */
  readonly down: number
  readonly right: number
}

/** How often a window of `extent` fits into `room`, `stride` apart. */
const fits = (room: number, extent: number, stride: number): number =>
  room < extent ? 0 : Math.floor((room - extent) / stride) + 1

/** The windows that lie wholly inside images of shape `[n, h, w, c]`. */
export const sliding = (
  name: string,
  image: Shape,
  window: ReadonlyArray<number>,
  stride: ReadonlyArray<number>,
): Sliding => {
  const [images = 0, height = 0, width = 0, channels = 0] = image
  const [tall = 1, wide = 1] = window
  const [down = 1, right = 1] = stride
  if (image.length !== 4) fail(name, `expected images of shape [n, h, w, c], got ${showShape(image)}`)
  if (!isPair(window)) fail(name, `a window has two sizes >= 1, got ${showShape(window)}`)
  if (!isPair(stride)) fail(name, `a stride has two sizes >= 1, got ${showShape(stride)}`)
  const [rows, columns] = [fits(height, tall, down), fits(width, wide, right)]
  return { images, height, width, channels, rows, columns, tall, wide, down, right }
}

/** The shape of the windows, each one row of `tall * wide * channels` elements. */
export const windowsShape = ({ images, rows, columns, tall, wide, channels }: Sliding): Shape => [
  images,
  rows,
  columns,
  tall * wide * channels,
]
