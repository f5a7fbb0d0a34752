import { runningMin } from '../../rule/combine/runningMin.js'
import { spsMax } from '../../rule/derived/spsMax.js'
import { adagrad } from '../direction/adagrad.js'
import { adam, amsgrad } from '../direction/adam.js'
import type { Direction } from '../direction/direction.js'
import type { AdamConstants } from './adaptiveSls.js'
import type { Recipe } from './recipe.js'

/**
 * The Polyak step of {@link adamSps}, {@link amsgradSps} and {@link adagradSps}.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface Capped {
  /** $\gamma_b > 0$, the greatest step. */
  readonly cap: number
  /** $c > 0$, by default 0.5, the authors' for convex losses (0.2 for networks). */
  readonly c?: number
  /** Whether no step may exceed the one before, by default false. */
  readonly conservative?: boolean
}

const stepped = (direction: Direction, { cap, c = 0.5, conservative = false }: Capped): Recipe => {
  const rule = spsMax({ cap, c })
  return { rule: conservative ? runningMin(rule) : rule, direction }
}

/**
 * Adam with a preconditioned Polyak step:
 * $$\gamma_k = \min\Bigl\{\frac{f_S(x_k) - \ell_S}{c\,\|g_k\|^2_{A_k^{-1}}},\, \gamma_b\Bigr\}, \qquad x_{k+1} = x_k - \gamma_k A_k^{-1} \hat m_k.$$
 * The slope along $-A_k^{-1} g_k$ is that norm: it is {@link spsMax} along {@link adam}. **Conservative**, no step exceeds the one before:
 * `runningMin[min[polyak, constant]]`, which a batch without a gap does not silence.
 *
 * **Holds** for $L$-smooth $f_S$ with $A_k \succeq a$: $\gamma_k \ge \min\{\gamma_b, a/(2cL)\}$.
 *
 * Cost: nothing beyond value and slope. Clauses `rule.polyak`, `rule.min`, `direction.adam`.
 *
 * Laws: `polyak.gap`, `recovers`. Theorems: P1.
 *
 * @param params - {@link Capped}; `beta1`, `beta2`, `eps` are 0.9, 0.99, 1e-8 by default, those of the authors' code.
 * @throws RangeError if a field is outside its domain.
 * @cite vaswani2020
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { adamSps, show } from 'steplaw'
 *
 * show(adamSps({ cap: 1 }).rule) // => 'min[polyak{c: 0.5}, constant{step: 1}]'
 * show(adamSps({ cap: 1, conservative: true }).rule) // => 'runningMin[min[polyak{c: 0.5}, constant{step: 1}]]'
 * ```
 */
export const adamSps = ({
  beta1 = 0.9,
  beta2 = 0.99,
  eps = 1e-8,
  ...capped
}: Capped & AdamConstants): Recipe => stepped(adam({ beta1, beta2, eps }), capped)

/**
 * AMSGrad with a preconditioned Polyak step: {@link adamSps} along {@link amsgrad}.
 *
 * **Holds** for the conservative form with $c = (1+\beta_1)/(1-\beta_1)$, convex $f_S$, $\|x_k - x^*\| \le D$, $A_k$ between $a$ and $A$ in $d$ dimensions, up to
 * noise: $\mathbb{E}[f(\bar x_K) - f^*] \le ((1+\beta_1)/(1-\beta_1))^2\, 2 L D^2 d A/(a K) + \sigma^2$.
 *
 * Cost: nothing beyond value and slope. Clauses `rule.polyak`, `rule.min`, `direction.amsgrad`.
 *
 * Laws: `polyak.gap`, `recovers`. Theorems: P1.
 *
 * @param params - as for {@link adamSps}.
 * @throws RangeError if a field is outside its domain.
 * @cite vaswani2020
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { amsgradSps, printedDirection } from 'steplaw'
 *
 * printedDirection(amsgradSps({ cap: 1, beta1: 0.5, c: 3 }).direction) // => 'amsgrad{beta1: 0.5, beta2: 0.99, eps: 1e-8}'
 * ```
 */
export const amsgradSps = ({
  beta1 = 0.9,
  beta2 = 0.99,
  eps = 1e-8,
  ...capped
}: Capped & AdamConstants): Recipe => stepped(amsgrad({ beta1, beta2, eps }), capped)

/**
 * AdaGrad with a preconditioned Polyak step: {@link adamSps} along {@link adagrad}, without momentum.
 *
 * Cost: nothing beyond value and slope. Clauses `rule.polyak`, `rule.min`, `direction.adagrad`.
 *
 * Laws: `polyak.gap`, `recovers`. Theorems: P1.
 *
 * @param params - {@link Capped}; `eps` is 1e-8 by default.
 * @throws RangeError if a field is outside its domain.
 * @cite vaswani2020
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { adagradSps, show } from 'steplaw'
 *
 * show(adagradSps({ cap: 2, c: 0.2 }).rule) // => 'min[polyak{c: 0.2}, constant{step: 2}]'
 * ```
 */
export const adagradSps = ({ eps = 1e-8, ...capped }: Capped & { readonly eps?: number }): Recipe =>
  stepped(adagrad(eps), capped)
