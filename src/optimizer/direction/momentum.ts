import { builtIn } from './builtIn.js'
import type { Direction } from './direction.js'

/**
 * Heavy-ball momentum: $m \leftarrow \mu m + g$, $p = e = -m$.
 *
 * Searched and executed along the same vector, which may fail to descend; rules that need descent fail then. Clause
 * `direction.momentum`.
 *
 * Laws: none. Theorems: P27.
 *
 * @param mu - $\mu \in [0, 1)$, by default 0.9.
 * @throws RangeError if `mu` is outside its domain.
 * @cite polyak1964
 * @category Directions
 * @since 0.1.0
 * @example
 * ```ts
 * import { directionInit, momentum } from 'steplaw'
 *
 * const heavy = momentum(0.5)
 * const at = { k: 0, x: Float64Array.of(0), gradient: Float64Array.of(2) }
 * const { state } = heavy.advance(directionInit(heavy, 1), at)
 * heavy.advance(state, at).execute // => Float64Array.of(-3)
 * ```
 */
export const momentum = (mu = 0.9): Direction =>
  builtIn(
    'momentum',
    { mu },
    {
      moments: 1,
      advance: ({ count, moments: [before] }, { gradient }) => {
        const m = gradient.map((g, i) => mu * (before?.[i] ?? 0) + g)
        const p = m.map((x) => -x)
        return { state: { count: count + 1, moments: [m] }, probe: p, execute: p }
      },
    },
  )
