import type { IR, ValueType } from '../autodiff/ir.js'
import { fail } from '../autodiff/primitive.js'
import type { Tensor } from '../autodiff/tensor.js'
import type { Operand } from '../autodiff/trace.js'
import { compile, compileStaged, type RunOptions } from './compile.js'
import type { Buffer, Executable } from './executable.js'
import { kept } from './kept.js'
import { curvatureProgram, gradientProgram, type Scalar, valueProgram } from './program.js'
import {
  bySize,
  type Data,
  noTable,
  type Rows,
  sizeOf,
  type Table,
  type TracedData,
  tableOf,
} from './rows.js'
import type { Staged } from './staged.js'
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

/** A scalar function of two structures of parameters and of rows of data. */
export interface PairedLoss<D extends Data, X extends Shapes, Y extends Shapes> {
  /** Arrays whose first axis counts the rows; there may be none. */
  readonly data: D
  readonly x: X
  readonly y: Y
  /** Sees the rows of the batch only; returns a scalar. */
  readonly loss: (x: Traced<X>, y: Traced<Y>, rows: TracedData<D>) => Operand
}

/** The parameters in which a gradient is taken. */
export type Side = 'x' | 'y' | 'both'

/** A value and the gradients that were asked for, fresh. */
export interface PairedGradient {
  readonly value: number
  readonly x?: Float64Array
  readonly y?: Float64Array
}

/** A function of two flat vectors, bound to its data. */
export interface Paired<X, Y> {
  /** The numbers of parameters. */
  readonly dimension: { readonly x: number; readonly y: number }
  /** The number of rows of data; 0 where there are no data. */
  readonly rows: number
  readonly value: (x: Float64Array, y: Float64Array, rows: Rows) => number
  readonly gradient: (x: Float64Array, y: Float64Array, rows: Rows, of: Side) => PairedGradient
  /** $\nabla_{yy}^2 g(x, y)\, v$, fresh. */
  readonly hessianVector: (x: Float64Array, y: Float64Array, v: Float64Array, rows: Rows) => Float64Array
  /** $\nabla_x \langle \nabla_y g(x, y), v \rangle$, fresh. */
  readonly crossVector: (x: Float64Array, y: Float64Array, v: Float64Array, rows: Rows) => Float64Array
  /** Both products with one vector, fresh; what they share is computed once. */
  readonly products: (
    x: Float64Array,
    y: Float64Array,
    v: Float64Array,
    rows: Rows,
  ) => { readonly hessian: Float64Array; readonly cross: Float64Array }
  /** Flat parameters from named ones. */
  readonly ravel: {
    readonly x: (parameters: Arrays<X>) => Float64Array
    readonly y: (parameters: Arrays<Y>) => Float64Array
  }
  /** Named parameters over flat ones, sharing their memory. */
  readonly unravel: {
    readonly x: (flat: Float64Array) => Arrays<X>
    readonly y: (flat: Float64Array) => Arrays<Y>
  }
}

const expectLength = (name: string, x: Float64Array, length: number): void => {
  if (!(x instanceof Float64Array)) fail(name, 'must be a Float64Array')
  if (x.length !== length) fail(name, `must have ${length} entries, got ${x.length}`)
}

/** The rows of no data are none: a record without arrays has nothing to check. */
const tableOrNone = <D extends Data>(data: D): Table<D> | typeof noTable =>
  Object.keys(data).length === 0 ? noTable : tableOf('data', data)

const raveled =
  <S>(layout: Layout) =>
  (parameters: Arrays<S>): Float64Array => {
    const values = leafValues(layout, parameters)
    const flat = new Float64Array(dimension(layout))
    leafViews(layout, flat).forEach((view, i) => {
      view.set(values[i] ?? [])
    })
    return flat
  }

const unraveled =
  <S>(name: string, layout: Layout) =>
  (flat: Float64Array): Arrays<S> => {
    expectLength(name, flat, dimension(layout))
    return unflatten<Arrays<S>>(layout, flat)
  }

/** What a program is made of, from the function, its parameters and its data. */
type Make = (f: Scalar, parameters: ReadonlyArray<ValueType>, data: ReadonlyArray<ValueType>) => IR

/**
 * Binds a function of two structures to its data. Rows of a batch are gathered inside the programs: each size of batch and each purpose is
 * traced once, and a batch costs neither a trace nor a copy outside the program.
 *
 * @throws `RangeError` naming the field: data whose numbers of rows differ, or that are not finite; a malformed shape
 */
