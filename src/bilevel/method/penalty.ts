import * as O from 'fp-ts/lib/Option.js'
import { squaredNorm } from '../../numeric/index.js'
import { descentCodec } from '../../optimizer/checkpoint.js'
import { type DescentState, descentInit } from '../../optimizer/iteration.js'
import type { Method } from '../../optimizer/method.js'
import { index, orNull, vector } from '../../optimizer/vector.js'
import type { Batch, Vector } from '../../problem/oracle.js'
import { chain, done, map } from '../../program/program.js'
import { type Box, boxOf, into } from '../box.js'
import type { BilevelDraw } from '../draw.js'
import { countOf, toleranceOf } from '../hypergradient/domain.js'
import { type Asking, askInY, type Level, type Seen } from '../oracle.js'
import { type Schedule, scheduled, shareOf } from '../schedule.js'
import { type PenaltySteps, penaltyInX } from './f2sa.js'
import {
  type BilevelMethod,
  type BilevelRecord,
  type BilevelState,
  stateCodec,
  statusCodec,
} from './method.js'
import { type Merit, mover } from './move.js'
import {
  type InnerEstimates,
  innerEstimates,
  outerEstimates,
  type PenaltyEstimates,
  penaltyEstimates,
} from './penaltyMomentum.js'
import type { Estimate } from './storm.js'
import { boundSum, from, known, plus, type Slope, stepOf, weighted } from './weighted.js'

/**
 * The parts of {@link penalty}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface PenaltyParams {
  /** How $u$ descends $\sigma f_S + g_T$ and $w$ descends $g_T$, and for how many steps each; 1 is the single loop. */
  readonly inner: Method & { readonly steps: number; readonly box?: Box }
  /** How $x$ descends $\sigma f_S + g_C(x, u) - g_C(x, w)$. */
  readonly upper: Method & { readonly box?: Box }
  /** $\sigma_k \ge 0$, the weight of the upper level. */
  readonly sigma: Schedule
  /** How far the inner problems reach from $y$ and $z$: $\|u - y\|^2 / (2\rho)$ is added to them; nothing by default. */
  readonly rho?: number
  /** $b \in [0, 1]$: how far $y$ and $z$ go towards $u$ and $w$; all the way, 1, by default. */
  readonly average?: number
  /** $\eta_k \in [0, 1]$: how much of a gradient is new where gradients are estimated by recursive momentum, with one inner step. */
  readonly eta?: Schedule
}

/**
 * The state of {@link penalty}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface PenaltyState extends BilevelState {
  readonly x: DescentState
  readonly y: Vector
  readonly z: Vector
  /** $u$ and $w$ of the latest iteration, with what their method remembers. */
  readonly u: DescentState
  readonly w: DescentState
  /** What the iteration before estimated; none before the first, and without momentum. */
  readonly estimates: O.Option<PenaltyEstimates>
}

/**
 * What {@link penalty} shows of an iteration.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface PenaltyOutputs {
  readonly sigma: number
  readonly u: Vector
  readonly w: Vector
  /** The steps of $w$ (as `z`) and of $u$ (as `y`). */
  readonly inner: ReadonlyArray<PenaltySteps>
  /** How many steps the rule of $x$ probed. */
  readonly probes: number
}

/** What is added to an inner problem: $\|u - c\|^2 / (2\rho)$. */
const nearness = (centre: Vector, rho: number) => ({
  value: (u: Vector): number => squaredNorm(plus(u, -1, centre)) / (2 * rho),
  slope: <A extends Slope>(u: Vector, { value, gradient, ...rest }: A) => ({
    ...rest,
    value: value + squaredNorm(plus(u, -1, centre)) / (2 * rho),
    gradient: plus(gradient, 1 / rho, plus(u, -1, centre)),
  }),
})

const slopeOf = ({ estimate, ...seen }: Estimate): Seen & Slope => ({ ...seen, gradient: estimate })

/** $\sigma f + g$ of both. */
const weighed = (sigma: number, f: Seen & Slope, g: Seen & Slope): Seen & Slope => ({
  value: sigma * f.value + g.value,
  gradient: plus(g.gradient, sigma, f.gradient),
  lowerBound: boundSum(g, sigma, f),
  solutionValue: O.none,
})

