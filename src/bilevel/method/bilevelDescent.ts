import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { descentCodec } from '../../optimizer/checkpoint.js'
import { type DescentState, descentInit } from '../../optimizer/iteration.js'
import type { Method } from '../../optimizer/method.js'
import { index, orNull, vector } from '../../optimizer/vector.js'
import type { Vector } from '../../problem/oracle.js'
import { chain, done, map } from '../../program/program.js'
import { fail, type Outcome } from '../../rule/outcome.js'
import { type Box, boxOf, movedInto, projected } from '../box.js'
import type { BilevelDraw } from '../draw.js'
import { countOf } from '../hypergradient/domain.js'
import type { Estimator, Hypergradient, Place, Unsolved } from '../hypergradient/hypergradient.js'
import { type InnerPath, minusScaled } from '../hypergradient/path.js'
import { type Asking, askInY, askValue } from '../oracle.js'
import {
  type BilevelMethod,
  type BilevelRecord,
  type BilevelState,
  stateCodec,
  statusCodec,
} from './method.js'
import { mover } from './move.js'

/**
 * The parts of {@link bilevelDescent}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface BilevelDescentParams {
  /** The lower level: how $y$ descends, and for how many steps $D \ge 0$ in each iteration. */
  readonly inner: Method & {
    readonly steps: number
    /** Whether $y$ goes on where it was; else every inner loop begins at $y_0$. True by default. */
    readonly warmStart?: boolean
    readonly box?: Box
  }
  readonly hypergradient: Estimator
  /** The upper level: how $x$ descends along the hypergradient. */
  readonly outer: Method & { readonly box?: Box }
  /** Whether $y$ follows a trial point by one step (1, the default) or stays (0). */
  readonly probe?: { readonly lowerSteps: 0 | 1 }
}

/**
 * The state of {@link bilevelDescent}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface BilevelDescentState extends BilevelState {
  readonly x: DescentState
  readonly y: DescentState
  /** $y_0$. */
  readonly start: Vector
  /** The latest solution of the linear system. */
  readonly v: O.Option<Vector>
}

/**
 * What the lower rule did in one inner step.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface InnerStep {
  readonly outcome: Outcome
  /** How many steps it probed. */
  readonly probes: number
}

/**
 * What {@link bilevelDescent} shows of an iteration.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface BilevelDescentOutputs {
  readonly hypergradient: E.Either<Unsolved, Hypergradient>
  /** How many steps the upper rule probed. */
  readonly probes: number
  readonly inner: ReadonlyArray<InnerStep>
}

/** What an inner loop came to. */
interface Inner {
  readonly y: DescentState
  readonly steps: ReadonlyArray<InnerStep>
  readonly states: ReadonlyArray<Vector>
}

const executedLength = (outcome: Outcome): number =>
  outcome._tag === 'Step' && outcome.step < Number.POSITIVE_INFINITY ? outcome.step : 0

/** $f_S(x, y)$, which an estimator that takes $f$ elsewhere has not seen. */
const valueAt = (x: Vector, y: Vector, found: Hypergradient, { upper }: BilevelDraw): Asking<number> =>
  found.y === y ? done(found.value) : askValue('upper', { x, y }, upper)

type Stepped = readonly [BilevelDescentState, BilevelRecord<BilevelDescentOutputs>]

/**
 * Descent at both levels (the standard, chapter Bilevel methods): in every iteration $D$ steps of $y$ on $g_T(x, \cdot)$, a
 * hypergradient $z$ at $(x, y)$, and a step of $x$ along a direction made of $z$. Both steps come from any rule along any
 * direction; the upper rule probes $\varphi(a) = f_S(\hat x, \hat y)$ with $\hat x = x + a p$ and
 * $\hat y = y - \beta \nabla_y g(\hat x, y)$, where $\beta$ is the latest step that $y$ took.
 *
 * Most methods of the field are one choice of parts: {@link bislsSgd}, {@link bisps}, {@link stocBiO}, {@link bsa}, {@link itd},
 * {@link aid}.
 *
 * Where the hypergradient fails, or it or the value is not finite, $x$ stays and the run goes on; the record says why.
 *
 * Cost of an iteration: $D$ gradients of $g$ and what the lower rule probes, the hypergradient, and one value of $f$ and one
 * gradient of $g$ for each upper probe.
 *
 * @throws RangeError if the pieces do not fit: `inner.steps` not an integer $\ge 0$, a box upside down, an unrolled hypergradient of
 * steps that are not along the gradient or are projected.
 * @cite fan2023
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { armijo, constant } from 'steplaw'
 * import { bilevelDescent, conjugateGradients, minimiseBilevel, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[2]], p: [-2], r: [0.25] }],
 * })
 * const method = bilevelDescent({
 *   inner: { steps: 4, rule: constant(0.5) },
 *   hypergradient: conjugateGradients({ iterations: 20 }),
 *   outer: { rule: armijo({ start: constant(1) }) },
 * })
 * const start = { x: Float64Array.of(0), y: Float64Array.of(0) }
 * const run = minimiseBilevel(problem, { method, start, iterations: 100 })
 * run.x.map((x) => Math.round(1e6 * x) / 1e6) // => Float64Array.of(-1.2)
 * ```
 */
