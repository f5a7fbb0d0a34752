import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { norm } from '../../numeric/index.js'
import type { DescentState } from '../../optimizer/iteration.js'
import type { Batch, Vector } from '../../problem/oracle.js'
import { chain, done, map } from '../../program/program.js'
import { solveByConjugateGradients } from '../hypergradient/cg.js'
import type { Unsolved } from '../hypergradient/hypergradient.js'
import { type LinearSolution, unsolved } from '../hypergradient/implicit.js'
import { type Asking, askInY, askValue, type Pair, type Seen } from '../oracle.js'
import type { Merit, mover } from './move.js'
import type { Slope } from './weighted.js'

/** $g(x, \cdot)$ on a batch, at $y$. */
export const lowerMerit = (x: Vector, y: Vector, batch: Batch): Required<Merit> => {
  const slopeAt = (point: Vector): Asking<Seen & Slope> =>
    map(askInY('lower', { x, y: point }, batch), ({ y: gradient, ...seen }) => ({ ...seen, gradient }))
  return { here: slopeAt(y), at: (point) => askValue('lower', { x, y: point }, batch), slopeAt }
}

/** Where an inner solve ended: close enough. */
export interface Settled {
  readonly state: DescentState
  readonly steps: number
  /** The gradient there, and its norm, which is at most the tolerance. */
  readonly gradient: Vector
  readonly residual: number
}

/** A function of one variable, wherever that is. */
export type MeritOf = (point: Vector) => Required<Merit>

/**
 * Steps of a method until the norm of the gradient is at most `tolerance`, tested before each step. Where `budget` steps are not
 * enough there is no point, only the reason.
 */
export const settle = (
  move: ReturnType<typeof mover>,
  merit: MeritOf,
  start: DescentState,
  { tolerance, budget }: { readonly tolerance: number; readonly budget: number },
): Asking<E.Either<Unsolved, Settled>> => {
  const go = (state: DescentState, steps: number): Asking<E.Either<Unsolved, Settled>> => {
    const at = merit(state.x)
    return chain(at.here, (here): Asking<E.Either<Unsolved, Settled>> => {
      const residual = norm(here.gradient)
      if (!Number.isFinite(residual) || !state.x.every(Number.isFinite))
        return done(unsolved('nonFinite', 'a lower point or gradient that is not finite'))
      if (residual <= tolerance) return done(E.right({ state, steps, gradient: here.gradient, residual }))
      if (steps >= budget)
        return done(
          unsolved(
            'exhausted',
            `a lower gradient of ${residual} after ${steps} steps, expected <= ${tolerance}`,
          ),
        )
      return chain(move({ ...state, k: start.k }, { ...at, here: done(here) }), ([next]) =>
        go(next, steps + 1),
      )
    })
  }
  return go(start, 0)
}

/**
 * Conjugate gradients on all components until the residual is at most `tolerance`. Where `budget` iterations are not enough there is no
 * solution, only the reason.
 */
export const solveLinear = (
  at: Pair,
  b: Vector,
  start: O.Option<Vector>,
  { tolerance, budget }: { readonly tolerance: number; readonly budget: number },
): Asking<E.Either<Unsolved, LinearSolution & { readonly left: number }>> =>
  map(solveByConjugateGradients(at, b, null, start, { iterations: budget, tolerance }), (solved) => {
    if (E.isLeft(solved)) return solved
    const { count, residual } = solved.right
    const left = O.getOrElse(() => Number.NaN)(residual)
    return left <= tolerance
      ? E.right({ ...solved.right, left })
      : unsolved(
          'exhausted',
          `a linear residual of ${left} after ${count} conjugate gradients, expected <= ${tolerance}`,
        )
  })
