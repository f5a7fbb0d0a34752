import * as O from 'fp-ts/lib/Option.js'
import type { RuleParams } from '../../../spec/vocabulary/ruleRows.js'
import { builtIn, stateless } from '../builtIn.js'
import { onlyOnDescent } from '../observation.js'
import { fail, step } from '../outcome.js'
import type { Rule } from '../rule.js'
import { targetOn, targetReading } from '../target.js'

/**
 * Polyak's step: the gap to a target over the slope,
 * $$\gamma_k = \frac{\varphi(0) - t}{c \cdot (-\varphi'(0))},$$
 * which along steepest descent is $(f_S(x_k) - t) / (c \|g_k\|^2)$. A gap that is not positive gives the step $0$,
 * never a step uphill.
 *
 * **Assumptions.** $t \le \inf f_S$ makes it the stochastic Polyak step: then
 * $\gamma_k \ge 1/(2 c L)$ for an $L$-smooth $f_S$, and $c \ge 1/2$ contracts the distance to a common minimiser. `target`
 * names the batch's declared lower bound (default), its value at a solution (SPS+), or a number.
 *
 * **Fails** where the ray does not descend, and where the target is not declared.
 *
 * Cost: nothing beyond value and slope. Clause `rule.polyak`.
 *
 * Laws: `meaning.polyak`, `polyak.gap`, `equivariant.*`, `recovers`. Theorems: P1, P2, P3, P4, P7, P24, P27.
 *
 * @param params - `c` $> 0$ (default 1), `target` (default `"lowerBound"`).
 * @throws RangeError if a field is outside its domain.
 * @cite polyak1987
 * @cite loizou2021
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { polyak, takeStep } from 'steplaw'
 *
 * takeStep(polyak({ c: 0.5 }), { value: 3, slope: -4 }).step // => 1.5
 * takeStep(polyak({ target: 5 }), { value: 3, slope: -4 }).step // => 0
 * takeStep(polyak(), { value: 3, slope: 0 }).because // => [{ path: [], reason: 'noDescent' }]
 * ```
 */
export const polyak = (params: RuleParams<'polyak', Rule> = {}): Rule =>
  builtIn('polyak', params, ({ c, target }) => ({
    reads: targetReading(target),
    ...stateless((observation) =>
      onlyOnDescent(observation, () => {
        const aim = targetOn(target, observation)
        if (O.isNone(aim)) return fail('targetAbsent')
        const gap = observation.value - aim.value
        return gap <= 0 ? step(0) : step(gap / (c * -observation.slope))
      }),
    ),
  }))
