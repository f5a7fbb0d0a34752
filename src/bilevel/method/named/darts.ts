import { constant } from '../../../rule/atom/constant.js'
import { type OneStepDifferenceParams, oneStepDifference } from '../../hypergradient/oneStepDifference.js'
import { type BilevelRecipe, type RecipeLevels, recipe } from './recipe.js'

/**
 * The parameters of {@link darts}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export type DartsParams = RecipeLevels & Partial<OneStepDifferenceParams>

/**
 * DARTS of the second order: one step of $y$, then one of $x$ along the derivative of $f$ through one more step of $y$ that is only
 * looked at. {@link bilevelDescent} with {@link oneStepDifference}.
 *
 * By default a step of 0.1, looked at and made, at both levels, and the radius 0.01. What it comes to rest at is between that of
 * {@link dartsFirst} and the minimiser.
 *
 * Draws: `lower(0)`; `cross`, of the step that is looked at; `upper`.
 *
 * @throws RangeError if a parameter is outside its domain.
 * @cite liu2019
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant } from 'steplaw'
 * import { darts, minimiseBilevel, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[2]], p: [-2], r: [0.25] }],
 * })
 * const start = { x: Float64Array.of(0), y: Float64Array.of(0) }
 * const at = (step: number) => {
 *   const method = darts({ step, outer: { rule: constant(0.1) } })
 *   const run = minimiseBilevel(problem, { method, start, iterations: 400 })
 *   return run.x.map((x) => Math.round(1e6 * x) / 1e6)
 * }
 * // The minimiser is -1.2; a step of 1/2 is that of Newton's method here.
 * at(0.5) // => Float64Array.of(-1.2)
 * at(0.1) // => Float64Array.of(-0.62069)
 * ```
 */
export const darts = ({
  step = 0.1,
  radius = 0.01,
  inner = { steps: 1, rule: constant(step) },
  outer = { rule: constant(0.1) },
  ...rest
}: DartsParams = {}): BilevelRecipe =>
  recipe('darts', { inner, hypergradient: oneStepDifference({ step, radius }), outer, ...rest })