/** $\sigma f_S + g_T$ with what keeps $u$ near, at $u$, where the slope may be an estimate. */
const innerMerit = (
  x: Vector,
  u: Vector,
  sigma: number,
  { S, T }: { readonly S: Batch; readonly T: Batch },
  { value, slope }: ReturnType<typeof nearness>,
  estimate: (Seen & Slope) | null,
): Merit => {
  const at = (y: Vector) => ({ x, y })
  const sum = weighted('y', [
    { weight: sigma, level: 'upper', batch: S, at },
    { weight: 1, level: 'lower', batch: T, at },
  ])
  const seenAt = (level: Level, batch: Batch): Asking<Seen & Slope> =>
    map(askInY(level, at(u), batch), ({ y: gradient, ...seen }) => ({ ...seen, gradient }))
  const sampled = (): Asking<Seen & Slope> =>
    sigma === 0
      ? seenAt('lower', T)
      : chain(seenAt('upper', S), (f) => map(seenAt('lower', T), (g) => weighed(sigma, f, g)))
  return {
    here: map(estimate === null ? sampled() : done(estimate), ({ lowerBound, ...seen }) => ({
      ...slope(u, seen),
      lowerBound,
      solutionValue: O.none,
    })),
    at: (y) => map(sum.at(y), (v) => v + value(y)),
    slopeAt: (y) => map(sum.slopeAt(y), (v) => slope(y, v)),
  }
}

/** $(1 - b)\, y + b\, u$. */
const mixed = (y: Vector, b: number, u: Vector): Vector =>
  b === 1 ? u : y.map((yi, i) => (1 - b) * yi + b * (u[i] ?? 0))

/**
 * The proximal penalty method (the standard, chapter Bilevel methods), which asks neither for a Hessian nor for one lower solution
 * alone: from $y$ and $z$, $u$ descends $\sigma f_S(x, \cdot) + g_T(x, \cdot) + \|\cdot - y\|^2/(2\rho)$ and $w$ descends
 * $g_T(x, \cdot) + \|\cdot - z\|^2/(2\rho)$ inside a box, then $y \leftarrow (1-b)\,y + b\,u$, $z \leftarrow (1-b)\,z + b\,w$, and $x$
 * moves along the gradient of $\sigma f_S(x, u) + g_C(x, u) - g_C(x, w)$ and back into its box.
 *
 * With exact inner solutions and $\rho = \infty$ the direction over $\sigma$ is the gradient of
 * $\psi_\sigma(x) = (\min_y (\sigma f + g) - \min_y g)/\sigma$; $\sigma = 1/\lambda$ of {@link f2sa}. Steps of $x$ of size $a$
 * are steps $\sigma a$ on $\psi_\sigma$.
 *
 * With `eta` and one inner step each of the six gradients is estimated by recursive momentum,
 * $h_k = \nabla(w_k; s_k) + (1 - \eta_k)\,(h_{k-1} - \nabla(w_{k-1}; s_k))$, with the same sample at both points, as in {@link f3sa}: the
 * single loop. Without noise it changes nothing. The rules see the values of the sample and the estimates as gradients.
 *
 * Cost of an iteration with $T$ inner steps: $T + 1$ gradients of $f$ and $2T + 2$ of $g$; twice as many with momentum.
 *
 * @throws RangeError if a parameter is outside its domain, a box is upside down, or the pieces of a method do not fit.
 * @cite kwon2024
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant } from 'steplaw'
 * import { minimiseBilevel, penalty, quadraticBilevel } from 'steplaw/bilevel'
 *
 * // g = x y on [-1, 1] and f = y + (x - 1/2)^2: y* = -1 wherever x > 0.
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[0]], B: [[1]], c: [0] }],
 *   upper: [{ P: [[0]], S: [[0]], R: [[2]], p: [1], r: [-1] }],
 * })
 * const method = penalty({
 *   inner: { steps: 5, rule: constant(2), box: [-1, 1] },
 *   upper: { rule: constant(1) },
 *   sigma: 0.25,
 * })
 * const start = { x: Float64Array.of(2), y: Float64Array.of(1) }
 * const run = minimiseBilevel(problem, { method, start, iterations: 60 })
 * run.x.map((x) => Math.round(1e6 * x) / 1e6) // => Float64Array.of(0.5)
 * run.y // => Float64Array.of(-1)
 * ```
 */
