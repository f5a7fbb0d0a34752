import type { IR, ValueType } from '../autodiff/ir.js'
import { fail } from '../autodiff/primitive.js'
import { showType } from '../autodiff/shape.js'
import { Tensor, type Trace } from '../autodiff/tensor.js'
import { build, type Operand } from '../autodiff/trace.js'
import { sweep } from '../autodiff/vjp.js'
import { vocabulary as v } from '../autodiff/vocabulary.js'

/** A scalar function of some tensors (the parameters) and others (data). */
export type Scalar = (parameters: ReadonlyArray<Tensor>, data: ReadonlyArray<Tensor>) => Operand

const asTensor = (trace: Trace, y: Operand): Tensor =>
  typeof y === 'number' ? trace.emit('constant', { value: y, shape: [] }, []) : y

const scalar = (trace: Trace, y: Operand): Tensor => {
  const t = asTensor(trace, y)
  if (!(t instanceof Tensor)) return fail('trace', 'the function must return a Tensor or a number')
  return t.shape.length === 0
    ? t
    : fail('grad', `the function must return a scalar, it returned ${showType(t)}`)
}

const one = (trace: Trace): Tensor => trace.emit('constant', { value: 1, shape: [] }, [])

/** `(parameters, data) => value` */
export const valueProgram = (
  f: Scalar,
  parameters: ReadonlyArray<ValueType>,
  data: ReadonlyArray<ValueType>,
): IR =>
  build([...parameters, ...data], (inputs, trace) => [
    scalar(trace, f(inputs.slice(0, parameters.length), inputs.slice(parameters.length))),
  ])

/** `(parameters, data) => value, gradient` */
export const gradientProgram = (
  f: Scalar,
  parameters: ReadonlyArray<ValueType>,
  data: ReadonlyArray<ValueType>,
): IR =>
  build([...parameters, ...data], (inputs, trace) => {
    const x = inputs.slice(0, parameters.length)
    const y = scalar(trace, f(x, inputs.slice(parameters.length)))
    return [y, ...sweep(trace, [[y, one(trace)]], x)]
  })

/** `(parameters, directions, data) => Hessian times directions`, as the gradient of the slope along the directions. */
export const hessianProgram = (
  f: Scalar,
  parameters: ReadonlyArray<ValueType>,
  data: ReadonlyArray<ValueType>,
): IR =>
  build([...parameters, ...parameters, ...data], (inputs, trace) => {
    const n = parameters.length
    const x = inputs.slice(0, n)
    const y = scalar(trace, f(x, inputs.slice(2 * n)))
    const slopes = sweep(trace, [[y, one(trace)]], x).flatMap((g, i) => {
      const direction = inputs[n + i]
      return direction === undefined ? [] : [v.sum(v.mul(g, direction), [...g.shape.keys()])]
    })
    const [first, ...rest] = slopes
    if (first === undefined) return []
    return sweep(trace, [[rest.reduce(v.add, first), one(trace)]], x)
  })
