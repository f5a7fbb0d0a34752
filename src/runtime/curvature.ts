import type { Dense } from '../autodiff/array.js'
import { curvatureAt } from '../autodiff/nested.js'
import type { Tensor } from '../autodiff/tensor.js'
import type { Operand } from '../autodiff/trace.js'
import type { RunOptions } from './compile.js'
import { curvatureProgram, hessianProgram } from './program.js'
import { applied, isTraced, specialised, traceOf } from './specialise.js'
import {
  dimension,
  type Layout,
  layoutOf,
  leafTensors,
  leafTypes,
  leafValues,
  leafViews,
  leaves,
  type Parameters,
  type Traced,
  tracedAs,
  unflatten,
} from './structure.js'

/**
 * What {@link hvp} returns: it also accepts tensors, inside another traced function.
 *
 * @category Autodiff
 * @since 0.1.0
 */
export interface Hvp<P> {
  (x: P, direction: P): P
  (x: Traced<P>, direction: Traced<P>): Traced<P>
}

/**
 * The Hessian-vector product of a scalar function, $\nabla^2 f(x)\, v = \nabla \langle \nabla f(x), v \rangle$, in the
 * structure of `x`.
 *
 * The cost is a small multiple of that of the gradient; no Hessian is formed.
 *
 * @throws `RangeError` unless the function returns a scalar, or naming the part of the direction that does not fit
 * @example
 * ```ts
 * import { hvp, mul, square, sum } from 'steplaw/autodiff'
 *
 * const cubes = hvp((x) => sum(mul(x, square(x))))
 * cubes(Float64Array.of(1, 2), Float64Array.of(1, 1)) // => Float64Array.of(6, 12)
 * ```
 * @cite pearlmutter1994
 * @category Autodiff
 * @since 0.1.0
 */
export const hvp = <P extends Parameters = Float64Array>(
  f: (x: NoInfer<Traced<P>>) => Operand,
  options?: RunOptions,
): Hvp<P> => {
  const executable = specialised(
    (layout: Layout) => hessianProgram((x) => applied(f, layout)(x), leafTypes(layout), []),
    options,
  )
  function at(x: P, direction: P): P
  function at(x: Traced<P>, direction: Traced<P>): Traced<P>
  function at(x: P | Traced<P>, direction: P | Traced<P>): P | Traced<P> {
    const layout = layoutOf(x)
    if (isTraced(x)) {
      const xs = leafTensors(layout, x)
      const all = [...xs.keys()]
      const directions = leafTensors(layout, direction)
      const block = { from: all, to: all }
      return tracedAs<P>(layout, curvatureAt(traceOf(xs), applied(f, layout), xs, block, directions))
    }
    const flat = new Float64Array(dimension(layout))
    const inputs = [...leafValues(layout, x), ...leafValues(layout, direction)]
    executable(layout).run(inputs, leafViews(layout, flat))
    return unflatten<P>(layout, flat)
  }
  return at
}

/** Makes a matrix equal to its transpose: the symmetric matrix nearest to it. */
const symmetrise = (H: Float64Array, n: number): void => {
  for (let i = 0; i < n; i += 1)
    for (let j = 0; j < i; j += 1) {
      const a = H[i * n + j] as number
      const b = H[j * n + i] as number
      // Halves first: their sum does not overflow. Equal entries stay as they are.
      const middle = a === b ? a : a / 2 + b / 2
      H[i * n + j] = middle
      H[j * n + i] = middle
    }
}

/**
 * The Hessian of a scalar function of few parameters, dense: $H_{ij} = \partial^2 f / \partial x_i \partial x_j$, of shape
 * `[n, n]`, with the parameters in the order of {@link ravel}.
 *
 * It is exactly symmetric: column `j` is {@link hvp} along parameter `j`, and where rounding has left two mirror entries
 * different, both become their mean, which is the symmetric matrix nearest to the one computed.
 *
 * The cost is `n` Hessian products with one traced program, so a small multiple of `n` gradients; the memory is `n^2`
 * doubles. Where only products are wanted, as in conjugate gradients, take {@link hvp}.
 *
 * @throws `RangeError` unless the function returns a scalar
 * @example
 * ```ts
 * import { hessian, mul } from 'steplaw/autodiff'
 *
 * const area = hessian<{ a: number; b: number }>(({ a, b }) => mul(mul(a, a), b))
 * const { shape, values } = area({ a: 3, b: 5 })
 * shape // => [2, 2]
 * values // => Float64Array.of(10, 6, 6, 0)
 * ```
 * @cite griewank2008
 * @category Autodiff
 * @since 0.1.0
 */
export const hessian = <P extends Parameters = Float64Array>(
  f: (x: NoInfer<Traced<P>>) => Operand,
  options?: RunOptions,
): ((x: P) => Dense) => {
  const executable = specialised(
    (layout: Layout) => hessianProgram((x) => applied(f, layout)(x), leafTypes(layout), []),
    options,
  )
  return (x) => {
    const layout = layoutOf(x)
    const program = executable(layout)
    const n = dimension(layout)
    const H = new Float64Array(n * n)
    const unit = new Float64Array(n)
    const inputs = [...leafValues(layout, x), ...leafViews(layout, unit)]
    for (let j = 0; j < n; j += 1) {
      unit.fill(0)
      unit[j] = 1
      program.run(inputs, leafViews(layout, H.subarray(j * n, (j + 1) * n)))
    }
    symmetrise(H, n)
    return { _tag: 'Dense', shape: [n, n], values: H }
  }
}

/** A scalar function of two structures, such as the parameters of an upper and of a lower problem. */
type OfTwo<X, Y> = (x: Traced<X>, y: Traced<Y>) => Operand

