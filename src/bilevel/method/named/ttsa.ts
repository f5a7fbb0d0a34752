import { power } from '../../../rule/atom/power.js'
import { neumann } from '../../hypergradient/neumann.js'
import type { BsaParams } from './bsa.js'
import { type BilevelRecipe, recipe } from './recipe.js'

/**
 * TTSA, two time scales: one step of $y$, then one of $x$ along the estimate of {@link bsa}; the steps of $x$ shrink faster,
 * $\beta_k \sim k^{-3/5}$ against $\alpha_k \sim k^{-2/5}$. {@link bilevelDescent} with {@link neumann}.
 *
 * By default the rules $0.1 (k + 1)^{-2/5}$ and $0.1 (k + 1)^{-3/5}$, and a series of 10 terms with step 0.1. A `box` of `outer` is the
 * projection of the published method.
 *
 * Draws: as {@link bsa}.
 *
 * @throws RangeError if a parameter, or a drawn depth, is outside its domain.
 * @cite hong2023
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant } from 'steplaw'
 * import { minimiseBilevel, quadraticBilevel, ttsa } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[2]], p: [-2], r: [0.25] }],
 * })
 * const method = ttsa({ terms: 8, step: 0.4, outer: { rule: constant(0.5), box: [-1, 1] } })
 * const start = { x: Float64Array.of(0), y: Float64Array.of(0) }
 * const run = minimiseBilevel(problem, { method, start, iterations: 400 })
 * // Unbounded, x would go on to -1.2.
 * run.x // => Float64Array.of(-1)
 * ```
 */
export const ttsa = ({
  terms = 10,
  step = 0.1,
  inner = { steps: 1, rule: power({ initial: 0.1, exponent: 0.4 }) },
  outer = { rule: power({ initial: 0.1, exponent: 0.6 }) },
  ...rest
}: BsaParams = {}): BilevelRecipe =>
  recipe('ttsa', { inner, hypergradient: neumann({ terms, step }), outer, ...rest })