export const paired = <D extends Data, const X extends Shapes, const Y extends Shapes>(
  definition: PairedLoss<D, X, Y>,
  options?: RunOptions,
): Paired<X, Y> => {
  const [outer, inner] = [layoutOfShapes(definition.x, 'x'), layoutOfShapes(definition.y, 'y')]
  const table = tableOrNone(definition.data)
  const [n, m] = [dimension(outer), dimension(inner)]
  const parameters = [...leafTypes(outer), ...leafTypes(inner)]
  const ofX = leafTypes(outer).map((_, i) => i)
  const ofY = leafTypes(inner).map((_, i) => ofX.length + i)
  const loss: Scalar = (xs: ReadonlyArray<Tensor>, inputs) =>
    definition.loss(
      tracedAs<X>(outer, xs.slice(0, ofX.length)),
      tracedAs<Y>(inner, xs.slice(ofX.length)),
      // Sound: without data there are no names.
      table.traced(inputs) as TracedData<D>,
    )
  const executables = (make: Make): ((rows: Rows) => Executable) => {
    const known = bySize((size) =>
      compile(make(loss, parameters, table.types(size)), table.bound(parameters.length), options),
    )
    return (rows) => known(sizeOf(rows))
  }
  const gradientIn = (wrt: ReadonlyArray<number>) =>
    executables((f, types, data) => gradientProgram(f, types, data, wrt))
  const valueOf = executables(valueProgram)
  const gradientOf = { x: gradientIn(ofX), y: gradientIn(ofY), both: gradientIn([...ofX, ...ofY]) }
  // The Hessian product first: the mixed product adds to what the other keeps at a point, not the other way round.
  const products = kept<number | null, Staged>()
  const productsOf = (rows: Rows): Staged =>
    products(sizeOf(rows), () => {
      const data = table.types(sizeOf(rows))
      const ir = curvatureProgram(loss, parameters, data, { from: ofY, to: [...ofX, ...ofY] })
      return compileStaged(
        {
          ir,
          inputs: [
            ...parameters.map(() => 'point' as const),
            ...ofY.map(() => 'call' as const),
            ...table.bound(0).flatMap((values) => values ?? []),
            ...(rows === null ? [] : ['point' as const]),
          ],
          parts: [ofY, ofX, [...ofY, ...ofX]],
        },
        options,
      )
    })
  const scalar = new Float64Array(1)

  const check = (x: Float64Array, y: Float64Array, rows: Rows): void => {
    expectLength('x', x, n)
    expectLength('y', y, m)
    table.check('rows', rows)
  }
  const inputs = (x: Float64Array, y: Float64Array, rows: Rows): ReadonlyArray<Buffer> => {
    const given = [...leafViews(outer, x), ...leafViews(inner, y)]
    return rows === null ? given : [...given, rows]
  }
  const multiply = (
    part: number,
    [x, y, v, rows]: readonly [x: Float64Array, y: Float64Array, v: Float64Array, rows: Rows],
    into: ReadonlyArray<Float64Array>,
  ): void => {
    check(x, y, rows)
    expectLength('v', v, m)
    productsOf(rows).run(part, inputs(x, y, rows), leafViews(inner, v), into)
  }
  return {
    dimension: { x: n, y: m },
    rows: table.rows,
    value: (x, y, rows) => {
      check(x, y, rows)
      valueOf(rows).run(inputs(x, y, rows), [scalar])
      return scalar[0] as number
    },
    gradient: (x, y, rows, of) => {
      check(x, y, rows)
      const executable = (gradientOf[of] ?? fail('of', `expected x, y or both, got ${of}`))(rows)
      const gx = of === 'y' ? null : new Float64Array(n)
      const gy = of === 'x' ? null : new Float64Array(m)
      const into = [
        ...(gx === null ? [] : leafViews(outer, gx)),
        ...(gy === null ? [] : leafViews(inner, gy)),
      ]
      executable.run(inputs(x, y, rows), [scalar, ...into])
      const value = scalar[0] as number
      return { value, ...(gx === null ? {} : { x: gx }), ...(gy === null ? {} : { y: gy }) }
    },
    hessianVector: (...given) => {
      const hessian = new Float64Array(m)
      multiply(0, given, leafViews(inner, hessian))
      return hessian
    },
    crossVector: (...given) => {
      const cross = new Float64Array(n)
      multiply(1, given, leafViews(outer, cross))
      return cross
    },
    products: (...given) => {
      const [hessian, cross] = [new Float64Array(m), new Float64Array(n)]
      multiply(2, given, [...leafViews(inner, hessian), ...leafViews(outer, cross)])
      return { hessian, cross }
    },
    ravel: { x: raveled<X>(outer), y: raveled<Y>(inner) },
    unravel: { x: unraveled<X>('x', outer), y: unraveled<Y>('y', inner) },
  }
}
