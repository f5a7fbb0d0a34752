import { constant } from '../../../rule/atom/constant.js'
import { type UnrolledParams, unrolled } from '../../hypergradient/unrolled.js'
import { type BilevelRecipe, type RecipeLevels, recipe } from './recipe.js'

/**
 * The parameters of {@link itd}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export type ItdParams = RecipeLevels & UnrolledParams

/**
 * ITD, iterative differentiation: $D$ steps of $y$ from where it was, then one of $x$ along the derivative of $f(x, y_D(x))$ through
 * these steps. {@link bilevelDescent} with {@link unrolled}.
 *
 * By default 10 steps of $y$ and steps 0.1 at both levels. The steps of $y$ must be along the gradient, by any rule: the derivative
 * holds their lengths constant. $x$ moves along any direction.
 *
 * Draws: `lower(t)`, `upper`.
 *
 * @throws RangeError if a parameter is outside its domain, or $y$ moves along another direction, by a wrapper or in a box.
 * @cite franceschi2017
 * @cite ji2021
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { adam, constant } from 'steplaw'
 * import { itd, minimiseBilevel, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[2]], p: [-2], r: [0.25] }],
 * })
 * const method = itd({ memory: 'checkpointed', inner: { steps: 2, rule: constant(0.25) } })
 * const start = { x: Float64Array.of(0), y: Float64Array.of(0) }
 * const once = minimiseBilevel(problem, { method, start, iterations: 1 })
 * once.records[0]?.gradient // => { _tag: 'Some', value: Float64Array.of(1.234375) }
 *
 * itd({ inner: { steps: 2, rule: constant(0.25), direction: adam() } }) // => throws RangeError: inner
 * ```
 */
export const itd = ({
  memory = 'stored',
  inner = { steps: 10, rule: constant(0.1) },
  outer = { rule: constant(0.1) },
  ...rest
}: ItdParams = {}): BilevelRecipe =>
  recipe('itd', { inner, hypergradient: unrolled({ memory }), outer, ...rest })
