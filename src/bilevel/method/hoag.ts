import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { double } from '../../../spec/vocabulary/number.js'
import { strict } from '../../../spec/vocabulary/strict.js'
import { norm, pow } from '../../numeric/index.js'
import { descentCodec } from '../../optimizer/checkpoint.js'
import { type DescentState, descentInit } from '../../optimizer/iteration.js'
import type { Method } from '../../optimizer/method.js'
import { index, orNull, vector } from '../../optimizer/vector.js'
import type { Vector } from '../../problem/oracle.js'
import { chain, done, map } from '../../program/program.js'
import { constant } from '../../rule/atom/constant.js'
import { fail, type Outcome, step } from '../../rule/outcome.js'
import { type Box, boxOf, into, projected } from '../box.js'
import { countOf, positiveOf } from '../hypergradient/domain.js'
import type { Hypergradient, Unsolved } from '../hypergradient/hypergradient.js'
import { minusScaled } from '../hypergradient/path.js'
import { type Asking, askCross, askInBoth, askInY, askValue } from '../oracle.js'
import { lowerMerit, settle, solveLinear } from './lower.js'
import {
  type BilevelMethod,
  type BilevelRecord,
  type BilevelState,
  stateCodec,
  statusCodec,
} from './method.js'
import { type Merit, mover } from './move.js'
import { from, plus } from './weighted.js'

/**
 * The step of {@link hoag} that adapts itself.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface AdaptiveStep {
  /** The first $L$; by default $\|z_0\|/\sqrt n$ where $\|z_0\| > 10^{-3}$, else 1. */
  readonly start?: number
}

/**
 * The parts of {@link hoag}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface HoagParams {
  /** $\epsilon > 0$, the first tolerance. */
  readonly epsilon: number
  /** How the tolerance falls: $\epsilon r^k$ (the default), $\epsilon/(k+1)^2$ or $\epsilon/(k+1)^3$; never below $10^{-12}$. */
  readonly tolerances?: 'exponential' | 'quadratic' | 'cubic'
  /** $r \in (0, 1]$ of the exponential; 0.9 by default. */
  readonly ratio?: number
  /** How $y$ descends $g(x, \cdot)$, for at most `budget` steps in each iteration. */
  readonly inner: Method & { readonly budget: number }
  /** The most conjugate gradients in each iteration; 1000 by default. */
  readonly cgBudget?: number
  /** How $x$ descends along the hypergradient: by a method, or by the step that adapts itself. */
  readonly upper: (Method | { readonly adaptive: AdaptiveStep }) & { readonly box?: Box }
}

/**
 * What the adaptive step of {@link hoag} remembers.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface AdaptiveState {
  /** $1/L$ is the step. */
  readonly L: number
  /** What the tolerances are multiplied by: a half for every step taken back. */
  readonly scale: number
  /** Where the latest step came from: $x$, the value and the tolerance there. None where there is no step to judge. */
  readonly before: O.Option<{ readonly x: Vector; readonly value: number; readonly tolerance: number }>
}

/**
 * The state of {@link hoag}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface HoagState extends BilevelState {
  readonly x: DescentState
  readonly y: DescentState
  /** The latest solution of the linear system. */
  readonly v: O.Option<Vector>
  /** None before the first step, and where a method moves $x$. */
  readonly adaptive: O.Option<AdaptiveState>
}

/**
 * What {@link hoag} shows of an iteration.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface HoagOutputs {
  /** The hypergradient, or what could not be reached. */
  readonly hypergradient: E.Either<Unsolved, Hypergradient>
  /** The tolerance $e_k$ of both solves. */
  readonly tolerance: number
  readonly lowerIterations: number
  readonly cgIterations: number
  /** How many steps the upper rule probed. */
  readonly probes: number
  /** Whether the step that led here was taken back (by the adaptive step). */
  readonly restored: boolean
}

const FLOOR = 1e-12

/** What comes of an upper step. */
interface Moved {
  readonly x: DescentState
  readonly adaptive: O.Option<AdaptiveState>
  readonly outcome: Outcome
  readonly probes: number
  readonly restored: boolean
}

/** The slack of the test of decrease, and what counts as an increase. */
const SLACK = 0.25
const INCREASE = 0.2

/**
 * One step of the size $1/L$, after the step that led here has been judged: with $d = \|x_k - x_{k-1}\|$, $L$ shrinks by 5 % where
 * $f_k \le f_{k-1} + C e_k + (C + 1)\, e_{k-1} d - L d^2$, and where $f_k$ is a fifth above $f_{k-1}$ it doubles, $x$ goes back to
 * $x_{k-1}$ and the tolerances are halved.
 */
