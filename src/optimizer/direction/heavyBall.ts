import * as O from 'fp-ts/lib/Option.js'
import type { Direction } from './direction.js'

/** Refuses a $\mu$ outside $[0, 1)$. */
export const checkedMomentum = (name: string, mu: number): number => {
  if (!(mu >= 0 && mu < 1)) throw new RangeError(`${name}: mu is ${mu}, expected a number in [0, 1)`)
  return mu + 0
}

/**
 * Polyak's momentum beside the search: rules look along $p = e = -g_k$ from $x_k$, and the step begins at $x_k + \mu (x_k - x_{k-1})$, so that
 * $$x_{k+1} = x_k - \gamma_k g_k + \mu (x_k - x_{k-1}).$$
 * With one step size for all iterations this is {@link momentum}. Where steps vary it is not: here what was moved is kept, there the
 * gradients; and here the slope is always $-\|g\|^2$, so that no search fails because the momentum points uphill.
 *
 * A failure leaves the point, and the momentum ends with it; a step of 0 goes on with the momentum alone. One vector of state. It
 * is no direction of the standard and has no expression.
 *
 * Laws: none. Theorems: none.
 *
 * @param mu - $\mu \in [0, 1)$, by default 0.9.
 * @throws RangeError if `mu` is outside its domain.
 * @cite polyak1964
 * @category Directions
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant, heavyBall, minimise, quadratic } from 'steplaw'
 *
 * const bowl = quadratic({ A: [[[1]]], b: [[0]] })
 * const method = { rule: constant(0.25), direction: heavyBall(0.5) }
 * minimise(bowl, { ...method, start: Float64Array.of(1), iterations: 2 }).x // => Float64Array.of(0.4375)
 * ```
 */
export const heavyBall = (mu = 0.9): Direction => {
  const share = checkedMomentum('heavyBall', mu)
  return {
    name: `heavyBall(${share})`,
    expr: O.none,
    moments: 1,
    advance: ({ count, moments: [before] }, { x, gradient }) => {
      const p = gradient.map((g) => -g)
      const base = count === 0 ? x : x.map((xi, i) => xi + share * (xi - (before?.[i] ?? xi)))
      return { state: { count: count + 1, moments: [x] }, probe: p, execute: p, base }
    },
  }
}
