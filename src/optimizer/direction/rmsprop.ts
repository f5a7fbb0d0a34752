import type { DirectionFields } from '../../../spec/vocabulary/direction.js'
import { builtIn } from './builtIn.js'
import type { Direction } from './direction.js'

/**
 * RMSProp: $v \leftarrow \beta v + (1-\beta) g^2$, $p = e = -g/(\sqrt v + \epsilon)$.
 *
 * Clause `direction.rmsprop`.
 *
 * Laws: none. Theorems: P8b.
 *
 * @param params - `beta` in $[0, 1)$, by default 0.9; `eps` $\ge 0$, by default 1e-8.
 * @throws RangeError if a field is outside its domain.
 * @cite tieleman2012
 * @category Directions
 * @since 0.1.0
 * @example
 * ```ts
 * import { directionInit, rmsprop } from 'steplaw'
 *
 * const at = { k: 0, x: Float64Array.of(0), gradient: Float64Array.of(4) }
 * const plain = rmsprop({ beta: 0.75, eps: 0 })
 * plain.advance(directionInit(plain, 1), at).execute // => Float64Array.of(-2)
 * ```
 */
export const rmsprop = ({ beta = 0.9, eps = 1e-8 }: Partial<DirectionFields<'rmsprop'>> = {}): Direction =>
  builtIn(
    'rmsprop',
    { beta, eps },
    {
      moments: 1,
      advance: ({ count, moments: [before] }, { gradient }) => {
        const v = gradient.map((g, i) => beta * (before?.[i] ?? 0) + (1 - beta) * (g * g))
        const p = gradient.map((g, i) => -g / (Math.sqrt(v[i] ?? 0) + eps))
        return { state: { count: count + 1, moments: [v] }, probe: p, execute: p }
      },
    },
  )
