import type { RuleParams } from '../../../spec/vocabulary/ruleRows.js'
import { builtIn, stateless } from '../builtIn.js'
import { nth, type Outcome, under } from '../outcome.js'
import type { Rule } from '../rule.js'
import { greatest, least } from './choose.js'

/**
 * A proposal between two bounds: $\min(\max(\ell, p), u)$. Where the bounds cross, the upper one wins.
 *
 * A proposal that fails is replaced by the lower bound (and the outcome is at most the upper one); if lower and
 * proposal both fail, or the upper bound fails, so does the envelope. Properties of the proposal on one ray that both bounds
 * share pass through. **Convergence does not**: with a proposal that depends on the sample of the gradient, an envelope
 * can converge to a point that is no minimiser (see {@link slsB} for forms that do converge).
 *
 * Cost: that of the three operands. Clause `rule.envelope`.
 *
 * Laws: `meaning.envelope`. Theorems: L1, L2, L3, L4, P24, P26.
 *
 * @param params - `lower`, `proposal`, `upper`: rules.
 * @throws RangeError if a field is not a rule.
 * @cite fan2023
 * @category Combinators
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant, envelope, polyak, takeStep } from 'steplaw'
 *
 * const rule = envelope({ lower: constant(0.1), proposal: polyak(), upper: constant(0.5) })
 * takeStep(rule, { value: 3, slope: -4 }).because // => [2]
 * takeStep(rule, { value: 1, slope: -4 }).because // => [1]
 * takeStep(rule, { value: 0, slope: -4 }).because // => [0]
 * ```
 */
export const envelope = (params: RuleParams<'envelope', Rule>): Rule =>
  builtIn('envelope', params, () => stateless((_observation, outcomes) => clamp(outcomes)))

const clamp = (outcomes: ReadonlyArray<Outcome>): Outcome => {
  const upper = nth(outcomes, 2)
  const raised = greatest([nth(outcomes, 0), nth(outcomes, 1)])
  const outcome = least([raised, upper])
  if (outcome._tag === 'Step') {
    // `least` chose between the raised pair (0), whose own path says which of the two, and the upper bound (1).
    const [side, ...path] = outcome.because
    return { ...outcome, because: side === 0 ? path : [2, ...path] }
  }
  if (raised._tag === 'Step') return under(2, upper)
  return raised
}
