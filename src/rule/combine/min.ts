import { builtIn, stateless } from '../builtIn.js'
import type { Rule } from '../rule.js'
import { least } from './choose.js'

/**
 * The least of several rules; it fails if any of them fails. The meet of the lattice.
 *
 * Every operand is asked on every ray, left to right, and every state advances, whichever decides.
 *
 * Cost: that of the operands; a step probed by several is evaluated once. Tag `min`.
 *
 * Laws: `lattice.*`, `min.remembers`, `scale.overMin`. Theorems: L5, P3, P4, P24.
 *
 * @throws RangeError if an argument is not a rule.
 * @category Combinators
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant, minOf, never, takeStep } from 'steplaw'
 *
 * takeStep(minOf(constant(3), constant(1)), { value: 1, slope: -1 }).step // => 1
 * takeStep(minOf(constant(3), never), { value: 1, slope: -1 }).because // => [{ path: [1], reason: 'never' }]
 * ```
 */
export const minOf = (first: Rule, ...rest: ReadonlyArray<Rule>): Rule =>
  builtIn('min', { of: [first, ...rest] }, () => stateless((_observation, outcomes) => least(outcomes)))

/**
 * {@link minOf} of two rules, to be used in a `pipe`: `pipe(a, min(b))` is `min[a, b]`.
 *
 * Laws: `lattice.*`, `min.remembers`, `scale.overMin`. Theorems: L5, P3, P4, P24.
 *
 * @category Combinators
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant, min, polyak, takeStep } from 'steplaw'
 * import { pipe } from 'fp-ts/lib/function.js'
 *
 * takeStep(pipe(polyak(), min(constant(0.5))), { value: 3, slope: -4 }).step // => 0.5
 * ```
 */
export const min =
  (that: Rule) =>
  (self: Rule): Rule =>
    minOf(self, that)
