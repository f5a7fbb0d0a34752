import { double } from '../../../spec/vocabulary/number.js'
import { strict } from '../../../spec/vocabulary/strict.js'
import type { WrapperParams } from '../../../spec/vocabulary/wrapper.js'
import { dot, norm } from '../../numeric/index.js'
import type { Vector } from '../../problem/oracle.js'
import { vector } from '../vector.js'
import { checkFields, exprOf } from './builtIn.js'
import { type WrapperAround, wrapper } from './wrapper.js'

type State = {
  readonly wealth: number
  /** The sum of the gradients against which is bet, negated. */
  readonly theta: Vector
}

/**
 * Coin betting after Krichevsky and Trofimov: descent without a step. Every gradient is a coin, the distance from the start
 * is a bet, and the part of the wealth that is bet is what a good estimate of the coins would be:
 * $$g \leftarrow \frac{g}{\max(1, \|g\|/\text{clip})},\quad W \leftarrow W - \langle g, x - x_0\rangle,\quad
 * \theta \leftarrow \theta - g,\quad x = x_0 + \frac{W}{k+2}\,\theta.$$
 * It stands alone: there is no rule and no direction. Clause `wrapper.coinBetting`. The output `wealth` is $W$ after the
 * iteration.
 *
 * Assumptions: gradients no longer than `clip` $\le 1$, or else they are cut to it and the objective seen is another. Then
 * $W > 0$ always, and on convex functions the regret against any $u$ is at most
 * $\text{wealth} + \|u - x_0\|\sqrt{T \ln(1 + 24 T^2 \|u - x_0\|^2/\text{wealth}^2)}$: no worse than the best constant
 * step, up to a logarithm. With `clip` > 1 the wealth can be lost.
 *
 * Edge cases: a vanishing gradient changes nothing but the share $1/(k+2)$; iterations that are not finite count in $k$
 * and change nothing else.
 *
 * Cost: one vector of state, one dot product and one norm.
 *
 * Laws: none. Theorems: P20.
 *
 * @param params - `wealth` > 0, the first bet: a guess of the distance to go times the length of gradients, too small
 * rather than too large (public code has 1e-4); `clip` > 0, by default 1.
 * @throws RangeError if a field is outside its domain.
 * @cite orabona2016
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { coinBetting, logistic, minimise } from 'steplaw'
 *
 * const problem = logistic({ A: [[0.6, 0.8], [-1, 0], [0, -1]], y: [1, -1, 1] })
 * const run = minimise(problem, {
 *   wrapper: coinBetting({ wealth: 1 }),
 *   start: Float64Array.of(0, 0),
 *   iterations: 200,
 * })
 * run.records.every(({ outputs: { wealth } }) => Number(wealth) > 0) // => true
 * problem.value(run.x, null) < 0.5 // => true
 * ```
 */
export const coinBetting = (params: WrapperParams<'coinBetting', never>): WrapperAround<'nothing'> => {
  const fields = checkFields('coinBetting', { clip: 1, ...params })
  const { clip } = fields
  return wrapper<'nothing', State>({
    name: 'coinBetting',
    expr: exprOf('coinBetting', fields),
    needs: 'nothing',
    init: ({ length }) => ({ wealth: fields.wealth, theta: new Float64Array(length) }),
    state: (dimension) => strict('the state of coinBetting', { wealth: double, theta: vector(dimension) }),
    advance: (state, { k, x, start, gradient }) => {
      const by = Math.max(1, norm(gradient) / clip)
      const coin = gradient.map((g) => g / by)
      const wealth =
        state.wealth -
        dot(
          coin,
          x.map((xi, i) => xi - (start[i] ?? 0)),
        )
      const theta = state.theta.map((t, i) => t - (coin[i] ?? 0))
      const share = wealth / (k + 2)
      return { state: { wealth, theta }, x: start.map((x0, i) => x0 + share * (theta[i] ?? 0)) }
    },
    outputs: ({ wealth }) => ({ wealth }),
  })
}
