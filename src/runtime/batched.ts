import type { IR, ValueType } from '../autodiff/ir.js'
import { fail } from '../autodiff/primitive.js'
import type { Operand } from '../autodiff/trace.js'
import { compile, type RunOptions } from './compile.js'
import type { Executable } from './executable.js'
import { gradientProgram, hessianProgram, type Scalar, valueProgram } from './program.js'
import { bySize, type Data, type Rows, sizeOf, type Table, type TracedData, tableOf } from './rows.js'
import {
  type Arrays,
  dimension,
  type Layout,
  layoutOfShapes,
  leafTypes,
  leafValues,
  leafViews,
  type Shapes,
  type Traced,
  tracedAs,
  unflatten,
} from './structure.js'

/** A scalar function of parameters and of rows of data. */
export interface BatchedLoss<D extends Data, S extends Shapes> {
  readonly data: D
  readonly parameters: S
  /** Sees the rows of the batch only; returns a scalar. */
  readonly loss: (parameters: Traced<S>, rows: TracedData<D>) => Operand
}

/** A loss bound to its data, over flat parameters. */
export interface Batched<S> {
  /** The number of parameters. */
  readonly dimension: number
  /** The number of rows of data. */
  readonly rows: number
  readonly value: (x: Float64Array, rows: Rows) => number
  /** Writes the gradient into `out` and returns the value. */
  readonly into: (out: Float64Array, x: Float64Array, rows: Rows) => number
  /** The Hessian at `x` times `direction`, fresh. */
  readonly hessianVector: (x: Float64Array, direction: Float64Array, rows: Rows) => Float64Array
  /** Flat parameters from named ones. */
  readonly ravel: (parameters: Arrays<S>) => Float64Array
  /** Named parameters over flat ones, sharing their memory. */
  readonly unravel: (x: Float64Array) => Arrays<S>
}

const expectLength = (name: string, x: Float64Array, length: number): void => {
  if (!(x instanceof Float64Array)) fail(name, 'must be a Float64Array')
  if (x.length !== length) fail(name, `must have ${length} entries, got ${x.length}`)
}

/** One executable for every batch size; data is bound once and rows are gathered inside the program. */
const executables = <D extends Data, S extends Shapes>(
  { loss }: BatchedLoss<D, S>,
  layout: Layout,
  table: Table<D>,
  make: (f: Scalar, parameters: ReadonlyArray<ValueType>, data: ReadonlyArray<ValueType>) => IR,
  directions: number,
  options: RunOptions | undefined,
): ((batch: Rows) => Executable) => {
  const parameters = leafTypes(layout)
  const f: Scalar = (x, inputs) => loss(tracedAs<S>(layout, x), table.traced(inputs))
  const known = bySize((size) =>
    compile(make(f, parameters, table.types(size)), table.bound(directions * parameters.length), options),
  )
  return (batch) => known(sizeOf(batch))
}

/**
 * Binds a loss to its data. Rows of a batch are gathered inside the program: each batch size is traced once, and a batch
 * costs neither a trace nor a copy outside the program.
 *
 * @throws `RangeError` naming the field: data whose numbers of rows differ, or that are not finite; a malformed shape
 */
export const batched = <D extends Data, const S extends Shapes>(
  definition: BatchedLoss<D, S>,
  options?: RunOptions,
): Batched<S> => {
  const layout = layoutOfShapes(definition.parameters)
  const table = tableOf('data', definition.data)
  const d = dimension(layout)
  const valueOf = executables(definition, layout, table, valueProgram, 1, options)
  const gradientOf = executables(definition, layout, table, gradientProgram, 1, options)
  const hessianOf = executables(definition, layout, table, hessianProgram, 2, options)
  const scalar = new Float64Array(1)
  const inputs = (x: Float64Array, batch: Rows) => {
    expectLength('x', x, d)
    table.check('batch', batch)
    return batch === null ? leafViews(layout, x) : [...leafViews(layout, x), batch]
  }
  return {
    dimension: d,
    rows: table.rows,
    value: (x, batch) => {
      const given = inputs(x, batch)
      valueOf(batch).run(given, [scalar])
      return scalar[0] as number
    },
    into: (out, x, batch) => {
      const given = inputs(x, batch)
      expectLength('out', out, d)
      gradientOf(batch).run(given, [scalar, ...leafViews(layout, out)])
      return scalar[0] as number
    },
    hessianVector: (x, direction, batch) => {
      const given = inputs(x, batch)
      expectLength('direction', direction, d)
      const out = new Float64Array(d)
      hessianOf(batch).run(
        [
          ...leafViews(layout, x),
          ...leafViews(layout, direction),
          ...given.slice(leafViews(layout, x).length),
        ],
        leafViews(layout, out),
      )
      return out
    },
    ravel: (parameters) => {
      const flat = new Float64Array(d)
      leafViews(layout, flat).forEach((view, i) => {
        view.set(leafValues(layout, parameters)[i] ?? [])
      })
      return flat
    },
    unravel: (x) => {
      expectLength('x', x, d)
      return unflatten<Arrays<S>>(layout, x)
    },
  }
}
