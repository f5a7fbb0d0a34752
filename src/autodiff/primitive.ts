import type { ElementType, PrimitiveName, PrimitiveParams, Shape, ValueType } from './ir.js'
import { sameShape, showType, size } from './shape.js'
import type { Tensor } from './tensor.js'

type Unary =
  | 'abs'
  | 'cos'
  | 'exp'
  | 'expm1'
  | 'identity'
  | 'log'
  | 'log1p'
  | 'neg'
  | 'relu'
  | 'sigmoid'
  | 'sign'
  | 'sin'
  | 'softplus'
  | 'sqrt'
  | 'stop'
  | 'tanh'
type Binary = 'add' | 'div' | 'equal' | 'less' | 'lessEqual' | 'maximum' | 'minimum' | 'mul' | 'power' | 'sub'

/**
 * The primitives as functions, nothing added: elementwise ones want equal shapes. Derivatives are written in it, so that
 * they are programs again and can be differentiated again.
 */
export type Vocabulary = { readonly [N in Unary]: (x: Tensor) => Tensor } & {
  readonly [N in Binary]: (x: Tensor, y: Tensor) => Tensor
} & {
  /** Any primitive by its name: what has no function of its own here needs no row in this list. */
  readonly apply: <N extends PrimitiveName>(
    primitive: N,
    params: PrimitiveParams[N],
    ...inputs: readonly [Tensor, ...ReadonlyArray<Tensor>]
  ) => Tensor
  /** A tensor of this shape in the trace of `like`, every element `value`. */
  readonly constant: (like: Tensor, value: number, shape: Shape) => Tensor
  readonly pow: (x: Tensor, exponent: number) => Tensor
  readonly select: (mask: Tensor, x: Tensor, y: Tensor) => Tensor
  /** `x` itself when there is nothing to sum. */
  readonly sum: (x: Tensor, axes: ReadonlyArray<number>) => Tensor
  readonly max: (x: Tensor, axes: ReadonlyArray<number>) => Tensor
  readonly logSumExp: (x: Tensor, axis: number) => Tensor
  /** `x` itself when it has that shape. */
  readonly broadcastTo: (x: Tensor, shape: Shape) => Tensor
  /** `x` itself when it has that shape. */
  readonly reshape: (x: Tensor, shape: Shape) => Tensor
  readonly transpose: (x: Tensor, permutation: ReadonlyArray<number>) => Tensor
  readonly matmul: (x: Tensor, y: Tensor, transposeX: boolean, transposeY: boolean) => Tensor
  readonly gather: (x: Tensor, rows: Tensor) => Tensor
  readonly scatterAdd: (x: Tensor, rows: Tensor, count: number) => Tensor
  readonly pick: (x: Tensor, labels: Tensor) => Tensor
  readonly place: (x: Tensor, labels: Tensor, columns: number) => Tensor
  readonly slice: (x: Tensor, start: ReadonlyArray<number>, end: ReadonlyArray<number>) => Tensor
  readonly pad: (x: Tensor, before: ReadonlyArray<number>, after: ReadonlyArray<number>) => Tensor
  readonly concat: (x: Tensor, y: Tensor, axis: number) => Tensor
}

/** An equation seen from its derivative. */
export interface Site<N extends PrimitiveName> {
  readonly params: PrimitiveParams[N]
  readonly inputs: ReadonlyArray<Tensor>
  readonly output: Tensor
  /** The derivative of the final scalar with respect to `output`; of its shape. */
  readonly cotangent: Tensor
}

/** Everything that is known of one primitive except how a runtime computes it fast. */
export interface Primitive<N extends PrimitiveName> {
  readonly name: N
  readonly arity: number
  /** A predicate per parameter. */
  readonly params: { readonly [K in keyof PrimitiveParams[N]]: (u: unknown) => boolean }
  /** The type of the result. Throws a `RangeError` that names the operation and the shapes. */
  readonly result: (params: PrimitiveParams[N], inputs: ReadonlyArray<ValueType>) => ValueType
  /** The cotangents of the inputs, `null` where there is no derivative. */
  readonly vjp: (v: Vocabulary, site: Site<N>) => ReadonlyArray<Tensor | null>
  /** Floating-point operations, an elementary function counted as one. */
  readonly flops: (inputs: ReadonlyArray<ValueType>, result: ValueType, params: PrimitiveParams[N]) => number
  /** Where it is defined and differentiable, and what happens elsewhere. */
  readonly domain: string
  /** The scalar function, for elementwise primitives: the definition that every runtime reproduces bit for bit. */
  readonly evaluate?: (params: PrimitiveParams[N]) => (...x: ReadonlyArray<number>) => number
}

