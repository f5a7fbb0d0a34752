import { constant } from '../../../rule/atom/constant.js'
import { firstOrder } from '../../hypergradient/firstOrder.js'
import { type BilevelRecipe, type RecipeLevels, recipe } from './recipe.js'

/**
 * DARTS of the first order: one step of $y$, then one of $x$ along $\nabla_x f(x, y)$ as if $y$ did not depend on $x$.
 * {@link bilevelDescent} with {@link firstOrder}.
 *
 * By default steps 0.1 at both levels. It comes to rest where $\nabla_x f = 0$ at $y^*(x)$, which is not where $\nabla F = 0$: where $x$
 * appears in $g$ alone it does not move at all.
 *
 * Draws: `lower(0)`, `upper`.
 *
 * @throws RangeError if a parameter is outside its domain.
 * @cite liu2019
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { dartsFirst, minimiseBilevel, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[2]], p: [-2], r: [0.25] }],
 * })
 * const start = { x: Float64Array.of(0), y: Float64Array.of(0) }
 * const run = minimiseBilevel(problem, { method: dartsFirst(), start, iterations: 400 })
 * // The minimiser is -1.2.
 * run.x.map((x) => Math.round(1e6 * x) / 1e6) // => Float64Array.of(-0.5)
 * ```
 */
export const dartsFirst = ({
  inner = { steps: 1, rule: constant(0.1) },
  outer = { rule: constant(0.1) },
  ...rest
}: RecipeLevels = {}): BilevelRecipe =>
  recipe('dartsFirst', { inner, hypergradient: firstOrder(), outer, ...rest })
