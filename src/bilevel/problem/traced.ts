import { add } from '../../autodiff/elementwise.js'
import { fail } from '../../autodiff/primitive.js'
import { showType } from '../../autodiff/shape.js'
import { mean } from '../../autodiff/structural.js'
import { Tensor } from '../../autodiff/tensor.js'
import type { Operand } from '../../autodiff/trace.js'
import type { Vector } from '../../problem/oracle.js'
import type { RunOptions } from '../../runtime/compile.js'
import { type Paired, paired } from '../../runtime/paired.js'
import type { Data, TracedData } from '../../runtime/rows.js'
import type { Arrays, Shapes, Traced } from '../../runtime/structure.js'
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

/** One level bound to its data. */
const bound = <D extends Data, X extends Shapes, Y extends Shapes>(
  field: string,
  x: X,
  y: Y,
  level: TracedLevel<D, X, Y>,
  options: RunOptions | undefined,
): { readonly level: LevelFunction; readonly traced: Paired<X, Y> } => {
  const traced = paired<D, X, Y>({ data: level.data, x, y, loss: lossOf(field, level) }, options)
  const lowerBound = level.lowerBound ?? 0
  const { value, gradient } = traced
  return { traced, level: { components: traced.rows, value, gradient, lowerBound: () => lowerBound } }
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
  const upper = bound('upper', parts.x, parts.y, parts.upper, options)
  const lower = bound('lower', parts.x, parts.y, parts.lower, options)
  const { dimension, ravel, unravel, hessianVector, crossVector } = lower.traced
  return {
    name,
    dimension,
    upper: upper.level,
    lower: { ...lower.level, hessianVector, crossVector },
    tasks,
    facts,
    ravel,
    unravel,
  }
}
