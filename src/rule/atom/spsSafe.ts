import * as O from 'fp-ts/lib/Option.js'
import type { RuleParams } from '../../../spec/vocabulary/ruleRows.js'
import { builtIn, stateless } from '../builtIn.js'
import { fail, step } from '../outcome.js'
import type { Rule } from '../rule.js'
import { targetOn, targetReading } from '../target.js'

/**
 * Polyak's step with a safeguard in the denominator, SPSsafe:
 * $$\gamma_k = \frac{\varphi(0) - t}{c \cdot \max(-\varphi'(0), M)},$$
 * where $M$ is `floor`. A gap that is not positive gives the step $0$.
 *
 * **Holds.** $\gamma_k \le (\varphi(0) - t)/(cM)$ and $\gamma_k$ is at most the step of {@link polyak} with the same `c`; it is
 * finite where the slope vanishes, so that a flat ray is no failure. Along steepest descent it is a subgradient step
 * clipped at $\sqrt M$: neither interpolation nor the value at a solution is needed for convex Lipschitz losses.
 *
 * **Fails** where value or slope is not finite, where the ray ascends, and where the target is not declared.
 *
 * Cost: nothing beyond value and slope. Clause `rule.spsSafe`.
 *
 * Laws: `meaning.spsSafe`, `recovers`. Theorems: P2, P3, P4.
 *
 * @param params - `floor` $M > 0$, in units of the squared gradient; it has no default, as the size of gradients is the
 * problem's (the published examples take 1). `c` $> 0$ (default 1, as Polyak's) and `target` (default `"lowerBound"`).
 * @throws RangeError if a field is outside its domain.
 * @cite oikonomou2025
 * @cite loizou2021
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { spsSafe, takeStep } from 'steplaw'
 *
 * takeStep(spsSafe({ floor: 1 }), { value: 3, slope: -4 }).step // => 0.75
 * takeStep(spsSafe({ floor: 1 }), { value: 3, slope: -0.25 }).step // => 3
 * takeStep(spsSafe({ floor: 1 }), { value: 3, slope: 0 }).step // => 3
 * ```
 */
export const spsSafe = (params: RuleParams<'spsSafe', Rule>): Rule =>
  builtIn('spsSafe', params, ({ floor, c, target }) => ({
    reads: targetReading(target),
    ...stateless((observation) => {
      const { value, slope } = observation
      if (!Number.isFinite(value) || !Number.isFinite(slope) || slope > 0) return fail('noDescent')
      const aim = targetOn(target, observation)
      if (O.isNone(aim)) return fail('targetAbsent')
      const gap = value - aim.value
      return gap <= 0 ? step(0) : step(gap / (c * Math.max(-slope, floor)))
    }),
  }))
