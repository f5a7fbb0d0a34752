import type { Dense } from '../autodiff/array.js'
import { type IR, typeOf } from '../autodiff/ir.js'
import { gradientAt, pullbackAt, tangentAt } from '../autodiff/nested.js'
import { fail } from '../autodiff/primitive.js'
import { showShape, size } from '../autodiff/shape.js'
import { Tensor } from '../autodiff/tensor.js'
import { build, type Operand } from '../autodiff/trace.js'
import { pullback } from '../autodiff/vjp.js'
import type { RunOptions } from './compile.js'
import type { Executable } from './executable.js'
import { gradientProgram, valueProgram } from './program.js'
import { applied, isTraced, runFresh, specialised, traceOf } from './specialise.js'
import {
  dimension,
  type Layout,
  layoutOf,
  leafTensors,
  leafTypes,
  leafValues,
  leafViews,
  type Parameters,
  type Traced,
  tracedAs,
  unflatten,
} from './structure.js'

/** `(x, cotangent) => value, gradient` */
const pulledBack = <P>(f: (x: Traced<P>) => Operand, layout: Layout): IR => {
  const ir = build(leafTypes(layout), (x) => [applied(f, layout)(x)])
  return pullback(ir, [...ir.inputs.keys()])
}

/** A fresh array for the first output. */
const outputOf = ({ ir }: Executable): Dense => {
  const { shape } = typeOf(ir, ir.outputs[0] ?? 0)
  return { _tag: 'Dense', shape, values: new Float64Array(size(shape)) }
}

const result = (outputs: ReadonlyArray<Dense>): Dense =>
  outputs[0] ?? fail('run', 'the program has no output')

/**
 * A gradient with its value, in the structure of the parameters.
 *
 * @category Autodiff
 * @since 0.1.0
 */
export interface Gradient<P> {
  readonly value: number
  readonly gradient: P
}

/**
 * A function of a tensor, run on numbers: traced once for every shape it meets, then only run.
 *
 * @throws `RangeError` naming the operation and both shapes where shapes do not fit
 * @example
 * ```ts
 * import { evaluate, exp } from 'steplaw/autodiff'
 *
 * evaluate<number>((x) => exp(x))(0).values[0] // => 1
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const evaluate = <P extends Parameters = Float64Array | Dense>(
  f: (x: NoInfer<Traced<P>>) => Operand,
  options?: RunOptions,
): ((x: P) => Dense) => {
  const executable = specialised(
    (layout: Layout) => build(leafTypes(layout), (x) => [applied(f, layout)(x)]),
    options,
  )
  return (x) => {
    const layout = layoutOf(x)
    return result(runFresh(executable(layout), leafValues(layout, x)))
  }
}

/**
 * A scalar function of tensors, run on numbers.
 *
 * @throws `RangeError` unless the function returns a scalar
 * @example
 * ```ts
 * import { dot, value } from 'steplaw/autodiff'
 *
 * value((x) => dot(x, x))(Float64Array.of(3, 4)) // => 25
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const value = <P extends Parameters = Float64Array>(
  f: (x: NoInfer<Traced<P>>) => Operand,
  options?: RunOptions,
): ((x: P) => number) => {
  const executable = specialised(
    (layout: Layout) => valueProgram(applied(f, layout), leafTypes(layout), []),
    options,
  )
  return (x) => {
    const layout = layoutOf(x)
    return result(runFresh(executable(layout), leafValues(layout, x))).values[0] ?? 0
  }
}

/**
 * What {@link valueAndGrad} returns.
 *
 * @category Autodiff
 * @since 0.1.0
 */
export interface ValueAndGrad<P> {
  (x: P): Gradient<P>
  /** Writes the gradient, flat as {@link ravel} writes it, into `out` and returns the value. */
  readonly into: (out: Float64Array, x: P) => number
}

