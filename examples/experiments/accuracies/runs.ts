/** Runs on problems whose F is known, and what is kept of them. */
import { constant } from 'steplaw'
import {
  type BilevelCounts,
  type BilevelProblem,
  type BilevelStart,
  gradientUnits,
  hoag,
  iterateBilevel,
  maid,
  maidConstants,
} from 'steplaw/bilevel'
import { lipschitz, norm } from './problem.js'

const iterations = 3000
/** Where |grad F| is proved to be at most this, MAID stops. */
const tolerance = 1e-6

export interface Moment {
  readonly k: number
  /** F(x) - F*, of the closed form, and |grad F(x)|. */
  readonly excess: number
  readonly slope: number
  /** The accuracy of y. */
  readonly epsilon: number
  readonly lowerIterations: number
  readonly gradients: number
}

export interface Run {
  readonly status: string
  readonly moments: ReadonlyArray<Moment>
}

/** Iterations that are kept: about 25 to a power of ten. */
const kept = (k: number): boolean =>
  k <= 25 || Math.floor(25 * Math.log10(k)) > Math.floor(25 * Math.log10(k - 1))

export interface Seen {
  readonly k: number
  readonly x: Float64Array
  readonly epsilon: number
  readonly lowerIterations: number
  readonly counts: BilevelCounts
  readonly status: string
}

export const traced = (problem: BilevelProblem, seen: Iterable<Seen>): Run => {
  const { value, gradient, minimum = 0 } = problem.facts
  const moments: Array<Moment> = []
  for (const { k, x, epsilon, lowerIterations, counts, status } of seen) {
    const last = k === iterations || status !== 'running'
    if (kept(k) || last)
      moments.push({
        k,
        excess: (value?.(x) ?? 0) - minimum,
        slope: norm(gradient?.(x) ?? x),
        epsilon,
        lowerIterations,
        gradients: gradientUnits(counts),
      })
    if (last) return { status, moments }
  }
  return { status: 'running', moments }
}

const startOf = ({ dimension }: BilevelProblem): BilevelStart => ({
  x: new Float64Array(dimension.x).fill(1),
  y: new Float64Array(dimension.y),
})

export function* adaptive(problem: BilevelProblem, accuracy: number): Iterable<Seen> {
  const method = maid({
    constants: maidConstants(problem.facts),
    epsilon: accuracy,
    delta: accuracy,
    alpha: 0.01,
    upperConvex: true,
    tolerance,
  })
  for (const { record, state, counts } of iterateBilevel(problem, { method, start: startOf(problem) })) {
    const { k, x, lowerIterations, status } = state
    yield { k, x, epsilon: record.own.epsilon, lowerIterations, counts, status }
  }
}

export function* fixed(problem: BilevelProblem, accuracy: number): Iterable<Seen> {
  const { mu = 0, L = 0 } = problem.facts
  const method = hoag({
    epsilon: accuracy * mu,
    ratio: 1,
    inner: { rule: constant(2 / (L + mu)), budget: 10000 },
    upper: { rule: constant(1 / lipschitz(problem)) },
  })
  let lowerIterations = 0
  for (const { record, state, counts } of iterateBilevel(problem, { method, start: startOf(problem) })) {
    lowerIterations += record.own.lowerIterations
    yield { k: state.k, x: state.x.x, epsilon: accuracy, lowerIterations, counts, status: state.status }
  }
}
