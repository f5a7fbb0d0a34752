import * as O from 'fp-ts/lib/Option.js'
import { squaredNorm } from '../../numeric/index.js'
import { descentCodec } from '../../optimizer/checkpoint.js'
import { type DescentState, descentInit } from '../../optimizer/iteration.js'
import type { Method } from '../../optimizer/method.js'
import { index, vector } from '../../optimizer/vector.js'
import type { Vector } from '../../problem/oracle.js'
import { chain, done, map } from '../../program/program.js'
import { type Box, boxOf, movedInto } from '../box.js'
import type { BilevelDraw } from '../draw.js'
import { type FiniteLoop, type Looped, loopedObjective } from '../hypergradient/finiteLoop.js'
import { minusScaled } from '../hypergradient/path.js'
import type { Asking, Pair } from '../oracle.js'
import {
  type BilevelMethod,
  type BilevelRecord,
  type BilevelStart,
  type BilevelState,
  stateCodec,
  statusCodec,
} from './method.js'
import { mover } from './move.js'
import { finiteOrNone } from './singleLoop.js'

/**
 * The parts of {@link ufom} and its relatives.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface LoopDescentParams extends FiniteLoop {
  /** How $x$ descends $F_r$. */
  readonly upper: Method & { readonly box?: Box }
}

/**
 * The state of {@link ufom}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface LoopDescentState extends BilevelState {
  readonly x: DescentState
  /** $y_0$ of the run. */
  readonly start: Vector
}

/**
 * What {@link ufom} shows of an iteration.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface UfomOutputs {
  /** The probability of an exact pass. */
  readonly q: number
  /** Whether there was one. */
  readonly exact: boolean
  /** $G_{fo}$. */
  readonly firstOrder: Vector
  /** $y_r$, of every loop. */
  readonly ends: ReadonlyArray<Vector>
  /** How many steps the upper rule probed. */
  readonly probes: number
}

/** What an exact pass shows of the two gradients: $\|G_{fo} - G_{ex}\|^2$ and $\|G_{ex}\|^2$. */
export interface Moments {
  readonly D2: number
  readonly V2: number
}

/** An iteration with a known coin. */
export interface Tossed {
  readonly x: DescentState
  readonly record: BilevelRecord<UfomOutputs>
  /** Where an exact pass was made. */
  readonly moments: O.Option<Moments>
}

/** $G_{fo} + (G_{ex} - G_{fo}) / q$, which is $G_{ex}$ for $q = 1$; $G_{fo}$ where there was no exact pass. */
const debiased = ({ firstOrder, exact }: Looped, q: number): Vector => {
  if (O.isNone(exact)) return firstOrder
  return q === 1 ? exact.value : firstOrder.map((fo, i) => fo + ((exact.value[i] ?? 0) - fo) / q)
}

/** Descent on a finite loop, with the coin and its probability as given. */
export const loopDescent = (params: LoopDescentParams) => {
  const {
    upper: { box, ...upper },
    initialise,
  } = params
  const xBox = boxOf('upper.box', box)
  const move = mover(upper)
  const { value, gradient } = loopedObjective(params)
  return {
    init: ({ x, y }: BilevelStart): LoopDescentState => {
      if (initialise === 'outer' && x.length !== y.length)
        throw new RangeError(
          `initialise: got outer where x has ${x.length} and y ${y.length} entries, expected as many`,
        )
      return { k: 0, status: 'running', x: descentInit(upper, x), start: y }
    },
    point: ({ x, start }: LoopDescentState): Pair => ({ x: x.x, y: initialise === 'outer' ? x.x : start }),
    codecs: ({ x, y }: { readonly x: number; readonly y: number }) => ({
      k: index,
      status: statusCodec,
      x: descentCodec(upper, x),
      start: vector(y),
    }),
    toss: (
      { k, x: state, start }: LoopDescentState,
      draw: BilevelDraw,
      { exact, q }: { readonly exact: boolean; readonly q: number },
    ): Asking<Tossed> =>
      chain(gradient(state.x, start, draw, exact), (found) => {
        const G = debiased(found, q)
        const merit = {
          here: done({ ...found, gradient: G }),
          at: (x: Vector) => value(x, start, draw),
        }
        return map(move(state, merit), ([next, { outcome, probed }]) => ({
          x: movedInto(xBox, state, next),
          record: {
            k,
            x: state.x,
            y: found.ends[0] ?? start,
            value: found.value,
            gradient: finiteOrNone(G),
            outcome,
            own: { q, exact, firstOrder: found.firstOrder, ends: found.ends, probes: probed.length },
          },
          moments: O.map((ex: Vector) => ({
            D2: squaredNorm(minusScaled(found.firstOrder, 1, ex)),
            V2: squaredNorm(ex),
          }))(found.exact),
        }))
      }),
  }
}

