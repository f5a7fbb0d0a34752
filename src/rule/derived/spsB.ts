import { polyak } from '../atom/polyak.js'
import { power } from '../atom/power.js'
import { minOf } from '../combine/min.js'
import type { Rule } from '../rule.js'

/**
 * The stochastic Polyak step under a decreasing cap, SPSB:
 * $\gamma_k = \min\{\frac{f_S(x_k) - \ell_S}{c\|g_k\|^2}, \gamma_{b} (k+1)^{-e}\}$.
 *
 * `min[polyak{c}, power{initial, exponent}]`. Unlike DecSPS the step may grow again, because the cap does not look at the past.
 *
 * **Collapse.** Once the cap is below $1/(2cL_{\max})$ the rule *is* the schedule. Hence it converges in the convex case
 * without interpolation, at the rate $O(\log K/\sqrt K)$ for $e = 1/2$ and $c \ge 1/2$.
 *
 * Cost: nothing beyond value and slope. Clause `derived.spsB`.
 *
 * Laws: `polyak.gap`, `recovers`. Theorems: P1, P2, P3, P4, P12, P13, P27.
 *
 * @param params - `initial` $\gamma_b > 0$; `exponent` $e$, by default $1/2$; `c` $> 0$, by default 1.
 * @throws RangeError if a field is outside its domain.
 * @cite fan2023
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { show, spsB } from 'steplaw'
 *
 * show(spsB({ initial: 2 })) // => 'min[polyak, power{initial: 2, exponent: 0.5}]'
 * ```
 */
export const spsB = ({
  initial,
  exponent = 0.5,
  c = 1,
}: {
  readonly initial: number
  readonly exponent?: number
  readonly c?: number
}): Rule => minOf(polyak({ c }), power({ initial, exponent }))
