import { builtIn } from './builtIn.js'
import type { Direction } from './direction.js'

/**
 * Steepest descent: $p = e = -g$. The default.
 *
 * Laws: none. Theorems: P27.
 *
 * @category Directions
 * @since 0.1.0
 * @example
 * ```ts
 * import { directionInit, steepest } from 'steplaw'
 *
 * const at = { k: 0, x: Float64Array.of(0), gradient: Float64Array.of(3) }
 * steepest.advance(directionInit(steepest, 1), at).execute // => Float64Array.of(-3)
 * ```
 */
export const steepest: Direction = builtIn(
  'steepest',
  {},
  {
    moments: 0,
    advance: (state, { gradient }) => {
      const p = gradient.map((g) => -g)
      return { state: { ...state, count: state.count + 1 }, probe: p, execute: p }
    },
  },
)
