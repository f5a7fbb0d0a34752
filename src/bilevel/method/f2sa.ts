import * as O from 'fp-ts/lib/Option.js'
import { double } from '../../../spec/vocabulary/number.js'
import { pow } from '../../numeric/index.js'
import { descentCodec } from '../../optimizer/checkpoint.js'
import { type DescentState, descentInit } from '../../optimizer/iteration.js'
import type { Method } from '../../optimizer/method.js'
import { index } from '../../optimizer/vector.js'
import type { Batch, Vector } from '../../problem/oracle.js'
import { chain, done, map } from '../../program/program.js'
import { constant } from '../../rule/atom/constant.js'
import { type Box, boxOf, movedInto } from '../box.js'
import type { BilevelDraw } from '../draw.js'
import { countOf, nonNegativeOf, positiveOf } from '../hypergradient/domain.js'
import { type Asking, askInX, askInY } from '../oracle.js'
import { type Schedule, scheduled } from '../schedule.js'
import type { InnerStep } from './bilevelDescent.js'
import { lowerMerit } from './lower.js'
import {
  type BilevelMethod,
  type BilevelRecord,
  type BilevelState,
  stateCodec,
  statusCodec,
} from './method.js'
import { type Merit, mover } from './move.js'
import { boundSum, from, known, plus, stepOf, type Term, weighted } from './weighted.js'

/**
 * The weight $\lambda$ of a penalty: where it starts, and what is added to it after every iteration (0 by default).
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface PenaltyWeight {
  readonly start: number
  readonly increment?: Schedule
}

/**
 * The weight $\lambda_k = \lambda_0 (k + 1)^p$.
 *
 * The increments of such a weight fall like $k^{p-1}$. Adding increments of order $k^p$ instead makes it grow like $k^{p+1}$.
 *
 * @param params - `start` $\lambda_0 > 0$ and `exponent` $p$.
 * @throws RangeError if a parameter is outside its domain.
 * @cite kwon2023
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { powerWeight } from 'steplaw/bilevel'
 *
 * const weight = powerWeight({ start: 0.5, exponent: 2 })
 * weight.increment(1) // => 2.5
 * ```
 */
export const powerWeight = ({
  start,
  exponent,
}: {
  readonly start: number
  readonly exponent: number
}): PenaltyWeight & { readonly increment: (k: number) => number } => {
  positiveOf('start', start)
  if (!Number.isFinite(exponent)) throw new RangeError(`exponent: got ${exponent}, expected a finite number`)
  return { start, increment: (k) => start * (pow(k + 2, exponent) - pow(k + 1, exponent)) }
}

/**
 * The parts of {@link f2sa}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface F2saParams {
  /** The steps $T \ge 0$ of $z$ and of $y$ in each iteration. */
  readonly steps: number
  /** How $z$ descends $g_T(x, \cdot)$. */
  readonly z: Method
  /** How $y$ descends $f_S(x, \cdot) + \lambda g_T(x, \cdot)$. */
  readonly y: Method
  /** How $x$ descends $f_S + \lambda\,(g_C(x, y) - g_C(x, z))$. */
  readonly x: Method & { readonly box?: Box }
  readonly lambda: PenaltyWeight
}

/**
 * The state of {@link f2sa}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface F2saState extends BilevelState {
  readonly x: DescentState
  /** Follows the minimiser of $f + \lambda g$. */
  readonly y: DescentState
  /** Follows the minimiser of $g$. */
  readonly z: DescentState
  readonly lambda: number
}

/**
 * What the two lower rules did in one step.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface PenaltySteps {
  readonly z: InnerStep
  readonly y: InnerStep
}

/**
 * What {@link f2sa} shows of an iteration.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface F2saOutputs {
  /** The $\lambda$ of this iteration. */
  readonly lambda: number
  /** $z$ after the inner steps. */
  readonly z: Vector
  readonly inner: ReadonlyArray<PenaltySteps>
  /** How many steps the rule of $x$ probed. */
  readonly probes: number
}

/** $f_S + \lambda g_T$ in $y$. */
export const penalised = (x: Vector, lambda: number, S: Batch, T: Batch): ReturnType<typeof weighted> => {
  const at = (y: Vector) => ({ x, y })
  return weighted('y', [
    { weight: 1, level: 'upper', batch: S, at },
    { weight: lambda, level: 'lower', batch: T, at },
  ])
}

