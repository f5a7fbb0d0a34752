import * as O from 'fp-ts/lib/Option.js'
import { add } from '../autodiff/elementwise.js'
import { fail } from '../autodiff/primitive.js'
import { showType } from '../autodiff/shape.js'
import { mean } from '../autodiff/structural.js'
import type { Tensor } from '../autodiff/tensor.js'
import type { Operand } from '../autodiff/trace.js'
import { firstNotFinite } from '../numeric/finite.js'
import { sumStrided } from '../numeric/sum.js'
import { batched } from '../runtime/batched.js'
import type { RunOptions } from '../runtime/compile.js'
import type { Data, TracedData } from '../runtime/rows.js'
import type { Arrays, Shapes, Traced } from '../runtime/structure.js'
import type { Batch, Facts, Objective, Vector } from './oracle.js'

/**
 * What is declared of each component beside its formula.
 *
 * @category Problems
 * @since 0.1.0
 */
export interface Declared {
  /** $\ell_i \le f_i$, one for each component; zeros when absent. */
  readonly lowerBounds?: ReadonlyArray<number>
  /** $f_i(x^*)$ at a solution, one for each component. */
  readonly solutionValues?: ReadonlyArray<number>
}

/**
 * The parts of a finite sum.
 *
 * @category Problems
 * @since 0.1.0
 */
export interface FiniteSum<D extends Data, S extends Shapes> extends Declared {
  /** Arrays whose first axis counts the components. */
  readonly data: D
  /** The shapes of the parameters: `[d]`, or a record such as `{ W: [784, 10], b: [10] }`. */
  readonly parameters: S
  /** The values $f_i$ of the components in a batch, as a vector, from the rows of the batch. */
  readonly component: (parameters: Traced<S>, rows: TracedData<D>) => Operand
  /** A term that every component shares, as a scalar; it is computed once for each batch. */
  readonly shared?: (parameters: Traced<S>) => Operand
  readonly name?: string
  readonly facts?: Facts
}

/**
 * An {@link Objective} that came from a traced function.
 *
 * @category Problems
 * @since 0.1.0
 */
export interface FiniteSumObjective<S> extends Objective {
  /** Writes the gradient into `out` and returns the value, without allocating. */
  readonly into: (out: Vector, x: Vector, batch: Batch) => number
  /** The Hessian at `x` times `direction`. */
  readonly hessianVector: (x: Vector, direction: Vector, batch: Batch) => Vector
  /** A point from named parameters. */
  readonly ravel: (parameters: Arrays<S>) => Vector
  /** Named parameters over a point, sharing its memory. */
  readonly unravel: (x: Vector) => Arrays<S>
}

const declared = (
  name: string,
  values: ReadonlyArray<number> | undefined,
  components: number,
): Float64Array | null => {
  if (values === undefined) return null
  if (values.length !== components) fail(name, `must have ${components} entries, got ${values.length}`)
  const bad = firstNotFinite(values)
  return bad < 0 ? Float64Array.from(values) : fail(name, `entry ${bad} must be finite, got ${values[bad]}`)
}

/** The mean over a batch of numbers declared for each component. */
const meanOver = (values: Float64Array, batch: Batch): number => {
  const seen =
    batch === null ? values : Float64Array.from(batch, (i) => values[i] ?? fail('batch', `no component ${i}`))
  return seen.length > 0
    ? sumStrided(seen, 0, 1, seen.length) / seen.length
    : fail('batch', 'must not be empty')
}

/**
 * A finite sum $f(x) = \frac1n \sum_i f_i(x)$ from a traced formula for its components and the data they read.
 *
 * The formula sees the rows of a batch at once and returns one value for each; its derivatives are derived. Data is bound
 * once, a batch is a list of row numbers, and each batch size is traced once. Points are flat vectors; `ravel` and
 * `unravel` lead from and to named parameters.
 *
 * @throws `RangeError` naming the field: data that are not finite or whose numbers of rows differ, bounds of the wrong
 * length, a formula that does not return one value for each row
 * @example
 * ```ts
 * import { finiteSum } from 'steplaw'
 * import { matmul, matrix, mul, square, sub, vector } from 'steplaw/autodiff'
 *
 * const f = finiteSum({
 *   data: { A: matrix(2, 2, [1, 0, 0, 2]), y: vector([1, 4]) },
 *   parameters: { w: [2] },
 *   component: ({ w }, { A, y }) => mul(0.5, square(sub(matmul(A, w), y))),
 * })
 * f.value(Float64Array.of(0, 0), null) // => 4.25
 * f.value(Float64Array.of(0, 0), Int32Array.of(1)) // => 8
 * f.valueAndGradient(Float64Array.of(0, 0), null).gradient // => Float64Array.of(-0.5, -4)
 * ```
 * @category Problems
 * @since 0.1.0
 */
export const finiteSum = <const D extends Data, const S extends Shapes>(
  definition: FiniteSum<D, S>,
  options?: RunOptions,
): FiniteSumObjective<S> => {
  const { data, parameters, component, shared, name = 'finiteSum', facts = {} } = definition
  const bound = batched<D, S>(
    {
      data,
      parameters,
      loss: (x, rows) => {
        const values = component(x, rows)
        const count = Object.values<Tensor>(rows)[0]?.shape[0] ?? 0
        if (typeof values === 'number')
          return fail('component', `must return one value for each of ${count} rows, it returned a number`)
        if (values.shape.length !== 1 || values.shape[0] !== count)
          fail(
            'component',
            `must return one value for each of ${count} rows, it returned ${showType(values)}`,
          )
        return shared === undefined ? mean(values) : add(mean(values), shared(x))
      },
    },
    options,
  )
  const bounds = declared('lowerBounds', definition.lowerBounds, bound.rows)
  const solution = declared('solutionValues', definition.solutionValues, bound.rows)
  return {
    name,
    dimension: bound.dimension,
    components: bound.rows,
    value: bound.value,
    valueAndGradient: (x, batch) => {
      const gradient = new Float64Array(bound.dimension)
      return { value: bound.into(gradient, x, batch), gradient }
    },
    lowerBound: (batch) => (bounds === null ? 0 : meanOver(bounds, batch)),
    solutionValue: (batch) => (solution === null ? O.none : O.some(meanOver(solution, batch))),
    facts,
    into: bound.into,
    hessianVector: bound.hessianVector,
    ravel: bound.ravel,
    unravel: bound.unravel,
  }
}