export const penalty = ({
  inner: { steps, box: innerBox, ...innerMethod },
  upper: { box: upperBox, ...upperMethod },
  sigma,
  rho = Number.POSITIVE_INFINITY,
  average = 1,
  eta,
}: PenaltyParams): BilevelMethod<PenaltyState, PenaltyOutputs> => {
  countOf('inner.steps', steps, 0)
  if (!(rho > 0)) throw new RangeError(`rho: got ${rho}, expected a number > 0`)
  if (!(average >= 0 && average <= 1))
    throw new RangeError(`average: got ${average}, expected a number from 0 to 1`)
  const sigmaAt = scheduled('sigma', sigma)
  const weightAt = (k: number): number => toleranceOf('sigma', sigmaAt(k))
  if (eta !== undefined && steps !== 1)
    throw new RangeError(`inner.steps: got ${steps}, expected 1 where there is eta`)
  const newAt = shareOf('eta', eta ?? 1)
  const yBox = boxOf('inner.box', innerBox)
  const xBox = boxOf('upper.box', upperBox)
  const moveInner = mover(innerMethod)
  const moveX = mover(upperMethod)

  interface Inner {
    readonly u: DescentState
    readonly w: DescentState
    readonly made: ReadonlyArray<PenaltySteps>
  }
  const innerLoop = (
    state: PenaltyState,
    draw: BilevelDraw,
    t: number,
    so: Inner,
    estimates: InnerEstimates | null,
  ): Asking<Inner> => {
    if (t === steps) return done(so)
    const { k } = state
    const { x } = state.x
    const on = { S: draw.upper, T: draw.lower(t) }
    const weight = weightAt(k)
    const [ofU, ofW] =
      estimates === null
        ? [null, null]
        : [weighed(weight, slopeOf(estimates.fy), slopeOf(estimates.gy)), slopeOf(estimates.gz)]
    const uMerit = innerMerit(x, so.u.x, weight, on, nearness(state.y, rho), ofU)
    const wMerit = innerMerit(x, so.w.x, 0, on, nearness(state.z, rho), ofW)
    return chain(moveInner({ ...so.u, k }, uMerit), ([u, uRecord]) =>
      chain(moveInner({ ...so.w, k }, wMerit), ([w, wRecord]) =>
        innerLoop(
          state,
          draw,
          t + 1,
          {
            u: into(yBox, u),
            w: into(yBox, w),
            made: [...so.made, { z: stepOf(wRecord), y: stepOf(uRecord) }],
          },
          null,
        ),
      ),
    )
  }

  return {
    name: 'penalty',
    init: ({ x, y, z = y }) => ({
      k: 0,
      status: 'running',
      x: descentInit(upperMethod, x),
      y,
      z,
      u: descentInit(innerMethod, y),
      w: descentInit(innerMethod, z),
      estimates: O.none,
    }),
    point: ({ x, y }) => ({ x: x.x, y }),
    state: ({ x, y }) =>
      stateCodec('penalty', {
        k: index,
        status: statusCodec,
        x: descentCodec(upperMethod, x),
        y: vector(y),
        z: vector(y),
        u: descentCodec(innerMethod, y),
        w: descentCodec(innerMethod, y),
        estimates: orNull(penaltyEstimates(x, y)),
      }),
    iterate: (state, draw) => {
      const { k } = state
      const { x } = state.x
      const weight = weightAt(k)
      const start = { u: from(state.u, k, state.y), w: from(state.w, k, state.z), made: [] }
      const { y, z } = state
      const share = newAt(k)
      const old = O.toNullable(state.estimates)
      const first: Asking<InnerEstimates | null> =
        eta === undefined
          ? done(null)
          : innerEstimates(old, share, {
              at: (which) => ({ x, y: which === 'gz' ? z : y }),
              batch: (level) => (level === 'upper' ? draw.upper : draw.lower(0)),
            })
      return chain(first, (inner) =>
        chain(innerLoop(state, draw, 0, start, inner), ({ u, w, made }) =>
          chain(
            outerEstimates(old, share, {
              at: (which) => ({ x, y: which === 'gw' ? w.x : u.x }),
              batch: (level) => (level === 'upper' ? draw.upper : draw.cross),
            }),
            ({ fx: f, gu, gw }) => {
              const gradient = plus(plus(gu.estimate, -1, gw.estimate), weight, f.estimate)
              const value = weight * f.value + (gu.value - gw.value)
              const estimates: O.Option<PenaltyEstimates> =
                inner === null
                  ? O.none
                  : O.some({
                      x,
                      y,
                      z,
                      u: u.x,
                      w: w.x,
                      fy: inner.fy.estimate,
                      gy: inner.gy.estimate,
                      gz: inner.gz.estimate,
                      fx: f.estimate,
                      gu: gu.estimate,
                      gw: gw.estimate,
                    })
              const merit = known({ value, gradient }, penaltyInX(u.x, w.x, { f: weight, g: 1 }, draw))
              return map(
                moveX(state.x, merit),
                ([nextX, record]): readonly [PenaltyState, BilevelRecord<PenaltyOutputs>] => [
                  {
                    ...state,
                    k: k + 1,
                    x: into(xBox, nextX),
                    y: mixed(state.y, average, u.x),
                    z: mixed(state.z, average, w.x),
                    u,
                    w,
                    estimates,
                  },
                  {
                    k,
                    x,
                    y: u.x,
                    value: f.value,
                    gradient: O.some(gradient),
                    outcome: record.outcome,
                    own: { sigma: weight, u: u.x, w: w.x, inner: made, probes: record.probed.length },
                  },
                ],
              )
            },
          ),
        ),
      )
    },
  }
}
