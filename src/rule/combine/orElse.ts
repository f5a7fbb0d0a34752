import { builtIn, stateless } from '../builtIn.js'
import type { Rule } from '../rule.js'
import { first as firstStep } from './choose.js'

/**
 * The first of several rules that does not fail. All are asked on every ray, so states do not depend on who answers.
 *
 * Associative, with {@link never} as unit on either side. Cost: that of all operands. Clause `rule.orElse`.
 *
 * Laws: `meaning.orElse`, `orElse.*`. Theorems: none.
 *
 * @throws RangeError if an argument is not a rule.
 * @category Combinators
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant, never, orElseOf, takeStep } from 'steplaw'
 *
 * takeStep(orElseOf(never, constant(2), constant(3)), { value: 1, slope: -1 }).step // => 2
 * ```
 */
export const orElseOf = (first: Rule, ...rest: ReadonlyArray<Rule>): Rule =>
  builtIn('orElse', { of: [first, ...rest] }, () =>
    stateless((_observation, outcomes) => firstStep(outcomes)),
  )

/**
 * {@link orElseOf} of two rules, to be used in a `pipe`.
 *
 * Laws: `meaning.orElse`, `orElse.*`. Theorems: none.
 *
 * @category Combinators
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant, orElse, polyak, takeStep } from 'steplaw'
 * import { pipe } from 'fp-ts/lib/function.js'
 *
 * takeStep(pipe(polyak(), orElse(constant(2))), { value: 1, slope: 0 }).step // => 2
 * ```
 */
export const orElse =
  (that: Rule) =>
  (self: Rule): Rule =>
    orElseOf(self, that)
