import * as E from 'fp-ts/lib/Either.js'
import type { RuleParams } from '../../../spec/vocabulary/ruleRows.js'
import { done } from '../../program/program.js'
import { type Adaptive, adapt, adaptive } from '../adaptive.js'
import { builtIn } from '../builtIn.js'
import { fail, step } from '../outcome.js'
import type { Rule } from '../rule.js'
import { gapOnDescent, targetReading } from '../target.js'

/**
 * Polyak's step over the root of the gaps so far, never longer than before, AdaSPS:
 * $$\gamma_k = \min\Bigl\{\gamma_{k-1},\; \frac{h_k}{c\,(-\varphi_k'(0))\,\sqrt{\sum_{j \le k} h_j}}\Bigr\},
 * \qquad h_k = \varphi_k(0) - t_k, \quad c = \frac{\text{scale}}{\sqrt{h_0}}.$$
 * A gap that is not positive gives the step $0$ and is not remembered: $h_0$ is the first positive one, so that a first
 * batch that is solved leaves no infinite constant behind.
 *
 * **Holds.** $\gamma_k \le \gamma_{k-1}$. With $t \le \inf f_S$ and convex $L$-smooth terms the mean of the iterates converges at
 * $O(1/\sqrt K)$ without interpolation and at $O(1/K)$ with it, as long as the iterates stay bounded.
 *
 * **Fails** where the ray does not descend, where the target is not declared, and where the gap is not finite.
 *
 * State: three numbers. Cost: nothing beyond value and slope. Clause `rule.adaSps`.
 *
 * Laws: `meaning.adaSps`, `nonIncreasing`, `recovers`. Theorems: L6, P15, P27.
 *
 * @param params - `scale` $> 0$ (default 1, the paper's), `target` (default `"lowerBound"`).
 * @throws RangeError if a field is outside its domain.
 * @cite jiang2023
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { adaSps, takeSteps } from 'steplaw'
 *
 * const rays = [4, 0, 12, 48].map((value) => ({ value, slope: -2 }))
 * takeSteps(adaSps(), rays).map((taken) => taken.step) // => [2, 0, 2, 2]
 * takeSteps(adaSps(), [{ value: 4, slope: -2 }, { value: 12, slope: -24 }]).map((taken) => taken.step) // => [2, 0.25]
 * ```
 */
export const adaSps = (params: RuleParams<'adaSps', Rule> = {}): Rule =>
  builtIn<'adaSps', Adaptive>('adaSps', params, ({ scale, target }) => ({
    reads: targetReading(target),
    init: null,
    state: adaptive,
    step: (own, observation) => {
      const found = gapOnDescent(target, observation)
      if (E.isLeft(found)) return done([own, fail(found.left)])
      const gap = found.right
      if (gap <= 0) return done([own, step(0)])
      return done(adapt(own, scale, gap, (c, root) => gap / (c * -observation.slope * root)))
    },
  }))
