import { last } from '../atom/last.js'
import { polyak } from '../atom/polyak.js'
import { minOf } from '../combine/min.js'
import type { Rule } from '../rule.js'

/**
 * The smoothed stochastic Polyak step: it grows at most by the factor $\tau$ an iteration,
 * $\gamma_k = \min\{\tau\gamma_{k-1}, \frac{f_S(x_k)-\ell_S}{c\|g_k\|^2}\}$.
 *
 * `min[last{tau * initial, tau}, polyak{c}]`. A zero step is not remembered, so a batch with a vanishing gradient does not
 * hold every later step at zero.
 *
 * Cost: nothing beyond value and slope. Clause `derived.spsSmooth`.
 *
 * Laws: `polyak.gap`, `recovers`. Theorems: L6, P2, P3, P4, P27.
 *
 * @param params - `growth` $\tau > 0$, for batches of size $b$ out of $n$ usually $2^{b/n}$; `initial` $\gamma_{-1} > 0$, by
 * default 1; `c` $> 0$, by default $1/2$.
 * @throws RangeError if a field is outside its domain.
 * @cite loizou2021
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { spsSmooth, takeSteps } from 'steplaw'
 *
 * const rays = [8, 8, 0, 8].map((value) => ({ value, slope: -1 }))
 * takeSteps(spsSmooth({ growth: 2, c: 1 }), rays).map((taken) => taken.step) // => [2, 4, 0, 8]
 * ```
 */
export const spsSmooth = ({
  growth,
  initial = 1,
  c = 0.5,
}: {
  readonly growth: number
  readonly initial?: number
  readonly c?: number
}): Rule => minOf(last({ initial: growth * initial, factor: growth }), polyak({ c }))
