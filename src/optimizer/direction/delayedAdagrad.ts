import type { DirectionFields } from '../../../spec/vocabulary/direction.js'
import { pow } from '../../numeric/index.js'
import { builtIn } from './builtIn.js'
import type { Direction } from './direction.js'

/**
 * Delayed AdaGrad, the steps of Li and Orabona by coordinate: the scale is that of the gradients before,
 * $$p = e = -\frac{g}{(\beta + v)^{e}}, \qquad\text{and only then}\quad v \leftarrow v + g^2.$$
 * As the scale does not see the gradient that it divides, $\mathbb{E}[e] = -\nabla f/(\beta + v)^e$ given the past: a direction of descent on
 * average. {@link adagrad} adds $g^2$ first, and its expectation may point uphill.
 *
 * **Holds** with `constant(alpha)`: for $M$-smooth $f$, noise that is bounded and $e \in (1/2, 1]$ the gradients tend to zero almost surely;
 * $e = 1/2$ gives rates that adapt to the noise, for $2 \alpha M < \beta^e$ (4 in place of 2 for convex $f$).
 *
 * One vector of state. Cost: a power by coordinate. A draft, not in version 1 of the standard: clause `draft.delayedAdagrad`.
 *
 * Laws: none. Theorems: none.
 *
 * @param params - `beta` $\beta > 0$, as a first scale is needed; `exponent` $e > 0$, by default $1/2$.
 * @throws RangeError if a field is outside its domain.
 * @cite li2019
 * @category Directions
 * @since 0.1.0
 * @example
 * ```ts
 * import { delayedAdagrad, directionInit } from 'steplaw'
 *
 * const delayed = delayedAdagrad({ beta: 9 })
 * const at = { k: 0, x: Float64Array.of(0, 0), gradient: Float64Array.of(0, 4) }
 * const { state } = delayed.advance(directionInit(delayed, 2), at)
 * delayed.advance(state, { ...at, gradient: Float64Array.of(6, 10) }).execute // => Float64Array.of(-2, -2)
 * ```
 */
export const delayedAdagrad = ({
  beta,
  exponent = 0.5,
}: {
  readonly beta: number
  readonly exponent?: number
}): Direction => {
  const fields: DirectionFields<'delayedAdagrad'> = { beta, exponent }
  return builtIn('delayedAdagrad', fields, {
    moments: 1,
    advance: ({ count, moments: [before] }, { gradient }) => {
      const p = gradient.map((g, i) => -g / pow(beta + (before?.[i] ?? 0), exponent))
      const v = gradient.map((g, i) => (before?.[i] ?? 0) + g * g)
      return { state: { count: count + 1, moments: [v] }, probe: p, execute: p }
    },
  })
}
