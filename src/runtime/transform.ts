import type { Dense } from '../autodiff/array.js'
import { type IR, typeOf } from '../autodiff/ir.js'
import { fail } from '../autodiff/primitive.js'
import { showShape, size } from '../autodiff/shape.js'
import { Tensor } from '../autodiff/tensor.js'
import { build, inline, type Operand } from '../autodiff/trace.js'
import { gradientAt, pullback } from '../autodiff/vjp.js'
import { compile } from './compile.js'
import type { Buffer, Executable } from './executable.js'
import { gradientProgram, hessianProgram, valueProgram } from './program.js'
import {
  dimension,
  type Layout,
  layoutOf,
  leafTypes,
  leafValues,
  leafViews,
  leaves,
  type Parameters,
  type Traced,
  tracedAs,
  unflatten,
} from './structure.js'

/** Executables by the shapes they were traced for, so that a function is traced once for each. */
const cached = (make: (layout: Layout) => IR): ((layout: Layout) => Executable) => {
  const known = new Map<string, Executable>()
  return (layout) => {
    const key = leaves(layout)
      .map(({ name, shape }) => name + showShape(shape))
      .join()
    const found = known.get(key) ?? compile(make(layout))
    known.set(key, found)
    return found
  }
}

const scalarOf =
  <P>(f: (x: Traced<P>) => Operand, layout: Layout) =>
  (x: ReadonlyArray<Tensor>): Operand =>
    f(tracedAs<P>(layout, x))

const isTraced = (u: unknown): boolean =>
  u instanceof Tensor ||
  (typeof u === 'object' && u !== null && !ArrayBuffer.isView(u) && Object.values(u).some(isTraced))

const tensorsOf = (u: unknown): ReadonlyArray<Tensor> =>
  u instanceof Tensor
    ? [u]
    : typeof u === 'object' && u !== null
      ? Object.values(u).flatMap(tensorsOf)
      : fail('grad', 'a record must hold tensors only, or numbers and arrays only')

