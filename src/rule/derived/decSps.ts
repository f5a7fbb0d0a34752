import { constant } from '../atom/constant.js'
import { polyak } from '../atom/polyak.js'
import { power } from '../atom/power.js'
import { minOf } from '../combine/min.js'
import { productOf } from '../combine/product.js'
import { runningMin } from '../combine/runningMin.js'
import type { Rule } from '../rule.js'

/**
 * The decreasing stochastic Polyak step, DecSPS with $c_k = c_0\sqrt{k+1}$:
 * $$\gamma_k = \frac{1}{c_k}\min\Bigl\{\frac{f_S(x_k)-\ell_S}{\|g_k\|^2},\; c_{k-1}\gamma_{k-1}\Bigr\},
 * \qquad c_k\gamma_k = \min\Bigl\{c_0\gamma_b,\; \min_{j \le k} \frac{f_{S_j}(x_j)-\ell_{S_j}}{\|g_j\|^2}\Bigr\}.$$
 *
 * `product[power{1/c0, 0.5}, runningMin[min[polyak, constant{c0 * cap}]]]`: the closed form on the right.
 *
 * **Holds.** $\gamma_k \le \gamma_{k-1}$ and $\min\{1/(2L_{\max}), c_0\gamma_b\}/c_k \le \gamma_k \le c_0\gamma_b/c_k$; convergence at
 * $O(1/\sqrt K)$ for convex sums with bounded iterates, without interpolation.
 *
 * State: one number. Cost: nothing beyond value and slope. Clause `derived.decSps`.
 *
 * Laws: `polyak.gap`, `nonIncreasing`, `recovers`. Theorems: L6, P2, P3, P4, P11, P27.
 *
 * @param params - `c0` $> 0$, by default 1; `cap` $\gamma_b > 0$, by default 10 (the defaults of the paper's experiments).
 * @throws RangeError if a field is outside its domain.
 * @cite orvieto2022
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { decSps, takeSteps } from 'steplaw'
 *
 * const rays = [4, 1, 8, 8].map((value) => ({ value, slope: -1 }))
 * takeSteps(decSps({ cap: 2 }), rays).map((taken) => taken.step) // => [2, 1 / Math.sqrt(2), 1 / Math.sqrt(3), 0.5]
 * ```
 */
export const decSps = ({ c0 = 1, cap = 10 }: { readonly c0?: number; readonly cap?: number } = {}): Rule =>
  productOf(power({ initial: 1 / c0, exponent: 0.5 }), runningMin(minOf(polyak(), constant(c0 * cap))))
