import * as t from 'io-ts'
import type { RuleParams } from '../../../spec/vocabulary/ruleRows.js'
import { builtIn } from '../builtIn.js'
import type { Rule } from '../rule.js'
import { searchFrom, type Trial } from '../search.js'

/**
 * Backtracking to Armijo's sufficient decrease: the first of $a_0, \beta a_0, \beta^2 a_0, \dots$ with
 * $$\varphi(a) \le \varphi(0) + c\,a\,\varphi'(0) + \delta,$$
 * where $a_0$ is the outcome of `start`, $\beta$ is `shrink` and $\delta$ is `slack`.
 *
 * **What holds.** The inequality, at the step returned, in the same doubles; for an $L$-smooth $f_S$ along steepest
 * descent $\gamma \ge \min\{a_0, 2\beta(1-c)/L\}$ and $\gamma\|g\|^2 \le (f_S(x) - \inf f_S)/c$.
 *
 * **Fails** where the ray does not descend, where the start fails, is $0$ or $+\infty$, where a trial underflows to
 * $0$, and where `budget` trials were not enough: a step that violates the inequality is never returned. NaN and
 * infinities at a trial are "not accepted".
 *
 * Cost: one value per trial, at most `budget`. Clause `rule.armijo`.
 *
 * Laws: `armijo.*`. Theorems: P2, P3, P4, P8, P8b, P9, P9b, P24, P25, P27.
 *
 * @param params - `start` a rule, `c` in $(0,1)$ (default 0.1), `shrink` in $(0,1)$ (default 0.5), `budget` (default
 * 100), `slack` $\ge 0$ (default 0).
 * @throws RangeError if a field is outside its domain.
 * @cite armijo1966
 * @cite vaswani2019
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { armijo, constant, takeStep } from 'steplaw'
 *
 * // f(x) = x^2 at x = 1, along -f'(x) = -2.
 * const ray = { value: 1, slope: -4, phi: (a: number) => (1 - 2 * a) ** 2 }
 *
 * takeStep(armijo({ start: constant(4) }), ray).step // => 0.5
 * takeStep(armijo({ start: constant(4) }), ray).probed // => [4, 2, 1, 0.5]
 * takeStep(armijo({ start: constant(4), budget: 3 }), ray).because // => [{ path: [], reason: 'budgetExhausted' }]
 * ```
 */
export const armijo = (params: RuleParams<'armijo', Rule>): Rule =>
  builtIn('armijo', params, ({ c, shrink, budget, slack }) => ({
    init: null,
    state: t.null,
    step: (_own: null, observation, outcomes) => {
      const { value, slope } = observation
      const trial: Trial = (a) => ({
        next: [shrink * a],
        judge: (v) =>
          Number.isFinite(v) && v <= value + c * a * slope + slack ? 'accepted' : { a: shrink * a, trial },
      })
      return searchFrom(observation, outcomes, { budget }, trial)
    },
  }))
