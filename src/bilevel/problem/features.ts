import { add, relu, tanh } from '../../autodiff/elementwise.js'
import { fail } from '../../autodiff/primitive.js'
import { matmul } from '../../autodiff/structural.js'
import type { Tensor } from '../../autodiff/tensor.js'
import type { Vector } from '../../problem/oracle.js'
import { generator, normals } from '../../problem/random.js'
import type { Shapes, Traced } from '../../runtime/structure.js'
import { integerOf } from './input.js'

/**
 * A map from rows of data to rows of features, with parameters of any shapes.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface Features<P extends Shapes> {
  readonly parameters: P
  /** The length of a row of features. */
  readonly width: number
  /** Rows $[k, d]$ to features $[k,$ `width` $]$. */
  readonly apply: (parameters: Traced<P>, rows: Tensor) => Tensor
  /** What no feature exceeds in absolute value, if there is such a number. */
  readonly bound?: number
}

/**
 * Arrays by name: `W1`, `b1`, `W2` and so on.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface NamedShapes {
  readonly [name: string]: ReadonlyArray<number>
}

/**
 * {@link Features} that know where to start.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface Layers extends Features<NamedShapes> {
  /** Parameters for a first point, flat: weights normal with variance 1 / (inputs of the layer), biases 0. */
  readonly initial: (seed: number) => Vector
}

const activations = { tanh, relu }

const leaf = (parameters: Traced<NamedShapes>, name: string): Tensor =>
  parameters[name] ?? fail(name, 'is missing from the parameters')

/**
 * Dense layers, $h_0 = a$, $h_l = \varphi(h_{l-1} W_l + b_l)$, of the given sizes: `layers([784, 32, 16])` maps rows of 784
 * to 16 features by parameters `W1` [784, 32], `b1` [32], `W2` [32, 16], `b2` [16]. With one size only they are the identity.
 *
 * @param sizes - at least one integer, each at least 1.
 * @param activation - $\varphi$: `'tanh'` (the default; features at most 1 in absolute value) or `'relu'`, which has no second
 * derivative at 0.
 * @throws `RangeError` naming the size or the activation.
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { layers } from 'steplaw/bilevel'
 *
 * const { parameters, width } = layers([3, 2])
 * parameters // => { W1: [3, 2], b1: [2] }
 * width // => 2
 * ```
 */
export const layers = (sizes: ReadonlyArray<number>, activation: 'tanh' | 'relu' = 'tanh'): Layers => {
  if (sizes.length === 0) fail('sizes', 'must have at least one entry')
  sizes.forEach((n, i) => {
    integerOf(`sizes[${i}]`, n, 1)
  })
  if (!Object.hasOwn(activations, activation))
    fail('activation', `must be 'tanh' or 'relu', got ${String(activation)}`)
  const bend = activations[activation]
  const steps = sizes.slice(1).map((to, l) => ({ from: sizes[l] ?? 0, to, l: l + 1 }))
  return {
    parameters: Object.fromEntries(
      steps.flatMap(({ from, to, l }) => [
        [`W${l}`, [from, to]],
        [`b${l}`, [to]],
      ]),
    ),
    width: sizes.at(-1) ?? 0,
    apply: (parameters, rows) =>
      steps.reduce(
        (h, { l }) => bend(add(matmul(h, leaf(parameters, `W${l}`)), leaf(parameters, `b${l}`))),
        rows,
      ),
    ...(activation === 'tanh' && steps.length > 0 ? { bound: 1 } : {}),
    initial: (seed) => {
      const parts = steps.map(({ from, to, l }) => {
        const [drawn] = normals(from * to)(generator(seed, `layer ${l}`))
        return [...drawn.map((z) => z / Math.sqrt(from)), ...new Float64Array(to)]
      })
      return Float64Array.from(parts.flat())
    },
  }
}