/** $f_S + \lambda g_T$ at $y$. */
const penalisedAt = (x: Vector, y: Vector, lambda: number, S: Batch, T: Batch): Merit => ({
  ...penalised(x, lambda, S, T),
  here: chain(askInY('upper', { x, y }, S), (f) =>
    map(askInY('lower', { x, y }, T), (g) => ({
      value: f.value + lambda * g.value,
      gradient: plus(f.y, lambda, g.y),
      lowerBound: boundSum(f, lambda, g),
      solutionValue: O.none,
    })),
  ),
})

/** $f_S + \lambda\,(g_C(x, y) - g_C(x, z))$ in $x$. */
export const penaltyInX = (
  y: Vector,
  z: Vector,
  weights: { readonly f: number; readonly g: number },
  { upper, cross }: BilevelDraw,
): ReturnType<typeof weighted> => {
  const term = (weight: number, level: 'upper' | 'lower', yy: Vector): Term => ({
    weight,
    level,
    batch: level === 'upper' ? upper : cross,
    at: (x) => ({ x, y: yy }),
  })
  return weighted('x', [
    term(weights.f, 'upper', y),
    term(weights.g, 'lower', y),
    term(-weights.g, 'lower', z),
  ])
}

/**
 * F2SA, first-order stochastic approximation by a penalty (the standard, chapter Bilevel methods): $z$ follows the minimiser of
 * $g(x, \cdot)$ and $y$ that of $f(x, \cdot) + \lambda g(x, \cdot)$ by $T$ steps each, $z$ first; then with the new $y$ and $z$
 * $x$ moves along the gradient of $f_S(x, y) + \lambda\,(g_C(x, y) - g_C(x, z))$, and $\lambda$ grows. No second derivative is asked
 * for.
 *
 * With $y$ and $z$ exact the direction is the gradient of $\min_y f(x, y) + \lambda\,(g(x, y) - g^*(x))$, which is $O(1/\lambda)$
 * from $\nabla F$ (see {@link penaltyGradient}). The step of $y$ has to shrink as $1/\lambda$.
 *
 * Cost of an iteration: $T$ gradients of $f$, $2T$ of $g$, and one of $f$ and two of $g$ for $x$; a probe of $x$ takes three values.
 *
 * @throws RangeError if a parameter is outside its domain, a box is upside down, or the pieces of a method do not fit.
 * @cite kwon2023
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant } from 'steplaw'
 * import { f2sa, minimiseBilevel, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[2]], p: [-2], r: [0.25] }],
 * })
 * const method = f2sa({
 *   steps: 10,
 *   z: { rule: constant(0.4) },
 *   y: { rule: constant(0.0004) },
 *   x: { rule: constant(0.5) },
 *   lambda: { start: 1000 },
 * })
 * const start = { x: Float64Array.of(0), y: Float64Array.of(0) }
 * const run = minimiseBilevel(problem, { method, start, iterations: 60 })
 * run.x.map((x) => Math.round(1e2 * x) / 1e2) // => Float64Array.of(-1.2)
 * ```
 */
