import type { Equation, IR, PrimitiveName, PrimitiveParams, ValueType } from './ir.js'
import { fail } from './primitive.js'
import { showType } from './shape.js'
import { primitives } from './table.js'
import { Tensor, type Trace } from './tensor.js'

/**
 * A tensor, or a number standing for a scalar constant.
 *
 * @category Autodiff
 * @since 0.1.0
 */
export type Operand = Tensor | number

/** An equation with its result type, by the rule of its primitive. */
export const equation = <N extends PrimitiveName>(
  primitive: N,
  params: PrimitiveParams[N],
  inputs: ReadonlyArray<number>,
  types: ReadonlyArray<ValueType>,
): Equation<N> => {
  const { name, arity, result } = primitives[primitive]
  if (inputs.length !== arity) fail(name, `expected ${arity} inputs, got ${inputs.length}`)
  const { shape, type } = result(params, types)
  return { primitive, params, inputs, shape, type }
}

/** Refuses parameters that the primitive does not have: what a caller may get wrong, and types do not see. */
const expectParams = <N extends PrimitiveName>({ primitive, params }: Equation<N>): void => {
  const expected: Readonly<Record<string, (u: unknown) => boolean>> = primitives[primitive].params
  for (const [key, value] of Object.entries(params))
    if (expected[key]?.(value) !== true) fail(primitive, `${key} can not be ${JSON.stringify(value)}`)
}

/** The list of equations while it grows. It is local to {@link build}: nothing global knows that a trace is going on. */
class Builder implements Trace {
  readonly inputs: ReadonlyArray<Tensor>
  readonly #values: Tensor[]
  readonly #equations: Equation[] = []
  #open = true

  constructor(inputs: ReadonlyArray<ValueType>) {
    this.inputs = inputs.map((type, id) => new Tensor(this, id, type))
    this.#values = [...this.inputs]
  }

  emit<N extends PrimitiveName>(
    primitive: N,
    params: PrimitiveParams[N],
    inputs: ReadonlyArray<Tensor>,
  ): Tensor {
    if (!this.#open) fail(primitive, 'a Tensor was used after the traced function had returned')
    for (const x of inputs)
      if (x.trace !== this) fail(primitive, `the operand ${showType(x)} belongs to another trace`)
    const next = equation(
      primitive,
      params,
      inputs.map((x) => x.id),
      inputs,
    )
    expectParams(next)
    const tensor = new Tensor(this, this.#values.length, next)
    // Sound: the compiler does not see that one member of a union is the union.
    this.#equations.push(next as Equation)
    this.#values.push(tensor)
    return tensor
  }

  tensor(id: number): Tensor {
    return this.#values[id] ?? fail('trace', `there is no value number ${id}`)
  }

  equation(id: number): Equation | null {
    return this.#equations[id - this.inputs.length] ?? null
  }

  close(outputs: ReadonlyArray<Tensor>): IR {
    this.#open = false
    return {
      inputs: this.inputs.map(({ shape, type }) => ({ shape, type })),
      equations: this.#equations,
      outputs: outputs.map((x) => x.id),
    }
  }
}

/** Runs `f` once on tensors of the given types and returns the program it wrote. */
export const build = (
  inputs: ReadonlyArray<ValueType>,
  f: (tensors: ReadonlyArray<Tensor>, trace: Trace) => ReadonlyArray<Operand>,
): IR => {
  const builder = new Builder(inputs)
  const outputs = f(builder.inputs, builder).map((y) => {
    if (typeof y === 'number') return builder.emit('constant', { value: y, shape: [] }, [])
    if (!(y instanceof Tensor)) return fail('trace', 'a traced function must return a Tensor or a number')
    return y.trace === builder ? y : fail('trace', `the output ${showType(y)} belongs to another trace`)
  })
  return builder.close(outputs)
}

/**
 * The program of a function of tensors: runs it once on inputs that have types but no values yet.
 *
 * There is no global trace: a tensor carries the trace it belongs to, and mixing two of them is an error.
 *
 * @throws `RangeError` naming the operation and both shapes where shapes do not fit, or where a tensor of another trace
 * is used
 * @example
 * ```ts
 * import { mul, sum, trace } from 'steplaw/autodiff'
 *
 * const program = trace((x) => sum(mul(x, x)), [{ shape: [3], type: 'f64' }])
 * program.equations.map((e) => e.primitive) // => ['mul', 'sum']
 * ```
 * @category Program
 * @since 0.1.0
 */
export const trace = (
  f: (...inputs: ReadonlyArray<Tensor>) => Operand | ReadonlyArray<Operand>,
  inputs: ReadonlyArray<ValueType>,
): IR =>
  build(inputs, (tensors) => {
    const y = f(...tensors)
    return y instanceof Tensor || typeof y === 'number' ? [y] : y
  })

const reemit = <N extends PrimitiveName>(to: Trace, e: Equation<N>, inputs: ReadonlyArray<Tensor>): Tensor =>
  to.emit(e.primitive, e.params, inputs)

/** Writes a program into a trace, its inputs replaced by tensors of that trace; returns its outputs. */
export const inline = (ir: IR, inputs: ReadonlyArray<Tensor>, to: Trace): ReadonlyArray<Tensor> => {
  const values: Tensor[] = [...inputs]
  const at = (id: number): Tensor => values[id] ?? fail('inline', `there is no value number ${id}`)
  for (const e of ir.equations) values.push(reemit(to, e, e.inputs.map(at)))
  return ir.outputs.map(at)
}
