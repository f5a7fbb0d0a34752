import type { RuleParams } from '../../../spec/vocabulary/ruleRows.js'
import { builtIn } from '../builtIn.js'
import type { Rule } from '../rule.js'
import { overGradients } from '../travelled.js'

/**
 * Distance over weighted gradients, DoWG: {@link dog} with every squared gradient weighted by the squared distance of its time,
 * $$\gamma_k = \frac{r_k^2}{\sqrt{\sum_{j \le k} r_j^2\,\|g_j\|^2}}, \qquad r_k = \max\{r_\varepsilon, \max_{j \le k} \|x_j - x_0\|\}.$$
 * Gradients from near the start count less once the iterates have gone far, so that the steps may grow further than those of DoG.
 *
 * **Holds** for convex $f$ along full gradients, with $d_K = \max_{k \le K}\|x_k - x^*\|$:
 * $\sum_{k<K} r_k^2 (f(x_k) - f^*) \le r_K (2 d_K + r_K)\sqrt{\sum_{k<K} r_k^2\|g_k\|^2}$: a rate for the average weighted by $r_k^2$. The iterates do not
 * change with the units of the loss.
 *
 * **Fails** where $\|g\|^2$ or the distance is not finite, and where every gradient so far was zero; such a ray is not added.
 *
 * State: two numbers. Cost: a squared norm and a distance. Clause `rule.dowg`.
 *
 * Laws: `meaning.dowg`, `equivariant.objective`. Theorems: P18, P27.
 *
 * @param params - `repsilon` $r_\varepsilon > 0$, in units of the point; it has no default, as a rule does not see the point (the
 * published code begins at $r_\varepsilon^2 = 10^{-4}$).
 * @throws RangeError if a field is outside its domain.
 * @cite khaled2023
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { dowg, takeSteps } from 'steplaw'
 *
 * const rays = [[0, 4], [2, 3]].map(([travelled = 0, gg = 0]) => ({ value: 1, slope: -gg, gg, travelled }))
 * takeSteps(dowg({ repsilon: 1 }), rays).map((taken) => taken.step) // => [0.5, 1]
 * ```
 */
export const dowg = (params: RuleParams<'dowg', Rule>): Rule =>
  builtIn('dowg', params, ({ repsilon }) =>
    overGradients({ repsilon, epsilon: 0 }, { weight: (r) => r * r, size: (r) => r * r }),
  )