export const bilevelDescent = ({
  inner: { steps, warmStart = true, box: innerBox, ...innerMethod },
  hypergradient: estimator,
  outer: { box: outerBox, ...outerMethod },
  probe: { lowerSteps } = { lowerSteps: 1 },
}: BilevelDescentParams): BilevelMethod<BilevelDescentState, BilevelDescentOutputs> => {
  countOf('inner.steps', steps, 0)
  const yBox = boxOf('inner.box', innerBox)
  const xBox = boxOf('outer.box', outerBox)
  const { direction, wrapper } = innerMethod
  if (
    estimator.unrolls &&
    (wrapper !== undefined || (direction !== undefined && direction.name !== 'steepest'))
  )
    throw new RangeError(
      `inner: got ${(wrapper ?? direction)?.name}, expected the direction steepest where the hypergradient is unrolled`,
    )
  if (estimator.unrolls && yBox !== null)
    throw new RangeError('inner.box: got a box, expected none where the hypergradient is unrolled')
  const moveY = mover(innerMethod)
  const moveX = mover(outerMethod)

  const innerLoop = (state: BilevelDescentState, x: Vector, draw: BilevelDraw): Asking<Inner> => {
    const from = warmStart ? state.y.x : state.start
    const go = (t: number, y: DescentState, so: Inner): Asking<Inner> => {
      if (t === steps) return done({ ...so, y })
      const batch = draw.lower(t)
      const gradientAt = (point: Vector) =>
        map(askInY('lower', { x, y: point }, batch), ({ y: gradient, ...seen }) => ({ ...seen, gradient }))
      const merit = {
        here: gradientAt(y.x),
        at: (point: Vector) => askValue('lower', { x, y: point }, batch),
        slopeAt: gradientAt,
      }
      // The rule sees the outer index, whatever the inner step.
      return chain(moveY({ ...y, k: state.k }, merit), ([next, { outcome, probed }]) =>
        go(t + 1, movedInto(yBox, y, next), {
          y: next,
          steps: [...so.steps, { outcome, probes: probed.length }],
          states: estimator.holds === true ? [...so.states, y.x] : [],
        }),
      )
    }
    const y = { ...state.y, x: from, start: from }
    return go(0, y, { y, steps: [], states: [] })
  }

  /** $\hat y$: where $y$ goes when $x$ is tried elsewhere. */
  const follow = (trial: Vector, { x: y, executed }: DescentState, draw: BilevelDraw): Asking<Vector> => {
    if (lowerSteps === 0 || O.isNone(executed)) return done(y)
    const beta = executed.value
    return map(askInY('lower', { x: trial, y }, draw.probe), (g) =>
      projected(yBox, minusScaled(y, beta, g.y)),
    )
  }

  return {
    name: 'bilevelDescent',
    init: ({ x, y, v }) => ({
      k: 0,
      status: 'running',
      x: descentInit(outerMethod, x),
      y: descentInit(innerMethod, y),
      start: y,
      v: O.fromNullable(v),
    }),
    point: ({ x, y }) => ({ x: x.x, y: y.x }),
    state: ({ x, y }) =>
      stateCodec('bilevelDescent', {
        k: index,
        status: statusCodec,
        x: descentCodec(outerMethod, x),
        y: descentCodec(innerMethod, y),
        start: vector(y),
        v: orNull(vector(y)),
      }),
    iterate: (state, draw) => {
      const { x } = state.x
      return chain(innerLoop(state, x, draw), ({ y: moved, steps: made, states }) => {
        const y = { ...moved, k: state.k + 1 }
        const path: InnerPath = {
          start: warmStart ? state.y.x : state.start,
          steps: made.map(({ outcome }) => executedLength(outcome)),
          batch: draw.lower,
          states,
        }
        const place: Place = { x, y: y.x, v: state.v, path: O.some(path), draw }
        return chain(estimator.estimate(place), (found): Asking<Stepped> => {
          const seen = { k: state.k, x, y: y.x }
          if (E.isLeft(found)) {
            const known = found.left.value
            const value = known === undefined ? askValue('upper', { x, y: y.x }, draw.upper) : done(known)
            return map(
              value,
              (value): Stepped => [
                { ...state, k: state.k + 1, x: { ...state.x, k: state.k + 1 }, y },
                {
                  ...seen,
                  value,
                  gradient: O.none,
                  outcome: fail('nonFinite'),
                  own: { hypergradient: found, probes: 0, inner: made },
                },
              ],
            )
          }
          const { gradient, v, lowerBound, solutionValue } = found.right
          const merit = {
            here: map(valueAt(x, y.x, found.right, draw), (value) => ({
              value,
              gradient,
              lowerBound,
              solutionValue,
            })),
            at: (trial: Vector) =>
              chain(follow(trial, y, draw), (yHat) => askValue('upper', { x: trial, y: yHat }, draw.upper)),
          }
          return map(
            moveX(state.x, merit),
            ([nextX, { value, outcome, probed }]): Stepped => [
              {
                ...state,
                k: state.k + 1,
                x: movedInto(xBox, state.x, nextX),
                y,
                v: O.isSome(v) ? v : state.v,
              },
              {
                ...seen,
                value,
                gradient: O.some(gradient),
                outcome,
                own: { hypergradient: found, probes: probed.length, inner: made },
              },
            ],
          )
        })
      })
    },
  }
}
