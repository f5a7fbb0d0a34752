import type { RuleParams } from '../../../spec/vocabulary/ruleRows.js'
import { builtIn, stateless } from '../builtIn.js'
import { nth, under } from '../outcome.js'
import type { Rule } from '../rule.js'

/**
 * One rule on every `period`-th iteration, another on the rest: `first` where $k \bmod \text{period} = 0$.
 *
 * Both are asked on every ray. As the start of a search it restarts it once per epoch.
 *
 * Cost: that of both operands. Clause `rule.periodic`.
 *
 * Laws: `meaning.periodic`. Theorems: none.
 *
 * @param params - `period` an integer $\ge 1$, `first` and `rest` rules.
 * @throws RangeError if a field is outside its domain.
 * @category Combinators
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant, periodic, takeSteps } from 'steplaw'
 *
 * const rule = periodic({ period: 3, first: constant(8), rest: constant(1) })
 * const rays = [0, 1, 2, 3].map((k) => ({ k, value: 1, slope: -1 }))
 * takeSteps(rule, rays).map((taken) => taken.step) // => [8, 1, 1, 8]
 * ```
 */
export const periodic = (params: RuleParams<'periodic', Rule>): Rule =>
  builtIn('periodic', params, ({ period }) =>
    stateless(({ k }, outcomes) => {
      const index = k % period === 0 ? 0 : 1
      return under(index, nth(outcomes, index))
    }),
  )
