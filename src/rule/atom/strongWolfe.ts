import * as t from 'io-ts'
import type { RuleParams } from '../../../spec/vocabulary/ruleRows.js'
import { builtIn } from '../builtIn.js'
import type { Rule } from '../rule.js'
import { searchFrom, type Trial } from '../search.js'

/**
 * A search for a step at which the value has decreased enough and the ray is nearly level (the strong conditions of Wolfe):
 * $$\varphi(a) \le \varphi(0) + c_1\,a\,\varphi'(0), \qquad |\varphi'(a)| \le c_2\,|\varphi'(0)|.$$
 * It keeps a bracket, $\ell$, at first 0, and $h$, at first none, and begins at the outcome of `start`, at most `cap`. A trial that
 * breaks the first condition or climbs more than the second allows is too long and becomes $h$; one that still falls more than
 * the second allows is too short and becomes $\ell$. The next trial is $\ell + (h - \ell)/2$, or `grow` times the trial, at most
 * `cap`, while there is no $h$. At `cap` a trial that is too short is taken.
 *
 * Bisection needs no interpolation to end: the first condition holds at $\ell$, where $\varphi$ falls more than $c_2$ allows, and $h$ breaks
 * the first or climbs; as $c_1 < c_2$, a step with both conditions lies between, and where $\varphi'$ is continuous the bracket can not
 * close on any other point.
 *
 * **What holds.** Both conditions, at every step below `cap`, in the same doubles. Hence for an $L$-smooth $f_S$ along steepest
 * descent $\gamma \ge (1-c_2)/L$ and $\gamma\|g\|^2 \le (f_S(x) - \inf f_S)/c_1$; for a fixed $f$ bounded from below
 * $\sum_k \cos^2\theta_k \|g_k\|^2 < \infty$ with $\theta_k$ the angle between $p_k$ and $-g_k$ (Zoutendijk), and the next secant has
 * $\langle s, y\rangle \ge (1-c_2)\,\gamma\,|\varphi'(0)| > 0$, which {@link barzilaiBorwein} wants. On a batch that changes none of the last two
 * is promised.
 *
 * **Fails** where the ray does not descend, where the start fails, is $0$ or $+\infty$, where a trial underflows to $0$, and where
 * `budget` trials were not enough. A trial whose value or slope is NaN or infinite is too long.
 *
 * Cost: a value and a gradient per trial, at most `budget`, several times what {@link armijo} pays: the price of steps that can
 * grow. A draft, not in version 1 of the standard: clause `draft.strongWolfe`.
 *
 * Laws: `meaning.strongWolfe`. Theorems: none.
 *
 * @param params - `start` a rule; `c1` in $(0, 1)$ and below `c2` (default 1e-4), `c2` in $(0, 1)$ (default 0.9; 0.1 is usual with
 * conjugate directions): the textbook's; `grow` $> 1$ (default 2), `budget` (default 25: from 1 down to 3e-8), `cap` $> 0$ (default
 * 10, as in {@link goldstein}).
 * @throws RangeError if a field is outside its domain, or `c1` is not below `c2`.
 * @cite wolfe1969
 * @cite nocedal2006
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant, strongWolfe, takeStep } from 'steplaw'
 *
 * // f(x) = x^2 at x = 1, along -f'(x) = -2: the least value is at 0.5.
 * const ray = { value: 1, slope: -4, phi: (a: number) => (1 - 2 * a) ** 2, dphi: (a: number) => -4 * (1 - 2 * a) }
 *
 * takeStep(strongWolfe({ start: constant(4) }), ray).probed // => [4, 2, 1, 0.5]
 * takeStep(strongWolfe({ start: constant(0.0625), c2: 0.5 }), ray).probed // => [0.0625, 0.125, 0.25]
 * takeStep(strongWolfe({ start: constant(4), budget: 3 }), ray).because // => [{ path: [], reason: 'budgetExhausted' }]
 * ```
 */
export const strongWolfe = (params: RuleParams<'strongWolfe', Rule>): Rule =>
  builtIn('strongWolfe', params, ({ c1, c2, grow, budget, cap }) => ({
    init: null,
    state: t.null,
    step: (_own: null, observation, outcomes) => {
      const { value, slope } = observation
      const between =
        (low: number, high: number | null): Trial =>
        (a) => {
          const shorter = low + (a - low) / 2
          const longer = high === null ? Math.min(grow * a, cap) : a + (high - a) / 2
          return {
            next: [shorter, longer],
            judge: (v, s) => {
              const long = !(
                Number.isFinite(v) &&
                Number.isFinite(s) &&
                v <= value + c1 * a * slope &&
                s <= -c2 * slope
              )
              if (long) return { a: shorter, trial: between(low, a) }
              return s >= c2 * slope || a >= cap ? 'accepted' : { a: longer, trial: between(a, high) }
            },
          }
        }
      return searchFrom(observation, outcomes, { budget, cap, want: 'slope' }, between(0, null))
    },
  }))
