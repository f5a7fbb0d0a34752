import type { DirectionFields } from '../../../spec/vocabulary/direction.js'
import { pow } from '../../numeric/index.js'
import type { Vector } from '../../problem/oracle.js'
import { builtIn } from './builtIn.js'
import type { Direction } from './direction.js'

/**
 * What {@link adam} and {@link amsgrad} share: the running means of gradients and squares, $p = -g/A$ and
 * $e = -\hat m/A$ with $A = \sqrt{w/(1-\beta_2^t)} + \epsilon$.
 */
const adaptive = (
  { beta1, beta2, eps }: DirectionFields<'adam'>,
  squares: (v: Vector, w: Vector | undefined) => Vector,
  keep: (m: Vector, v: Vector, w: Vector) => ReadonlyArray<Vector>,
): Pick<Direction, 'advance'> => ({
  advance: ({ count, moments: [m0, v0, w0] }, { gradient }) => {
    const t = count + 1
    const m = gradient.map((g, i) => beta1 * (m0?.[i] ?? 0) + (1 - beta1) * g)
    const v = gradient.map((g, i) => beta2 * (v0?.[i] ?? 0) + (1 - beta2) * (g * g))
    const w = squares(v, w0)
    const first = 1 - pow(beta1, t)
    const second = 1 - pow(beta2, t)
    const scale = w.map((x) => Math.sqrt(x / second) + eps)
    return {
      state: { count: t, moments: keep(m, v, w) },
      probe: gradient.map((g, i) => -g / (scale[i] ?? 1)),
      execute: m.map((x, i) => -(x / first) / (scale[i] ?? 1)),
    }
  },
})

const defaults: DirectionFields<'adam'> = { beta1: 0.9, beta2: 0.999, eps: 1e-8 }

/**
 * Adam: gradients over the root of their running mean square, searched without momentum and executed with it.
 * $$m \leftarrow \beta_1 m + (1-\beta_1) g,\quad v \leftarrow \beta_2 v + (1-\beta_2) g^2,\quad
 * A = \sqrt{v/(1-\beta_2^t)} + \epsilon,\quad p = -g/A,\quad e = -\frac{m/(1-\beta_1^t)}{A}.$$
 *
 * The slope along $p$ is $-\|g\|^2_{A^{-1}} < 0$, so that Armijo and Polyak rules work on it, while $e$ may point uphill. Clause
 * `direction.adam`.
 *
 * Laws: none. Theorems: P8b, P27.
 *
 * @param params - `beta1` and `beta2` in $[0, 1)$, `eps` $\ge 0$; by default 0.9, 0.999, 1e-8.
 * @throws RangeError if a field is outside its domain.
 * @cite kingma2015
 * @cite vaswani2020
 * @category Directions
 * @since 0.1.0
 * @example
 * ```ts
 * import { adam, directionInit } from 'steplaw'
 *
 * const at = { k: 0, x: Float64Array.of(0), gradient: Float64Array.of(4) }
 * const plain = adam({ beta1: 0.5, beta2: 0.75, eps: 0 })
 * plain.advance(directionInit(plain, 1), at).execute // => Float64Array.of(-1)
 * ```
 */
export const adam = (params: Partial<DirectionFields<'adam'>> = {}): Direction => {
  const fields = { ...defaults, ...params }
  return builtIn('adam', fields, {
    moments: 2,
    ...adaptive(
      fields,
      (v) => v,
      (m, v) => [m, v],
    ),
  })
}

/**
 * AMSGrad: as {@link adam}, dividing by the greatest mean square so far, $w \leftarrow \max(w, v)$.
 *
 * Clause `direction.amsgrad`.
 *
 * Laws: none. Theorems: P8b.
 *
 * @param params - as for {@link adam}.
 * @throws RangeError if a field is outside its domain.
 * @cite reddi2018
 * @category Directions
 * @since 0.1.0
 * @example
 * ```ts
 * import { amsgrad, printedDirection } from 'steplaw'
 *
 * printedDirection(amsgrad()) // => 'amsgrad{beta1: 0.9, beta2: 0.999, eps: 1e-8}'
 * ```
 */
export const amsgrad = (params: Partial<DirectionFields<'amsgrad'>> = {}): Direction => {
  const fields = { ...defaults, ...params }
  return builtIn('amsgrad', fields, {
    moments: 3,
    ...adaptive(
      fields,
      (v, w) => v.map((x, i) => Math.max(w?.[i] ?? 0, x)),
      (m, v, w) => [m, v, w],
    ),
  })
}
