import { double } from '../../../spec/vocabulary/number.js'
import { strict } from '../../../spec/vocabulary/strict.js'
import type { WrapperParams } from '../../../spec/vocabulary/wrapper.js'
import { squaredNorm } from '../../numeric/index.js'
import type { Vector } from '../../problem/oracle.js'
import { vector } from '../vector.js'
import { checkFields, exprOf } from './builtIn.js'
import { type WrapperAround, wrapper } from './wrapper.js'

type State = {
  /** The bound below on the distance from the start to a solution. */
  readonly d: number
  /** $\sum d_i g_i$. */
  readonly s: Vector
  /** $\sum \|g_i\|^2$. */
  readonly squares: number
  /** $\sum \gamma_i d_i^2 \|g_i\|^2$. */
  readonly spent: number
}

/**
 * D-Adaptation by dual averaging: descent without a step, from a running lower bound $d_k$ on the distance
 * $D = \|x_0 - x_*\|$ to a minimiser. With $\gamma_{k+1} = 1/\sqrt{\sum_{i \le k} \|g_i\|^2}$, $\gamma_0 = \gamma_1$,
 * $$s_{k+1} = s_k + d_k g_k,\quad
 * \hat d = \frac{\gamma_{k+1}\|s_{k+1}\|^2 - \sum_{i \le k} \gamma_i d_i^2 \|g_i\|^2}{2\,\|s_{k+1}\|},\quad
 * d_{k+1} = \max(d_k, \hat d),\quad x_{k+1} = x_0 - \gamma_{k+1} s_{k+1}.$$
 *
 * A draft, no part of version 1 of the standard: clause `draft.dAdaptation`. It stands alone. The output `distance` is
 * $d_{k+1}$.
 *
 * Assumptions: on convex functions (or sums of them with a common minimiser, one batch at a time) $d_k \le \max(d_0, D)$
 * for every minimiser, whatever the steps have been; that is what the factor 2 under $\hat d$ is for. Public code for gradient
 * descent and for AdaGrad leaves that factor out, which gives $d_k \le 2D$ only, and runs faster; it also steps from the last
 * point, with $\lambda_k = d_k/\|g_0\|$, and can bound how fast $d$ grows. None of that is here.
 *
 * Edge cases: vanishing gradients before any other change nothing; where $s$ vanishes $d$ is kept. No norm is squared
 * beyond the range of doubles: gradients must stay below about $10^{154}$.
 *
 * Cost: one vector of state and two norms.
 *
 * Laws: none. Theorems: P19.
 *
 * @param params - `d0` > 0, by default 1e-6 as in public code: below the distance, by how much matters only
 * logarithmically.
 * @throws RangeError if the field is outside its domain.
 * @cite defazio2023
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { dAdaptation, minimise, quadratic } from 'steplaw'
 *
 * const problem = quadratic({ A: [[[4, 0], [0, 1]]], b: [[3, -4]] })
 * const run = minimise(problem, { wrapper: dAdaptation(), start: Float64Array.of(0, 0), iterations: 1000 })
 * const distances = run.records.map(({ outputs: { distance } }) => Number(distance))
 * distances.every((d, k) => d <= 5 && d >= (distances[k - 1] ?? 1e-6)) // => true
 * problem.value(run.x, null) < 0.001 // => true
 * ```
 */
export const dAdaptation = (params: WrapperParams<'dAdaptation', never> = {}): WrapperAround<'nothing'> => {
  const fields = checkFields('dAdaptation', { d0: 1e-6, ...params })
  return wrapper<'nothing', State>({
    name: 'dAdaptation',
    expr: exprOf('dAdaptation', fields),
    needs: 'nothing',
    init: ({ length }) => ({ d: fields.d0, s: new Float64Array(length), squares: 0, spent: 0 }),
    state: (dimension) =>
      strict('the state of dAdaptation', {
        d: double,
        s: vector(dimension),
        squares: double,
        spent: double,
      }),
    advance: (state, { x, start, gradient }) => {
      const gg = squaredNorm(gradient)
      const squares = state.squares + gg
      if (squares === 0) return { state, x }
      const { d } = state
      const gamma = 1 / Math.sqrt(squares)
      const before = state.squares === 0 ? gamma : 1 / Math.sqrt(state.squares)
      const spent = state.spent + before * (d * d * gg)
      const s = state.s.map((t, i) => t + d * (gradient[i] ?? 0))
      const ss = squaredNorm(s)
      const bound = ss === 0 ? d : (gamma * ss - spent) / (2 * Math.sqrt(ss))
      return {
        state: { d: Math.max(d, bound), s, squares, spent },
        x: start.map((x0, i) => x0 - gamma * (s[i] ?? 0)),
      }
    },
    outputs: ({ d }) => ({ distance: d }),
  })
}
