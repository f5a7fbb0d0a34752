import type { Dense, Indices } from '../autodiff/array.js'
import type { IR, ValueType } from '../autodiff/ir.js'
import { fail } from '../autodiff/primitive.js'
import type { Tensor } from '../autodiff/tensor.js'
import type { Operand } from '../autodiff/trace.js'
import { vocabulary as v } from '../autodiff/vocabulary.js'
import { firstNotFinite } from '../numeric/finite.js'
import { compile } from './compile.js'
import type { Executable } from './executable.js'
import { gradientProgram, hessianProgram, type Scalar, valueProgram } from './program.js'
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

/**
 * Named arrays whose first axis counts the rows.
 *
 * @category Autodiff
 * @since 0.1.0
 */
export type Data = { readonly [name: string]: Dense | Indices }

/**
 * The data inside a trace: the rows of the batch.
 *
 * @category Autodiff
 * @since 0.1.0
 */
export type TracedData<D> = { readonly [K in keyof D]: Tensor }

/** A scalar function of parameters and of rows of data. */
export interface BatchedLoss<D extends Data, S extends Shapes> {
  readonly data: D
  readonly parameters: S
  /** Sees the rows of the batch only; returns a scalar. */
  readonly loss: (parameters: Traced<S>, rows: TracedData<D>) => Operand
}

/** Which rows an evaluation sees, repeats counted; `null` for all. */
export type Rows = Int32Array | null

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

const rowCount = (data: Data): number => {
  const counts = Object.entries(data).map(([name, { shape }]) => {
    const [n] = shape
    return n === undefined
      ? fail(`data.${name}`, 'must have an axis of rows, got a scalar')
      : ([name, n] as const)
  })
  const [first] = counts
  if (first === undefined) return fail('data', 'must hold at least one array')
  for (const [name, n] of counts)
    if (n !== first[1]) fail(`data.${name}`, `has ${n} rows, but data.${first[0]} has ${first[1]}`)
  return first[1] > 0 ? first[1] : fail('data', 'must have at least one row')
}

const expectFinite = (data: Data): void => {
  for (const [name, { values }] of Object.entries(data)) {
    if (!(values instanceof Float64Array)) continue
    const bad = firstNotFinite(values)
    if (bad >= 0) fail(`data.${name}`, `entry ${bad} must be finite, got ${values[bad]}`)
  }
}

const expectLength = (name: string, x: Float64Array, length: number): void => {
  if (!(x instanceof Float64Array)) fail(name, 'must be a Float64Array')
  if (x.length !== length) fail(name, `must have ${length} entries, got ${x.length}`)
}

const expectRows = (rows: Rows, count: number): void => {
  if (rows === null) return
  if (!(rows instanceof Int32Array)) fail('batch', 'must be an Int32Array or null')
  if (rows.length === 0) fail('batch', 'must not be empty')
  for (let i = 0; i < rows.length; i += 1) {
    const r = rows[i] as number
    if (r < 0 || r >= count) fail('batch', `entry ${i} must be a row from 0 to ${count - 1}, got ${r}`)
  }
}

// Programs kept per loss and kind. Batch sizes seldom vary more than this; the oldest goes first.
const KEPT = 32

/** One executable for every batch size; data is bound once and rows are gathered inside the program. */
const executables = <D extends Data, S extends Shapes>(
  { data, loss }: BatchedLoss<D, S>,
  layout: Layout,
  make: (f: Scalar, parameters: ReadonlyArray<ValueType>, data: ReadonlyArray<ValueType>) => IR,
  directions: number,
): ((batch: Rows) => Executable) => {
  const names = Object.keys(data)
  const arrays = Object.values(data)
  const parameters = leafTypes(layout)
  const types = arrays.map((a): ValueType => ({ shape: a.shape, type: a._tag === 'Dense' ? 'f64' : 'i32' }))
  const body =
    (gathered: boolean): Scalar =>
    (x, inputs) => {
      const rows = inputs[arrays.length]
      const seen = names.flatMap((name, i) => {
        const all = inputs[i]
        if (all === undefined) return []
        return [[name, gathered && rows !== undefined ? v.gather(all, rows) : all] as const]
      })
      // Sound: the names are those of the data.
      return loss(tracedAs<S>(layout, x), Object.fromEntries(seen) as TracedData<D>)
    }
  const known = new Map<number, Executable>()
  return (batch) => {
    const size = batch === null ? -1 : batch.length
    const found = known.get(size)
    if (found !== undefined) return found
    const rows: ReadonlyArray<ValueType> = batch === null ? [] : [{ shape: [size], type: 'i32' }]
    const bound = [
      ...Array.from({ length: directions * parameters.length }, () => null),
      ...arrays.map((a) => a.values),
    ]
    const made = compile(make(body(batch !== null), parameters, [...types, ...rows]), bound)
    const [oldest] = known.keys()
    if (known.size >= KEPT && oldest !== undefined) known.delete(oldest)
    known.set(size, made)
    return made
  }
}

/**
 * Binds a loss to its data. Rows of a batch are gathered inside the program: each batch size is traced once, and a batch
 * costs neither a trace nor a copy outside the program.
 *
 * @throws `RangeError` naming the field: data whose numbers of rows differ, or that are not finite; a malformed shape
 */
export const batched = <D extends Data, const S extends Shapes>(
  definition: BatchedLoss<D, S>,
): Batched<S> => {
  const layout = layoutOfShapes(definition.parameters)
  const rows = rowCount(definition.data)
  expectFinite(definition.data)
  const d = dimension(layout)
  const valueOf = executables(definition, layout, valueProgram, 1)
  const gradientOf = executables(definition, layout, gradientProgram, 1)
  const hessianOf = executables(definition, layout, hessianProgram, 2)
  const scalar = new Float64Array(1)
  const inputs = (x: Float64Array, batch: Rows) => {
    expectLength('x', x, d)
    expectRows(batch, rows)
    return batch === null ? leafViews(layout, x) : [...leafViews(layout, x), batch]
  }
  return {
    dimension: d,
    rows,
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
