import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import type { Vector } from '../../problem/oracle.js'
import { runSync } from '../../program/interpret.js'
import { chain, done, map, type Program } from '../../program/program.js'
import { askHessian } from '../oracle.js'
import { countOf, positiveOf } from './domain.js'
import type { Estimator } from './hypergradient.js'
import { implicit } from './implicit.js'
import { minusScaled } from './path.js'

/**
 * The product of a Hessian (or of one component of it) with a vector.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export type HessianProduct = (v: Vector) => Vector

/** Whoever answers the $q$-th product. */
type Products<Q, R> = (q: number, t: Vector) => Program<Q, R, Vector>

interface Series {
  readonly step: number
  readonly terms: number
}

const seriesOf = ({ step, terms }: Series): Series => ({
  step: positiveOf('step', step),
  terms: countOf('terms', terms, 1),
})

const depthOf = (depth: number, terms: number): number => {
  if (Number.isSafeInteger(depth) && depth >= 0 && depth < terms) return depth
  throw new RangeError(`depth: got ${depth}, expected an integer from 0 to ${terms - 1}`)
}

/** $t \mapsto t - a H_q t$. */
const contract = <Q, R>(t: Vector, a: number, q: number, products: Products<Q, R>): Program<Q, R, Vector> =>
  map(products(q, t), (Ht) => minusScaled(t, a, Ht))

/** $a \sum_{q<N} t_q$. */
const total = <Q, R>(products: Products<Q, R>, b: Vector, { step, terms }: Series): Program<Q, R, Vector> => {
  const go = (q: number, t: Vector, sum: Vector): Program<Q, R, Vector> =>
    q + 1 === terms
      ? done(sum.map((s) => step * s))
      : chain(contract(t, step, q, products), (next) =>
          go(
            q + 1,
            next,
            sum.map((s, i) => s + (next[i] ?? 0)),
          ),
        )
  return go(0, b, b)
}

/** $N a\, t_d$. */
const single = <Q, R>(
  products: Products<Q, R>,
  b: Vector,
  { step, terms }: Series,
  depth: number,
): Program<Q, R, Vector> => {
  const go = (q: number, t: Vector): Program<Q, R, Vector> =>
    q === depth
      ? done(t.map((ti) => terms * step * ti))
      : chain(contract(t, step, q, products), (next) => go(q + 1, next))
  return go(0, b)
}

/** Products that are there at once. */
const atOnce =
  (products: (q: number) => HessianProduct): Products<never, never> =>
  (q, t) =>
    done(products(q)(t))

const answerNothing = (question: never): never => question

/**
 * The truncated Neumann series for $H^{-1} b$:
 * $$v_N = a \sum_{q=0}^{N-1} t_q, \qquad t_0 = b, \quad t_{q+1} = t_q - a H_q t_q.$$
 *
 * For $\mu I \preceq H \preceq L I$ and $a = 1/L$ the error is at most $\|b\| (1 - \mu/L)^N / \mu$ (theorem P22). The products may
 * come from different batches: `products(q)` is that of the $q$-th.
 *
 * Cost: $N - 1$ products.
 *
 * @param b - the right-hand side.
 * @param params - `step` $a > 0$ and the number of `terms` $N \ge 1$.
 * @throws RangeError if a parameter is outside its domain.
 * @cite ghadimi2018
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { neumannSeries } from 'steplaw/bilevel'
 *
 * // H = 2, b = 4: the sum of 1, 1/2, 1/4 comes near to 2.
 * neumannSeries(() => ([v = 0]) => Float64Array.of(2 * v), Float64Array.of(4), { step: 0.25, terms: 3 }) // => Float64Array.of(1.75)
 * ```
 */
export const neumannSeries = (
  products: (q: number) => HessianProduct,
  b: Vector,
  params: { readonly step: number; readonly terms: number },
): Vector => runSync(total(atOnce(products), b, seriesOf(params)), answerNothing)

/**
 * One term of the Neumann series at a drawn depth $d$: $v = N a\, t_d$. For $d$ uniform on $0, \dots, N-1$ and independent products
 * with the mean $H$ its expectation is that of {@link neumannSeries} with $H$: an unbiased estimate of the truncated series, for
 * $d$ products.
 *
 * @param params - `step` $a > 0$, `terms` $N \ge 1$ and the `depth` $d$.
 * @throws RangeError if a parameter is outside its domain.
 * @cite ghadimi2018
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { neumannTerm } from 'steplaw/bilevel'
 *
 * const twice = () => ([v = 0]: Float64Array) => Float64Array.of(2 * v)
 * neumannTerm(twice, Float64Array.of(4), { step: 0.25, terms: 3, depth: 1 }) // => Float64Array.of(1.5)
 * ```
 */
export const neumannTerm = (
  products: (q: number) => HessianProduct,
  b: Vector,
  { depth, ...params }: { readonly step: number; readonly terms: number; readonly depth: number },
): Vector => {
  const series = seriesOf(params)
  return runSync(single(atOnce(products), b, series, depthOf(depth, series.terms)), answerNothing)
}

/**
 * The implicit hypergradient with $v$ from a Neumann series of $N$ terms and $N - 1$ Hessian products,
 * $v = a \sum_{q<N} t_q$, $t_0 = \nabla_y f_S$, $t_{q+1} = t_q - a H_q t_q$, where $H_q$ may come from a batch of its own. Where a
 * depth $d$ is drawn, $v = N a\, t_d$: an unbiased estimate of the series.
 *
 * Cost: one gradient of $f$, $N - 1$ (or $d$) Hessian products, one cross product. For $\mu I \preceq H \preceq L I$ and
 * $a \le 1/L$ the error of $v$ is at most $(1 - a\mu)^N \|\nabla_y f\| / \mu$.
 *
 * @param params - `terms` $N \ge 1$ and `step` $a > 0$.
 * @throws RangeError if a parameter, or a drawn depth, is outside its domain.
 * @cite ghadimi2018
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { hypergradient, neumann, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[1]], p: [-2], r: [0.25] }],
 * })
 * const at = { x: Float64Array.of(0), y: Float64Array.of(0.5) }
 * const found = hypergradient(problem, neumann({ terms: 2, step: 0.25 }), at)
 * found._tag === 'Right' && found.right.gradient // => Float64Array.of(1.3125)
 * ```
 */
export const neumann = (params: { readonly terms: number; readonly step: number }): Estimator => {
  const series = seriesOf(params)
  return implicit('neumann', (place, b) => {
    const { hessian, depth } = place.draw
    const products = (q: number, t: Vector) => askHessian(place, t, hessian(q))
    const drawn = O.isSome(depth)
    const count = drawn ? depthOf(depth.value, series.terms) : series.terms - 1
    const solved = drawn ? single(products, b, series, count) : total(products, b, series)
    return map(solved, (v) => E.right({ v, count, residual: O.none }))
  })
}
