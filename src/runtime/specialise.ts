import type { Dense } from '../autodiff/array.js'
import { type IR, typeOf } from '../autodiff/ir.js'
import { fail } from '../autodiff/primitive.js'
import { showShape, size } from '../autodiff/shape.js'
import { Tensor, type Trace } from '../autodiff/tensor.js'
import type { Operand } from '../autodiff/trace.js'
import { compile, type RunOptions } from './compile.js'
import type { Buffer, Executable } from './executable.js'
import { kept } from './kept.js'
import { type Layout, leaves, type Traced, tracedAs } from './structure.js'

/** Executables by the shapes they were traced for, so that a function is traced once for each. */
export const specialised = <L extends ReadonlyArray<Layout>>(
  make: (...layouts: L) => IR,
  options: RunOptions = {},
): ((...layouts: L) => Executable) => {
  const known = kept<string>()
  return (...layouts) => {
    const key = layouts
      .map((layout) =>
        leaves(layout)
          .map(({ name, shape }) => name + showShape(shape))
          .join(),
      )
      .join(';')
    return known(key, () => compile(make(...layouts), [], options))
  }
}

/** A function of a structure as one of the tensors at its leaves. */
export const applied =
  <P>(f: (x: Traced<P>) => Operand, layout: Layout) =>
  (x: ReadonlyArray<Tensor>): Operand =>
    f(tracedAs<P>(layout, x))

/** Whether there is a tensor in it: then it belongs to a trace that is going on. */
export const isTraced = (u: unknown): boolean =>
  u instanceof Tensor ||
  (typeof u === 'object' && u !== null && !ArrayBuffer.isView(u) && Object.values(u).some(isTraced))

/** The trace of some tensors. */
export const traceOf = (xs: ReadonlyArray<Tensor>): Trace =>
  xs[0]?.trace ?? fail('trace', 'there is no tensor to tell the trace')

/** Runs an executable; its outputs are fresh. */
export const runFresh = (executable: Executable, inputs: ReadonlyArray<Buffer>): ReadonlyArray<Dense> => {
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