/** The shape of a result with its values in a fresh array. */
const run = (executable: Executable, inputs: ReadonlyArray<Buffer>): ReadonlyArray<Dense> => {
  const outputs = executable.ir.outputs.map((id): Dense => {
    const { shape } = typeOf(executable.ir, id)
    return { _tag: 'Dense', shape, values: new Float64Array(size(shape)) }
  })
  executable.run(
    inputs,
    outputs.map((y) => y.values),
  )
  return outputs
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
): ((x: P) => Dense) => {
  const executable = cached((layout) => build(leafTypes(layout), (x) => [scalarOf(f, layout)(x)]))
  return (x) => {
    const layout = layoutOf(x)
    return result(run(executable(layout), leafValues(layout, x)))
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
): ((x: P) => number) => {
  const executable = cached((layout) => valueProgram(scalarOf(f, layout), leafTypes(layout), []))
  return (x) => {
    const layout = layoutOf(x)
    return result(run(executable(layout), leafValues(layout, x))).values[0] ?? 0
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
): ValueAndGrad<P> => {
  const executable = cached((layout) => gradientProgram(scalarOf(f, layout), leafTypes(layout), []))
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
export const grad = <P extends Parameters = Float64Array>(f: (x: NoInfer<Traced<P>>) => Operand): Grad<P> => {
  const outside = valueAndGrad<P>(f)
  function at(x: P): P
  function at(x: Traced<P>): Traced<P>
  function at(x: P | Traced<P>): P | Traced<P> {
    if (!isTraced(x)) return outside(x as P).gradient
    const layout = layoutOf(x)
    return tracedAs<P>(layout, gradientAt(scalarOf(f, layout), tensorsOf(x)).gradient)
  }
  return at
}

/**
 * The vector-Jacobian product of a function at a point: its value and $J^T v$.
 *
 * @throws `RangeError` when the cotangent has another size than the value
 * @example
 * ```ts
 * import { square, vjp } from 'steplaw/autodiff'
 *
 * const { gradient } = vjp((x) => square(x))(Float64Array.of(1, 2), Float64Array.of(1, 10))
 * gradient // => Float64Array.of(2, 40)
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const vjp = <P extends Parameters = Float64Array>(
  f: (x: NoInfer<Traced<P>>) => Operand,
): ((x: P, cotangent: Float64Array) => { readonly value: Dense; readonly gradient: P }) => {
  const executable = cached((layout) => {
    const ir = build(leafTypes(layout), (x) => [scalarOf(f, layout)(x)])
    return pullback(ir, [...ir.inputs.keys()])
  })
  return (x, cotangent) => {
    const layout = layoutOf(x)
    const program = executable(layout)
    const flat = new Float64Array(dimension(layout))
    const { shape } = typeOf(program.ir, program.ir.outputs[0] ?? 0)
    if (cotangent.length !== size(shape))
      fail('vjp', `expected a cotangent of shape ${showShape(shape)}, got ${cotangent.length} values`)
    const values = new Float64Array(size(shape))
    program.run([...leafValues(layout, x), cotangent], [values, ...leafViews(layout, flat)])
    return { value: { _tag: 'Dense', shape, values }, gradient: unflatten<P>(layout, flat) }
  }
}

/**
 * The Jacobian-vector product of a function at a point: its value and $J u$, the derivative along `u`.
 *
 * The vector-Jacobian product is linear in its vector; its own vector-Jacobian product is this one.
 *
 * @example
 * ```ts
 * import { jvp, square } from 'steplaw/autodiff'
 *
 * const { tangent } = jvp((x) => square(x))(Float64Array.of(1, 2), Float64Array.of(1, 10))
 * tangent.values // => Float64Array.of(2, 40)
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const jvp = <P extends Parameters = Float64Array>(
  f: (x: NoInfer<Traced<P>>) => Operand,
): ((x: P, direction: P) => { readonly value: Dense; readonly tangent: Dense }) => {
  const executable = cached((layout) => {
    const ir = build(leafTypes(layout), (x) => [scalarOf(f, layout)(x)])
    const n = ir.inputs.length
    const back = pullback(ir, [...ir.inputs.keys()])
    const transposed = pullback({ ...back, outputs: back.outputs.slice(1) }, [n])
    // Inputs (x, u); the vector of the pullback may be anything, since the result does not depend on it.
    return build([...ir.inputs, ...ir.inputs], (inputs, trace) => {
      const x = inputs.slice(0, n)
      const [y] = inline(ir, x, trace)
      if (y === undefined) return fail('jvp', 'the program has no output')
      const zero = trace.emit('constant', { value: 0, shape: y.shape }, [])
      const outputs = inline(transposed, [...x, zero, ...inputs.slice(n)], trace)
      return [y, outputs[n] ?? fail('jvp', 'the program has no derivative')]
    })
  })
  return (x, direction) => {
    const layout = layoutOf(x)
    const [y, tangent] = run(executable(layout), [...leafValues(layout, x), ...leafValues(layout, direction)])
    return y === undefined || tangent === undefined
      ? fail('jvp', 'the program has no output')
      : { value: y, tangent }
  }
}

/**
 * The Hessian-vector product of a scalar function: the gradient of $\langle \nabla f, v \rangle$.
 *
 * The cost is a small multiple of that of the gradient; no Hessian is formed.
 *
 * @throws `RangeError` unless the function returns a scalar
 * @example
 * ```ts
 * import { hvp, mul, square, sum } from 'steplaw/autodiff'
 *
 * const cubes = hvp((x) => sum(mul(x, square(x))))
 * cubes(Float64Array.of(1, 2), Float64Array.of(1, 1)) // => Float64Array.of(6, 12)
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const hvp = <P extends Parameters = Float64Array>(
  f: (x: NoInfer<Traced<P>>) => Operand,
): ((x: P, direction: P) => P) => {
  const executable = cached((layout) => hessianProgram(scalarOf(f, layout), leafTypes(layout), []))
  return (x, direction) => {
    const layout = layoutOf(x)
    const flat = new Float64Array(dimension(layout))
    executable(layout).run(
      [...leafValues(layout, x), ...leafValues(layout, direction)],
      leafViews(layout, flat),
    )
    return unflatten<P>(layout, flat)
  }
}