/** A probability: from 0 (or above it) to 1. */
export const probabilityOf = (field: string, q: number, zero: boolean): number => {
  if ((zero ? q >= 0 : q > 0) && q <= 1) return q
  throw new RangeError(`${field}: got ${q}, expected a number ${zero ? '>= 0' : '> 0'} and <= 1`)
}

/**
 * The parts of {@link ufom}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface UfomParams extends LoopDescentParams {
  /** The probability of an exact pass, from 0 to 1. */
  readonly q: number
}

/**
 * UFOM, the unbiased first-order method (clause `method.ufom`), on the objective $F_r(x) = f(x, y_r(x))$ of a finite inner loop: with
 * the first-order gradient $G_{fo}$ and, where the coin $\xi$ shows 1, the exact one $G_{ex} = \nabla F_r$,
 * $$G = G_{fo} + \frac{\xi}{q} (G_{ex} - G_{fo}), \qquad x^+ = x - \gamma_k G .$$
 *
 * For a coin that shows 1 with probability $q$ the mean of $G$ is $G_{ex}$ and its variance $(1/q - 1) \|G_{fo} - G_{ex}\|^2$, both
 * exactly. $q = 1$ is descent along $\nabla F_r$; $q = 0$ is the biased {@link fom}, which reads no coin and may come to rest where
 * $\nabla F_r \ne 0$. Where the coin shows 0, nothing of the exact pass is run, or held.
 *
 * $x$ moves by any rule along any direction; rules probe $F_r$ itself by a whole inner loop from the trial point.
 * {@link optimalQ} balances the two costs, {@link adaptiveUfom} does so as it goes.
 *
 * Draws: `coin`; `upper` $S$ and `lower(t)`, or, where there are `tasks`, the tasks in `upper`.
 *
 * The point of a state is $x$ with the $y_0$ of its inner loops, which belong to the objective; the $y_r$ are in the records (that of
 * the first task as the record's own $y$).
 *
 * Cost of an iteration, a task: $r$ gradients of $g$, one of $f$; an exact pass $r$ Hessian and $r$ cross products, and by `memory` the
 * $r$ states held or steps run again as for {@link unrolled}; a probe $r$ gradients of $g$ and a value of $f$.
 *
 * @throws RangeError if a parameter is outside its domain; if `initialise` is `outer` and $x$ is not as long as $y$; in an iteration
 * with $q > 0$ and no coin.
 * @cite likhosherstov2021
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import * as O from 'fp-ts/lib/Option.js'
 * import { constant } from 'steplaw'
 * import { minimiseBilevel, noDraw, quadraticBilevel, ufom } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[2]], p: [-2], r: [0.25] }],
 * })
 * const inner = { steps: 2, step: 0.25 }
 * const method = ufom({ q: 0.5, inner, upper: { rule: constant(0.5) } })
 * const start = { x: Float64Array.of(0), y: Float64Array.of(0) }
 * const gradientWith = (coin: 0 | 1) => {
 *   const draws = () => ({ ...noDraw, coin: O.some(coin) })
 *   return minimiseBilevel(problem, { method, start, draws, iterations: 1 }).records[0]?.gradient
 * }
 * // Their mean is the derivative, 1.234375.
 * gradientWith(0) // => O.some(Float64Array.of(0.625))
 * gradientWith(1) // => O.some(Float64Array.of(1.84375))
 * ```
 */
export const ufom = (params: UfomParams): BilevelMethod<LoopDescentState, UfomOutputs> => {
  const q = probabilityOf('q', params.q, true)
  const { init, point, codecs, toss } = loopDescent(params)
  const shows = ({ coin }: BilevelDraw): boolean => {
    if (q === 0) return false
    if (O.isSome(coin)) return coin.value === 1
    throw new RangeError('draws.coins: got none, expected a coin for every iteration')
  }
  return {
    name: 'ufom',
    init,
    point,
    state: (dimension) => stateCodec('ufom', codecs(dimension)),
    iterate: (state, draw) =>
      map(toss(state, draw, { exact: shows(draw), q }), ({ x, record }) => [
        { ...state, k: state.k + 1, x },
        record,
      ]),
  }
}
