import type { BilevelMethod } from '../method.js'
import { type LoopDescentParams, type LoopDescentState, type UfomOutputs, ufom } from '../ufom.js'

/**
 * The first-order method on a finite inner loop: {@link ufom} with $q = 0$, which drops every second derivative and reads no coin,
 * $$x^+ = x - \gamma_k G_{fo}, \qquad G_{fo} = \nabla_x f(x, y_r) \; (+ \nabla_y f(x, y_r) \text{ where } y_0 = x) .$$
 * With $y_0 = x$ and tasks it is first-order MAML.
 *
 * Biased: it may come to rest where the gradient is as long as one likes.
 *
 * @throws RangeError as {@link ufom}.
 * @cite likhosherstov2021
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant } from 'steplaw'
 * import { fom, minimiseBilevel, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[2]], p: [-2], r: [0.25] }],
 * })
 * const method = fom({ inner: { steps: 50, step: 0.25 }, upper: { rule: constant(0.1) } })
 * const start = { x: Float64Array.of(0), y: Float64Array.of(0) }
 * const run = minimiseBilevel(problem, { method, start, iterations: 400 })
 * // The minimiser is -1.2.
 * run.x.map((x) => Math.round(1e6 * x) / 1e6) // => Float64Array.of(-0.5)
 * run.counts.hessianProducts // => 0
 * ```
 */
export const fom = (params: LoopDescentParams): BilevelMethod<LoopDescentState, UfomOutputs> => ({
  ...ufom({ ...params, q: 0 }),
  name: 'fom',
})
