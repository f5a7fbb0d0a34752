import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { double } from '../../../spec/vocabulary/number.js'
import { norm, squaredNorm } from '../../numeric/index.js'
import { descentInit } from '../../optimizer/iteration.js'
import { index, vector } from '../../optimizer/vector.js'
import type { Vector } from '../../problem/oracle.js'
import { chain, done, map } from '../../program/program.js'
import { constant } from '../../rule/atom/constant.js'
import { fail, step } from '../../rule/outcome.js'
import { errorBound } from '../hypergradient/certificate.js'
import type { Hypergradient, Unsolved } from '../hypergradient/hypergradient.js'
import { minusScaled } from '../hypergradient/path.js'
import { type Asking, askCross, askInBoth, askInY } from '../oracle.js'
import { lowerMerit, settle, solveLinear } from './lower.js'
import { type MaidConstants, type MaidParams, resolved } from './maidParams.js'
import {
  type BilevelMethod,
  type BilevelRecord,
  type BilevelState,
  stateCodec,
  statusCodec,
} from './method.js'
import { mover } from './move.js'

/**
 * The state of {@link maid}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface MaidState extends BilevelState {
  readonly x: Vector
  readonly y: Vector
  readonly epsilon: number
  readonly delta: number
  /** The next trial step. */
  readonly alpha: number
  /** Steps of all lower solves that came to their tolerance, so far. */
  readonly lowerIterations: number
  /** Conjugate gradients likewise. */
  readonly cgIterations: number
}

/**
 * What {@link maid} shows of an iteration.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface MaidOutputs {
  /** Whether $x$ moved. If not the run is over, and the state says why. */
  readonly accepted: boolean
  /** The latest hypergradient $z$, whose certificate has $\omega$ as the bound on its error. */
  readonly hypergradient: O.Option<Hypergradient>
  /** The accuracies it was made with. */
  readonly epsilon: number
  readonly delta: number
  /** How often the accuracies were refined in this iteration before that. */
  readonly refinements: number
  /** How many steps were tried in this iteration. */
  readonly trials: number
  /** What could not be reached. */
  readonly stopped: O.Option<Unsolved>
}

const MOST_CONJUGATE_GRADIENTS = 1000

/** A hypergradient, and the accuracies it was made with. */
interface Found extends Pick<MaidOutputs, 'epsilon' | 'delta' | 'refinements'> {
  readonly z: Hypergradient
}

/** Between two solves of one iteration. */
interface Work extends MaidState {
  readonly refinements: number
  readonly trials: number
  readonly found: O.Option<Found>
}

/** An iteration that is over without a step. */
interface Stop {
  readonly work: Work
  readonly status: 'stationary' | 'exhausted'
  readonly why: O.Option<Unsolved>
}

/** A hypergradient accurate enough, and a lower bound of $F(x)$. */
interface Accurate {
  readonly work: Work
  readonly z: Vector
  readonly zz: number
  readonly low: number
}

/** A trial point that was accepted. */
interface Accepted {
  readonly x: Vector
  readonly y: Vector
  readonly a: number
}

const exhausted = (work: Work, why: Unsolved): E.Either<Stop, never> =>
  E.left({ work, status: 'exhausted', why: O.some(why) })

const refined = (work: Work, by: number): Work => ({
  ...work,
  epsilon: by * work.epsilon,
  delta: by * work.delta,
  refinements: work.refinements + 1,
})

/**
 * MAID, the method of adaptive inexact descent (the standard, chapter Bilevel methods): descent on $F$ whose every step is proved, with
 * lower solves only as accurate as the proof needs.
 *
 * In each iteration $y$ is solved to $\|y - y^*(x)\| \le \varepsilon$ (by $\|\nabla_y g\| \le \varepsilon\mu$), $v$ to
 * $\|H v - \nabla_y f\| \le \delta$, and both accuracies are refined until the {@link errorBound} $\omega$ on
 * $z = \nabla_x f - J v$ is at most $(1 - \eta)\|z\|$; then $-z$ is a direction of descent, $\langle z, \nabla F \rangle \ge \eta\|z\|^2$.
 * The step $a$ is the largest of $\alpha, \rho\alpha, \rho^2\alpha, \dots$ with
 * $$U(x - a z) + \lambda a \|z\|^2 \le \ell(x), \qquad
 *   U = f + \|\nabla_y f\|\,\varepsilon + \tfrac12 L_{fy} \varepsilon^2, \quad
 *   \ell = f - \|\nabla_y f\|\,\varepsilon - \tfrac12 L_{fy} \varepsilon^2,$$
 * upper and lower bounds of $F$ from inexact $y$, so that $F$ falls by at least $\lambda a \|z\|^2$. Where no trial is accepted the
 * accuracies are refined and one more step is tried. Thus
 * $$\min_{k<K} \|\nabla F(x_k)\|^2 \le \frac{(2 - \eta)^2 (F(x_0) - F(x_K))}{\lambda \sum_{k<K} a_k} .$$
 *
 * $\mu$, $L$ and the constants of $\omega$ are given for all $x$ or for each: what is proved of a point takes those of that point.
 *
 * The search is the method's own: its acceptance is the proof, so that no rule stands in its place. Deterministic: no draw is read.
 *
 * The run ends `stationary` where $\|z\| + \omega$, and so $\|\nabla F\|$, is at most `tolerance`; `exhausted` where a lower solve misses
 * its tolerance within `lowerBudget`, conjugate gradients fail or miss theirs, or refinements or rounds run out. No such point is
 * accepted, and the record says what was missed. An overestimated $\mu$ voids every bound; an underestimate is safe.
 *
 * Cost: for each hypergradient the lower solve, two gradients of $f$, conjugate gradients and one cross product; for each trial a lower
 * solve and one gradient of $f$.
 *
 * @throws RangeError if a parameter is outside its domain: $\mu \le 0$, $L < \mu$, accuracies or factors that would not shrink or grow.
 * @cite salehi2025
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { maid, maidConstants, minimiseBilevel, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[2]], p: [-2], r: [0.25] }],
 * })
 * const method = maid({
 *   constants: maidConstants(problem.facts),
 *   epsilon: 0.1,
 *   delta: 0.1,
 *   alpha: 1,
 *   upperConvex: true,
 *   tolerance: 1e-6,
 * })
 * const start = { x: Float64Array.of(0), y: Float64Array.of(0) }
 * const run = minimiseBilevel(problem, { method, start, iterations: 100 })
 * run.status // => 'stationary'
 * run.x.map((x) => Math.round(1e5 * x) / 1e5) // => Float64Array.of(-1.2)
 * ```
 */
