import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { norm } from '../../numeric/index.js'
import type { Vector } from '../../problem/oracle.js'
import { chain, done, map } from '../../program/program.js'
import { type Asking, askCross, askInBoth } from '../oracle.js'
import {
  type Estimator,
  type Hypergradient,
  noCertificate,
  type Place,
  type Unsolved,
} from './hypergradient.js'
import { minusScaled } from './path.js'

/** A solution of $H v = b$ and what it took. */
export interface LinearSolution {
  readonly v: Vector
  readonly count: number
  /** $\|H v - b\|$, where it comes for nothing. */
  readonly residual: O.Option<number>
}

/** Whoever solves $H v = b$ at a place. */
export type LinearSolver = (place: Place, b: Vector) => Asking<E.Either<Unsolved, LinearSolution>>

/** No hypergradient, and why. */
export const unsolved = (reason: Unsolved['reason'], message: string): E.Either<Unsolved, never> =>
  E.left({ reason, message })

/**
 * $z = \nabla_x f - J v$ at a place, $v$ from a solver. What is not finite is a failure.
 */
export const implicitAt = (place: Place, solve: LinearSolver): Asking<E.Either<Unsolved, Hypergradient>> =>
  chain(askInBoth('upper', place, place.draw.upper), (f) =>
    chain(solve(place, f.y), (solved): Asking<E.Either<Unsolved, Hypergradient>> => {
      if (E.isLeft(solved)) return done(E.left({ ...solved.left, value: f.value }))
      const { v, count, residual } = solved.right
      return map(askCross(place, v, place.draw.cross), (Jv) => {
        const gradient = minusScaled(f.x, 1, Jv)
        if (!gradient.every(Number.isFinite))
          return E.left({
            reason: 'nonFinite',
            message: 'a hypergradient that is not finite',
            value: f.value,
          })
        return E.right({
          form: 'implicit',
          value: f.value,
          gradient,
          y: place.y,
          v: O.some(v),
          count,
          slopeInY: O.some(norm(f.y)),
          lowerBound: f.lowerBound,
          solutionValue: f.solutionValue,
          certificate: { ...noCertificate, linearResidual: residual },
        })
      })
    }),
  )

/** The estimator of a solver. */
export const implicit = (name: string, solve: LinearSolver): Estimator => ({
  name,
  unrolls: false,
  estimate: (place) => implicitAt(place, solve),
})