export const fail = (name: string, what: string): never => {
  throw new RangeError(`${name}: ${what}`)
}

/** Refuses inputs of another element type. */
export const expectType = (name: string, x: ValueType, type: ElementType): void => {
  if (x.type !== type) fail(name, `expected ${type}, got ${showType(x)}`)
}

/** Refuses axes that are out of range or not increasing. */
export const expectAxes = (name: string, x: ValueType, axes: ReadonlyArray<number>): void => {
  const lawful = axes.every((a, i) => a < x.shape.length && a > (axes[i - 1] ?? -1))
  if (!lawful || axes.length === 0) fail(name, `${showType(x)} has no axes [${axes.join(',')}]`)
}

/** The inputs of a rule, checked to be one, two or three. */
export const one = <A>(xs: ReadonlyArray<A>): A => {
  const [x] = xs
  if (x === undefined || xs.length !== 1) return fail('arity', `expected 1 input, got ${xs.length}`)
  return x
}

export const two = <A>(xs: ReadonlyArray<A>): readonly [A, A] => {
  const [x, y] = xs
  if (x === undefined || y === undefined || xs.length !== 2)
    return fail('arity', `expected 2 inputs, got ${xs.length}`)
  return [x, y]
}

export const three = <A>(xs: ReadonlyArray<A>): readonly [A, A, A] => {
  const [x, y, z] = xs
  if (x === undefined || y === undefined || z === undefined || xs.length !== 3)
    return fail('arity', `expected 3 inputs, got ${xs.length}`)
  return [x, y, z]
}

/** One double in, one double out, element by element. */
export const unary = <N extends Unary>(
  name: N,
  params: Primitive<N>['params'],
  row: {
    readonly evaluate: (x: number) => number
    readonly domain: string
    /** The cotangent of `x`. */
    readonly vjp: (v: Vocabulary, x: Tensor, cotangent: Tensor, output: Tensor) => Tensor | null
  },
): Primitive<N> => ({
  name,
  arity: 1,
  params,
  result: (_, inputs) => {
    const x = one(inputs)
    expectType(name, x, 'f64')
    return { shape: x.shape, type: 'f64' }
  },
  vjp: (v, { inputs, cotangent, output }) => [row.vjp(v, one(inputs), cotangent, output)],
  flops: (_, { shape }) => size(shape),
  domain: row.domain,
  evaluate: () => row.evaluate,
})

/** Two doubles in, one double out, element by element; equal shapes. */
export const binary = <N extends Binary>(
  name: N,
  params: Primitive<N>['params'],
  row: {
    readonly evaluate: (x: number, y: number) => number
    readonly domain: string
    /** The cotangents of `x` and `y`. */
    readonly vjp: (
      v: Vocabulary,
      x: Tensor,
      y: Tensor,
      cotangent: Tensor,
      output: Tensor,
    ) => readonly [Tensor | null, Tensor | null]
  },
): Primitive<N> => ({
  name,
  arity: 2,
  params,
  result: (_, inputs) => {
    const [x, y] = two(inputs)
    expectType(name, x, 'f64')
    expectType(name, y, 'f64')
    if (!sameShape(x.shape, y.shape)) fail(name, `shapes differ, ${showType(x)} and ${showType(y)}`)
    return { shape: x.shape, type: 'f64' }
  },
  vjp: (v, { inputs, cotangent, output }) => row.vjp(v, ...two(inputs), cotangent, output),
  flops: (_, { shape }) => size(shape),
  domain: row.domain,
  evaluate: () => row.evaluate,
})
