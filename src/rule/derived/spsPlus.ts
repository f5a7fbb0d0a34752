import { polyak } from '../atom/polyak.js'
import type { Rule } from '../rule.js'

/**
 * Polyak's step towards the value at a solution, SPS+: $\gamma_k = (f_S(x_k) - f_S(x^*))_+ / \|g_k\|^2$.
 *
 * `polyak{target: "solutionValue"}`. The batch's value *at a solution of the whole problem* is needed, which is not the
 * infimum of the batch: the problem must declare it (`solutionValues`), and without it the rule fails on every ray.
 *
 * **Holds** for convex $f_S$ on every path, without interpolation:
 * $\|x_{k+1} - x^*\|^2 \le \|x_k - x^*\|^2 - (f_S(x_k) - f_S(x^*))_+^2/\|g_k\|^2$. The distance to that solution never grows.
 *
 * Cost: nothing beyond value and slope. Clause `derived.spsPlus`.
 *
 * Laws: `meaning.polyak`. Theorems: P14.
 *
 * @cite garrigos2023
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { show, spsPlus, takeStep } from 'steplaw'
 * import * as O from 'fp-ts/lib/Option.js'
 *
 * show(spsPlus()) // => 'polyak{target: solutionValue}'
 * takeStep(spsPlus(), { value: 3, slope: -4, solutionValue: O.some(1) }).step // => 0.5
 * ```
 */
export const spsPlus = (): Rule => polyak({ c: 1, target: 'solutionValue' })
