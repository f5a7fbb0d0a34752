/** Runs that learn how to denoise, and what they come to. */
import { accelerated, constant } from 'steplaw'
import {
  type BilevelCounts,
  type BilevelProblem,
  type BilevelStart,
  gradientUnits,
  hoag,
  iterateBilevel,
  type MaidConstants,
  maid,
} from 'steplaw/bilevel'
import { type Images, psnr, restored, training } from './images.js'

export interface Moment {
  readonly k: number
  /** What is learnt, as far as it is kept. */
  readonly x: ReadonlyArray<number>
  /** f and the decibels of the lower point at hand, on the images that are learnt from. */
  readonly F: number
  readonly psnr: number
  /** The accuracy of y that was asked for. */
  readonly epsilon: number
  readonly lowerIterations: number
  /** All evaluations, in units of a gradient. */
  readonly gradients: number
}

export interface Learnt {
  readonly x: ReadonlyArray<number>
  readonly status: string
  readonly moments: ReadonlyArray<Moment>
}

export interface Seen {
  readonly k: number
  readonly x: Float64Array
  readonly next: Float64Array
  readonly y: Float64Array
  readonly value: number
  readonly epsilon: number
  readonly lowerIterations: number
  readonly counts: BilevelCounts
  readonly status: string
}

/** Nesterov's method for what is mu-strongly convex and L-smooth. */
export const nesterovFor = ({ mu, L }: { readonly mu: number; readonly L: number }) => {
  const [a, b] = [Math.sqrt(L), Math.sqrt(mu)]
  return { rule: constant(1 / L), direction: accelerated((a - b) / (a + b)) }
}

/** A run until it has cost so many gradients. */
export const learnt = (seen: Iterable<Seen>, budget: number, keeps = 2): Learnt => {
  const moments: Array<Moment> = []
  let x: ReadonlyArray<number> = []
  for (const { k, y, value, counts, status, ...rest } of seen) {
    x = [...rest.next]
    const gradients = gradientUnits(counts)
    moments.push({
      ...{
        k,
        x: [...rest.x.subarray(0, keeps)],
        F: value,
        psnr: psnr(y, training.clean),
        epsilon: rest.epsilon,
      },
      ...{ lowerIterations: rest.lowerIterations, gradients },
    })
    if (gradients >= budget || status !== 'running') return { x, status, moments }
  }
  return { x, status: 'running', moments }
}

/** MAID with the settings that are published for denoising, and an accelerated lower level. */
export function* adaptive(
  problem: BilevelProblem,
  start: BilevelStart,
  constants: (x: Float64Array) => MaidConstants,
  accuracy: number,
): Iterable<Seen> {
  const method = maid({
    ...{ constants, inner: nesterovFor, epsilon: accuracy, delta: accuracy },
    ...{ alpha: 0.01, shrink: 0.5, refine: 0.5, relax: 1.05, upperConvex: true },
  })
  for (const { record, state, counts } of iterateBilevel(problem, { method, start })) {
    const { k, x, y, value, own } = record
    const { lowerIterations, status } = state
    yield { k, x, next: state.x, y, value, epsilon: own.epsilon, lowerIterations, counts, status }
  }
}

/** The same accuracy all the way, and the same step. */
export function* fixed(
  problem: BilevelProblem,
  start: BilevelStart,
  { mu, L }: { readonly mu: number; readonly L: number },
  accuracy: number,
  step: number,
): Iterable<Seen> {
  const method = hoag({
    epsilon: accuracy * mu,
    ratio: 1,
    inner: { ...nesterovFor({ mu, L }), budget: 10000 },
    upper: { rule: constant(step) },
  })
  let lowerIterations = 0
  for (const { record, state, counts } of iterateBilevel(problem, { method, start })) {
    const { k, x, y, value, own } = record
    lowerIterations += own.lowerIterations
    yield {
      k,
      x,
      next: state.x.x,
      y,
      value,
      epsilon: accuracy,
      lowerIterations,
      counts,
      status: state.status,
    }
  }
}

/** Images without their noise, as x has it, to an accuracy that decibels do not see. */
export const restoredBy = (
  { lower }: BilevelProblem,
  { noisy }: Images,
  x: Float64Array,
  { mu, L }: { readonly mu: number; readonly L: number },
): Float64Array => {
  const gradientAt = (y: Float64Array) => lower.gradient(x, y, null, 'y').y ?? y
  return restored(gradientAt, { mu, L, start: noisy.values, accuracy: 0.1 })
}
