import { adagradNorm } from '../atom/adagradNorm.js'
import type { Rule } from '../rule.js'

/**
 * The steps of Li and Orabona: AdaGrad's, from past gradients alone and with an exponent above one half,
 * $\gamma_k = \alpha / (\beta + \sum_{j<k}\|g_j\|^2)^{1/2+\epsilon}$.
 *
 * `adagradNorm{alpha, beta, exponent: 1/2 + epsilon}`. With $\epsilon \in (0, 1/2]$ the gradients of a smooth objective tend to zero almost
 * surely; $\epsilon = 0$ gives the rates. The step must not depend on the current gradient: with it the expected step can point uphill.
 *
 * **Assumptions.** $2\alpha L \le \beta^{1/2+\epsilon}$ for an $L$-smooth $f$ (4 in place of 2 for convex $f$ with noise).
 *
 * State: one number. Cost: one squared norm and one power. Clause `derived.liOrabona`.
 *
 * Laws: `meaning.adagradNorm`, `nonIncreasing`, `predictable`. Theorems: P16, P16b, P27.
 *
 * @param params - `beta` $\beta > 0$, as a first step needs it; `alpha` $\alpha > 0$, by default 1; `epsilon` $\epsilon > -1/2$, by default 0.
 * @throws RangeError if a field is outside its domain.
 * @cite li2019
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { liOrabona, show } from 'steplaw'
 *
 * show(liOrabona({ beta: 1, epsilon: 0.25 })) // => 'adagradNorm{beta: 1, exponent: 0.75}'
 * liOrabona({ beta: 0 }) // => throws RangeError: liOrabona: beta is 0
 * ```
 */
export const liOrabona = ({
  beta,
  alpha = 1,
  epsilon = 0,
}: {
  readonly beta: number
  readonly alpha?: number
  readonly epsilon?: number
}): Rule => {
  if (!(beta > 0)) throw new RangeError(`liOrabona: beta is ${beta}, expected a finite number > 0`)
  return adagradNorm({ alpha, beta, exponent: 0.5 + epsilon })
}
