import * as O from 'fp-ts/lib/Option.js'
import type { RuleParams } from '../../../spec/vocabulary/ruleRows.js'
import { builtIn, stateless } from '../builtIn.js'
import { fail, step } from '../outcome.js'
import type { Rule } from '../rule.js'

/**
 * Barzilai and Borwein's steps, from the last displacement $s = x_k - x_{k-1}$ and change of gradient $y = g_k - g_{k-1}$:
 * $$\gamma_k = \frac{\langle s,s\rangle}{\langle s,y\rangle}\ \text{(long)} \qquad\text{or}\qquad
 * \gamma_k = \frac{\langle s,y\rangle}{\langle y,y\rangle}\ \text{(short)}.$$
 * They are the multiples of the identity that satisfy the secant equation best, for the inverse Hessian and for the Hessian.
 *
 * **Holds** for an $L$-smooth, $\mu$-strongly convex $f$ and gradients of the same batch: $1/L \le$ short $\le$ long $\le 1/\mu$. On strongly
 * convex quadratics gradient descent converges with either, but not monotonically. On other functions it may diverge: put it
 * into an {@link envelope} or under an {@link armijo} search. With a fresh batch on every iteration $y$ is mostly noise.
 *
 * **Fails** where the secant is not finite and where $\langle s,y\rangle \le 0$: there is no positive curvature, or the point did
 * not move. Without a secant, on the first iteration, it gives `initial`.
 *
 * Cost: two differences and three dot products. Clause `rule.barzilaiBorwein`.
 *
 * Laws: `meaning.barzilaiBorwein`. Theorems: none.
 *
 * @param params - `variant` `"long"` or `"short"`, `initial` $> 0$; neither has a default.
 * @throws RangeError if a field is outside its domain.
 * @cite barzilai1988
 * @cite raydan1997
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { barzilaiBorwein, takeStep } from 'steplaw'
 * import * as O from 'fp-ts/lib/Option.js'
 *
 * const ray = { value: 1, slope: -1, secant: O.some([4, 2, 16] as const) }
 * takeStep(barzilaiBorwein({ variant: 'long', initial: 1 }), ray).step // => 2
 * takeStep(barzilaiBorwein({ variant: 'short', initial: 1 }), ray).step // => 0.125
 * takeStep(barzilaiBorwein({ variant: 'long', initial: 1 }), { value: 1, slope: -1 }).step // => 1
 * ```
 */
export const barzilaiBorwein = (params: RuleParams<'barzilaiBorwein', Rule>): Rule =>
  builtIn('barzilaiBorwein', params, ({ variant, initial }) => ({
    reads: ['secant'],
    ...stateless(({ secant }) => {
      if (O.isNone(secant)) return step(initial)
      const [ss, sy, yy] = secant.value
      if (!secant.value.every(Number.isFinite) || !(sy > 0)) return fail('noCurvature')
      return step(variant === 'long' ? ss / sy : sy / yy)
    }),
  }))
