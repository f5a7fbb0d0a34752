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
import { solveByConjugateGradients } from '../hypergradient/cg.js'
import { countOf, positiveOf, toleranceOf } from '../hypergradient/domain.js'
import type { Hypergradient, Unsolved } from '../hypergradient/hypergradient.js'
import { minusScaled } from '../hypergradient/path.js'
import { type Asking, askCross, askInBoth, askInY } from '../oracle.js'
import type { BilevelFacts } from '../problem/problem.js'
import { lowerMerit, settle } from './lower.js'
import {
  type BilevelMethod,
  type BilevelRecord,
  type BilevelState,
  stateCodec,
  statusCodec,
} from './method.js'
import { mover } from './move.js'

/**
 * The constants that {@link maid} has to know; see {@link BilevelFacts}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export type MaidConstants = Required<
  Pick<
    BilevelFacts,
    | 'mu'
    | 'L'
    | 'upperLipschitzY'
    | 'upperLipschitzX'
    | 'inverseHessianLipschitz'
    | 'crossLipschitz'
    | 'crossNorm'
  >
>

const NAMES: ReadonlyArray<keyof MaidConstants> = [
  'mu',
  'L',
  'upperLipschitzY',
  'upperLipschitzX',
  'inverseHessianLipschitz',
  'crossLipschitz',
  'crossNorm',
]

/**
 * The constants of a problem as {@link maid} needs them.
 *
 * @throws RangeError naming every constant that the problem does not declare; what is unknown is not taken for zero.
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { maidConstants } from 'steplaw/bilevel'
 *
 * const facts = { mu: 1, L: 2, upperLipschitzX: 0, inverseHessianLipschitz: 0, crossLipschitz: 0, crossNorm: 3 }
 * maidConstants({ ...facts, upperLipschitzY: 4 }).crossNorm // => 3
 * maidConstants(facts) // => throws RangeError: constants: upperLipschitzY unknown
 * ```
 */
export const maidConstants = (facts: BilevelFacts): MaidConstants => {
  const { mu, L, upperLipschitzY, upperLipschitzX, inverseHessianLipschitz, crossLipschitz, crossNorm } =
    facts
  if (
    mu === undefined ||
    L === undefined ||
    upperLipschitzY === undefined ||
    upperLipschitzX === undefined ||
    inverseHessianLipschitz === undefined ||
    crossLipschitz === undefined ||
    crossNorm === undefined
  ) {
    const missing = NAMES.filter((name) => facts[name] === undefined)
    throw new RangeError(`constants: ${missing.join(', ')} unknown`)
  }
  return { mu, L, upperLipschitzY, upperLipschitzX, inverseHessianLipschitz, crossLipschitz, crossNorm }
}

/**
 * The parameters of {@link maid}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface MaidParams {
  readonly constants: MaidConstants
  /** The first accuracy $\varepsilon > 0$ of $y$. */
  readonly epsilon: number
  /** The first accuracy $\delta > 0$ of $v$. */
  readonly delta: number
  /** The first trial step $\alpha > 0$. */
  readonly alpha: number
  /** $\eta \in (0, 1)$: the error may be $1 - \eta$ of the hypergradient; 0.5 by default. */
  readonly eta?: number
  /** $\lambda \in (0, \eta)$: what part of $a \|z\|^2$ a step must gain; 0.25 by default. */
  readonly decrease?: number
  /** What a refused step is multiplied by, in $(0, 1)$; 0.5 by default. */
  readonly shrink?: number
  /** What an accepted step is multiplied by for the next trial, $\ge 1$; 10/9 by default. */
  readonly grow?: number
  /** What the accuracies are multiplied by where they do not do, in $(0, 1)$; 0.5 by default. */
  readonly refine?: number
  /** What the accuracies are multiplied by after an accepted step, $\ge 1$; 1.25 by default. */
  readonly relax?: number
  /** The trials of the first line search of an iteration; each further one has one more. 10 by default. */
  readonly backtracks?: number
  /** The most line searches of an iteration; 20 by default. */
  readonly rounds?: number
  /** The most hypergradients of a round; 100 by default. */
  readonly refinements?: number
  /** The most steps of a lower solve; 10000 by default. */
  readonly lowerBudget?: number
  /** Whether $f(x, \cdot)$ is convex, which sharpens the lower bound; false by default. */
  readonly upperConvex?: boolean
  /** Stops, stationary, where $\|z\| + \omega$ is at most this: then $\|\nabla F\|$ is too. 0 by default. */
  readonly tolerance?: number
}

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
  /** How often the accuracies were refined in this iteration. */
  readonly refinements: number
  /** How many steps were tried in this iteration. */
  readonly trials: number
  /** What could not be reached. */
  readonly stopped: O.Option<Unsolved>
}

const MOST_CONJUGATE_GRADIENTS = 1000

