import * as O from 'fp-ts/lib/Option.js'
import type { Batch, Vector } from '../problem/oracle.js'
import { ask, done, type Program } from '../program/program.js'

/**
 * Which of the two functions: the upper one, $f(x, y)$, or the lower one, $g(x, y)$.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export type Level = 'upper' | 'lower'

/**
 * A point of both levels.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface Pair {
  readonly x: Vector
  readonly y: Vector
}

/**
 * What a bilevel iteration asks of whoever holds the problem, on a batch of the components of one level:
 *
 * - `value`: $f$ or $g$ at $(x, y)$;
 * - `gradient`: the value and the gradient in $x$, in $y$, or both;
 * - `hessian`: $H v = \nabla_{yy}^2 g\, v$, a vector like $y$;
 * - `cross`: $J v = \nabla_x \langle \nabla_y g, v \rangle$, a vector like $x$.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export type BilevelRequest = Pair & { readonly batch: Batch } & (
    | { readonly want: 'value'; readonly level: Level }
    | { readonly want: 'gradient'; readonly level: Level; readonly in: 'x' | 'y' | 'both' }
    | { readonly want: 'hessian'; readonly v: Vector }
    | { readonly want: 'cross'; readonly v: Vector }
  )

/**
 * The answer to a {@link BilevelRequest}: `value` with a value or gradient, `x` and `y` for the gradients that were wanted,
 * `product` for a product; the bounds, where they are known, are those of the batch.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface BilevelResponse {
  readonly value?: number
  readonly x?: Vector
  readonly y?: Vector
  readonly product?: Vector
  readonly lowerBound?: number
  readonly solutionValue?: number
}

/**
 * Who answers: another framework, a remote service, or {@link answerBilevel} one of our problems.
 *
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { type BilevelOracle, exact, hypergradient } from 'steplaw/bilevel'
 *
 * // By hand: g = y^2 + (x - 1) y and f = y^2 / 2 + x y.
 * const oracle: BilevelOracle = (request) => {
 *   const [[x = 0], [y = 0]] = [request.x, request.y]
 *   if ('v' in request) return { product: request.v.map((v) => (request.want === 'hessian' ? 2 * v : v)) }
 *   return request.level === 'upper'
 *     ? { value: (y * y) / 2 + x * y, x: Float64Array.of(y), y: Float64Array.of(y + x) }
 *     : { value: y * y + (x - 1) * y, x: Float64Array.of(y), y: Float64Array.of(2 * y + x - 1) }
 * }
 * // y*(x) = (1 - x) / 2, so F = y*^2 / 2 + x y* has the slope -y* / 2 + y* - x / 2 = 1/4 - 3x/4.
 * const found = hypergradient(oracle, exact(), { x: Float64Array.of(1), y: Float64Array.of(0) })
 * found._tag === 'Right' && found.right.gradient // => Float64Array.of(-0.5)
 * ```
 */
export type BilevelOracle = (request: BilevelRequest) => BilevelResponse

/**
 * A {@link BilevelOracle} that answers later.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export type AsyncBilevelOracle = (request: BilevelRequest) => BilevelResponse | Promise<BilevelResponse>

/**
 * A computation that asks for evaluations of a bilevel problem.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export type Asking<A> = Program<BilevelRequest, BilevelResponse, A>

/** A value with what is declared of the batch. */
export interface Seen {
  readonly value: number
  readonly lowerBound: O.Option<number>
  readonly solutionValue: O.Option<number>
}

const valueOf = ({ value }: BilevelResponse): number => {
  if (value === undefined) throw new TypeError('the oracle gave no value where one was wanted')
  return value
}

const seen = (response: BilevelResponse): Seen => ({
  value: valueOf(response),
  lowerBound: O.fromNullable(response.lowerBound),
  solutionValue: O.fromNullable(response.solutionValue),
})

const like = (name: string, found: Vector | undefined, point: Vector): Vector => {
  if (found === undefined) throw new TypeError(`the oracle gave no ${name} where one was wanted`)
  if (found.length !== point.length)
    throw new RangeError(`the oracle gave a ${name} of length ${found.length}, expected ${point.length}`)
  return found
}

/** $f$ or $g$ on a batch. */
export const askValue = (level: Level, { x, y }: Pair, batch: Batch): Asking<number> =>
  ask({ want: 'value', level, x, y, batch }, (r: BilevelResponse) => done(valueOf(r)))

/** The value and the gradient in $x$. */
export const askInX = (level: Level, { x, y }: Pair, batch: Batch): Asking<Seen & { readonly x: Vector }> =>
  ask({ want: 'gradient', level, in: 'x', x, y, batch }, (r: BilevelResponse) =>
    done({ ...seen(r), x: like('gradient in x', r.x, x) }),
  )

/** The value and the gradient in $y$. */
export const askInY = (level: Level, { x, y }: Pair, batch: Batch): Asking<Seen & { readonly y: Vector }> =>
  ask({ want: 'gradient', level, in: 'y', x, y, batch }, (r: BilevelResponse) =>
    done({ ...seen(r), y: like('gradient in y', r.y, y) }),
  )

/** The value and both gradients. */
export const askInBoth = (level: Level, { x, y }: Pair, batch: Batch): Asking<Seen & Pair> =>
  ask({ want: 'gradient', level, in: 'both', x, y, batch }, (r: BilevelResponse) =>
    done({ ...seen(r), x: like('gradient in x', r.x, x), y: like('gradient in y', r.y, y) }),
  )

/** $H v$. */
export const askHessian = ({ x, y }: Pair, v: Vector, batch: Batch): Asking<Vector> =>
  ask({ want: 'hessian', x, y, v, batch }, (r: BilevelResponse) =>
    done(like('Hessian product', r.product, y)),
  )

/** $J v$. */
export const askCross = ({ x, y }: Pair, v: Vector, batch: Batch): Asking<Vector> =>
  ask({ want: 'cross', x, y, v, batch }, (r: BilevelResponse) => done(like('cross product', r.product, x)))