export const f2sa = ({
  steps,
  z: zMethod,
  y: yMethod,
  x: { box, ...xMethod },
  lambda: { start: lambda0, increment = 0 },
}: F2saParams): BilevelMethod<F2saState, F2saOutputs> => {
  countOf('steps', steps, 0)
  nonNegativeOf('lambda.start', lambda0)
  const grow = scheduled('lambda.increment', increment)
  const xBox = boxOf('x.box', box)
  const [moveX, moveY, moveZ] = [mover(xMethod), mover(yMethod), mover(zMethod)]

  interface Followed {
    readonly y: DescentState
    readonly z: DescentState
    readonly made: ReadonlyArray<PenaltySteps>
  }
  const follow = (state: F2saState, draw: BilevelDraw, t: number, so: Followed): Asking<Followed> => {
    if (t === steps) return done(so)
    const { x } = state.x
    const T = draw.lower(t)
    return chain(moveZ({ ...so.z, k: state.k }, lowerMerit(x, so.z.x, T)), ([z, zRecord]) =>
      chain(
        moveY({ ...so.y, k: state.k }, penalisedAt(x, so.y.x, state.lambda, draw.upper, T)),
        ([y, yRecord]) =>
          follow(state, draw, t + 1, {
            y,
            z,
            made: [...so.made, { z: stepOf(zRecord), y: stepOf(yRecord) }],
          }),
      ),
    )
  }

  return {
    name: 'f2sa',
    init: ({ x, y, z = y }) => ({
      k: 0,
      status: 'running',
      x: descentInit(xMethod, x),
      y: descentInit(yMethod, y),
      z: descentInit(zMethod, z),
      lambda: lambda0,
    }),
    point: ({ x, y }) => ({ x: x.x, y: y.x }),
    state: ({ x, y }) =>
      stateCodec('f2sa', {
        k: index,
        status: statusCodec,
        x: descentCodec(xMethod, x),
        y: descentCodec(yMethod, y),
        z: descentCodec(zMethod, y),
        lambda: double,
      }),
    iterate: (state, draw) => {
      const { k, lambda } = state
      const { x } = state.x
      const start = { y: from(state.y, k, state.y.x), z: from(state.z, k, state.z.x), made: [] }
      return chain(follow(state, draw, 0, start), ({ y, z, made }) =>
        chain(askInX('upper', { x, y: y.x }, draw.upper), (f) =>
          chain(askInX('lower', { x, y: y.x }, draw.cross), (gy) =>
            chain(askInX('lower', { x, y: z.x }, draw.cross), (gz) => {
              const gradient = plus(f.x, lambda, plus(gy.x, -1, gz.x))
              const value = f.value + lambda * (gy.value - gz.value)
              const merit = known({ value, gradient }, penaltyInX(y.x, z.x, { f: 1, g: lambda }, draw))
              return map(
                moveX(state.x, merit),
                ([nextX, record]): readonly [F2saState, BilevelRecord<F2saOutputs>] => [
                  { ...state, k: k + 1, x: movedInto(xBox, state.x, nextX), y, z, lambda: lambda + grow(k) },
                  {
                    k,
                    x,
                    y: y.x,
                    value: f.value,
                    gradient: O.some(gradient),
                    outcome: record.outcome,
                    own: { lambda, z: z.x, inner: made, probes: record.probed.length },
                  },
                ],
              )
            }),
          ),
        ),
      )
    },
  }
}

/**
 * The parameters of {@link f2ba}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface F2baParams {
  /** The steps $T \ge 0$ of both lower problems in each iteration. */
  readonly steps: number
  /** The weight $\lambda > 0$. */
  readonly lambda: number
  /** The step on $g$ and on $f / \lambda + g$. */
  readonly lowerStep: number
  /** The step of $x$. */
  readonly upperStep: number
}

/**
 * F2BA: {@link f2sa} with a constant weight and two step sizes. $y$ descends $f / \lambda + g$ with the step of $z$, that is,
 * $f + \lambda g$ with $1/\lambda$ of it.
 *
 * @throws RangeError if a parameter is outside its domain.
 * @cite chen2025
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { f2ba, minimiseBilevel, quadraticBilevel } from 'steplaw/bilevel'
 *
 * // With S = P B / H the penalty has no bias, whatever its weight.
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[0.5]], R: [[1]], p: [-2], r: [0.25] }],
 * })
 * const method = f2ba({ steps: 20, lambda: 4, lowerStep: 0.4, upperStep: 0.5 })
 * const start = { x: Float64Array.of(0), y: Float64Array.of(0) }
 * const run = minimiseBilevel(problem, { method, start, iterations: 100 })
 * run.x.map((x) => Math.round(1e6 * x) / 1e6) // => Float64Array.of(-1.666667)
 * ```
 */
export const f2ba = ({
  steps,
  lambda,
  lowerStep,
  upperStep,
}: F2baParams): BilevelMethod<F2saState, F2saOutputs> => ({
  ...f2sa({
    steps,
    z: { rule: constant(lowerStep) },
    y: { rule: constant(lowerStep / positiveOf('lambda', lambda)) },
    x: { rule: constant(upperStep) },
    lambda: { start: lambda },
  }),
  name: 'f2ba',
})