/** Between two solves of one iteration. */
interface Work extends MaidState {
  readonly refinements: number
  readonly trials: number
  readonly found: O.Option<Hypergradient>
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

const within = (field: string, x: number, low: number, high: number): number => {
  if (x > low && x < high) return x
  throw new RangeError(`${field}: got ${x}, expected a number between ${low} and ${high}`)
}

const atLeastOne = (field: string, x: number): number => {
  if (x >= 1 && x < Number.POSITIVE_INFINITY) return x
  throw new RangeError(`${field}: got ${x}, expected a finite number >= 1`)
}

const exhausted = (work: Work, why: Unsolved): E.Either<Stop, never> =>
  E.left({ work, status: 'exhausted', why: O.some(why) })

const checked = (constants: MaidConstants): MaidConstants => {
  for (const name of NAMES) {
    const x = constants[name]
    if (!(x >= 0 && x < Number.POSITIVE_INFINITY))
      throw new RangeError(`constants.${name}: got ${x}, expected a finite number >= 0`)
  }
  positiveOf('constants.mu', constants.mu)
  if (!(constants.L >= constants.mu))
    throw new RangeError(`constants.L: got ${constants.L}, expected at least mu, ${constants.mu}`)
  return constants
}

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
export const maid = ({
  constants: given,
  epsilon,
  delta,
  alpha,
  eta = 0.5,
  decrease = 0.25,
  shrink = 0.5,
  grow = 10 / 9,
  refine = 0.5,
  relax = 1.25,
  backtracks = 10,
  rounds = 20,
  refinements = 100,
  lowerBudget = 10000,
  upperConvex = false,
  tolerance = 0,
}: MaidParams): BilevelMethod<MaidState, MaidOutputs> => {
  const constants = checked(given)
  const { mu, L, upperLipschitzY } = constants
  positiveOf('epsilon', epsilon)
  positiveOf('delta', delta)
  positiveOf('alpha', alpha)
  within('eta', eta, 0, 1)
  within('decrease', decrease, 0, eta)
  within('shrink', shrink, 0, 1)
  within('refine', refine, 0, 1)
  atLeastOne('grow', grow)
  atLeastOne('relax', relax)
  countOf('backtracks', backtracks, 1)
  countOf('rounds', rounds, 1)
  countOf('refinements', refinements, 1)
  countOf('lowerBudget', lowerBudget, 0)
  toleranceOf('tolerance', tolerance)
  const method = { rule: constant(2 / (L + mu)) }
  const move = mover(method)

  const solve = (x: Vector, y: Vector, accuracy: number) =>
    settle(move, (p) => lowerMerit(x, p, null), descentInit(method, y), {
      tolerance: accuracy * mu,
      budget: lowerBudget,
    })

  /** A hypergradient to the accuracies at hand, with its bound. */
  const estimate = (work: Work): Asking<E.Either<Stop, { readonly work: Work; readonly z: Hypergradient }>> =>
    chain(solve(work.x, work.y, work.epsilon), (solved) => {
      if (E.isLeft(solved)) return done(exhausted(work, solved.left))
      const { state, steps, residual: inner } = solved.right
      const at = { x: work.x, y: state.x }
      const settled = { ...work, y: at.y, lowerIterations: work.lowerIterations + steps }
      return chain(askInBoth('upper', at, null), (f) =>
        chain(
          solveByConjugateGradients(at, f.y, null, O.none, {
            iterations: MOST_CONJUGATE_GRADIENTS,
            tolerance: work.delta,
          }),
          (linear): Asking<E.Either<Stop, { readonly work: Work; readonly z: Hypergradient }>> => {
            if (E.isLeft(linear)) return done(exhausted(settled, linear.left))
            const { v, count, residual } = linear.right
            const left = O.getOrElse(() => Number.NaN)(residual)
            if (!(left <= work.delta))
              return done(
                exhausted(settled, {
                  reason: 'exhausted',
                  value: f.value,
                  message: `a linear residual of ${left} after ${count} conjugate gradients, expected <= ${work.delta}`,
                }),
              )
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
                    inner: work.epsilon * mu,
                    linear: work.delta,
                    slopeInY,
                  }),
                },
              }
              const next = { ...settled, cgIterations: settled.cgIterations + count, found: O.some(z) }
              return E.right({ work: next, z })
            })
          },
        ),
      )
    })

  /** Refines until the bound on the error is a part of the hypergradient. */
  const accurate = (work: Work, left: number): Asking<E.Either<Stop, Accurate>> => {
    if (left === 0)
      return done(
        exhausted(work, {
          reason: 'exhausted',
          value: Number.NaN,
          message: `an error bound above ${1 - eta} of the hypergradient after ${refinements} refinements`,
        }),
      )
    return chain(estimate(work), (found): Asking<E.Either<Stop, Accurate>> => {
      if (E.isLeft(found)) return done(found)
      const { work: next, z } = found.right
      const omega = O.getOrElse(() => Number.NaN)(z.certificate.errorBound)
      const b = O.getOrElse(() => Number.NaN)(z.slopeInY)
      const size = norm(z.gradient)
      if (size + omega <= tolerance) return done(E.left({ work: next, status: 'stationary', why: O.none }))
      if (!(omega <= (1 - eta) * size)) return accurate(refined(next, refine), left - 1)
      const e = next.epsilon
      const low = z.value - b * e - (upperConvex ? 0 : (upperLipschitzY * e * e) / 2)
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
    const tried: Work = { ...work, trials: work.trials + 1 }
    return chain(solve(x, work.y, e), (solved) => {
      if (E.isLeft(solved) && solved.left.reason === 'exhausted') return done(exhausted(tried, solved.left))
      // Where the lower level is not finite at a trial point the step is too long.
      if (E.isLeft(solved)) return search({ ...accurately, work: tried }, a * shrink, left - 1)
      const { state, steps } = solved.right
      const next = { ...tried, lowerIterations: tried.lowerIterations + steps }
      return chain(askInY('upper', { x, y: state.x }, null), (f) => {
        const up = f.value + norm(f.y) * e + (upperLipschitzY * e * e) / 2
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
          value: Number.NaN,
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
          const { refinements: refinedTimes, trials, found, ...state } = work
          const record = {
            k: before.k,
            x: before.x,
            y: O.isSome(found) ? found.value.y : state.y,
            value: O.isSome(found) ? found.value.value : Number.NaN,
            gradient: O.map((z: Hypergradient) => z.gradient)(found),
          }
          const own = {
            hypergradient: found,
            epsilon: state.epsilon,
            delta: state.delta,
            refinements: refinedTimes,
            trials,
          }
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
