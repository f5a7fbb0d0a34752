import { builtIn } from './builtIn.js'
import type { Direction } from './direction.js'

/**
 * Nesterov's momentum in the form that evaluates gradients at the point itself: $m \leftarrow \mu m + g$,
 * $p = e = -(g + \mu m)$.
 *
 * Clause `direction.nesterov`.
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
 * import { directionInit, nesterov } from 'steplaw'
 *
 * const at = { k: 0, x: Float64Array.of(0), gradient: Float64Array.of(2) }
 * nesterov(0.5).advance(directionInit(nesterov(0.5), 1), at).execute // => Float64Array.of(-3)
 * ```
 */
export const nesterov = (mu = 0.9): Direction =>
  builtIn(
    'nesterov',
    { mu },
    {
      moments: 1,
      advance: ({ count, moments: [before] }, { gradient }) => {
        const m = gradient.map((g, i) => mu * (before?.[i] ?? 0) + g)
        const p = gradient.map((g, i) => -(g + mu * (m[i] ?? 0)))
        return { state: { count: count + 1, moments: [m] }, probe: p, execute: p }
      },
    },
  )
