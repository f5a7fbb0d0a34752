import { power } from '../atom/power.js'
import { envelope } from '../combine/envelope.js'
import type { Rule } from '../rule.js'

/**
 * Any proposal between two schedules of the same decay:
 * $\gamma_k = \min\{\max\{\gamma_\ell (k+1)^{-e}, \tilde\gamma_k\}, \gamma_b (k+1)^{-e}\}$.
 *
 * `envelope{power{lower, exponent}, proposal, power{upper, exponent}}`.
 *
 * **Converges** if the proposal is independent of the sample of the gradient (a fresh batch, or a function of the past), or
 * under interpolation. With a proposal made from the same sample it **may not**: on $\frac12(x-1)^2$ and $\frac12(x+1)^2$, a
 * proposal that takes the upper bound on the first and $r$ times it on the second converges to $(1-r)/(1+r)$, not to $0$.
 *
 * Cost: that of the proposal. Clause `rule.envelope`.
 *
 * Laws: `meaning.envelope`, `total`. Theorems: P24, P26.
 *
 * @param params - `lower` $\gamma_\ell > 0$, `upper` $\gamma_b > 0$, `exponent` $e$, by default $1/2$.
 * @throws RangeError if a field is outside its domain.
 * @cite fan2023
 * @category Combinators
 * @since 0.1.0
 * @example
 * ```ts
 * import { generalEnvelope, polyak, takeSteps } from 'steplaw'
 *
 * const rule = generalEnvelope({ lower: 0.5, upper: 2, exponent: 1 })(polyak())
 * const rays = [9, 9, 0].map((value) => ({ value, slope: -1 }))
 * takeSteps(rule, rays).map((taken) => taken.step) // => [2, 1, 0.5 / 3]
 * ```
 */
export const generalEnvelope =
  ({
    lower,
    upper,
    exponent = 0.5,
  }: {
    readonly lower: number
    readonly upper: number
    readonly exponent?: number
  }) =>
  (proposal: Rule): Rule =>
    envelope({
      lower: power({ initial: lower, exponent }),
      proposal,
      upper: power({ initial: upper, exponent }),
    })
