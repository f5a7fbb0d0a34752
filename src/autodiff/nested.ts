import { fail } from './primitive.js'
import { showType } from './shape.js'
import { Tensor, type Trace } from './tensor.js'
import type { Operand } from './trace.js'
import { sweep } from './vjp.js'
import { vocabulary as v } from './vocabulary.js'

// Derivatives inside a trace. Each applies its function to fresh copies of the tensors at which it differentiates: that
// keeps apart the tensors that the function receives and the same tensors that it may use from outside, which count as
// constants.

/** A function of tensors of one trace. */
export type At = (xs: ReadonlyArray<Tensor>) => Operand

const valueOf = (trace: Trace, y: Operand): Tensor => {
  if (typeof y === 'number') return trace.emit('constant', { value: y, shape: [] }, [])
  return y instanceof Tensor ? y : fail('trace', 'the function must return a Tensor or a number')
}

/** What a scalar function returned, as a tensor. */
export const scalarOf = (trace: Trace, y: Operand): Tensor => {
  const t = valueOf(trace, y)
  return t.shape.length === 0
    ? t
    : fail('grad', `the function must return a scalar, it returned ${showType(t)}`)
}

const one = (trace: Trace): Tensor => trace.emit('constant', { value: 1, shape: [] }, [])

/** The value and the vector-Jacobian product; the cotangent has the shape of the value. */
export const pullbackAt = (
  trace: Trace,
  f: At,
  xs: ReadonlyArray<Tensor>,
  cotangent: Tensor,
): { readonly value: Tensor; readonly gradient: ReadonlyArray<Tensor> } => {
  const copies = xs.map(v.identity)
  const value = valueOf(trace, f(copies))
  if (value.shape.join() !== cotangent.shape.join())
    fail('vjp', `expected a cotangent like ${showType(value)}, got ${showType(cotangent)}`)
  return { value, gradient: sweep(trace, [[value, cotangent]], copies) }
}

/** The value and the gradient of a scalar function. */
export const gradientAt = (
  trace: Trace,
  f: At,
  xs: ReadonlyArray<Tensor>,
): { readonly value: Tensor; readonly gradient: ReadonlyArray<Tensor> } =>
  pullbackAt(trace, (copies) => scalarOf(trace, f(copies)), xs, one(trace))

/**
 * The value and the Jacobian-vector product. The vector-Jacobian product is linear in its vector; transposed once more it
 * is this one. The vector may be anything, since no value of a linear map is part of its transpose.
 */
export const tangentAt = (
  trace: Trace,
  f: At,
  xs: ReadonlyArray<Tensor>,
  directions: ReadonlyArray<Tensor>,
): { readonly value: Tensor; readonly tangent: Tensor } => {
  const copies = xs.map(v.identity)
  const value = valueOf(trace, f(copies))
  const vector = v.identity(trace.emit('constant', { value: 0, shape: value.shape }, []))
  const seeds = sweep(trace, [[value, vector]], copies).flatMap((g, i) => {
    const u = directions[i]
    return u === undefined ? [] : [[g, u] as const]
  })
  const [tangent] = sweep(trace, seeds, [vector])
  return { value, tangent: tangent ?? fail('jvp', 'there is no derivative') }
}

/** A block of a Hessian: its columns belong to the parameters numbered `from`, its rows to those numbered `to`. */
export interface Block {
  readonly from: ReadonlyArray<number>
  readonly to: ReadonlyArray<number>
}

/** A block of the Hessian times a vector, as the gradient in one part of the slope along the vector in another. */
export const curvatureAt = (
  trace: Trace,
  f: At,
  xs: ReadonlyArray<Tensor>,
  { from, to }: Block,
  directions: ReadonlyArray<Tensor>,
): ReadonlyArray<Tensor> => {
  const copies = xs.map(v.identity)
  const part = (numbers: ReadonlyArray<number>): ReadonlyArray<Tensor> =>
    numbers.map((i) => copies[i] ?? fail('hvp', `there is no parameter number ${i}`))
  const y = scalarOf(trace, f(copies))
  const slopes = sweep(trace, [[y, one(trace)]], part(from)).flatMap((g, i) => {
    const direction = directions[i]
    return direction === undefined ? [] : [v.sum(v.mul(g, direction), [...g.shape.keys()])]
  })
  const [first, ...rest] = slopes
  return sweep(trace, first === undefined ? [] : [[rest.reduce(v.add, first), one(trace)]], part(to))
}
