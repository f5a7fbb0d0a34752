import fc from 'fast-check'
import {
  answerWith,
  type Direction,
  directionInit,
  iterate,
  type Objective,
  quadratic,
  type Rule,
  steepest,
} from 'steplaw'
import { type KnownProblem, problemArbitrary } from 'steplaw/laws'
import { dot, gamma, norm, squaredNorm } from '../../src/numeric/index.js'

/** A problem and the batch of every iteration, as plain data. */
export interface Journey {
  readonly problem: KnownProblem
  readonly batches: ReadonlyArray<ReadonlyArray<number>>
}

/** Up to twelve batches of one to three components, repeats included. */
export const journeys = (options: Parameters<typeof problemArbitrary>[0] = {}): fc.Arbitrary<Journey> =>
  fc
    .tuple(
      problemArbitrary(options),
      fc.oneof({ weight: 2, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 3 })),
      fc.array(fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)), { minLength: 1, maxLength: 12, size: 'max' }),
    )
    .map(([problem, size, draws]) => ({
      problem,
      batches: draws.map((draw) => draw.slice(0, size).map((i) => i % problem.L.length)),
    }))

/** What holds at a point on a batch, in closed form, and how far doubles may be from it. */
export interface Place {
  /** $f_S(x) - \ell_S$. No digit cancels: it is $\frac12 r^\top A r$ plus a difference of dyadic numbers. */
  readonly gap: number
  /** How far a computed value minus a computed bound, or `gap`, may be from $f_S(x) - \ell_S$. */
  readonly error: number
  /** How far, in norm, the computed gradient may be from the exact one. */
  readonly gradientError: number
  /** A bound on the norm of the exact gradient. */
  readonly gradientSize: number
}

const mean = (values: ReadonlyArray<number>): number => values.reduce((s, v) => s + v, 0) / values.length

/**
 * The place of a point. One value of the objective takes at most 16 roundings from data to result (1 for $r = x - b$, counted
 * twice; 1 + 3 for each of two products of length 4; 1 for $k$; 3 + 1 for the mean of four), a bound 4, their difference 1; the
 * closed form here as many: 40 in all bound both against the exact number. A gradient takes 9.
 */
export const placeAt = (
  { objective: { A, b, k, lowerBounds } }: KnownProblem,
  x: ArrayLike<number>,
  batch: ReadonlyArray<number>,
): Place => {
  const at = Array.from(x)
  const parts = batch.map((i) => {
    const r = at.map((xj, j) => xj - (b[i]?.[j] ?? 0))
    const rows = (A[i] ?? []).map((row) => ({
      product: row.reduce((s, a, j) => s + a * (r[j] ?? 0), 0),
      size: row.reduce((s, a, j) => s + Math.abs(a * (r[j] ?? 0)), 0),
    }))
    const form = r.reduce((s, rj, j) => s + rj * (rows[j]?.product ?? 0), 0) / 2
    const size = r.reduce((s, rj, j) => s + Math.abs(rj) * (rows[j]?.size ?? 0), 0) / 2
    const [ki = 0, li = 0] = [k[i], lowerBounds[i]]
    return { gap: form + (ki - li), size: size + Math.abs(ki) + Math.abs(li), rows: rows.map((q) => q.size) }
  })
  const sizes = at.map((_, j) => mean(parts.map((p) => p.rows[j] ?? 0)))
  const gradientSize = norm(Float64Array.from(sizes))
  return {
    gap: mean(parts.map((p) => p.gap)),
    error: gamma(40) * mean(parts.map((p) => p.size)),
    gradientError: gamma(12) * gradientSize,
    gradientSize,
  }
}

