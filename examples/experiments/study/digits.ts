/** The 10,000 digits that come with the library, in an order that is drawn once, and how classifiers are judged on them. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import {
  type Dataset,
  generator,
  minimise,
  parseDigits,
  permutation,
  sls,
  softmax,
  takeRows,
  withBias,
} from 'steplaw'

export const classes = 10
export const side = 28
export const pixels = side * side

const require = createRequire(import.meta.url)

const read = (): Dataset => {
  const file = (digit: number): unknown =>
    JSON.parse(readFileSync(require.resolve(`mnist/src/digits/${digit}.json`), 'utf8'))
  const parsed = parseDigits(Array.from({ length: classes }, (_, digit) => file(digit)))
  if (parsed._tag === 'Left') throw new Error('the digits of the package mnist cannot be read')
  return parsed.right
}

let known: Dataset | null = null

/** The digits from place `from` to before place `to` of the order; the files are read when digits are first asked for. */
export const digitsAt = (from: number, to: number): Dataset => {
  known ??= read()
  const [order] = permutation(known.features.rows)(generator(1, 'digits'))
  return takeRows(known, order.slice(from, to))
}

/** Images of given classes as data. */
export const imagesOf = (values: Float64Array, targets: ReadonlyArray<number>): Dataset => ({
  name: 'images',
  features: { rows: targets.length, columns: values.length / targets.length, values },
  targets: Float64Array.from(targets),
})

/** The rows of data, one by one. */
export const rowsOf = ({ features: { rows, columns, values } }: Dataset): ReadonlyArray<Float64Array> =>
  Array.from({ length: rows }, (_, i) => values.subarray(i * columns, (i + 1) * columns))

/** A classifier gives every class a score. */
export type Classifier = (image: Float64Array) => ArrayLike<number>

/** The share of the images to whose class the highest score is given. */
export const accuracyOf = (data: Dataset, classifier: Classifier): number => {
  const right = rowsOf(data).filter((image, i) => {
    const scores = Array.from(classifier(image))
    return scores.indexOf(Math.max(...scores)) === data.targets[i]
  })
  return right.length / data.features.rows
}

/** The linear classifier of given weights: ten for each input, and ten constants. */
export const linear =
  (weights: Float64Array): Classifier =>
  (image) => {
    const scores = weights.slice(-classes)
    image.forEach((a, j) => {
      if (a === 0) return
      for (let q = 0; q < classes; q++) scores[q] = (scores[q] ?? 0) + a * (weights[j * classes + q] ?? 0)
    })
    return scores
  }

/** Softmax regression, trained from zero until little changes. */
export const trainedOn = (data: Dataset, l2: number, iterations = 200): Classifier => {
  const { features: A, targets: labels } = withBias(data)
  const objective = softmax({ A, labels, classes, l2 })
  const rule = sls({ initial: 1, reset: 'grow', growth: 1.5, shrink: 0.5 })
  const start = new Float64Array(objective.dimension)
  return linear(Float64Array.from(minimise(objective, { rule, start, iterations }).x))
}

/** The class of the nearest of given images. */
export const nearestOf = (data: Dataset): Classifier => {
  const known = rowsOf(data).map((row, i) => ({
    row,
    square: row.reduce((sum, a) => sum + a * a, 0),
    label: data.targets[i] ?? 0,
  }))
  return (image) => {
    const inked = Array.from(image.keys()).filter((j) => image[j] !== 0)
    const scores = new Float64Array(classes).fill(Number.NEGATIVE_INFINITY)
    for (const { row, square, label } of known) {
      // -|image - row|² but for |image|², which all have in common.
      let score = -square
      for (const j of inked) score += 2 * (image[j] ?? 0) * (row[j] ?? 0)
      scores[label] = Math.max(scores[label] ?? 0, score)
    }
    return scores
  }
}

/** Pictures of half the width and height: the mean of every four pixels. */
export const halved = (data: Dataset): Dataset => {
  const half = side / 2
  const rows = rowsOf(data).flatMap((row) =>
    Array.from({ length: half * half }, (_, at) => {
      const corner = 2 * side * Math.floor(at / half) + 2 * (at % half)
      return [0, 1, side, side + 1].reduce((sum, by) => sum + (row[corner + by] ?? 0), 0) / 4
    }),
  )
  return {
    ...data,
    features: { rows: data.features.rows, columns: half * half, values: Float64Array.from(rows) },
  }
}
