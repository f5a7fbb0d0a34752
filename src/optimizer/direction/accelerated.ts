import * as O from 'fp-ts/lib/Option.js'
import type { Direction } from './direction.js'
import { checkedMomentum } from './heavyBall.js'

/**
 * Nesterov's momentum beside the search: rules look along $p = -g_k$ from $x_k$, and
 * $$z_{k+1} = x_k - \gamma_k g_k, \qquad x_{k+1} = z_{k+1} + \mu (z_{k+1} - z_k), \qquad z_0 = x_0.$$
 * Gradients are taken at $x_k$; the points with the rates of the theory are the $z_k$. With one step size for all iterations this is
 * {@link nesterov}. Where steps vary it is not, and here no search fails because the momentum points uphill.
 *
 * The step is taken along $e = -(1 + \mu) g_k$ from $x_k + \mu (x_k - z_k)$, and $z_k$ is found again from $x_k$ and $z_{k-1}$, up to rounding. A
 * failure leaves the point and lessens the momentum. One vector of state. It is no direction of the standard and has no expression.
 *
 * Laws: none. Theorems: none.
 *
 * @param mu - $\mu \in [0, 1)$, by default 0.9.
 * @throws RangeError if `mu` is outside its domain.
 * @cite nesterov1983
 * @category Directions
 * @since 0.1.0
 * @example
 * ```ts
 * import { accelerated, constant, minimise, quadratic } from 'steplaw'
 *
 * const bowl = quadratic({ A: [[[1]]], b: [[0]] })
 * const method = { rule: constant(0.25), direction: accelerated(0.5) }
 * minimise(bowl, { ...method, start: Float64Array.of(1), iterations: 1 }).x // => Float64Array.of(0.625)
 * ```
 */
export const accelerated = (mu = 0.9): Direction => {
  const share = checkedMomentum('accelerated', mu)
  return {
    name: `accelerated(${share})`,
    expr: O.none,
    moments: 1,
    advance: ({ count, moments: [before] }, { x, gradient }) => {
      const z = count === 0 ? x : x.map((xi, i) => (xi + share * (before?.[i] ?? xi)) / (1 + share))
      return {
        state: { count: count + 1, moments: [z] },
        probe: gradient.map((g) => -g),
        execute: gradient.map((g) => -(1 + share) * g),
        base: x.map((xi, i) => xi + share * (xi - (z[i] ?? xi))),
      }
    },
  }
}