/**
 * The value and the gradient of a scalar function, together.
 *
 * The gradient has the structure of the argument and is always fresh; `.into(out, x)` writes it into the caller's array
 * and returns the value. The function is traced once for every shape of argument. The cost is at most a small multiple
 * of the cost of the function, whatever the number of parameters.
 *
 * @throws `RangeError` unless the function returns a scalar, or when `out` has the wrong length
 * @cite griewank2008
 * @example
 * ```ts
 * import { add, dot, mul, valueAndGrad } from 'steplaw/autodiff'
 *
 * const f = valueAndGrad<{ w: Float64Array; b: number }>(({ w, b }) => add(dot(w, w), mul(3, b)))
 * const { value, gradient } = f({ w: Float64Array.of(1, 2), b: 5 })
 * value // => 20
 * gradient.w // => Float64Array.of(2, 4)
 * gradient.b // => 3
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const valueAndGrad = <P extends Parameters = Float64Array>(
  f: (x: NoInfer<Traced<P>>) => Operand,
  options?: RunOptions,
): ValueAndGrad<P> => {
  const executable = specialised(
    (layout: Layout) => gradientProgram(applied(f, layout), leafTypes(layout), []),
    options,
  )
  const at = (layout: Layout, out: Float64Array, x: P): number => {
    const y = new Float64Array(1)
    executable(layout).run(leafValues(layout, x), [y, ...leafViews(layout, out)])
    return y[0] ?? 0
  }
  const pure = (x: P): Gradient<P> => {
    const layout = layoutOf(x)
    const flat = new Float64Array(dimension(layout))
    return { value: at(layout, flat, x), gradient: unflatten<P>(layout, flat) }
  }
  const into = (out: Float64Array, x: P): number => {
    const layout = layoutOf(x)
    if (out.length !== dimension(layout))
      fail('into', `expected ${dimension(layout)} places, got ${out.length}`)
    return at(layout, out, x)
  }
  return Object.assign(pure, { into })
}

/**
 * What {@link grad} returns: it also accepts tensors, inside another traced function.
 *
 * @category Autodiff
 * @since 0.1.0
 */
export interface Grad<P> {
  (x: P): P
  (x: Traced<P>): Traced<P>
}

/**
 * The gradient of a scalar function, in the structure of its argument.
 *
 * Inside another traced function the result applies to tensors, so gradients nest: what the inner function uses from
 * outside counts as constant, however deep.
 *
 * @throws `RangeError` unless the function returns a scalar
 * @example
 * ```ts
 * import { dot, grad, mul, square, sum, type Tensor, vector } from 'steplaw/autodiff'
 *
 * const cubes = (x: Tensor) => sum(mul(x, square(x)))
 * const slope = (x: Tensor) => dot(grad(cubes)(x), vector([1, 10]))
 * grad(cubes)(Float64Array.of(1, 2)) // => Float64Array.of(3, 12)
 * grad(slope)(Float64Array.of(1, 2)) // => Float64Array.of(6, 120)
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const grad = <P extends Parameters = Float64Array>(
  f: (x: NoInfer<Traced<P>>) => Operand,
  options?: RunOptions,
): Grad<P> => {
  const outside = valueAndGrad<P>(f, options)
  function at(x: P): P
  function at(x: Traced<P>): Traced<P>
  function at(x: P | Traced<P>): P | Traced<P> {
    if (!isTraced(x)) return outside(x as P).gradient
    const layout = layoutOf(x)
    const tensors = leafTensors(layout, x)
    return tracedAs<P>(layout, gradientAt(traceOf(tensors), applied(f, layout), tensors).gradient)
  }
  return at
}

/**
 * What {@link vjp} returns: it also accepts tensors, inside another traced function.
 *
 * @category Autodiff
 * @since 0.1.0
 */
export interface Vjp<P> {
  (x: P, cotangent: Float64Array): { readonly value: Dense; readonly gradient: P }
  (x: Traced<P>, cotangent: Tensor): { readonly value: Tensor; readonly gradient: Traced<P> }
}

/**
 * The vector-Jacobian product of a function at a point: its value and $J^T v$.
 *
 * The cost is a small multiple of that of the function.
 *
 * @throws `RangeError` when the cotangent has another size than the value
 * @example
 * ```ts
 * import { square, vjp } from 'steplaw/autodiff'
 *
 * const { gradient } = vjp((x) => square(x))(Float64Array.of(1, 2), Float64Array.of(1, 10))
 * gradient // => Float64Array.of(2, 40)
 * ```
 * @cite griewank2008
 * @category Autodiff
 * @since 0.1.0
 */
export const vjp = <P extends Parameters = Float64Array>(
  f: (x: NoInfer<Traced<P>>) => Operand,
  options?: RunOptions,
): Vjp<P> => {
  const executable = specialised((layout: Layout) => pulledBack(f, layout), options)
  const outside = (x: P, cotangent: Float64Array): { readonly value: Dense; readonly gradient: P } => {
    const layout = layoutOf(x)
    const program = executable(layout)
    const flat = new Float64Array(dimension(layout))
    const y = outputOf(program)
    if (!(cotangent instanceof Float64Array) || cotangent.length !== y.values.length)
      fail('vjp', `expected a cotangent of shape ${showShape(y.shape)}, got ${cotangent.length} values`)
    program.run([...leafValues(layout, x), cotangent], [y.values, ...leafViews(layout, flat)])
    return { value: y, gradient: unflatten<P>(layout, flat) }
  }
  function at(x: P, cotangent: Float64Array): { readonly value: Dense; readonly gradient: P }
  function at(x: Traced<P>, cotangent: Tensor): { readonly value: Tensor; readonly gradient: Traced<P> }
  function at(x: P | Traced<P>, cotangent: Float64Array | Tensor) {
    if (!(cotangent instanceof Tensor)) return outside(x as P, cotangent)
    const layout = layoutOf(x)
    const tensors = leafTensors(layout, x)
    const { value, gradient } = pullbackAt(traceOf(tensors), applied(f, layout), tensors, cotangent)
    return { value, gradient: tracedAs<P>(layout, gradient) }
  }
  return at
}

