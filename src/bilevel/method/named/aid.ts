import { constant } from '../../../rule/atom/constant.js'
import { type ConjugateGradientParams, conjugateGradients } from '../../hypergradient/cg.js'
import { type BilevelRecipe, type RecipeLevels, recipe } from './recipe.js'

/**
 * The parameters of {@link aid}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export type AidParams = RecipeLevels & Partial<ConjugateGradientParams>

/**
 * AID, approximate implicit differentiation: steps of $y$ from where it was, then one of $x$ along $\nabla_x f - J v$ with $v$ from
 * conjugate gradients on $H v = \nabla_y f$, from the previous $v$. {@link bilevelDescent} with {@link conjugateGradients}.
 *
 * By default 10 steps of $y$, at most 10 conjugate gradients, and steps 0.1 at both levels.
 *
 * Draws: `lower(t)`, `cross`, `upper`.
 *
 * @throws RangeError if a parameter is outside its domain.
 * @cite ji2021
 * @cite grazzi2020
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant } from 'steplaw'
 * import { aid, minimiseBilevel, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[2]], p: [-2], r: [0.25] }],
 * })
 * const method = aid({ iterations: 1, inner: { steps: 1, rule: constant(0.5) }, outer: { rule: constant(0.5) } })
 * const start = { x: Float64Array.of(0), y: Float64Array.of(0) }
 * // Both solved exactly: y = 1/2, v = -3/4.
 * const once = minimiseBilevel(problem, { method, start, iterations: 1 })
 * once.x // => Float64Array.of(-0.75)
 * once.counts.hessianProducts // => 1
 * ```
 */
export const aid = ({
  iterations = 10,
  tolerance = 0,
  warmStart = true,
  inner = { steps: 10, rule: constant(0.1) },
  outer = { rule: constant(0.1) },
  ...rest
}: AidParams = {}): BilevelRecipe =>
  recipe('aid', {
    inner,
    hypergradient: conjugateGradients({ iterations, tolerance, warmStart }),
    outer,
    ...rest,
  })
