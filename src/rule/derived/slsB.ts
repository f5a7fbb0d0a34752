import { armijo } from '../atom/armijo.js'
import { power } from '../atom/power.js'
import type { Rule } from '../rule.js'
import type { Backtracking } from './sls.js'

/**
 * The stochastic line search under a decreasing cap, SLSB: the largest of $\gamma_b(k+1)^{-e}\beta^j$ that satisfies
 * Armijo's condition on the batch.
 *
 * `armijo{start: power{initial, exponent}}`.
 *
 * **Collapse.** Once the cap is below $2(1-c)/L_{\max}$ the first trial is accepted and the rule is the schedule; hence it
 * converges in the convex case without interpolation, at $O(\log K/\sqrt K)$ for $e = 1/2$ and $c \ge 1/2$.
 *
 * Cost: one value of the batch per trial, in the end one per iteration. Clause `derived.slsB`.
 *
 * Laws: `armijo.*`. Theorems: P3, P4, P8, P12, P13.
 *
 * @param params - `initial` $\gamma_b > 0$, `exponent` $e$, by default $1/2$, and {@link Backtracking}.
 * @throws RangeError if a field is outside its domain.
 * @cite fan2023
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { show, slsB } from 'steplaw'
 *
 * show(slsB({ initial: 4, shrink: 0.5 })) // => 'armijo{start: power{initial: 4, exponent: 0.5}}'
 * ```
 */
export const slsB = ({
  initial,
  exponent = 0.5,
  c = 0.1,
  shrink = 0.9,
  budget = 100,
}: { readonly initial: number; readonly exponent?: number } & Backtracking): Rule =>
  armijo({ start: power({ initial, exponent }), c, shrink, budget })
