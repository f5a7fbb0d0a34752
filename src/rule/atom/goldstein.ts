import * as t from 'io-ts'
import type { RuleParams } from '../../../spec/vocabulary/ruleRows.js'
import { builtIn } from '../builtIn.js'
import type { Rule } from '../rule.js'
import { searchFrom, type Trial } from '../search.js'

/**
 * A search for a step that decreases the value enough and is not too short (Goldstein's two conditions):
 * $$\varphi(0) + (1-c)\,a\,\varphi'(0) \;\le\; \varphi(a) \;\le\; \varphi(0) + c\,a\,\varphi'(0).$$
 * It begins at the outcome of `start`, at most `cap`. A trial without the right inequality is multiplied by `shrink`; one that
 * has it but not the left is multiplied by `grow`, at most up to `cap`, where the left inequality is waived.
 *
 * **What holds.** The right inequality at every step returned, in the same doubles, and the left one at every step below `cap`:
 * for an $L$-smooth $f_S$ along steepest descent then $\gamma \ge \min\{2c/L, \text{cap}\}$, however short the start was.
 *
 * **Fails** where the ray does not descend, where the start fails, is $0$ or $+\infty$, where a trial underflows to $0$, and
 * where `budget` trials were not enough. There is no bracket: where `shrink` times `grow` is 1 the search may go back
 * and forth between two trials until the budget ends. NaN and infinities at a trial are "too long".
 *
 * Cost: one value per trial, at most `budget`; a trial that comes back counts against the budget but is not evaluated again.
 * Clause `rule.goldstein`.
 *
 * Laws: `meaning.goldstein`, `armijo.certificate`, `armijo.budget`, `armijo.progress`. Theorems: P10.
 *
 * @param params - `start` a rule, `c` in $(0,1/2)$ (default 0.1), `shrink` in $(0,1)$ (default 0.5), `grow` $> 1$ (default
 * 2), `budget` (default 100), `cap` $> 0$ (default 10). `c`, `grow`, `budget` and `cap` are those of the published
 * stochastic search, whose `shrink` is 0.9.
 * @throws RangeError if a field is outside its domain.
 * @cite goldstein1965
 * @cite vaswani2019
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant, goldstein, takeStep } from 'steplaw'
 *
 * // f(x) = x^2 at x = 1, along -f'(x) = -2.
 * const ray = { value: 1, slope: -4, phi: (a: number) => (1 - 2 * a) ** 2 }
 *
 * takeStep(goldstein({ start: constant(4) }), ray).probed // => [4, 2, 1, 0.5]
 * takeStep(goldstein({ start: constant(0.03125) }), ray).probed // => [0.03125, 0.0625, 0.125]
 * takeStep(goldstein({ start: constant(4), budget: 3 }), ray).because // => [{ path: [], reason: 'budgetExhausted' }]
 * ```
 */
export const goldstein = (params: RuleParams<'goldstein', Rule>): Rule =>
  builtIn('goldstein', params, ({ c, shrink, grow, budget, cap }) => ({
    init: null,
    state: t.null,
    step: (_own: null, observation, outcomes) => {
      const { value, slope } = observation
      const trial: Trial = (a) => {
        const shorter = shrink * a
        const longer = Math.min(grow * a, cap)
        return {
          next: [shorter, longer],
          judge: (v) => {
            if (!(Number.isFinite(v) && v <= value + c * a * slope)) return { a: shorter, trial }
            return a >= cap || v >= value + (1 - c) * a * slope ? 'accepted' : { a: longer, trial }
          },
        }
      }
      return searchFrom(observation, outcomes, { budget, cap }, trial)
    },
  }))
