import { builtIn } from './builtIn.js'
import type { Direction } from './direction.js'

/**
 * AdaGrad: $v \leftarrow v + g^2$, $p = e = -g/(\sqrt v + \epsilon)$.
 *
 * Clause `direction.adagrad`.
 *
 * Laws: none. Theorems: P8b, P27.
 *
 * @param eps - $\epsilon \ge 0$, by default 1e-8. With $\epsilon = 0$ a coordinate whose gradient has been zero so far is NaN.
 * @throws RangeError if `eps` is outside its domain.
 * @cite duchi2011
 * @category Directions
 * @since 0.1.0
 * @example
 * ```ts
 * import { adagrad, directionInit } from 'steplaw'
 *
 * const at = { k: 0, x: Float64Array.of(0), gradient: Float64Array.of(4) }
 * adagrad(0).advance(directionInit(adagrad(0), 1), at).execute // => Float64Array.of(-1)
 * ```
 */
export const adagrad = (eps = 1e-8): Direction =>
  builtIn(
    'adagrad',
    { eps },
    {
      moments: 1,
      advance: ({ count, moments: [before] }, { gradient }) => {
        const v = gradient.map((g, i) => (before?.[i] ?? 0) + g * g)
        const p = gradient.map((g, i) => -g / (Math.sqrt(v[i] ?? 0) + eps))
        return { state: { count: count + 1, moments: [v] }, probe: p, execute: p }
      },
    },
  )
