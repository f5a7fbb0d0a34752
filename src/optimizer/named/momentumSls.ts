import { sls } from '../../rule/derived/sls.js'
import { accelerated } from '../direction/accelerated.js'
import { heavyBall } from '../direction/heavyBall.js'
import type { Searched } from './adaptiveSls.js'
import type { Recipe } from './recipe.js'

/**
 * The stochastic line search with Polyak's momentum:
 * $$x_{k+1} = x_k - \gamma_k g_k + \mu (x_k - x_{k-1}),$$
 * where $\gamma_k$ satisfies Armijo's condition along $-g_k$ from $x_k$: the search does not see the momentum. {@link sls} along {@link heavyBall}.
 *
 * What {@link sls} says of $\gamma_k$ holds as it is; with the momentum added the value may rise. Along `momentum(mu)` instead the search
 * looks along the momentum itself, and fails where that points uphill.
 *
 * Cost: one value of the batch per trial; one more vector. Clause `rule.armijo`.
 *
 * Laws: `armijo.*`. Theorems: P8.
 *
 * @param params - as for {@link sls}; `mu` in $[0, 1)$, by default 0.6, as in the authors' code.
 * @throws RangeError if a field is outside its domain.
 * @cite vaswani2019
 * @cite polyak1964
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { minimise, quadratic, slsPolyak } from 'steplaw'
 *
 * // x^2 / 2 from 1 with steps of 1/4: 1 - 1/4, then 3/4 - 3/16 + (3/4 - 1)/2.
 * const bowl = quadratic({ A: [[[1]]], b: [[0]] })
 * const method = slsPolyak({ initial: 0.25, reset: 'restart', mu: 0.5 })
 * minimise(bowl, { ...method, start: Float64Array.of(1), iterations: 2 }).x // => Float64Array.of(0.4375)
 * ```
 */
export const slsPolyak = ({ mu = 0.6, ...search }: Searched & { readonly mu?: number }): Recipe => ({
  rule: sls(search),
  direction: heavyBall(mu),
})

/**
 * The stochastic line search with Nesterov's momentum:
 * $$z_{k+1} = x_k - \gamma_k g_k, \qquad x_{k+1} = z_{k+1} + \mu (z_{k+1} - z_k),$$
 * where $\gamma_k$ satisfies Armijo's condition along $-g_k$ from $x_k$. {@link sls} along {@link accelerated}.
 *
 * What {@link sls} says of $\gamma_k$ holds as it is, at $z_{k+1}$. The authors' code varies $\mu$ by Nesterov's sequence; here it stands still.
 *
 * Cost: one value of the batch per trial; one more vector. Clause `rule.armijo`.
 *
 * Laws: `armijo.*`. Theorems: P8.
 *
 * @param params - as for {@link sls}; `mu` in $[0, 1)$, by default 0.6, as for {@link slsPolyak}.
 * @throws RangeError if a field is outside its domain.
 * @cite vaswani2019
 * @cite nesterov1983
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { minimise, quadratic, slsNesterov } from 'steplaw'
 *
 * // x^2 / 2 from 1 with steps of 1/4: z = 3/4, x = 3/4 - 1/8 = 5/8; z = 15/32, x = 15/32 - 9/64.
 * const bowl = quadratic({ A: [[[1]]], b: [[0]] })
 * const method = slsNesterov({ initial: 0.25, reset: 'restart', mu: 0.5 })
 * minimise(bowl, { ...method, start: Float64Array.of(1), iterations: 2 }).x // => Float64Array.of(21 / 64)
 * ```
 */
export const slsNesterov = ({ mu = 0.6, ...search }: Searched & { readonly mu?: number }): Recipe => ({
  rule: sls(search),
  direction: accelerated(mu),
})
