import { add } from '../../autodiff/elementwise.js'
import type { IR, ValueType } from '../../autodiff/ir.js'
import { gradientAt } from '../../autodiff/nested.js'
import { fail } from '../../autodiff/primitive.js'
import { showType } from '../../autodiff/shape.js'
import { mean } from '../../autodiff/structural.js'
import { Tensor } from '../../autodiff/tensor.js'
import { build, type Operand } from '../../autodiff/trace.js'
import type { Batch, Vector } from '../../problem/oracle.js'
import { compile, type RunOptions } from '../../runtime/compile.js'
import type { Executable } from '../../runtime/executable.js'
import { curvatureProgram, type Scalar, valueProgram } from '../../runtime/program.js'
import { bySize, type Data, sizeOf, type TracedData, tableOf } from '../../runtime/rows.js'
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
} from '../../runtime/structure.js'
import type { BilevelFacts, BilevelProblem, LevelFunction } from './problem.js'

/**
 * One level of a {@link bilevelProblem}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface TracedLevel<D extends Data, X extends Shapes, Y extends Shapes> {
  /** Arrays whose first axis counts the components. */
  readonly data: D
  /** The values of the components in a batch, as a vector, from the rows of the batch. */
  readonly component: (x: Traced<X>, y: Traced<Y>, rows: TracedData<D>) => Operand
  /** A term that every component shares, as a scalar. */
  readonly shared?: (x: Traced<X>, y: Traced<Y>) => Operand
  /** A lower bound of every component; 0 unless it is given. */
  readonly lowerBound?: number
}

/**
 * The parts of a {@link bilevelProblem}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface TracedBilevel<X extends Shapes, Y extends Shapes, D extends Data, E extends Data> {
  readonly name?: string
  /** The shapes of $x$: `[d]`, or a record such as `{ W: [784, 10], b: [10] }`. */
  readonly x: X
  /** The shapes of $y$. */
  readonly y: Y
  /** $f$. */
  readonly upper: TracedLevel<D, X, Y>
  /** $g$. */
  readonly lower: TracedLevel<E, X, Y>
  readonly tasks?: boolean
  readonly facts?: BilevelFacts
}

/**
 * A {@link BilevelProblem} that came from traced functions: points are flat, and named parts lead to and from them.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface TracedBilevelProblem<X, Y> extends BilevelProblem {
  /** A flat point from named parts. */
  readonly ravel: { readonly x: (parts: Arrays<X>) => Vector; readonly y: (parts: Arrays<Y>) => Vector }
  /** Named parts over a flat point, sharing its memory. */
  readonly unravel: { readonly x: (x: Vector) => Arrays<X>; readonly y: (y: Vector) => Arrays<Y> }
}

const expectLength = (name: string, point: Vector, length: number): void => {
  if (!(point instanceof Float64Array)) fail(name, 'must be a Float64Array')
  if (point.length !== length) fail(name, `must have ${length} entries, got ${point.length}`)
}

/** The mean of the components of a batch and what they share. */
const lossOf =
  <D extends Data, X extends Shapes, Y extends Shapes>(field: string, level: TracedLevel<D, X, Y>) =>
  (x: Traced<X>, y: Traced<Y>, rows: TracedData<D>): Operand => {
    const values = level.component(x, y, rows)
    const count = Object.values<Tensor>(rows)[0]?.shape[0] ?? 0
    if (!(values instanceof Tensor) || values.shape.length !== 1 || values.shape[0] !== count)
      return fail(
        `${field}.component`,
        `must return one value for each of ${count} rows, it returned ${typeof values === 'number' ? 'a number' : showType(values)}`,
      )
    return level.shared === undefined ? mean(values) : add(mean(values), level.shared(x, y))
  }

/** The value and the gradient in the parameters from `first` on, as many as `count`. */
const partialGradient = (
  f: Scalar,
  parameters: ReadonlyArray<ValueType>,
  data: ReadonlyArray<ValueType>,
  first: number,
  count: number,
): IR =>
  build([...parameters, ...data], (inputs, trace) => {
    const all = inputs.slice(0, parameters.length)
    const { value, gradient } = gradientAt(
      trace,
      (moved) =>
        f([...all.slice(0, first), ...moved, ...all.slice(first + count)], inputs.slice(parameters.length)),
      all.slice(first, first + count),
    )
    return [value, ...gradient]
  })

interface Bound extends LevelFunction {
  readonly product: (to: 'x' | 'y', x: Vector, y: Vector, v: Vector, batch: Batch) => Vector
}

