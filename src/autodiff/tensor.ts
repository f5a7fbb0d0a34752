import type { ElementType, Equation, PrimitiveName, PrimitiveParams, Shape, ValueType } from './ir.js'

/** Where a tensor was born. Every tensor carries it, so there is no global state to confuse. */
export interface Trace {
  /** Appends an equation after checking it, and returns the value it defines. */
  readonly emit: <N extends PrimitiveName>(
    primitive: N,
    params: PrimitiveParams[N],
    inputs: ReadonlyArray<Tensor>,
  ) => Tensor
  /** The value with this number. */
  readonly tensor: (id: number) => Tensor
  /** The equation that defines a value; `null` for an input. */
  readonly equation: (id: number) => Equation | null
}

/**
 * A value inside a traced function: it has a shape, and its numbers exist only when the program runs.
 *
 * Combine tensors with the functions of this module. JavaScript's operators cannot be traced: `x * 2` throws a
 * `TypeError` instead of giving `NaN`.
 *
 * @category Autodiff
 * @since 0.1.0
 * @example
 * ```ts
 * import { mul, sum, type Tensor, value } from 'steplaw/autodiff'
 *
 * const energy = (x: Tensor) => sum(mul(x, x))
 * value(energy)(Float64Array.of(3, 4)) // => 25
 * ```
 */
export class Tensor implements ValueType {
  readonly shape: Shape
  readonly type: ElementType
  /** @internal */
  readonly trace: Trace
  /** @internal */
  readonly id: number

  /** @internal */
  constructor(trace: Trace, id: number, { shape, type }: ValueType) {
    this.trace = trace
    this.id = id
    this.shape = shape
    this.type = type
  }

  [Symbol.toPrimitive](): never {
    throw new TypeError('a Tensor is not a number: write mul(x, 2), not x * 2')
  }
}
