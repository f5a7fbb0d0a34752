import type { RuleParams } from '../../../spec/vocabulary/ruleRows.js'
import { done } from '../../program/program.js'
import { type Adaptive, adapt, adaptive } from '../adaptive.js'
import { builtIn } from '../builtIn.js'
import { descends } from '../observation.js'
import { fail, nth, under } from '../outcome.js'
import type { Rule } from '../rule.js'

/**
 * A searched step over the root of the decrease so far, never longer than before, AdaSLS:
 * $$\gamma_k = \min\Bigl\{\gamma_{k-1},\; \frac{s_k}{c\,\sqrt{\sum_{j \le k} w_j}}\Bigr\},
 * \qquad w_k = s_k\,(-\varphi_k'(0)), \quad c = \frac{\text{scale}}{\sqrt{w_0}},$$
 * where $s_k$ is the outcome of `search`. It is {@link adaSps} with a search in place of a bound: nothing need be known of
 * the infimum.
 *
 * **Holds.** $\gamma_k \le \gamma_{k-1}$. With {@link armijo} at $c = 1/2$ as the search and convex $L$-smooth terms the mean of the
 * iterates converges at $O(1/\sqrt K)$ without interpolation and at $O(1/K)$ with it, as long as the iterates stay
 * bounded. It has nothing to do with a search along Adam's direction, which some libraries call by this name.
 *
 * **Fails** where the ray does not descend, and where the search fails or gives $0$ or $+\infty$; such a ray is not added.
 *
 * State: three numbers. Cost: that of the search. Clause `rule.adaSls`.
 *
 * Laws: `meaning.adaSls`, `nonIncreasing`, `recovers`. Theorems: P15, P27.
 *
 * @param params - `search` a rule, usually {@link armijo}; `scale` $> 0$ (default 1, the paper's).
 * @throws RangeError if a field is outside its domain.
 * @cite jiang2023
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { adaSls, armijo, constant, takeSteps } from 'steplaw'
 *
 * const search = armijo({ start: constant(4), c: 0.5 })
 * const rays = [1, 3, 12].map((gg) => ({ value: 1, slope: -gg, phi: (a: number) => 1 - gg * a }))
 * takeSteps(adaSls({ search }), rays).map((taken) => taken.step) // => [4, 2, 1]
 * ```
 */
export const adaSls = (params: RuleParams<'adaSls', Rule>): Rule =>
  builtIn<'adaSls', Adaptive>('adaSls', params, ({ scale }) => ({
    init: null,
    state: adaptive,
    step: (own, observation, outcomes) => {
      const found = nth(outcomes, 0)
      if (!descends(observation)) return done([own, fail('noDescent')])
      if (found._tag === 'Fail') return done([own, under(0, found)])
      const s = found.step
      if (s === 0 || s === Number.POSITIVE_INFINITY) return done([own, fail('searchUnusable')])
      return done(adapt(own, scale, s * -observation.slope, (c, root) => s / (c * root)))
    },
  }))
