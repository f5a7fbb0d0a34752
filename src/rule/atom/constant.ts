import { builtIn, stateless } from '../builtIn.js'
import { step } from '../outcome.js'
import type { Rule } from '../rule.js'

/**
 * The same step on every ray: $\gamma_k = \gamma$.
 *
 * $\gamma \in [0, +\infty]$; $+\infty$ is the top of the lattice, the unit of `min`, and moves nothing when executed.
 * For an $L$-smooth convex objective, gradient descent converges for $\gamma < 2/L$.
 *
 * Cost: nothing. Clause `rule.constant`.
 *
 * Laws: `meaning.constant`, `bounded`, `nonIncreasing`, `predictable`, `total`. Theorems: P24, P26.
 *
 * @param size - $\gamma$, in units of the point over the units of the gradient.
 * @throws RangeError if `step` is NaN or negative.
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant, takeStep } from 'steplaw'
 *
 * takeStep(constant(0.1), { value: 1, slope: -1 }).step // => 0.1
 * constant(-1) // => throws RangeError: constant: step is -1
 * ```
 */
export const constant = (size: number): Rule =>
  builtIn('constant', { step: size }, (fields) => stateless(() => step(fields.step)))
