import { power } from '../../../rule/atom/power.js'
import { neumann } from '../../hypergradient/neumann.js'
import { type BilevelRecipe, type RecipeLevels, recipe } from './recipe.js'

/**
 * The parameters of {@link bsa}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export type BsaParams = RecipeLevels & {
  /** The number of terms $N \ge 1$ of the series; 10 by default. */
  readonly terms?: number
  /** The step $a > 0$ of the series; 0.1 by default. */
  readonly step?: number
}

/**
 * BSA, bilevel stochastic approximation: steps of $y$, then one of $x$ along $\nabla_x f - J v$ with a random term of the Neumann series,
 * $$v = N a \prod_{q < d} (I - a H_q)\, \nabla_y f, \qquad d \text{ uniform on } 0, \dots, N - 1 ,$$
 * whose mean is the series. {@link bilevelDescent} with {@link neumann}.
 *
 * By default 10 steps of $y$ and rules $0.1 / \sqrt{k + 1}$ at both levels.
 *
 * Draws: `depth` $d$ (none: the whole series), `lower(t)`, `hessian(q)`, `cross`, `upper`.
 *
 * @throws RangeError if a parameter, or a drawn depth, is outside its domain.
 * @cite ghadimi2018
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import * as O from 'fp-ts/lib/Option.js'
 * import { constant } from 'steplaw'
 * import { bsa, minimiseBilevel, noDraw, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[2]], p: [-2], r: [0.25] }],
 * })
 * const method = bsa({ terms: 2, step: 0.25, inner: { steps: 1, rule: constant(0.5) } })
 * const start = { x: Float64Array.of(0), y: Float64Array.of(0) }
 * const at = (depth: number) =>
 *   minimiseBilevel(problem, { method, start, iterations: 1, draws: () => ({ ...noDraw, depth: O.some(depth) }) })
 * // v = 2/4 (-3/2), or half of that.
 * at(0).records[0]?.gradient // => O.some(Float64Array.of(1.5))
 * at(1).records[0]?.gradient // => O.some(Float64Array.of(1.125))
 * ```
 */
export const bsa = ({
  terms = 10,
  step = 0.1,
  inner = { steps: 10, rule: power({ initial: 0.1, exponent: 0.5 }) },
  outer = { rule: power({ initial: 0.1, exponent: 0.5 }) },
  ...rest
}: BsaParams = {}): BilevelRecipe =>
  recipe('bsa', { inner, hypergradient: neumann({ terms, step }), outer, ...rest })