export const maid = (params: MaidParams): BilevelMethod<MaidState, MaidOutputs> => {
  const {
    constantsAt,
    epsilon,
    delta,
    alpha,
    eta,
    decrease,
    shrink,
    grow,
    refine,
    relax,
    backtracks,
    rounds,
    refinements,
    lowerBudget,
    upperConvex,
    tolerance,
  } = resolved(params)

  const descending = params.inner ?? (({ mu, L }) => ({ rule: constant(2 / (L + mu)) }))

  const solve = (x: Vector, y: Vector, accuracy: number, constants: MaidConstants) => {
    const method = descending(constants)
    return settle(mover(method), (p) => lowerMerit(x, p, null), descentInit(method, y), {
      tolerance: accuracy * constants.mu,
      budget: lowerBudget,
    })
  }

  /** A hypergradient to the accuracies at hand, with its bound. */
  const estimate = (
    work: Work,
    constants: MaidConstants,
  ): Asking<E.Either<Stop, { readonly work: Work; readonly z: Hypergradient }>> =>
    chain(solve(work.x, work.y, work.epsilon, constants), (solved) => {
      if (E.isLeft(solved)) return done(exhausted(work, solved.left))
      const { state, steps, residual: inner } = solved.right
      const at = { x: work.x, y: state.x }
      const settled = { ...work, y: at.y, lowerIterations: work.lowerIterations + steps }
      return chain(askInBoth('upper', at, null), (f) =>
        chain(
          solveLinear(at, f.y, O.none, { budget: MOST_CONJUGATE_GRADIENTS, tolerance: work.delta }),
          (linear): Asking<E.Either<Stop, { readonly work: Work; readonly z: Hypergradient }>> => {
            if (E.isLeft(linear)) return done(exhausted(settled, linear.left))
            const { v, count, left } = linear.right
            return map(askCross(at, v, null), (Jv) => {
              const slopeInY = norm(f.y)
              const z: Hypergradient = {
                form: 'implicit',
                value: f.value,
                gradient: minusScaled(f.x, 1, Jv),
                y: at.y,
                v: O.some(v),
                count,
                slopeInY: O.some(slopeInY),
                lowerBound: f.lowerBound,
                solutionValue: f.solutionValue,
                certificate: {
                  innerResidual: O.some(inner),
                  linearResidual: O.some(left),
                  errorBound: errorBound(constants, {
                    inner: work.epsilon * constants.mu,
                    linear: work.delta,
                    slopeInY,
                  }),
                },
              }
              const { epsilon, delta, refinements } = work
              const found = O.some({ z, epsilon, delta, refinements })
              return E.right({ work: { ...settled, cgIterations: settled.cgIterations + count, found }, z })
            })
          },
        ),
      )
    })

  /** Refines until the bound on the error is a part of the hypergradient. */
  const accurate = (work: Work, left: number): Asking<E.Either<Stop, Accurate>> => {
    const constants = constantsAt(work.x)
    if (left === 0)
      return done(
        exhausted(work, {
          reason: 'exhausted',
          message: `an error bound above ${1 - eta} of the hypergradient after ${refinements} refinements`,
        }),
      )
    return chain(estimate(work, constants), (found): Asking<E.Either<Stop, Accurate>> => {
      if (E.isLeft(found)) return done(found)
      const { work: next, z } = found.right
      const omega = O.getOrElse(() => Number.NaN)(z.certificate.errorBound)
      const b = O.getOrElse(() => Number.NaN)(z.slopeInY)
      const size = norm(z.gradient)
      if (size + omega <= tolerance) return done(E.left({ work: next, status: 'stationary', why: O.none }))
      if (!(omega <= (1 - eta) * size)) return accurate(refined(next, refine), left - 1)
      const e = next.epsilon
      const low = z.value - b * e - (upperConvex ? 0 : (constants.upperLipschitzY * e * e) / 2)
      return done(E.right({ work: next, z: z.gradient, zz: squaredNorm(z.gradient), low }))
    })
  }

  /** The first of `left` trial steps that is sure to gain enough. */
  const search = (
    accurately: Accurate,
    a: number,
    left: number,
  ): Asking<E.Either<Stop, { readonly work: Work; readonly accepted: O.Option<Accepted> }>> => {
    const { work, z, zz, low } = accurately
    if (left === 0) return done(E.right({ work, accepted: O.none }))
    const x = minusScaled(work.x, a, z)
    const { epsilon: e } = work
    const constants = constantsAt(x)
    const tried: Work = { ...work, trials: work.trials + 1 }
    return chain(solve(x, work.y, e, constants), (solved) => {
      if (E.isLeft(solved) && solved.left.reason === 'exhausted') return done(exhausted(tried, solved.left))
      // Where the lower level is not finite at a trial point the step is too long.
      if (E.isLeft(solved)) return search({ ...accurately, work: tried }, a * shrink, left - 1)
      const { state, steps } = solved.right
      const next = { ...tried, lowerIterations: tried.lowerIterations + steps }
      return chain(askInY('upper', { x, y: state.x }, null), (f) => {
        const up = f.value + norm(f.y) * e + (constants.upperLipschitzY * e * e) / 2
        return up + decrease * a * zz <= low
          ? done(E.right({ work: next, accepted: O.some({ x, y: state.x, a }) }))
          : search({ ...accurately, work: next }, a * shrink, left - 1)
      })
    })
  }

  /** Line searches, each with finer accuracies and one more trial, until one ends. */
  const advance = (
    work: Work,
    round: number,
  ): Asking<E.Either<Stop, { readonly work: Work; readonly accepted: Accepted }>> => {
    if (round === rounds)
      return done(
        exhausted(work, {
          reason: 'exhausted',
          message: `no step was sure to gain enough after ${rounds} line searches`,
        }),
      )
    return chain(accurate(work, refinements), (found) => {
      if (E.isLeft(found)) return done(found)
      return chain(search(found.right, work.alpha, backtracks + round), (searched) => {
        if (E.isLeft(searched)) return done(searched)
        const { work: next, accepted } = searched.right
        return O.isSome(accepted)
          ? done(E.right({ work: next, accepted: accepted.value }))
          : advance(refined(next, refine), round + 1)
      })
    })
  }

  return {
    name: 'maid',
    init: ({ x, y }) => ({
      k: 0,
      status: 'running',
      x,
      y,
      epsilon,
      delta,
      alpha,
      lowerIterations: 0,
      cgIterations: 0,
    }),
    point: ({ x, y }) => ({ x, y }),
    state: ({ x, y }) =>
      stateCodec('maid', {
        k: index,
        status: statusCodec,
        x: vector(x),
        y: vector(y),
        epsilon: double,
        delta: double,
        alpha: double,
        lowerIterations: index,
        cgIterations: index,
      }),
    iterate: (before) =>
      map(
        advance({ ...before, refinements: 0, trials: 0, found: O.none }, 0),
        (end): readonly [MaidState, BilevelRecord<MaidOutputs>] => {
          const { work } = E.isLeft(end) ? end.left : end.right
          const { refinements: _, trials, found, ...state } = work
          // The accuracies may have been refined since, for a solve that did not come to its end.
          const hypergradient = O.map(({ z }: Found) => z)(found)
          const { epsilon: e, delta: d, refinements: times } = O.isSome(found) ? found.value : work
          const record = {
            k: before.k,
            x: before.x,
            y: O.isSome(hypergradient) ? hypergradient.value.y : state.y,
            value: O.isSome(hypergradient) ? hypergradient.value.value : Number.NaN,
            gradient: O.map((z: Hypergradient) => z.gradient)(hypergradient),
          }
          const own = { hypergradient, epsilon: e, delta: d, refinements: times, trials }
          if (E.isLeft(end)) {
            const { status, why } = end.left
            return [
              { ...state, k: before.k + 1, status },
              {
                ...record,
                outcome: status === 'stationary' ? step(0) : fail('budgetExhausted'),
                own: { ...own, accepted: false, stopped: why },
              },
            ]
          }
          const { x, y, a } = end.right.accepted
          return [
            {
              ...state,
              k: before.k + 1,
              x,
              y,
              alpha: grow * a,
              epsilon: relax * state.epsilon,
              delta: relax * state.delta,
            },
            { ...record, outcome: step(a), own: { ...own, accepted: true, stopped: O.none } },
          ]
        },
      ),
  }
}
