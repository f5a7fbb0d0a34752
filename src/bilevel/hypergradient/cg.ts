import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { dot, squaredNorm } from '../../numeric/index.js'
import type { Batch, Vector } from '../../problem/oracle.js'
import { chain, done } from '../../program/program.js'
import { type Asking, askHessian, type Pair } from '../oracle.js'
import { countOf, toleranceOf } from './domain.js'
import type { Estimator, Unsolved } from './hypergradient.js'
import { implicit, type LinearSolution } from './implicit.js'
import { minusScaled } from './path.js'

/**
 * The parameters of {@link conjugateGradients}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface ConjugateGradientParams {
  /** The most Hessian products, besides one for a warm start. */
  readonly iterations: number
  /** Stops where $\|H v - b\|$ is at most this; 0 by default. */
  readonly tolerance?: number
  /** Whether to start from the previous $v$; else from 0. */
  readonly warmStart?: boolean
}

interface Iterate {
  readonly v: Vector
  readonly r: Vector
  readonly q: Vector
  /** $\langle r, r \rangle$. */
  readonly rr: number
  readonly count: number
}

const plusScaled = (v: Vector, a: number, q: Vector): Vector => v.map((vi, i) => vi + a * (q[i] ?? 0))

/**
 * Solves $H v = b$ by conjugate gradients from `start`. The latest iterate is the result, never the one before it, so that
 * one iteration solves where $H$ is a multiple of the identity; $b = 0$ from 0 takes none. Where $\langle q, Hq \rangle > 0$ is
 * false $H$ is not positive definite: a failure.
 */
export const solveByConjugateGradients = (
  at: Pair,
  b: Vector,
  batch: Batch,
  start: O.Option<Vector>,
  { iterations, tolerance = 0 }: ConjugateGradientParams,
): Asking<E.Either<Unsolved, LinearSolution>> => {
  const go = ({ v, r, q, rr, count }: Iterate): Asking<E.Either<Unsolved, LinearSolution>> => {
    const residual = Math.sqrt(rr)
    if (count >= iterations || residual === 0 || residual <= tolerance)
      return done(E.right({ v, count, residual: O.some(residual) }))
    return chain(askHessian(at, q, batch), (Hq) => {
      const curvature = dot(q, Hq)
      if (!(curvature > 0))
        return done(
          E.left({
            reason: 'indefinite',
            message: `<q, Hq> is ${curvature} after ${count} conjugate gradients, expected > 0`,
            count,
          }),
        )
      const a = rr / curvature
      const next = minusScaled(r, a, Hq)
      const nextRr = squaredNorm(next)
      return go({
        v: plusScaled(v, a, q),
        r: next,
        q: plusScaled(next, nextRr / rr, q),
        rr: nextRr,
        count: count + 1,
      })
    })
  }
  const from = (v: Vector, r: Vector) => go({ v, r, q: r, rr: squaredNorm(r), count: 0 })
  return O.isNone(start)
    ? from(new Float64Array(b.length), b)
    : chain(askHessian(at, start.value, batch), (Hv) => from(start.value, minusScaled(b, 1, Hv)))
}

/**
 * The implicit hypergradient with $v$ from conjugate gradients on $H_C v = \nabla_y f_S$.
 *
 * Cost: two gradients of $f$, at most `iterations` Hessian products (one more for a warm start), one cross product. After $k$
 * iterations $\|v_k - v^*\|_H \le 2 \rho^k \|v_0 - v^*\|_H$ with $\rho = (\sqrt\kappa - 1)/(\sqrt\kappa + 1)$.
 *
 * Fails where $H_C$ is seen not to be positive definite.
 *
 * @throws RangeError if a parameter is outside its domain.
 * @cite pedregosa2016
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { conjugateGradients, hypergradient, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[1]], p: [-2], r: [0.25] }],
 * })
 * const at = { x: Float64Array.of(0), y: Float64Array.of(0.5) }
 * const found = hypergradient(problem, conjugateGradients({ iterations: 20 }), at)
 * found._tag === 'Right' && found.right.gradient // => Float64Array.of(1.5)
 * found._tag === 'Right' && found.right.count // => 1
 * ```
 */
export const conjugateGradients = (params: ConjugateGradientParams): Estimator => {
  const iterations = countOf('iterations', params.iterations, 0)
  const tolerance = toleranceOf('tolerance', params.tolerance ?? 0)
  return implicit('cg', (place, b) =>
    solveByConjugateGradients(place, b, place.draw.cross, params.warmStart === true ? place.v : O.none, {
      iterations,
      tolerance,
    }),
  )
}
