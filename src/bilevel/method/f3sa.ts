import * as O from 'fp-ts/lib/Option.js'
import { double } from '../../../spec/vocabulary/number.js'
import { strict } from '../../../spec/vocabulary/strict.js'
import { descentCodec } from '../../optimizer/checkpoint.js'
import { descentInit } from '../../optimizer/iteration.js'
import { index, orNull, vector } from '../../optimizer/vector.js'
import type { Batch, Vector } from '../../problem/oracle.js'
import { chain, done, map } from '../../program/program.js'
import { boxOf, movedInto } from '../box.js'
import { nonNegativeOf } from '../hypergradient/domain.js'
import type { Asking, Level, Pair } from '../oracle.js'
import { type Schedule, scheduled, shareOf } from '../schedule.js'
import type { InnerStep } from './bilevelDescent.js'
import { type F2saParams, type F2saState, penalised, penaltyInX } from './f2sa.js'
import { lowerMerit } from './lower.js'
import { type BilevelMethod, type BilevelRecord, stateCodec, statusCodec } from './method.js'
import { mover } from './move.js'
import { type Estimate, estimateOf } from './storm.js'
import { boundSum, from, known, plus, stepOf } from './weighted.js'

/**
 * The parts of {@link f3sa}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface F3saParams extends Omit<F2saParams, 'steps'> {
  /** $\eta_k \in [0, 1]$: how much of the gradient is new; 1 is {@link f2sa} with one inner step. */
  readonly eta: Schedule
}

/**
 * The six estimates of {@link f3sa}, and where the first three were taken.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface F3saEstimates {
  readonly x: Vector
  readonly y: Vector
  readonly z: Vector
  /** $\nabla_y g(x, z)$. */
  readonly gz: Vector
  /** $\nabla_y f(x, y)$. */
  readonly fy: Vector
  /** $\nabla_y g(x, y)$. */
  readonly gy: Vector
  /** $\nabla_x f(x, y)$ with the new $y$. */
  readonly fx: Vector
  /** $\nabla_x g(x, y)$ with the new $y$. */
  readonly gxy: Vector
  /** $\nabla_x g(x, z)$ with the new $z$. */
  readonly gxz: Vector
}

/**
 * The state of {@link f3sa}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface F3saState extends F2saState {
  /** What the iteration before estimated; none before the first. */
  readonly estimates: O.Option<F3saEstimates>
}

/**
 * What {@link f3sa} shows of an iteration.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface F3saOutputs {
  readonly lambda: number
  /** $z$ after its step. */
  readonly z: Vector
  readonly estimates: F3saEstimates
  readonly inner: { readonly z: InnerStep; readonly y: InnerStep }
  readonly probes: number
}

/**
 * F3SA: {@link f2sa} with one inner step and recursive momentum. Each of its six gradients is estimated by
 * $$h_k = \nabla(w_k; s_k) + (1 - \eta_k)\,(h_{k-1} - \nabla(w_{k-1}; s_k)),$$
 * with the same sample $s_k$ at both points and an estimate of its own, so that a change of $\lambda$ leaves the estimates as they are.
 * The first estimates are the gradients; without noise all are, whatever $\eta$.
 *
 * The rules see the values of the sample and the estimates as gradients.
 *
 * Cost of an iteration: four gradients of $f$ and eight of $g$.
 *
 * A draft, not in version 1 of the standard: clause `draft.f3sa`.
 *
 * @throws RangeError if a parameter is outside its domain, a box is upside down, or the pieces of a method do not fit.
 * @cite kwon2023
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant } from 'steplaw'
 * import { f3sa, minimiseBilevel, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[0.5]], R: [[1]], p: [-2], r: [0.25] }],
 * })
 * const method = f3sa({
 *   z: { rule: constant(0.4) },
 *   y: { rule: constant(0.1) },
 *   x: { rule: constant(0.1) },
 *   lambda: { start: 4 },
 *   eta: 0.5,
 * })
 * const start = { x: Float64Array.of(0), y: Float64Array.of(0) }
 * const run = minimiseBilevel(problem, { method, start, iterations: 400 })
 * run.x.map((x) => Math.round(1e3 * x) / 1e3) // => Float64Array.of(-1.667)
 * ```
 */
