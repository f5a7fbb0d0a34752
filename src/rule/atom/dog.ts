import type { RuleParams } from '../../../spec/vocabulary/ruleRows.js'
import { builtIn } from '../builtIn.js'
import type { Rule } from '../rule.js'
import { overGradients } from '../travelled.js'

/**
 * Distance over gradients, DoG: the longest way travelled so far over the root of the squared gradients so far,
 * $$\gamma_k = \frac{r_k}{\sqrt{\varepsilon + \sum_{j \le k} \|g_j\|^2}}, \qquad r_k = \max\{r_\varepsilon, \max_{j \le k} \|x_j - x_0\|\}.$$
 * No rate has to be known: $r_\varepsilon$ is only where it begins, and any small number will do.
 *
 * **Holds** for convex $f$ along full gradients with $\varepsilon = 0$ and $d_K = \max_{k \le K}\|x_k - x^*\|$:
 * $\sum_{k<K} r_k (f(x_k) - f^*) \le r_K (2 d_K + r_K)\sqrt{\sum_{k<K}\|g_k\|^2}$. What is bounded is the average weighted by $r_k$, not the last
 * point. With $\varepsilon = 0$ the iterates do not change with the units of the loss.
 *
 * **Fails** where $\|g\|^2$ or the distance is not finite, and where every gradient so far was zero and so is $\varepsilon$; such a
 * ray is not added.
 *
 * State: two numbers. Cost: a squared norm and a distance. Clause `rule.dog`.
 *
 * Laws: `meaning.dog`, `equivariant.objective`. Theorems: P18, P27.
 *
 * @param params - `repsilon` $r_\varepsilon > 0$, in units of the point; it has no default here, as a rule does not see the
 * point: the authors take $10^{-6}(1 + \|x_0\|)$. `epsilon` $\varepsilon \ge 0$ (default 0; the published code has 1e-8).
 * @throws RangeError if a field is outside its domain.
 * @cite ivgi2023
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { dog, takeSteps } from 'steplaw'
 *
 * const rays = [[0, 4], [3, 12], [1, 48]].map(([travelled = 0, gg = 0]) => ({ value: 1, slope: -gg, gg, travelled }))
 * takeSteps(dog({ repsilon: 1 }), rays).map((taken) => taken.step) // => [0.5, 0.75, 0.375]
 * ```
 */
export const dog = (params: RuleParams<'dog', Rule>): Rule =>
  builtIn('dog', params, (fields) => overGradients(fields, { weight: () => 1, size: (r) => r }))
