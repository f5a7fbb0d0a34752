import { constant } from '../../../rule/atom/constant.js'
import { countOf } from '../../hypergradient/domain.js'
import { neumann } from '../../hypergradient/neumann.js'
import { type BilevelRecipe, type RecipeLevels, recipe } from './recipe.js'

/**
 * The parameters of {@link stocBiO}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export type StocBiOParams = RecipeLevels & {
  /** The number of Hessian products $Q \ge 0$, so that the series has $Q + 1$ terms; 3 by default. */
  readonly products?: number
  /** The step $a > 0$ of the series; 0.5 by default. */
  readonly step?: number
}

/**
 * stocBiO: steps of $y$ from where it was, then one of $x$ along $\nabla_x f - J v$ with
 * $$v = a \sum_{q=0}^{Q} \prod_{j < q} (I - a H_j)\, \nabla_y f :$$
 * $Q + 1$ terms, all of them times $a$, each product on a batch of its own. {@link bilevelDescent} with {@link neumann}.
 *
 * By default 200 steps of $y$ and steps 0.1 at both levels.
 *
 * Draws: `lower(t)`, `hessian(q)` for $q < Q$, `cross`, `upper`.
 *
 * @throws RangeError if a parameter is outside its domain.
 * @cite ji2021
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { adam, constant } from 'steplaw'
 * import { minimiseBilevel, quadraticBilevel, stocBiO } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[2]], p: [-2], r: [0.25] }],
 * })
 * const start = { x: Float64Array.of(0), y: Float64Array.of(0) }
 * const sgd = stocBiO({ products: 2, step: 0.25, inner: { steps: 1, rule: constant(0.5) } })
 * // v = 1/4 (1 + 1/2 + 1/4) (-3/2)
 * const once = minimiseBilevel(problem, { method: sgd, start, iterations: 1 })
 * once.state.v // => { _tag: 'Some', value: Float64Array.of(-0.65625) }
 *
 * // Adam at both levels.
 * const both = stocBiO({
 *   inner: { steps: 20, rule: constant(0.05), direction: adam() },
 *   outer: { rule: constant(0.05), direction: adam() },
 * })
 * const run = minimiseBilevel(problem, { method: both, start, iterations: 200 })
 * Math.abs((run.x[0] ?? 0) + 1.2) < 0.05 // => true
 * ```
 */
export const stocBiO = ({
  products = 3,
  step = 0.5,
  inner = { steps: 200, rule: constant(0.1) },
  outer = { rule: constant(0.1) },
  ...rest
}: StocBiOParams = {}): BilevelRecipe => {
  const terms = countOf('products', products, 0) + 1
  return recipe('stocBiO', { inner, hypergradient: neumann({ terms, step }), outer, ...rest })
}
