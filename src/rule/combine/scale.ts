import { builtIn, stateless } from '../builtIn.js'
import { step } from '../outcome.js'
import type { Rule } from '../rule.js'
import { onSteps } from './choose.js'

/**
 * A rule times a positive number: $c\,\gamma_k$. Fails where the rule fails.
 *
 * Multiplication rounds monotonically, so $c \max(a, b) = \max(c a, c b)$ holds bit for bit.
 *
 * Cost: that of the operand. Clause `rule.scale`.
 *
 * Laws: `meaning.scale`, `scale.*`. Theorems: none.
 *
 * @param by - $c$, finite and positive.
 * @throws RangeError if `by` is not finite and positive.
 * @category Combinators
 * @since 0.1.0
 * @example
 * ```ts
 * import { polyak, scale, takeStep } from 'steplaw'
 *
 * takeStep(scale(2)(polyak()), { value: 3, slope: -4 }).step // => 1.5
 * ```
 */
export const scale =
  (by: number) =>
  (of: Rule): Rule =>
    builtIn('scale', { by, of }, (fields) =>
      stateless((_observation, outcomes) => onSteps(([a = Number.NaN]) => step(fields.by * a))(outcomes)),
    )
