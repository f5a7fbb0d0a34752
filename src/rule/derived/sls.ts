import { armijo } from '../atom/armijo.js'
import type { Rule } from '../rule.js'
import { type Reset, searchStart } from './reset.js'

/**
 * The parameters of Armijo's condition that {@link sls} and {@link slsB} share.
 *
 * @category Rules
 * @since 0.1.0
 */
export interface Backtracking {
  /** $c \in (0, 1)$, by default 0.1. */
  readonly c?: number
  /** $\beta \in (0, 1)$, by default 0.9. */
  readonly shrink?: number
  /** The largest number of trials, by default 100. */
  readonly budget?: number
}

/**
 * The stochastic line search, SLS: Armijo's condition on the batch, with the start of each search set by `reset`.
 *
 * | reset | start | remark |
 * |---|---|---|
 * | `restart` | `constant{initial}` | most trials |
 * | `keep` | `last{initial}` | steps never grow |
 * | `grow` | `last{growth * initial, growth}` | the usual choice, $2^{b/n}$ |
 * | `capped` | `min[last{growth * initial, growth}, constant{cap}]` | grow, but not beyond |
 * | `periodic` | `periodic{period, constant{initial}, last{initial}}` | restart once an epoch |
 *
 * **Holds.** $\min\{\gamma_0, 2\beta(1-c)/L\} \le \gamma_k \le \gamma_0$ for a search begun at $\gamma_0$; linear convergence under
 * interpolation and strong convexity for $c \ge 1/2$. Without interpolation it need not converge; see {@link slsB}.
 *
 * Cost: one value of the batch per trial. Clauses `rule.armijo`, `rule.last`.
 *
 * Laws: `armijo.*`. Theorems: L6, P3, P4, P8, P9, P9b, P25, P27.
 *
 * @param params - `initial` $\gamma_0 > 0$, a {@link Reset}, and {@link Backtracking}.
 * @throws RangeError if a field is outside its domain.
 * @cite vaswani2019
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { show, sls } from 'steplaw'
 *
 * show(sls({ initial: 1, reset: 'keep', c: 0.5 })) // => 'armijo{start: last{initial: 1}, c: 0.5, shrink: 0.9}'
 * ```
 */
export const sls = ({
  initial,
  c = 0.1,
  shrink = 0.9,
  budget = 100,
  ...reset
}: { readonly initial: number } & Reset & Backtracking): Rule =>
  armijo({ start: searchStart(initial, reset), c, shrink, budget })
