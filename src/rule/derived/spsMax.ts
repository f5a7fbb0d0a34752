import { constant } from '../atom/constant.js'
import { polyak } from '../atom/polyak.js'
import { minOf } from '../combine/min.js'
import type { Rule } from '../rule.js'

/**
 * The stochastic Polyak step with a cap, SPSmax: $\gamma_k = \min\{\frac{f_S(x_k) - \ell_S}{c\|g_k\|^2}, \gamma_b\}$.
 *
 * `min[polyak{c}, constant{cap}]`.
 *
 * **Bounds.** $\min\{1/(2cL), \gamma_b\} \le \gamma_k \le \gamma_b$ and $\gamma_k\|g_k\|^2 \le (f_S(x_k)-\ell_S)/c$ for an
 * $L$-smooth $f_S$ with $\ell_S \le \inf f_S$. Under interpolation it converges linearly for strongly convex sums
 * ($c \ge 1/2$); without it only to a neighbourhood proportional to $\gamma_b$.
 *
 * Cost: nothing beyond value and slope. Clause `derived.spsMax`.
 *
 * Laws: `polyak.gap`, `recovers`. Theorems: P1, P2, P3, P4, P5, P6, P27.
 *
 * @param params - `cap` $\gamma_b \ge 0$; `c` $> 0$, by default $1/2$, the choice for strongly convex sums (1 for convex ones).
 * @throws RangeError if a field is outside its domain.
 * @cite loizou2021
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { show, spsMax, takeStep } from 'steplaw'
 *
 * show(spsMax({ cap: 1 })) // => 'min[polyak{c: 0.5}, constant{step: 1}]'
 * takeStep(spsMax({ cap: 1 }), { value: 3, slope: -16 }).step // => 0.375
 * ```
 */
export const spsMax = ({ cap, c = 0.5 }: { readonly cap: number; readonly c?: number }): Rule =>
  minOf(polyak({ c }), constant(cap))
