/** Grey images made by formulas, from 0 to 1: what total variation likes, flat parts with edges, and what it does not, texture. */
import { generator, normals } from 'steplaw'
import { array, type Dense } from 'steplaw/autodiff'

export const side = 96
export const pixels = side * side

/** Noise of every pixel. */
export const sigma = 0.1

/** Of the row and the column, both from 0 to 1. */
type Scene = (i: number, j: number) => number

const within = (i: number, j: number, ci: number, cj: number, radius: number): boolean =>
  (i - ci) ** 2 + (j - cj) ** 2 < radius ** 2

/** Discs before a slope. */
const discs: Scene = (i, j) => {
  if (within(i, j, 0.35, 0.35, 0.22)) return 0.9
  if (within(i, j, 0.7, 0.65, 0.2)) return 0.15
  return 0.35 + 0.3 * j
}

/** A house: edges in all directions. */
const house: Scene = (i, j) => {
  if (i > 0.8) return 0.25
  if (i > 0.45 && Math.abs(j - 0.5) < 0.28) {
    if (i > 0.58 && i < 0.7 && Math.abs(Math.abs(j - 0.5) - 0.14) < 0.06) return 0.95
    return i > 0.62 && Math.abs(j - 0.5) < 0.05 ? 0.1 : 0.7
  }
  if (i > 0.2 && i <= 0.45 && Math.abs(j - 0.5) < 1.3 * (i - 0.2)) return 0.4
  return 0.85 - 0.2 * i
}

/** Cloth: waves of two directions under a light that falls off. */
const cloth: Scene = (i, j) =>
  0.5 + 0.18 * Math.sin(50 * i + 14 * j) * Math.cos(12 * i - 44 * j) + 0.25 * (0.5 - i)

/** Stairs from dark to bright, crossed by thin bright lines. */
const stairs: Scene = (i, j) => {
  const across = 5 * (i + 0.6 * j)
  return across - Math.floor(across) < 0.12 ? 0.9 : 0.1 + 0.09 * Math.floor(7 * j)
}

/** Rings that become narrower outwards, and a square. */
const rings: Scene = (i, j) => {
  if (i > 0.6 && j > 0.55 && i < 0.85 && j < 0.9) return 0.05
  return 0.55 + 0.25 * Math.cos(60 * ((i - 0.3) ** 2 + (j - 0.35) ** 2))
}

/** Hills, one before the other, under a sky. */
const hills: Scene = (i, j) => {
  if (i > 0.78 + 0.08 * Math.sin(9 * j)) return 0.15 + 0.06 * Math.sin(70 * j) * Math.sin(60 * i)
  if (i > 0.55 + 0.12 * Math.sin(5 * j + 1)) return 0.45
  return within(i, j, 0.22, 0.72, 0.1) ? 0.98 : 0.6 + 0.5 * (0.5 - i)
}

/** Bricks. */
const bricks: Scene = (i, j) => {
  const row = Math.floor(i * 8)
  const along = j * 5 + (row % 2) / 2
  const mortar = i * 8 - row < 0.15 || along - Math.floor(along) < 0.1
  return mortar ? 0.8 : 0.35 + 0.15 * (((row * 7 + Math.floor(along) * 3) % 5) / 4)
}

const drawn = (scene: Scene): ReadonlyArray<number> =>
  Array.from({ length: pixels }, (_, at) => scene(Math.floor(at / side) / side, (at % side) / side))

export interface Images {
  readonly clean: Dense
  readonly noisy: Dense
}

const withNoise = (scenes: ReadonlyArray<Scene>, seed: number): Images => {
  const clean = Float64Array.from(scenes.flatMap(drawn))
  const [noise] = normals(clean.length)(generator(seed))
  const shape = [scenes.length, side, side]
  return {
    clean: array(shape, clean),
    noisy: array(
      shape,
      clean.map((c, at) => c + sigma * (noise[at] ?? 0)),
    ),
  }
}

/** Four to learn from and three to judge by, each with one that is texture. */
export const training = withNoise([discs, house, cloth, stairs], 1)
export const test = withNoise([hills, rings, bricks], 2)

/** The ratio of the peak, 1, to the mean square of the error, in decibels: the mean over the images. */
export const psnr = (images: Float64Array, clean: Dense): number => {
  const count = images.length / pixels
  return (
    Array.from({ length: count }, (_, n) => {
      let square = 0
      for (let at = n * pixels; at < (n + 1) * pixels; at += 1)
        square += ((images[at] ?? 0) - (clean.values[at] ?? 0)) ** 2
      return -10 * Math.log10(square / pixels)
    }).reduce((s, p) => s + p, 0) / count
  )
}

/** One of the images, to be shown. */
export const shown = (images: Float64Array, n: number): ReadonlyArray<number> =>
  Array.from(images.subarray(n * pixels, (n + 1) * pixels), (p) => Math.round(1000 * p) / 1000)

/**
 * The solution of the lower level of N images, by Nesterov's method: it is 1/N-strongly convex, and its gradient has the Lipschitz
 * constant L. Until the gradient says that y is `accuracy` from the solution; or for 1000 steps.
 */
export const restored = (
  gradientAt: (y: Float64Array) => Float64Array,
  {
    start,
    mu,
    L,
    accuracy,
  }: { readonly start: Float64Array; readonly mu: number; readonly L: number; readonly accuracy: number },
): Float64Array => {
  const [a, b] = [Math.sqrt(L), Math.sqrt(mu)]
  const momentum = (a - b) / (a + b)
  let [y, ahead] = [start, start]
  for (let k = 0; k < 1000; k += 1) {
    const slope = gradientAt(ahead)
    if (Math.sqrt(slope.reduce((s, g) => s + g * g, 0)) <= accuracy * mu) return ahead
    const [from, last] = [ahead, y]
    y = from.map((p, at) => p - (slope[at] ?? 0) / L)
    ahead = y.map((p, at) => p + momentum * (p - (last[at] ?? 0)))
  }
  return y
}