/**
 * What {@link jvp} returns: it also accepts tensors, inside another traced function.
 *
 * @category Autodiff
 * @since 0.1.0
 */
export interface Jvp<P> {
  (x: P, direction: P): { readonly value: Dense; readonly tangent: Dense }
  (x: Traced<P>, direction: Traced<P>): { readonly value: Tensor; readonly tangent: Tensor }
}

/**
 * The Jacobian-vector product of a function at a point: its value and $J u$, the derivative along `u`.
 *
 * The vector-Jacobian product is linear in its vector; its own vector-Jacobian product is this one. The cost is a small
 * multiple of that of the function.
 *
 * @throws `RangeError` naming the part of the direction that does not fit the argument
 * @example
 * ```ts
 * import { jvp, square } from 'steplaw/autodiff'
 *
 * const { tangent } = jvp((x) => square(x))(Float64Array.of(1, 2), Float64Array.of(1, 10))
 * tangent.values // => Float64Array.of(2, 40)
 * ```
 * @cite griewank2008
 * @category Autodiff
 * @since 0.1.0
 */
export const jvp = <P extends Parameters = Float64Array>(
  f: (x: NoInfer<Traced<P>>) => Operand,
  options?: RunOptions,
): Jvp<P> => {
  const executable = specialised((layout: Layout) => {
    const types = leafTypes(layout)
    return build([...types, ...types], (inputs, trace) => {
      const n = types.length
      const { value, tangent } = tangentAt(trace, applied(f, layout), inputs.slice(0, n), inputs.slice(n))
      return [value, tangent]
    })
  }, options)
  function at(x: P, direction: P): { readonly value: Dense; readonly tangent: Dense }
  function at(x: Traced<P>, direction: Traced<P>): { readonly value: Tensor; readonly tangent: Tensor }
  function at(x: P | Traced<P>, direction: P | Traced<P>) {
    const layout = layoutOf(x)
    if (isTraced(x)) {
      const tensors = leafTensors(layout, x)
      return tangentAt(traceOf(tensors), applied(f, layout), tensors, leafTensors(layout, direction))
    }
    const inputs = [...leafValues(layout, x), ...leafValues(layout, direction)]
    const [y, tangent] = runFresh(executable(layout), inputs)
    return y === undefined || tangent === undefined
      ? fail('jvp', 'the program has no output')
      : { value: y, tangent }
  }
  return at
}

/**
 * The Jacobian of a function of few outputs, dense: $J_{ij} = \partial f_i / \partial x_j$, of shape `[m, n]` for `m`
 * elements of the value and `n` parameters, both row by row and in the order of {@link ravel}.
 *
 * The cost is `m` vector-Jacobian products with one traced program, each with a fresh evaluation of the function; for more
 * outputs than parameters take {@link jvp} along each of them. The memory is `m n` doubles.
 *
 * @example
 * ```ts
 * import { jacobian, square } from 'steplaw/autodiff'
 *
 * const { shape, values } = jacobian((x) => square(x))(Float64Array.of(1, 2))
 * shape // => [2, 2]
 * values // => Float64Array.of(2, 0, 0, 4)
 * ```
 * @cite griewank2008
 * @category Autodiff
 * @since 0.1.0
 */
export const jacobian = <P extends Parameters = Float64Array>(
  f: (x: NoInfer<Traced<P>>) => Operand,
  options?: RunOptions,
): ((x: P) => Dense) => {
  const executable = specialised((layout: Layout) => pulledBack(f, layout), options)
  return (x) => {
    const layout = layoutOf(x)
    const program = executable(layout)
    const inputs = leafValues(layout, x)
    const y = outputOf(program).values
    const [m, n] = [y.length, dimension(layout)]
    const J = new Float64Array(m * n)
    const unit = new Float64Array(m)
    for (let i = 0; i < m; i += 1) {
      unit.fill(0)
      unit[i] = 1
      program.run([...inputs, unit], [y, ...leafViews(layout, J.subarray(i * n, (i + 1) * n))])
    }
    return { _tag: 'Dense', shape: [m, n], values: J }
  }
}