/** The block of the Hessian whose columns belong to the second structure and whose rows belong to either, times a vector. */
const block = <X extends Parameters, Y extends Parameters, R extends X | Y>(
  g: OfTwo<X, Y>,
  rows: 'x' | 'y',
  options?: RunOptions,
) => {
  const numbers = (x: Layout, y: Layout) => {
    const n = leaves(x).length
    const outer = leaves(x).map((_, i) => i)
    const inner = leaves(y).map((_, i) => n + i)
    return { n, from: inner, to: rows === 'x' ? outer : inner }
  }
  const of = (x: Layout, y: Layout) => (tensors: ReadonlyArray<Tensor>) => {
    const { n } = numbers(x, y)
    return g(tracedAs<X>(x, tensors.slice(0, n)), tracedAs<Y>(y, tensors.slice(n)))
  }
  const executable = specialised(
    (x: Layout, y: Layout) =>
      curvatureProgram(of(x, y), [...leafTypes(x), ...leafTypes(y)], [], numbers(x, y)),
    options,
  )
  function at(x: X, y: Y, v: Y): R
  function at(x: Traced<X>, y: Traced<Y>, v: Traced<Y>): Traced<R>
  function at(x: X | Traced<X>, y: Y | Traced<Y>, v: Y | Traced<Y>): R | Traced<R> {
    const [outer, inner] = [layoutOf(x, 'x'), layoutOf(y, 'y')]
    const result = rows === 'x' ? outer : inner
    if (isTraced(x) || isTraced(y)) {
      const xs = [...leafTensors(outer, x), ...leafTensors(inner, y)]
      const vs = leafTensors(inner, v)
      return tracedAs<R>(result, curvatureAt(traceOf(xs), of(outer, inner), xs, numbers(outer, inner), vs))
    }
    const flat = new Float64Array(dimension(result))
    const inputs = [...leafValues(outer, x), ...leafValues(inner, y), ...leafValues(inner, v)]
    executable(outer, inner).run(inputs, leafViews(result, flat))
    return unflatten<R>(result, flat)
  }
  return at
}

/**
 * What {@link partialHvp} returns: it also accepts tensors, inside another traced function.
 *
 * @category Autodiff
 * @since 0.1.0
 */
export interface PartialHvp<X, Y> {
  (x: X, y: Y, v: Y): Y
  (x: Traced<X>, y: Traced<Y>, v: Traced<Y>): Traced<Y>
}

/**
 * The partial Hessian-vector product of a scalar function of two structures, in the second:
 * $\nabla_{yy}^2 g(x, y)\, v = \nabla_y \langle \nabla_y g(x, y), v \rangle$, in the structure of `y`.
 *
 * With it conjugate gradients solve $\nabla_{yy}^2 g\, v = \nabla_y f$, the linear system of the implicit gradient of a problem
 * over the solutions of another. The cost is a small multiple of that of a gradient.
 *
 * @throws `RangeError` unless the function returns a scalar, or naming the part of the vector that does not fit `y`
 * @example
 * ```ts
 * import { mul, partialHvp, square } from 'steplaw/autodiff'
 *
 * // g = x y^3, so that the second derivative in y is 6 x y.
 * const product = partialHvp<number, number>((x, y) => mul(x, mul(y, square(y))))
 * product(2, 3, 1) // => 36
 * ```
 * @cite pearlmutter1994
 * @category Autodiff
 * @since 0.1.0
 */
export const partialHvp = <X extends Parameters = Float64Array, Y extends Parameters = Float64Array>(
  g: (x: NoInfer<Traced<X>>, y: NoInfer<Traced<Y>>) => Operand,
  options?: RunOptions,
): PartialHvp<X, Y> => block<X, Y, Y>(g, 'y', options)

/**
 * What {@link mixedHvp} returns: it also accepts tensors, inside another traced function.
 *
 * @category Autodiff
 * @since 0.1.0
 */
export interface MixedHvp<X, Y> {
  (x: X, y: Y, v: Y): X
  (x: Traced<X>, y: Traced<Y>, v: Traced<Y>): Traced<X>
}

/**
 * The product of the mixed second derivatives of a scalar function of two structures with a vector:
 * $\nabla_{xy}^2 g(x, y)\, v = \nabla_x \langle \nabla_y g(x, y), v \rangle$, in the structure of `x`.
 *
 * Where $y^*(x)$ minimises $g(x, \cdot)$ and $v$ solves $\nabla_{yy}^2 g\, v = \nabla_y f$, the gradient of
 * $f(x, y^*(x))$ is $\nabla_x f - \nabla_{xy}^2 g\, v$. The cost is a small multiple of that of a gradient; the matrix of
 * mixed derivatives is not formed.
 *
 * @throws `RangeError` unless the function returns a scalar, or naming the part of the vector that does not fit `y`
 * @example
 * ```ts
 * import { dot, mixedHvp, mul } from 'steplaw/autodiff'
 *
 * // g = x |y|^2, so that the gradient in y is 2 x y and its slope along v is 2 x <y, v>.
 * const product = mixedHvp<number, Float64Array>((x, y) => mul(x, dot(y, y)))
 * product(7, Float64Array.of(1, 2), Float64Array.of(10, 1)) // => 24
 * ```
 * @cite pedregosa2016
 * @category Autodiff
 * @since 0.1.0
 */
export const mixedHvp = <X extends Parameters = Float64Array, Y extends Parameters = Float64Array>(
  g: (x: NoInfer<Traced<X>>, y: NoInfer<Traced<Y>>) => Operand,
  options?: RunOptions,
): MixedHvp<X, Y> => block<X, Y, X>(g, 'x', options)
