import { constant } from '../atom/constant.js'
import { envelope } from '../combine/envelope.js'
import type { Rule } from '../rule.js'

/**
 * A rule kept within $[\ell, h]$: $\min(\max(\ell, \gamma_k), h)$. A failure becomes $\ell$.
 *
 * `envelope{constant{low}, proposal, constant{high}}`. Clamps compose to clamps; where the bounds cross, `high` wins.
 *
 * Cost: that of the rule.
 *
 * Laws: `meaning.envelope`, `bounded`, `total`. Theorems: L1, L2, L3, L4, P24.
 *
 * @param low - $\ell \in [0, \infty]$.
 * @param high - $h \in [0, \infty]$.
 * @throws RangeError if a bound is NaN or negative.
 * @category Combinators
 * @since 0.1.0
 * @example
 * ```ts
 * import { clamp, polyak, takeStep } from 'steplaw'
 *
 * takeStep(clamp(0.1, 1)(polyak()), { value: 8, slope: -1 }).step // => 1
 * takeStep(clamp(0.1, 1)(polyak()), { value: 8, slope: 1 }).step // => 0.1
 * ```
 */
export const clamp =
  (low: number, high: number) =>
  (proposal: Rule): Rule =>
    envelope({ lower: constant(low), proposal, upper: constant(high) })
