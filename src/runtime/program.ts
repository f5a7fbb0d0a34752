import type { IR, ValueType } from '../autodiff/ir.js'
import { type Block, curvatureAt, gradientAt, scalarOf } from '../autodiff/nested.js'
import { fail } from '../autodiff/primitive.js'
import type { Tensor } from '../autodiff/tensor.js'
import { build, type Operand } from '../autodiff/trace.js'

/** A scalar function of some tensors (the parameters) and others (data). */
export type Scalar = (parameters: ReadonlyArray<Tensor>, data: ReadonlyArray<Tensor>) => Operand

/** `(parameters, data) => value` */
export const valueProgram = (
  f: Scalar,
  parameters: ReadonlyArray<ValueType>,
  data: ReadonlyArray<ValueType>,
): IR =>
  build([...parameters, ...data], (inputs, trace) => [
    scalarOf(trace, f(inputs.slice(0, parameters.length), inputs.slice(parameters.length))),
  ])

/** `(parameters, data) => value, gradient in the parameters numbered in `wrt`, which is in all unless it is given` */
export const gradientProgram = (
  f: Scalar,
  parameters: ReadonlyArray<ValueType>,
  data: ReadonlyArray<ValueType>,
  wrt: ReadonlyArray<number> = [...parameters.keys()],
): IR =>
  build([...parameters, ...data], (inputs, trace) => {
    const n = parameters.length
    const sources = wrt.map((i) => inputs[i] ?? fail('grad', `there is no parameter number ${i}`))
    // The other parameters are constants: nothing is derived for them.
    const at = (x: ReadonlyArray<Tensor>): Operand =>
      f(
        inputs.slice(0, n).map((t, i) => x[wrt.indexOf(i)] ?? t),
        inputs.slice(n),
      )
    const { value, gradient } = gradientAt(trace, at, sources)
    return [value, ...gradient]
  })

/** `(parameters, directions, data) => block of the Hessian times directions`. */
export const curvatureProgram = (
  f: Scalar,
  parameters: ReadonlyArray<ValueType>,
  data: ReadonlyArray<ValueType>,
  block: Block,
): IR => {
  const directions = block.from.flatMap((i) => parameters[i] ?? [])
  return build([...parameters, ...directions, ...data], (inputs, trace) => {
    const n = parameters.length
    const m = n + directions.length
    const at = (x: ReadonlyArray<Tensor>): Operand => f(x, inputs.slice(m))
    return curvatureAt(trace, at, inputs.slice(0, n), block, inputs.slice(n, m))
  })
}

/** `(parameters, directions, data) => Hessian times directions` */
export const hessianProgram = (
  f: Scalar,
  parameters: ReadonlyArray<ValueType>,
  data: ReadonlyArray<ValueType>,
): IR => {
  const all = [...parameters.keys()]
  return curvatureProgram(f, parameters, data, { from: all, to: all })
}
