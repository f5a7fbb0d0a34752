/** Images that a classifier learns from: what they are worth, and how they are learnt. */
import { type Dataset, generator, sample } from 'steplaw'
import {
  type BilevelMethod,
  type BilevelState,
  distillation,
  gradientUnits,
  iterateBilevel,
  noDraw,
} from 'steplaw/bilevel'
import * as digits from '../study/digits.js'

const { classes, pixels } = digits

export const l2 = 0.01
/** In gradients, or what costs as much; the images are judged ten times on the way. */
export const [budget, looks] = [5000, 10]
export const batch = 500
export const oneEach = Array.from({ length: classes }, (_, digit) => digit)
export const twoEach = [...oneEach, ...oneEach]

export const real = (): Dataset => digits.digitsAt(0, 5000)
const unseen = (): Dataset => digits.digitsAt(5000, 10_000)

/** The share of unseen digits that are told right by who has seen these images only: a classifier trained on them, or the nearest. */
export interface Worth {
  readonly trained: number
  readonly nearest: number
}

export const worthOf = (images: Dataset): Worth => ({
  trained: digits.accuracyOf(unseen(), digits.trainedOn(images, l2)),
  nearest: digits.accuracyOf(unseen(), digits.nearestOf(images)),
})

interface Look extends Worth {
  readonly k: number
  readonly gradients: number
}

/** Images as they are learnt, with their pixels at the start, half way and at the end. */
export interface Learnt {
  readonly looks: ReadonlyArray<Look>
  readonly pixels: ReadonlyArray<ReadonlyArray<number>>
}

/** Images as they are given: how good, and their pixels. */
export interface Given extends Worth {
  readonly images: ReadonlyArray<number>
}

const rounded = (values: ArrayLike<number>): ReadonlyArray<number> =>
  Array.from(values, (x) => Number(x.toFixed(3)))

/** Learns images of given classes until the budget is spent. */
export const learn = <S extends BilevelState, T>(
  method: BilevelMethod<S, T>,
  made: ReadonlyArray<number>,
  x: Float64Array,
): Learnt => {
  const { features: A, targets: labels } = real()
  const problem = distillation({ made, classes, l2, A, labels })
  const looked: Array<Look> = [{ k: 0, gradients: 0, ...worthOf(digits.imagesOf(x, made)) }]
  const seen = [rounded(x)]
  const options = {
    method,
    start: { x, y: new Float64Array(problem.dimension.y) },
    draws: (k: number) => ({ ...noDraw, upper: sample(A.rows, batch)(generator(2, `batch ${k}`))[0] }),
  }
  for (const { state, counts } of iterateBilevel(problem, options)) {
    const gradients = gradientUnits(counts)
    if (gradients < (looked.length * budget) / looks) continue
    const images = Float64Array.from(method.point(state).x)
    looked.push({ k: state.k, gradients, ...worthOf(digits.imagesOf(images, made)) })
    if (looked.length - 1 === looks / 2) seen.push(rounded(images))
    if (gradients < budget) continue
    return { looks: looked, pixels: [...seen, rounded(images)] }
  }
  return { looks: looked, pixels: seen }
}

/** The `i`-th digit of every class. */
export const realOnes = (i: number): Dataset => {
  const data = real()
  const rows = digits.rowsOf(data)
  const chosen = oneEach.map((digit) => rows.filter((_, row) => data.targets[row] === digit)[i] ?? [])
  return digits.imagesOf(Float64Array.from(chosen.flatMap((row) => [...row])), oneEach)
}

export const means = (): Dataset => {
  const data = real()
  const rows = digits.rowsOf(data)
  const mean = (digit: number): ReadonlyArray<number> => {
    const ones = rows.filter((_, row) => data.targets[row] === digit)
    return Array.from(
      { length: pixels },
      (_, j) => ones.reduce((s, one) => s + (one[j] ?? 0), 0) / ones.length,
    )
  }
  return digits.imagesOf(Float64Array.from(oneEach.flatMap(mean)), oneEach)
}

/** How good several draws are on average; the images are those of the first. */
export const averaged = (drawn: ReadonlyArray<Dataset>): Given => {
  const worths = drawn.map(worthOf)
  const mean = (of: keyof Worth): number => worths.reduce((sum, worth) => sum + worth[of], 0) / worths.length
  return {
    trained: mean('trained'),
    nearest: mean('nearest'),
    images: rounded(drawn[0]?.features.values ?? []),
  }
}