const adaptiveMove = (
  state: DescentState,
  memory: O.Option<AdaptiveState>,
  { start }: AdaptiveStep,
  box: Box | null,
  {
    value,
    gradient,
    tolerance,
  }: { readonly value: number; readonly gradient: Vector; readonly tolerance: number },
): Moved => {
  const { k, x } = state
  const size = norm(gradient)
  const first: AdaptiveState = {
    L: start ?? (size > 1e-3 ? size / Math.sqrt(x.length) : 1),
    scale: 1,
    before: O.none,
  }
  const { L: L0, scale, before } = O.getOrElse(() => first)(memory)
  const stepped = (L: number): Moved => ({
    x: { ...state, k: k + 1, x: projected(box, minusScaled(x, 1 / L, gradient)) },
    adaptive: O.some({ L, scale, before: O.some({ x, value, tolerance }) }),
    outcome: step(1 / L),
    probes: 0,
    restored: false,
  })
  if (O.isNone(before)) return stepped(L0)
  const { x: x0, value: f0, tolerance: e0 } = before.value
  const d = norm(plus(x, -1, x0))
  if (value <= f0 + SLACK * tolerance + (SLACK + 1) * e0 * d - L0 * d * d) return stepped(0.95 * L0)
  if (!(value >= f0 + INCREASE * Math.abs(f0))) return stepped(L0)
  return {
    x: { ...state, k: k + 1, x: x0 },
    adaptive: O.some({ L: 2 * L0, scale: scale / 2, before: O.none }),
    outcome: fail('refused'),
    probes: 0,
    restored: true,
  }
}

/**
 * HOAG, hyperparameter optimisation with an approximate gradient (the standard, chapter Bilevel methods): in iteration $k$ both solves
 * are made to the tolerance $e_k$ of a sequence that falls to zero, whatever happens. $y$ takes steps on $g(x, \cdot)$ from where it
 * was until $\|\nabla_y g\| \le e_k$, $v$ comes from conjugate gradients from where it was until $\|H v - \nabla_y f\| \le e_k$, and
 * $x$ moves along $z = \nabla_x f - J v$ and back into its box. Deterministic: no draw is read.
 *
 * $x$ is moved by any rule along any direction; a rule that probes sees $f(\hat x, \hat y)$ with $\hat x = x + a p$ and
 * $\hat y = y - \beta \nabla_y g(\hat x, y)$, $\beta$ the latest step that $y$ took. Or by the method's own adaptive step $1/L$, which
 * judges the step that led to $x_k$ once $f$ is known there: $L \leftarrow 0.95\,L$ where it gained enough, and where $f$ rose by a
 * fifth $L \leftarrow 2 L$, $x \leftarrow x_{k-1}$ and the tolerances are halved. Each step is made once. That step is a draft, not in
 * version 1 of the standard: clause `draft.hoag.adaptive`.
 *
 * The run ends `exhausted` where `budget` steps or `cgBudget` conjugate gradients do not come to the tolerance, or $H$ is not positive
 * definite. $x$ stays then, and the record says what was missed.
 *
 * Cost of an iteration: a gradient of $g$ for each step of $y$ and one more, two gradients of $f$, conjugate gradients, one cross
 * product; for each probe one gradient of $g$ and one value of $f$.
 *
 * @throws RangeError if a parameter is outside its domain, a box is upside down, or the pieces of a method do not fit.
 * @cite pedregosa2016
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant } from 'steplaw'
 * import { hoag, minimiseBilevel, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[2]], p: [-2], r: [0.25] }],
 * })
 * const method = hoag({
 *   epsilon: 0.1,
 *   inner: { rule: constant(0.4), budget: 100 },
 *   upper: { rule: constant(0.5), box: [-1, 1] },
 * })
 * const start = { x: Float64Array.of(0), y: Float64Array.of(0) }
 * const run = minimiseBilevel(problem, { method, start, iterations: 100 })
 * run.x // => Float64Array.of(-1)
 * run.records.map(({ own }) => Math.round(1e4 * own.tolerance) / 1e4).slice(0, 3) // => [0.1, 0.09, 0.081]
 * ```
 */
