import type { IR, ValueType } from '../autodiff/ir.js'
import { build, type Operand } from '../autodiff/trace.js'
import { pullback } from '../autodiff/vjp.js'
import { compile, type RunOptions } from './compile.js'
import type { Executable } from './executable.js'
import { gradientProgram, type Scalar, valueProgram } from './program.js'
import { bySize, type Data, noTable, type Table, type TracedData, tableOf } from './rows.js'
import {
  type Layout,
  layoutOfShapes,
  leafTensors,
  leafTypes,
  type Shapes,
  type Traced,
  tracedAs,
} from './structure.js'

/**
 * An iteration $y_{t+1} = s(y_t, x, \text{rows}_t, u_t)$ and a loss of where it ends, $\ell(y_r, x)$.
 *
 * @category Autodiff
 * @since 0.1.0
 */
export interface Iteration<
  Y extends Shapes,
  X extends Shapes,
  D extends Data,
  E extends Data,
  C extends Shapes = Readonly<Record<never, never>>,
> {
  /** The shapes of the state $y$. */
  readonly state: Y
  /** The shapes of the parameters $x$, which all steps share. */
  readonly parameters: X
  /** The shapes of the controls $u_t$, such as a step size: what each step is given anew, and counts as constant. */
  readonly controls?: C
  /** What the step and what the loss see rows of. */
  readonly data?: { readonly step?: D; readonly loss?: E }
  /** The next state, of the same shapes; it may take gradients itself. */
  readonly step: (
    state: NoInfer<Traced<Y>>,
    parameters: NoInfer<Traced<X>>,
    rows: NoInfer<TracedData<D>>,
    controls: NoInfer<Traced<C>>,
  ) => NoInfer<Traced<Y>>
  /** A scalar. */
  readonly loss: (
    state: NoInfer<Traced<Y>>,
    parameters: NoInfer<Traced<X>>,
    rows: NoInfer<TracedData<E>>,
  ) => Operand
}

/** One step and the loss as programs; the state comes first, the numbers of rows last if there are any. */
export interface Programs {
  readonly state: Layout
  readonly parameters: Layout
  readonly controls: Layout
  /** Refuses rows that the data of the step, or of the loss, do not have. */
  readonly check: { readonly step: Table<unknown>['check']; readonly loss: Table<unknown>['check'] }
  /** `(y, x, u, rows) => next y`, for a number of rows */
  readonly step: (size: number | null) => Executable
  /** `(y, x, u, rows, cotangent of next y) => cotangents of y, x` */
  readonly back: (size: number | null) => Executable
  /** `(y, x, rows) => loss` */
  readonly loss: (size: number | null) => Executable
  /** `(y, x, rows) => loss, gradient in y, gradient in x` */
  readonly slope: (size: number | null) => Executable
}

/** The programs of an iteration; each is traced once for every number of rows. */
export const programsOf = <
  Y extends Shapes,
  X extends Shapes,
  D extends Data,
  E extends Data,
  C extends Shapes,
>(
  { data, loss, step, ...shapes }: Iteration<Y, X, D, E, C>,
  options?: RunOptions,
): Programs => {
  const state = layoutOfShapes(shapes.state, 'state')
  const returned = layoutOfShapes(shapes.state, 'step')
  const parameters = layoutOfShapes(shapes.parameters, 'parameters')
  const controls = layoutOfShapes(shapes.controls ?? {}, 'controls')
  // Sound: where there are no data, nothing can be asked of their rows.
  const ofStep = data?.step === undefined ? (noTable as Table<D>) : tableOf('data.step', data.step)
  const ofLoss = data?.loss === undefined ? (noTable as Table<E>) : tableOf('data.loss', data.loss)
  const types = [...leafTypes(state), ...leafTypes(parameters)]
  const n = leafTypes(state).length
  const given = [...types, ...leafTypes(controls)]

  const traced = new Map<number | null, IR>()
  const traceStep = (size: number | null): IR =>
    build([...given, ...ofStep.types(size)], (inputs) => {
      const y = tracedAs<Y>(state, inputs.slice(0, n))
      const x = tracedAs<X>(parameters, inputs.slice(n, types.length))
      const u = tracedAs<C>(controls, inputs.slice(types.length, given.length))
      return leafTensors(returned, step(y, x, ofStep.traced(inputs.slice(given.length)), u))
    })
  /** There and back are made of one trace. */
  const once = (size: number | null): IR => {
    const ir = traced.get(size) ?? traceStep(size)
    traced.set(size, ir)
    return ir
  }
  const back = (ir: IR): IR => {
    const pulled = pullback(ir, [...types.keys()])
    return { ...pulled, outputs: pulled.outputs.slice(ir.outputs.length) }
  }
  const final: Scalar = (p, rows) =>
    loss(tracedAs<Y>(state, p.slice(0, n)), tracedAs<X>(parameters, p.slice(n)), ofLoss.traced(rows))
  const atEnd = (make: (f: Scalar, p: ReadonlyArray<ValueType>, d: ReadonlyArray<ValueType>) => IR) =>
    bySize((size) => compile(make(final, types, ofLoss.types(size)), ofLoss.bound(types.length), options))
  return {
    state,
    parameters,
    controls,
    check: { step: ofStep.check, loss: ofLoss.check },
    step: bySize((size) => compile(once(size), ofStep.bound(given.length), options)),
    back: bySize((size) => compile(back(once(size)), ofStep.bound(given.length), options)),
    loss: atEnd(valueProgram),
    slope: atEnd(gradientProgram),
  }
}
