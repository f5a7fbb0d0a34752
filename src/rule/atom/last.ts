import * as O from 'fp-ts/lib/Option.js'
import type { RuleParams } from '../../../spec/vocabulary/ruleRows.js'
import { builtIn, stateless } from '../builtIn.js'
import { step } from '../outcome.js'
import type { Rule } from '../rule.js'

/**
 * The step executed last, times a factor: $\gamma_k = \tau\,\gamma_{\text{executed}}$, or `initial` before there is one.
 *
 * Only finite positive steps count as executed, so a failed search or a zero step is not remembered and can not
 * absorb the run (clause `rule.last.failure`). As the start of a search it gives the reset options of the stochastic line
 * search: `factor` 1 keeps, above 1 grows.
 *
 * Cost: nothing. Clause `rule.last`.
 *
 * Laws: `meaning.last`, `predictable`, `total`. Theorems: L6, P24, P26.
 *
 * @param params - `initial` $> 0$, `factor` $\tau > 0$ (default 1).
 * @throws RangeError if a field is outside its domain.
 * @cite vaswani2019
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { last, takeStep } from 'steplaw'
 * import * as O from 'fp-ts/lib/Option.js'
 *
 * takeStep(last({ initial: 1, factor: 2 }), { value: 1, slope: -1 }).step // => 1
 * takeStep(last({ initial: 1, factor: 2 }), { value: 1, slope: -1, executed: O.some(3) }).step // => 6
 * ```
 */
export const last = (params: RuleParams<'last', Rule>): Rule =>
  builtIn('last', params, ({ initial, factor }) => ({
    reads: ['executed'],
    ...stateless(({ executed }) => step(O.isSome(executed) ? factor * executed.value : initial)),
  }))
