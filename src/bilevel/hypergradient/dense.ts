import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { norm } from '../../numeric/index.js'
import { solvePositiveDefinite, solveSquare } from '../../numeric/linear.js'
import type { Batch, Vector } from '../../problem/oracle.js'
import { chain, done, map, sequence } from '../../program/program.js'
import { type Asking, askHessian, askInY, type Pair } from '../oracle.js'
import type { Estimator, Hypergradient, Place, Unsolved } from './hypergradient.js'
import { implicit, implicitAt, type LinearSolver, unsolved } from './implicit.js'
import { minusScaled } from './path.js'

/** $H$ of a batch, row by row, from one product with each unit vector. */
const hessianAt = (at: Pair, batch: Batch): Asking<Float64Array> => {
  const m = at.y.length
  const unit = (i: number): Vector => Float64Array.from({ length: m }, (_, j) => (i === j ? 1 : 0))
  const columns = Array.from({ length: m }, (_, i) => askHessian(at, unit(i), batch))
  return map(sequence(columns), (found) => {
    const H = new Float64Array(m * m)
    for (const [j, column] of found.entries()) for (const [i, h] of column.entries()) H[i * m + j] = h
    return H
  })
}

const residualOf = (H: Float64Array, v: Vector, b: Vector): number =>
  norm(b.map((bi, i) => v.reduce((s, vj, j) => s + (H[i * b.length + j] ?? 0) * vj, -bi)))

const solveDense =
  (batch: Batch): LinearSolver =>
  (place, b) =>
    map(hessianAt(place, batch), (H) => {
      const v = solveSquare(H, b)
      return v === null
        ? unsolved('singular', 'a Hessian that is singular, or not finite')
        : E.right({ v, count: 0, residual: O.some(residualOf(H, v, b)) })
    })

/**
 * The implicit hypergradient at the current $y$ with a dense solve: $H$ and $J$ of batch $C$, $f$ on $S$.
 *
 * Cost: $m$ Hessian products and $O(m^3)$; for small $m$.
 *
 * Fails where $H$ is singular.
 *
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { direct, hypergradient, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[1]], p: [-2], r: [0.25] }],
 * })
 * const found = hypergradient(problem, direct(), { x: Float64Array.of(0), y: Float64Array.of(0.5) })
 * found._tag === 'Right' && found.right.gradient // => Float64Array.of(1.5)
 * ```
 */
export const direct = (): Estimator =>
  implicit('direct', (place, b) => solveDense(place.draw.cross)(place, b))

/** What is left of Newton's steps once rounding keeps them from doing better. */
interface Descent {
  readonly y: Vector
  readonly size: number
}

const MOST_STEPS = 200
const MOST_HALVINGS = 60

/**
 * The share of the first gradient below which nothing is gained: rounding squared, $2^{-104}$. Near $y^* = 0$ rounding has no scale and
 * every step would gain sixteen digits, down to the smallest number there is.
 */
const FLOOR = Number.EPSILON * Number.EPSILON

/**
 * $y^*(x)$ to rounding, by Newton's method on all of $g(x, \cdot)$: steps are halved until the gradient is smaller, and the method
 * ends where it cannot be made smaller, or is {@link FLOOR} of the first. None where a Hessian on the way is not positive definite.
 */
const lowerSolution = (x: Vector, start: Vector): Asking<E.Either<Unsolved, Descent>> => {
  const residual = (y: Vector): Asking<Vector> => map(askInY('lower', { x, y }, null), (g) => g.y)
  const halve = (
    from: Descent,
    step: Vector,
    a: number,
    left: number,
  ): Asking<O.Option<Descent & { g: Vector }>> => {
    if (left === 0) return done(O.none)
    const y = minusScaled(from.y, a, step)
    return chain(residual(y), (g) => {
      const size = norm(g)
      return size < from.size ? done(O.some({ y, size, g })) : halve(from, step, a / 2, left - 1)
    })
  }
  const go = (at: Descent, g: Vector, left: number, floor: number): Asking<E.Either<Unsolved, Descent>> => {
    if (!Number.isFinite(at.size)) return done(unsolved('nonFinite', 'a lower gradient that is not finite'))
    if (at.size <= floor) return done(E.right(at))
    if (left === 0)
      return done(
        unsolved('exhausted', `a lower gradient of ${at.size} after ${MOST_STEPS} steps of Newton's method`),
      )
    return chain(hessianAt({ x, y: at.y }, null), (H): Asking<E.Either<Unsolved, Descent>> => {
      const step = solvePositiveDefinite(H, g)
      if (step === null) return done(unsolved('indefinite', 'a lower Hessian that is not positive definite'))
      return chain(halve(at, step, 1, MOST_HALVINGS), (next) =>
        O.isNone(next) ? done(E.right(at)) : go(next.value, next.value.g, left - 1, floor),
      )
    })
  }
  return chain(residual(start), (g) => {
    const size = norm(g)
    return go({ y: start, size }, g, MOST_STEPS, FLOOR * size)
  })
}

/**
 * The hypergradient itself, to rounding: everything at $y^*(x)$, found by Newton's method on all components of $g$, and a dense
 * solve; $f$ on $S$. The oracle that other estimators are held against. Newton's method ends where $\|\nabla_y g\|$ cannot be made
 * smaller, or is $2^{-104}$ of what it was at the start: rounding alone does not end it where $y^* = 0$.
 *
 * Cost: some Newton steps of $m$ Hessian products and $O(m^3)$ each; for small $m$.
 *
 * Fails where $g(x, \cdot)$ is not strongly convex on the way, or the gradient of $g$ is not finite.
 *
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { exact, hypergradient, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[1]], p: [-2], r: [0.25] }],
 * })
 * const found = hypergradient(problem, exact(), { x: Float64Array.of(1), y: Float64Array.of(7) })
 * found._tag === 'Right' && found.right.gradient // => Float64Array.of(1.75)
 * ```
 */
export const exact = (): Estimator => ({
  name: 'exact',
  unrolls: false,
  estimate: (place: Place) =>
    chain(lowerSolution(place.x, place.y), (solved): Asking<E.Either<Unsolved, Hypergradient>> => {
      if (E.isLeft(solved)) return done(solved)
      const { y, size } = solved.right
      const at = { ...place, y, draw: { ...place.draw, cross: null } }
      return map(implicitAt(at, solveDense(null)), (found) =>
        E.isLeft(found)
          ? found
          : E.right({
              ...found.right,
              certificate: { ...found.right.certificate, innerResidual: O.some(size) },
            }),
      )
    }),
})
