import { builtIn, stateless } from '../builtIn.js'
import { fail } from '../outcome.js'
import type { Rule } from '../rule.js'

/**
 * The rule that fails on every ray: the bottom of the lattice, the unit of `max`.
 *
 * Cost: nothing. Clause `rule.never`.
 *
 * Laws: `meaning.never`, `lattice.max.unit`, `lattice.min.bottom`, `orElse.unit`. Theorems: L5.
 *
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant, max, never, takeStep } from 'steplaw'
 *
 * takeStep(max(never)(constant(2)), { value: 1, slope: -1 }).step // => 2
 * takeStep(never, { value: 1, slope: -1 }).step // => null
 * ```
 */
export const never: Rule = builtIn('never', {}, () => stateless(() => fail('never')))