export const f3sa = ({
  z: zMethod,
  y: yMethod,
  x: { box, ...xMethod },
  lambda: { start: lambda0, increment = 0 },
  eta,
}: F3saParams): BilevelMethod<F3saState, F3saOutputs> => {
  nonNegativeOf('lambda.start', lambda0)
  const grow = scheduled('lambda.increment', increment)
  const fresh = shareOf('eta', eta)
  const xBox = boxOf('x.box', box)
  const [moveX, moveY, moveZ] = [mover(xMethod), mover(yMethod), mover(zMethod)]

  return {
    name: 'f3sa',
    init: ({ x, y, z = y }) => ({
      k: 0,
      status: 'running',
      x: descentInit(xMethod, x),
      y: descentInit(yMethod, y),
      z: descentInit(zMethod, z),
      lambda: lambda0,
      estimates: O.none,
    }),
    point: ({ x, y }) => ({ x: x.x, y: y.x }),
    state: ({ x, y }) => {
      const [inX, inY] = [vector(x), vector(y)]
      return stateCodec('f3sa', {
        k: index,
        status: statusCodec,
        x: descentCodec(xMethod, x),
        y: descentCodec(yMethod, y),
        z: descentCodec(zMethod, y),
        lambda: double,
        estimates: orNull(
          strict('estimates', {
            x: inX,
            y: inY,
            z: inY,
            gz: inY,
            fy: inY,
            gy: inY,
            fx: inX,
            gxy: inX,
            gxz: inX,
          }),
        ),
      })
    },
    iterate: (state, draw) => {
      const { k, lambda } = state
      const { upper: S, cross: C } = draw
      const [x, y, z] = [state.x.x, state.y.x, state.z.x]
      const T = draw.lower(0)
      const share = fresh(k)
      const old = O.toNullable(state.estimates)
      const estimated = (
        variable: 'x' | 'y',
        level: Level,
        batch: Batch,
        now: Pair,
        at: (e: F3saEstimates) => Pair,
        which: (e: F3saEstimates) => Vector,
      ): Asking<Estimate> =>
        estimateOf(
          {
            in: variable,
            level,
            batch,
            now,
            before: old === null ? null : { at: at(old), estimate: which(old) },
          },
          share,
        )
      const inY = (level: Level, batch: Batch, which: (e: F3saEstimates) => Vector) =>
        estimated('y', level, batch, { x, y }, (e) => ({ x: e.x, y: e.y }), which)
      // What was the new y of the iteration before is the y of this one.
      const inX = (
        level: Level,
        batch: Batch,
        now: Vector,
        then: Vector,
        which: (e: F3saEstimates) => Vector,
      ) => estimated('x', level, batch, { x, y: now }, (e) => ({ x: e.x, y: then }), which)
      const zEstimate = estimated(
        'y',
        'lower',
        T,
        { x, y: z },
        (e) => ({ x: e.x, y: e.z }),
        (e) => e.gz,
      )

      return chain(zEstimate, (gz) =>
        chain(
          inY('upper', S, (e) => e.fy),
          (fy) =>
            chain(
              inY('lower', T, (e) => e.gy),
              (gy) => {
                const zMerit = { ...lowerMerit(x, z, T), here: done({ ...gz, gradient: gz.estimate }) }
                const yMerit = known(
                  { value: fy.value + lambda * gy.value, gradient: plus(fy.estimate, lambda, gy.estimate) },
                  penalised(x, lambda, S, T),
                  boundSum(fy, lambda, gy),
                )
                return chain(moveZ(from(state.z, k, z), zMerit), ([nextZ, zRecord]) =>
                  chain(moveY(from(state.y, k, y), yMerit), ([nextY, yRecord]) => {
                    const [y1, z1] = [nextY.x, nextZ.x]
                    return chain(
                      inX('upper', S, y1, y, (e) => e.fx),
                      (fx) =>
                        chain(
                          inX('lower', C, y1, y, (e) => e.gxy),
                          (gxy) =>
                            chain(
                              inX('lower', C, z1, z, (e) => e.gxz),
                              (gxz) => {
                                const gradient = plus(
                                  fx.estimate,
                                  lambda,
                                  plus(gxy.estimate, -1, gxz.estimate),
                                )
                                const value = fx.value + lambda * (gxy.value - gxz.value)
                                const estimates: F3saEstimates = {
                                  x,
                                  y,
                                  z,
                                  gz: gz.estimate,
                                  fy: fy.estimate,
                                  gy: gy.estimate,
                                  fx: fx.estimate,
                                  gxy: gxy.estimate,
                                  gxz: gxz.estimate,
                                }
                                const around = penaltyInX(y1, z1, { f: 1, g: lambda }, draw)
                                return map(
                                  moveX(state.x, known({ value, gradient }, around)),
                                  ([nextX, record]): readonly [F3saState, BilevelRecord<F3saOutputs>] => [
                                    {
                                      ...state,
                                      k: k + 1,
                                      x: movedInto(xBox, state.x, nextX),
                                      y: nextY,
                                      z: nextZ,
                                      lambda: lambda + grow(k),
                                      estimates: O.some(estimates),
                                    },
                                    {
                                      k,
                                      x,
                                      y: y1,
                                      value: fx.value,
                                      gradient: O.some(gradient),
                                      outcome: record.outcome,
                                      own: {
                                        lambda,
                                        z: z1,
                                        estimates,
                                        inner: { z: stepOf(zRecord), y: stepOf(yRecord) },
                                        probes: record.probed.length,
                                      },
                                    },
                                  ],
                                )
                              },
                            ),
                        ),
                    )
                  }),
                )
              },
            ),
        ),
      )
    },
  }
}