/** One level bound to its data: one program for every size of batch and every purpose. */
const bound = <D extends Data, X extends Shapes, Y extends Shapes>(
  field: string,
  level: TracedLevel<D, X, Y>,
  outer: Layout,
  inner: Layout,
  options: RunOptions | undefined,
): Bound => {
  const table = tableOf(`${field}.data`, level.data)
  const [n, m] = [dimension(outer), dimension(inner)]
  const [xs, ys] = [leafTypes(outer), leafTypes(inner)]
  const loss = lossOf(field, level)
  const f: Scalar = (parameters, inputs) =>
    loss(
      tracedAs<X>(outer, parameters.slice(0, xs.length)),
      tracedAs<Y>(inner, parameters.slice(xs.length)),
      table.traced(inputs),
    )
  const parameters = [...xs, ...ys]
  const made = (
    before: number,
    make: (data: ReadonlyArray<ValueType>) => IR,
  ): ((batch: Batch) => Executable) => {
    const known = bySize((size) => compile(make(table.types(size)), table.bound(before), options))
    return (batch) => known(sizeOf(batch))
  }
  const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i)
  const inX = range(0, xs.length)
  const inY = range(xs.length, ys.length)
  const programs = {
    value: made(parameters.length, (data) => valueProgram(f, parameters, data)),
    x: made(parameters.length, (data) => partialGradient(f, parameters, data, 0, xs.length)),
    y: made(parameters.length, (data) => partialGradient(f, parameters, data, xs.length, ys.length)),
    both: made(parameters.length, (data) => partialGradient(f, parameters, data, 0, parameters.length)),
    cross: made(parameters.length + ys.length, (data) =>
      curvatureProgram(f, parameters, data, { from: inY, to: inX }),
    ),
    hessian: made(parameters.length + ys.length, (data) =>
      curvatureProgram(f, parameters, data, { from: inY, to: inY }),
    ),
  }
  const point = (x: Vector, y: Vector, batch: Batch) => {
    expectLength('x', x, n)
    expectLength('y', y, m)
    table.check('batch', batch)
    return [...leafViews(outer, x), ...leafViews(inner, y)]
  }
  const rows = (batch: Batch) => (batch === null ? [] : [batch])
  const lowerBound = level.lowerBound ?? 0
  return {
    components: table.rows,
    lowerBound: () => lowerBound,
    value: (x, y, batch) => {
      const out = new Float64Array(1)
      programs.value(batch).run([...point(x, y, batch), ...rows(batch)], [out])
      return out[0] ?? Number.NaN
    },
    gradient: (x, y, batch, of) => {
      const out = new Float64Array(1)
      const gx = of === 'y' ? undefined : new Float64Array(n)
      const gy = of === 'x' ? undefined : new Float64Array(m)
      programs[of](batch).run(
        [...point(x, y, batch), ...rows(batch)],
        [out, ...(gx ? leafViews(outer, gx) : []), ...(gy ? leafViews(inner, gy) : [])],
      )
      return { value: out[0] ?? Number.NaN, ...(gx ? { x: gx } : {}), ...(gy ? { y: gy } : {}) }
    },
    product: (to, x, y, v, batch) => {
      expectLength('v', v, m)
      const out = new Float64Array(to === 'x' ? n : m)
      const program = to === 'x' ? programs.cross : programs.hessian
      program(batch).run(
        [...point(x, y, batch), ...leafViews(inner, v), ...rows(batch)],
        leafViews(to === 'x' ? outer : inner, out),
      )
      return out
    },
  }
}

const raveled =
  <S>(layout: Layout) =>
  (parts: Arrays<S>): Vector => {
    const flat = new Float64Array(dimension(layout))
    const values = leafValues(layout, parts)
    for (const [i, view] of leafViews(layout, flat).entries()) view.set(values[i] ?? [])
    return flat
  }

/**
 * A bilevel problem from two traced functions, each a mean over the rows of its data: all derivatives are derived.
 *
 * Data are bound once, a batch is a list of row numbers, and each batch size is traced once. Points are flat vectors.
 *
 * @throws `RangeError` naming the field: data that are not finite or whose numbers of rows differ, a malformed shape, a
 * formula that does not return one value for each row.
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { bilevelProblem, exact, hypergradient } from 'steplaw/bilevel'
 * import { matrix, matmul, mul, square, sub, sum, vector } from 'steplaw/autodiff'
 *
 * // A ridge parameter for every feature, judged on other data.
 * const problem = bilevelProblem({
 *   x: [2],
 *   y: [2],
 *   lower: {
 *     data: { A: matrix(3, 2, [1, 0, 0, 1, 1, 1]), b: vector([1, 2, 3]) },
 *     component: (_x, y, { A, b }) => square(sub(matmul(A, y), b)),
 *     shared: (x, y) => sum(mul(square(x), square(y))),
 *   },
 *   upper: {
 *     data: { A: matrix(1, 2, [2, 1]), b: vector([4]) },
 *     component: (_x, y, { A, b }) => square(sub(matmul(A, y), b)),
 *   },
 * })
 * const at = { x: Float64Array.of(0, 0), y: Float64Array.of(0, 0) }
 * const found = hypergradient(problem, exact(), at)
 * found._tag === 'Right' && found.right.y.map((y) => Math.round(1e9 * y) / 1e9) // => Float64Array.of(1, 2)
 * ```
 */
export const bilevelProblem = <
  const X extends Shapes,
  const Y extends Shapes,
  const D extends Data,
  const E extends Data,
>(
  { name = 'bilevelProblem', tasks = false, facts = {}, ...parts }: TracedBilevel<X, Y, D, E>,
  options?: RunOptions,
): TracedBilevelProblem<X, Y> => {
  const [outer, inner] = [layoutOfShapes(parts.x, 'x'), layoutOfShapes(parts.y, 'y')]
  const upper = bound('upper', parts.upper, outer, inner, options)
  const lower = bound('lower', parts.lower, outer, inner, options)
  return {
    name,
    dimension: { x: dimension(outer), y: dimension(inner) },
    upper,
    lower: {
      ...lower,
      hessianVector: (x, y, v, batch) => lower.product('y', x, y, v, batch),
      crossVector: (x, y, v, batch) => lower.product('x', x, y, v, batch),
    },
    tasks,
    facts,
    ravel: { x: raveled<X>(outer), y: raveled<Y>(inner) },
    unravel: {
      x: (x) => {
        expectLength('x', x, dimension(outer))
        return unflatten<Arrays<X>>(outer, x)
      },
      y: (y) => {
        expectLength('y', y, dimension(inner))
        return unflatten<Arrays<Y>>(inner, y)
      },
    },
  }
}
