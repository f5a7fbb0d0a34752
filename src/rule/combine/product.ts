import { builtIn, stateless } from '../builtIn.js'
import { step } from '../outcome.js'
import type { Rule } from '../rule.js'
import { onSteps } from './choose.js'

/**
 * The product of several rules, multiplied left to right; it fails if any fails, and so does $0 \cdot \infty$.
 *
 * Cost: that of the operands. Clause `rule.product`.
 *
 * Laws: `meaning.product`. Theorems: none.
 *
 * @throws RangeError if an argument is not a rule.
 * @category Combinators
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant, power, productOf, takeStep } from 'steplaw'
 *
 * const rule = productOf(constant(6), power({ initial: 1, exponent: 1 }))
 * takeStep(rule, { value: 1, slope: -1, k: 2 }).step // => 2
 * ```
 */
export const productOf = (first: Rule, ...rest: ReadonlyArray<Rule>): Rule =>
  builtIn('product', { of: [first, ...rest] }, () =>
    stateless((_observation, outcomes) =>
      onSteps((steps) => step(steps.reduce((a, b) => a * b, 1)))(outcomes),
    ),
  )

/**
 * {@link productOf} of two rules, to be used in a `pipe`.
 *
 * Laws: `meaning.product`. Theorems: none.
 *
 * @category Combinators
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant, polyak, product, takeStep } from 'steplaw'
 * import { pipe } from 'fp-ts/lib/function.js'
 *
 * takeStep(pipe(polyak(), product(constant(2))), { value: 3, slope: -4 }).step // => 1.5
 * ```
 */
export const product =
  (that: Rule) =>
  (self: Rule): Rule =>
    productOf(self, that)
