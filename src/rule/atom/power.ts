import type { RuleParams } from '../../../spec/vocabulary/ruleRows.js'
import { pow } from '../../numeric/index.js'
import { builtIn, stateless } from '../builtIn.js'
import { step } from '../outcome.js'
import type { Rule } from '../rule.js'

/**
 * A power of the iteration: $\gamma_k = \gamma_0 / (k+1)^e$.
 *
 * With $e \in (1/2, 1]$ the steps satisfy Robbins and Monro's conditions $\sum \gamma_k = \infty$,
 * $\sum \gamma_k^2 < \infty$; $e = 1/2$ is the usual cap of the convex case, $e = 0$ a constant, $e < 0$ grows.
 *
 * Cost: one power. Clause `rule.power`.
 *
 * Laws: `meaning.power`, `predictable`, `total`. Theorems: P12, P13, P24, P26.
 *
 * @param params - `initial` $\gamma_0 > 0$, `exponent` $e$ finite.
 * @throws RangeError if a field is outside its domain.
 * @cite robbins1951
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { power, takeStep } from 'steplaw'
 *
 * takeStep(power({ initial: 3, exponent: 0.5 }), { value: 1, slope: -1, k: 8 }).step // => 1
 * ```
 */
export const power = (params: RuleParams<'power', Rule>): Rule =>
  builtIn('power', params, ({ initial, exponent }) =>
    stateless(({ k }) => step(initial / pow(k + 1, exponent))),
  )