/** One iteration of a run, with everything a theorem may say of it. */
export interface Moment extends Place {
  readonly k: number
  readonly batch: ReadonlyArray<number>
  readonly x: Float64Array
  readonly next: Float64Array
  /** The step; null for a failure. */
  readonly step: number | null
  readonly probed: ReadonlyArray<number>
  /** $f_S(x_k)$ and $\langle g, p\rangle$ as the rule saw them. */
  readonly value: number
  readonly slope: number
  /** The direction that was searched. */
  readonly p: Float64Array
  readonly gradient: Float64Array
  /** $\|g_k\|^2$ as the rule saw it. */
  readonly gg: number
  /** Bounds of $L_S$ and $\mu_S$: the means over the batch, rounded outwards. */
  readonly L: number
  readonly mu: number
  /** $f_S(x^*) - \ell_S$ and its error. */
  readonly atSolution: Place
  /** $\|x_k - x^*\|^2$ and $\|x_{k+1} - x^*\|^2$. */
  readonly distance2: number
  readonly nextDistance2: number
}

const distance2 = (x: Float64Array, y: ReadonlyArray<number>): number =>
  squaredNorm(x.map((xi, i) => xi - (y[i] ?? 0)))

/** A journey whose objective has been built, so that several rules can make it. */
export interface World extends Journey {
  readonly objective: Objective
}

export const worldOf = (journey: Journey): World => ({
  ...journey,
  objective: quadratic(journey.problem.objective),
})

/** Below this a squared norm loses digits to underflow, and counted roundings mean nothing. */
const TINY = 2 ** -900

/**
 * Runs a rule over a journey with the driver of the library. Ends early only at a point that is not finite, or that is so
 * close to a minimiser at the origin that squares underflow.
 */
export const travel = (
  { problem, batches, objective }: World,
  rule: Rule,
  direction: Direction = steepest,
): ReadonlyArray<Moment> => {
  const start = Float64Array.from(problem.start)
  const drawn = batches.map((batch) => Int32Array.from(batch))
  const moments: Array<Moment> = []
  let before = directionInit(direction, start.length)
  const run = iterate(answerWith(objective), {
    rule,
    direction,
    start,
    batches: (k) => drawn[k] ?? null,
  })
  for (const [k, batch] of batches.entries()) {
    const { record, state } = run.next().value
    const { x, outcome, value, probed } = record
    const { gradient } = objective.valueAndGradient(x, drawn[k] ?? null)
    const gg = squaredNorm(gradient)
    if (!Number.isFinite(value) || !Number.isFinite(gg) || (gg < TINY && gradient.some((g) => g !== 0))) break
    const { probe: p } = direction.advance(before, { k, x, gradient })
    before = state.direction
    moments.push({
      ...placeAt(problem, x, batch),
      k,
      batch,
      x,
      next: state.x,
      step: outcome._tag === 'Step' ? outcome.step : null,
      probed,
      value,
      slope: dot(gradient, p),
      p,
      gradient,
      gg,
      L: mean(batch.map((i) => problem.L[i] ?? 0)) * (1 + gamma(5)),
      mu: mean(batch.map((i) => problem.mu[i] ?? 0)) * (1 - gamma(5)),
      atSolution: placeAt(problem, problem.minimiser, batch),
      distance2: distance2(x, problem.minimiser),
      nextDistance2: distance2(state.x, problem.minimiser),
    })
  }
  return moments
}

/** Where a rule has something to say: the ray descends. */
export const descending = (moments: ReadonlyArray<Moment>): ReadonlyArray<Moment> =>
  moments.filter(({ slope }) => Number.isFinite(slope) && slope < 0)

/** $x + a p$ as the driver computes it. */
export const pointAt = (m: Moment, a: number): Float64Array => m.x.map((x, i) => x + a * (m.p[i] ?? 0))

/** The least of the scale by which the direction divides the gradient: 1 along steepest descent. */
export const leastScale = (m: Moment): number =>
  m.p.reduce((least, pi, i) => {
    const g = m.gradient[i] ?? 0
    return g === 0 ? least : Math.min(least, -g / pi)
  }, Number.POSITIVE_INFINITY) *
  (1 - gamma(2))
