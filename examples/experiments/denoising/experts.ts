/** Fields of experts: where they begin, what is known of them, and a method that takes no accuracy at all. */
import { adam, generator, normals, power, uniforms } from 'steplaw'
import { array } from 'steplaw/autodiff'
import {
  type BilevelProblem,
  type BilevelStart,
  bilevelDescent,
  conjugateGradients,
  fieldsOfExperts,
  iterateBilevel,
  type MaidConstants,
} from 'steplaw/bilevel'
import { test, training } from './images.js'
import { nesterovFor, type Seen } from './runs.js'

export const filters = 8
export const size = 5

export const problems = {
  train: fieldsOfExperts({ ...training, filters, size }),
  test: fieldsOfExperts({ ...test, filters, size }),
}

const count = training.clean.shape[0] ?? 1

/** Filters by Xavier and Glorot: uniform, with a variance of 2 over the numbers of inputs and outputs of a pixel. */
const [drawn] = uniforms(size * size * filters)(generator(3))
const bound = Math.sqrt(6 / (size * size * (1 + filters)))

export const start: BilevelStart = {
  x: problems.train.ravel.x({
    weight: array([], [0]),
    weights: array([filters], new Float64Array(filters).fill(-3)),
    smoothing: array([filters], new Float64Array(filters).fill(-3.5)),
    filters: array(
      [size, size, filters],
      drawn.map((u) => bound * (2 * u - 1)),
    ),
  }),
  y: training.noisy.values,
}

export interface Expert {
  /** Its pixels, and its whole weight. */
  readonly filter: ReadonlyArray<number>
  readonly weight: number
  readonly smoothing: number
}

export const expertsOf = (x: Float64Array): ReadonlyArray<Expert> => {
  const parts = problems.train.unravel.x(x)
  const [overall = 0] = parts.weight.values
  return Array.from({ length: filters }, (_, j) => ({
    filter: Array.from({ length: size * size }, (_, p) => parts.filters.values[p * filters + j] ?? 0),
    weight: Math.exp(overall + (parts.weights.values[j] ?? 0)),
    smoothing: Math.exp(parts.smoothing.values[j] ?? 0),
  }))
}

const frequencies = 48

/**
 * The largest of sum_j c_j |k_j^|^2 over all frequencies, which no gradient of the penalty exceeds, c_j = weight / smoothing. It is a
 * trigonometric polynomial of degree 4: its maximum is at most 1/cos^2(4 pi / 48) times that over the frequencies looked at.
 */
const curvature = (experts: ReadonlyArray<Expert>): number => {
  let most = 0
  for (let a = 0; a < frequencies; a += 1)
    for (let b = 0; b <= frequencies / 2; b += 1) {
      let sum = 0
      for (const { filter, weight, smoothing } of experts) {
        let [re, im] = [0, 0]
        filter.forEach((k, p) => {
          const at = waves[(a * Math.floor(p / size) + b * (p % size)) % frequencies]
          re += k * (at?.[0] ?? 0)
          im += k * (at?.[1] ?? 0)
        })
        sum += (weight / smoothing) * (re * re + im * im)
      }
      most = Math.max(most, sum)
    }
  return most / Math.cos((4 * Math.PI) / frequencies) ** 2
}

const waves = Array.from({ length: frequencies }, (_, t) => {
  const angle = (2 * Math.PI * t) / frequencies
  return [Math.cos(angle), Math.sin(angle)] as const
})

export const smoothness = (x: Float64Array): { readonly mu: number; readonly L: number } => ({
  mu: 1 / count,
  L: (1 + curvature(expertsOf(x))) / count,
})

/** A random direction, all of whose products with J together have the size of its Frobenius norm, at least its norm. */
const [probe] = normals(start.y.length)(generator(4))

/** Proven up to first order but for |J|, which is estimated, at the noisy images. */
export const estimated = (x: Float64Array): MaidConstants => {
  const Jv = problems.train.lower.crossVector(x, training.noisy.values, probe, null)
  return {
    ...smoothness(x),
    upperLipschitzX: 0,
    upperLipschitzY: 1 / count,
    crossNorm: Math.sqrt(Jv.reduce((s, a) => s + a * a, 0)),
    crossLipschitz: 0,
    inverseHessianLipschitz: 0,
  }
}

/** Adam on hypergradients of so many lower steps and conjugate gradients, both from where they were. */
export function* byAdam(problem: BilevelProblem, steps: number): Iterable<Seen> {
  const method = bilevelDescent({
    inner: { ...nesterovFor({ mu: 1 / count, L: 200 / count }), steps },
    hypergradient: conjugateGradients({ iterations: steps }),
    outer: { rule: power({ initial: 0.04, exponent: 0.4 }), direction: adam() },
  })
  let lowerIterations = 0
  for (const { record, state, counts } of iterateBilevel(problem, { method, start })) {
    const { k, x, y, value } = record
    lowerIterations += steps
    yield { k, x, next: state.x.x, y, value, epsilon: 0, lowerIterations, counts, status: state.status }
  }
}
