import { constant } from '../../rule/atom/constant.js'
import { delayedAdagrad } from '../direction/delayedAdagrad.js'
import type { Recipe } from './recipe.js'

/**
 * The steps of Li and Orabona, one for each coordinate:
 * $$x_{k+1,i} = x_{k,i} - \frac{\alpha}{(\beta + \sum_{j<k} g_{j,i}^2)^{1/2+\epsilon}}\, g_{k,i}.$$
 * `constant{alpha}` along {@link delayedAdagrad}; {@link liOrabona} is the one with a common step.
 *
 * **Assumptions.** As for {@link liOrabona}: $2\alpha M \le \beta^{1/2+\epsilon}$ for an $M$-smooth $f$ (4 in place of 2 for convex $f$ with noise), and
 * $\epsilon \in (0, 1/2]$ for gradients that tend to zero almost surely.
 *
 * One vector of state. Cost: a power by coordinate. Clause `draft.delayedAdagrad`.
 *
 * Laws: `meaning.constant`. Theorems: none.
 *
 * @param params - `beta` $\beta > 0$; `alpha` $\alpha > 0$, by default 1; `epsilon` $\epsilon > -1/2$, by default 0: as for {@link liOrabona}.
 * @throws RangeError if a field is outside its domain.
 * @cite li2019
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { liOrabonaByCoordinate, printedDirection, show } from 'steplaw'
 *
 * const { rule, direction } = liOrabonaByCoordinate({ beta: 1, alpha: 0.1, epsilon: 0.25 })
 * show(rule) // => 'constant{step: 0.1}'
 * printedDirection(direction) // => 'delayedAdagrad{beta: 1, exponent: 0.75}'
 * ```
 */
export const liOrabonaByCoordinate = ({
  beta,
  alpha = 1,
  epsilon = 0,
}: {
  readonly beta: number
  readonly alpha?: number
  readonly epsilon?: number
}): Recipe => {
  if (!(alpha > 0 && alpha < Number.POSITIVE_INFINITY))
    throw new RangeError(`liOrabonaByCoordinate: alpha is ${alpha}, expected a finite number > 0`)
  return { rule: constant(alpha), direction: delayedAdagrad({ beta, exponent: 0.5 + epsilon }) }
}