export const hoag = ({
  epsilon,
  tolerances = 'exponential',
  ratio = 0.9,
  inner: { budget, ...innerMethod },
  cgBudget = 1000,
  upper: { box, ...upper },
}: HoagParams): BilevelMethod<HoagState, HoagOutputs> => {
  positiveOf('epsilon', epsilon)
  if (!(ratio > 0 && ratio <= 1)) throw new RangeError(`ratio: got ${ratio}, expected a number in (0, 1]`)
  if (!['exponential', 'quadratic', 'cubic'].includes(tolerances))
    throw new RangeError(`tolerances: got ${tolerances}, expected exponential, quadratic or cubic`)
  countOf('inner.budget', budget, 0)
  countOf('cgBudget', cgBudget, 0)
  const adapts = 'adaptive' in upper ? upper.adaptive : null
  if (adapts?.start !== undefined) positiveOf('upper.adaptive.start', adapts.start)
  // What remembers the point where the step adapts itself; it is never asked for a step.
  const upperMethod: Method = 'adaptive' in upper ? { rule: constant(0) } : upper
  const xBox = boxOf('upper.box', box)
  const moveY = mover(innerMethod)
  const moveX = mover(upperMethod)

  const toleranceAt = (k: number, adaptive: O.Option<AdaptiveState>): number => {
    const scale = O.isSome(adaptive) ? adaptive.value.scale : 1
    const n = k + 1
    const factor =
      tolerances === 'exponential' ? pow(ratio, k) : 1 / (tolerances === 'quadratic' ? n * n : n * n * n)
    return Math.max(FLOOR, scale * epsilon * factor)
  }

  const move = (
    state: HoagState,
    y: DescentState,
    found: Hypergradient,
    tolerance: number,
  ): Asking<Moved> => {
    const { gradient, value } = found
    if (adapts !== null)
      return done(adaptiveMove(state.x, state.adaptive, adapts, xBox, { value, gradient, tolerance }))
    const at = (x: Vector): Asking<number> => {
      const followed: Asking<Vector> = O.isNone(y.executed)
        ? done(y.x)
        : map(askInY('lower', { x, y: y.x }, null), (g) =>
            minusScaled(y.x, O.getOrElse(() => 0)(y.executed), g.y),
          )
      return chain(followed, (yHat) => askValue('upper', { x, y: yHat }, null))
    }
    const { lowerBound, solutionValue } = found
    const merit: Merit = { here: done({ value, gradient, lowerBound, solutionValue }), at }
    return map(moveX(state.x, merit), ([x, { outcome, probed }]) => ({
      x: into(xBox, x),
      adaptive: O.none,
      outcome,
      probes: probed.length,
      restored: false,
    }))
  }

  type Stepped = readonly [HoagState, BilevelRecord<HoagOutputs>]

  return {
    name: 'hoag',
    init: ({ x, y, v }) => ({
      k: 0,
      status: 'running',
      x: descentInit(upperMethod, x),
      y: descentInit(innerMethod, y),
      v: O.fromNullable(v),
      adaptive: O.none,
    }),
    point: ({ x, y }) => ({ x: x.x, y: y.x }),
    state: ({ x, y }) =>
      stateCodec('hoag', {
        k: index,
        status: statusCodec,
        x: descentCodec(upperMethod, x),
        y: descentCodec(innerMethod, y),
        v: orNull(vector(y)),
        adaptive: orNull(
          strict('what the adaptive step remembers', {
            L: double,
            scale: double,
            before: orNull(
              strict('where the step came from', { x: vector(x), value: double, tolerance: double }),
            ),
          }),
        ),
      }),
    iterate: (state) => {
      const { k } = state
      const { x } = state.x
      const tolerance = toleranceAt(k, state.adaptive)
      const stopped = (why: Unsolved, y: Vector, value: number, lowerIterations: number): Stepped => [
        { ...state, k: k + 1, x: { ...state.x, k: k + 1 }, status: 'exhausted' },
        {
          k,
          x,
          y,
          value,
          gradient: O.none,
          outcome: fail('budgetExhausted'),
          own: {
            hypergradient: E.left(why),
            tolerance,
            lowerIterations,
            cgIterations: 0,
            probes: 0,
            restored: false,
          },
        },
      ]
      const start = from(state.y, k, state.y.x)
      const lower = (y: Vector) => lowerMerit(x, y, null)
      return chain(settle(moveY, lower, start, { tolerance, budget }), (solved): Asking<Stepped> => {
        if (E.isLeft(solved)) return done(stopped(solved.left, state.y.x, Number.NaN, 0))
        const { state: y, steps, residual: inner } = solved.right
        const at = { x, y: y.x }
        return chain(askInBoth('upper', at, null), (f) =>
          chain(solveLinear(at, f.y, state.v, { budget: cgBudget, tolerance }), (linear): Asking<Stepped> => {
            if (E.isLeft(linear)) return done(stopped(linear.left, y.x, f.value, steps))
            const { v, count, left } = linear.right
            return chain(askCross(at, v, null), (Jv) => {
              const found: Hypergradient = {
                form: 'implicit',
                value: f.value,
                gradient: minusScaled(f.x, 1, Jv),
                y: y.x,
                v: O.some(v),
                count,
                slopeInY: O.some(norm(f.y)),
                lowerBound: f.lowerBound,
                solutionValue: f.solutionValue,
                certificate: {
                  innerResidual: O.some(inner),
                  linearResidual: O.some(left),
                  errorBound: O.none,
                },
              }
              return map(
                move(state, y, found, tolerance),
                ({ x: nextX, adaptive, outcome, probes, restored }): Stepped => [
                  { ...state, k: k + 1, x: nextX, y: { ...y, k: k + 1 }, v: O.some(v), adaptive },
                  {
                    k,
                    x,
                    y: y.x,
                    value: f.value,
                    gradient: O.some(found.gradient),
                    outcome,
                    own: {
                      hypergradient: E.right(found),
                      tolerance,
                      lowerIterations: steps,
                      cgIterations: count,
                      probes,
                      restored,
                    },
                  },
                ],
              )
            })
          }),
        )
      })
    },
  }
}
