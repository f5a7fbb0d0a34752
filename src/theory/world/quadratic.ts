import type fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import { type KnownProblem, problemArbitrary } from '../../../spec/law/arbitrary/problem.js'
import { gamma, norm } from '../../numeric/index.js'
import { quadratic } from '../../problem/objective/quadratic.js'
import type { Vector } from '../../problem/oracle.js'
import { mean, type Place, type SolvedWorld } from './world.js'

/**
 * The place of a point. One value of the objective takes at most 16 roundings from data to result (1 for $r = x - b$, counted
 * twice; 1 + 3 for each of two products of length 4; 1 for $k$; 3 + 1 for the mean of four), a bound 4, their difference 1; the
 * closed form here as many: 40 in all bound both against the exact number. A gradient takes 9.
 */
const placeAt = (
  { objective: { A, b, k, lowerBounds } }: KnownProblem,
  x: Vector,
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
    // No digit cancels: a half form plus a difference of dyadic numbers.
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

/** A known problem as a world. */
export const quadraticWorld = (problem: KnownProblem): SolvedWorld => {
  const { objective: expr, start, L, mu, minimiser, interpolates } = problem
  return {
    family: 'quadratic',
    data: { A: expr.A, b: expr.b, k: expr.k, lowerBounds: expr.lowerBounds },
    objective: quadratic(expr),
    start: Float64Array.from(start),
    L,
    mu,
    convex: true,
    interpolates,
    minimiser: Float64Array.from(minimiser),
    looseness: expr.k.map((k, i) => k - (expr.lowerBounds[i] ?? 0)),
    polyakLojasiewicz: O.none,
    place: (x, batch) => placeAt(problem, x, batch),
  }
}

/**
 * Sums of quadratics $\frac12 (x-b_i)^\top A_i (x-b_i) + k_i$ with exact constants: see `problemArbitrary`.
 *
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { quadraticWorlds } from 'steplaw/theory'
 * import fc from 'fast-check'
 *
 * fc.sample(quadraticWorlds({ interpolating: true }), 9).every(({ interpolates }) => interpolates) // => true
 * ```
 */
export const quadraticWorlds = (
  options: Parameters<typeof problemArbitrary>[0] = {},
): fc.Arbitrary<SolvedWorld> => problemArbitrary(options).map(quadraticWorld)
