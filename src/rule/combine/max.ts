import { builtIn, stateless } from '../builtIn.js'
import type { Rule } from '../rule.js'
import { greatest } from './choose.js'

/**
 * The greatest of several rules: failures are ignored, and it fails only if all fail. The join of the lattice.
 *
 * Every operand is asked on every ray, left to right, and every state advances, whichever decides. A property that
 * each operand's step has on a ray, the maximum has on that ray; convergence of a whole run does not carry over so.
 *
 * Cost: that of the operands; a step probed by several is evaluated once. Tag `max`.
 *
 * Laws: `lattice.*`, `max.*`, `scale.overMax`. Theorems: L5, P3, P4, P24.
 *
 * @throws RangeError if there is no rule among the arguments.
 * @category Combinators
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant, maxOf, never, takeStep } from 'steplaw'
 *
 * takeStep(maxOf(constant(1), constant(3), never), { value: 1, slope: -1 }).because // => [1]
 * ```
 */
export const maxOf = (first: Rule, ...rest: ReadonlyArray<Rule>): Rule =>
  builtIn('max', { of: [first, ...rest] }, () => stateless((_observation, outcomes) => greatest(outcomes)))

/**
 * {@link maxOf} of two rules, to be used in a `pipe`: `pipe(a, max(b))` is `max[a, b]`.
 *
 * Laws: `lattice.*`, `max.*`, `scale.overMax`. Theorems: L5, P3, P4, P24.
 *
 * @category Combinators
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant, max, polyak, takeStep } from 'steplaw'
 * import { pipe } from 'fp-ts/lib/function.js'
 *
 * takeStep(pipe(polyak(), max(constant(2))), { value: 3, slope: -4 }).step // => 2
 * ```
 */
export const max =
  (that: Rule) =>
  (self: Rule): Rule =>
    maxOf(self, that)
