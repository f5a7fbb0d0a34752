import * as O from 'fp-ts/lib/Option.js'
import { dot, squaredNorm } from '../../numeric/index.js'
import { descentCodec } from '../../optimizer/checkpoint.js'
import { type DescentState, descentInit } from '../../optimizer/iteration.js'
import type { Method } from '../../optimizer/method.js'
import { index } from '../../optimizer/vector.js'
import type { Batch, Vector } from '../../problem/oracle.js'
import { chain, done, map } from '../../program/program.js'
import { type Box, boxOf, into } from '../box.js'
import { countOf, toleranceOf } from '../hypergradient/domain.js'
import { type Asking, askInBoth, askInX, type Pair } from '../oracle.js'
import type { InnerStep } from './bilevelDescent.js'
import { lowerMerit } from './lower.js'
import {
  type BilevelMethod,
  type BilevelRecord,
  type BilevelState,
  stateCodec,
  statusCodec,
} from './method.js'
import { mover } from './move.js'
import { boundSum, from, known, plus, stepOf, type Term, weighted } from './weighted.js'

/**
 * The parts of {@link bome}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface BomeParams {
  /** How $\hat y$ descends $g_T(x, \cdot)$ from $y$, and for how many steps in each iteration. */
  readonly inner: Method & { readonly steps: number }
  /** How $x$ moves along $-\delta_x$. */
  readonly upper: Method & { readonly box?: Box }
  /** How $y$ moves along $-\delta_y$. */
  readonly lower: Method & { readonly box?: Box }
  /** What the barrier $\varphi$ is made of: $\eta \|q\|^2$ (`'G'`, the default) or $\eta$ times the gap (`'Q'`). */
  readonly option?: 'G' | 'Q'
  /** $\eta \ge 0$; 0.5 by default. */
  readonly eta?: number
  /** What is added to $\|q\|^2$ below; 0 by default, with which the barrier holds to rounding. */
  readonly epsilon?: number
}

/**
 * The state of {@link bome}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface BomeState extends BilevelState {
  readonly x: DescentState
  readonly y: DescentState
  /** $\hat y$ of the latest iteration, with what its method remembers. */
  readonly inner: DescentState
}

/**
 * What {@link bome} shows of an iteration.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface BomeOutputs {
  /** The multiplier $\lambda \ge 0$. */
  readonly lambda: number
  /** $g(x, y) - g(x, \hat y)$. */
  readonly gap: number
  /** $q$, the gradient of the gap with $\hat y$ constant. */
  readonly constraint: Pair
  /** $\delta = \nabla f + \lambda q$. */
  readonly delta: Pair
  /** The barrier $\varphi$. */
  readonly barrier: number
  /** $\hat y$. */
  readonly inner: Vector
  /** What the rule of $x$ probed. */
  readonly probes: number
  /** What the rule of $y$ did. */
  readonly lower: InnerStep
}

/**
 * BOME: first-order bilevel descent with a barrier (the standard, chapter Bilevel methods). The lower problem becomes the constraint
 * $g(x, y) - g^*(x) \le 0$; $\hat y$, some steps on $g_T(x, \cdot)$ from $y$, stands for $y^*(x)$ and is held constant in
 * $$q = (\nabla_x g(x, y) - \nabla_x g(x, \hat y),\ \nabla_y g(x, y)), \qquad
 *   \lambda = \max\Bigl(\frac{\varphi - \langle \nabla f, q \rangle}{\|q\|^2 + \epsilon}, 0\Bigr), \qquad \delta = \nabla f + \lambda q$$
 * with $\lambda = 0$ where $q = 0$. With $\epsilon = 0$ and $q \ne 0$, $\delta$ is the vector nearest to $\nabla f$ with
 * $\langle q, \delta \rangle \ge \varphi$.
 *
 * $x$ and $y$ move simultaneously, each by its own rule and direction, and are then projected. Both rules see one merit,
 * $f_S + \lambda\,(g_T(x, y) - g_T(x, \hat y))$ with $\lambda$ and $\hat y$ held constant, whose gradient is $\delta$.
 *
 * Cost of an iteration: `inner.steps` $+ 2$ gradients of $g$, one of $f$, and three values for each probe of $x$, two for each of $y$.
 *
 * @throws RangeError if a parameter is outside its domain, a box is upside down, or the pieces of a method do not fit.
 * @cite ye2022
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant } from 'steplaw'
 * import { bome, minimiseBilevel, quadraticBilevel } from 'steplaw/bilevel'
 *
 * // The lower Hessian is singular: y_1 = x, and y_2 is free.
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[1, 0], [0, 0]], B: [[-1], [0]], c: [0, 0] }],
 *   upper: [{ P: [[1, 0], [0, 1]], S: [[0, -1]], R: [[1]], p: [-1, 0], r: [0] }],
 * })
 * const rule = constant(0.5)
 * const method = bome({ inner: { steps: 1, rule }, upper: { rule }, lower: { rule } })
 * const start = { x: Float64Array.of(0), y: Float64Array.of(0, 0) }
 * const run = minimiseBilevel(problem, { method, start, iterations: 2000 })
 * run.x.map((x) => Math.round(1e4 * x) / 1e4) // => Float64Array.of(1)
 * ```
 */
export const bome = ({
  inner: { steps, ...innerMethod },
  upper: { box: upperBox, ...upperMethod },
  lower: { box: lowerBox, ...lowerMethod },
  option = 'G',
  eta = 0.5,
  epsilon = 0,
}: BomeParams): BilevelMethod<BomeState, BomeOutputs> => {
  countOf('inner.steps', steps, 0)
  toleranceOf('eta', eta)
  toleranceOf('epsilon', epsilon)
  if (option !== 'G' && option !== 'Q') throw new RangeError(`option: got ${option}, expected 'G' or 'Q'`)
  const xBox = boxOf('upper.box', upperBox)
  const yBox = boxOf('lower.box', lowerBox)
  const moveInner = mover(innerMethod)
  const moveX = mover(upperMethod)
  const moveY = mover(lowerMethod)

  const innerLoop = (
    x: Vector,
    batch: Batch,
    k: number,
    left: number,
    y: DescentState,
  ): Asking<DescentState> =>
    left === 0
      ? done(y)
      : chain(moveInner({ ...y, k }, lowerMerit(x, y.x, batch)), ([next]) =>
          innerLoop(x, batch, k, left - 1, next),
        )

  return {
    name: 'bome',
    init: ({ x, y }) => ({
      k: 0,
      status: 'running',
      x: descentInit(upperMethod, x),
      y: descentInit(lowerMethod, y),
      inner: descentInit(innerMethod, y),
    }),
    point: ({ x, y }) => ({ x: x.x, y: y.x }),
    state: ({ x, y }) =>
      stateCodec('bome', {
        k: index,
        status: statusCodec,
        x: descentCodec(upperMethod, x),
        y: descentCodec(lowerMethod, y),
        inner: descentCodec(innerMethod, y),
      }),
    iterate: (state, draw) => {
      const { x } = state.x
      const { x: y } = state.y
      const S = draw.upper
      const T = draw.lower(0)
      const start = from(state.inner, state.k, y)
      return chain(innerLoop(x, T, state.k, steps, start), (inner) =>
        chain(askInBoth('upper', { x, y }, S), (f) =>
          chain(askInBoth('lower', { x, y }, T), (g) =>
            chain(askInX('lower', { x, y: inner.x }, T), (ghat) => {
              const gap = g.value - ghat.value
              const q: Pair = { x: plus(g.x, -1, ghat.x), y: g.y }
              const qq = squaredNorm(q.x) + squaredNorm(q.y)
              const barrier = eta * (option === 'G' ? qq : gap)
              const along = dot(f.x, q.x) + dot(f.y, q.y)
              const lambda = qq === 0 ? 0 : Math.max((barrier - along) / (qq + epsilon), 0)
              const delta: Pair = { x: plus(f.x, lambda, q.x), y: plus(f.y, lambda, q.y) }
              const value = f.value + lambda * gap
              const left: Term = { weight: 1, level: 'upper', batch: S, at: (p) => ({ x: p, y }) }
              const over = (yy: Vector, weight: number): Term => ({
                weight,
                level: 'lower',
                batch: T,
                at: (p) => ({ x: p, y: yy }),
              })
              const inX = weighted('x', [left, over(y, lambda), over(inner.x, -lambda)])
              const inY = weighted(
                'y',
                [
                  { ...left, at: (p) => ({ x, y: p }) },
                  { weight: lambda, level: 'lower', batch: T, at: (p) => ({ x, y: p }) },
                ],
                -lambda * ghat.value,
              )
              const below = boundSum(f, lambda, g, -lambda * ghat.value)
              return chain(moveX(state.x, known({ value, gradient: delta.x }, inX)), ([nextX, upper]) =>
                map(
                  moveY(state.y, known({ value, gradient: delta.y }, inY, below)),
                  ([nextY, lower]): readonly [BomeState, BilevelRecord<BomeOutputs>] => [
                    { ...state, k: state.k + 1, x: into(xBox, nextX), y: into(yBox, nextY), inner },
                    {
                      k: state.k,
                      x,
                      y,
                      value: f.value,
                      gradient: O.some(delta.x),
                      outcome: upper.outcome,
                      own: {
                        lambda,
                        gap,
                        constraint: q,
                        delta,
                        barrier,
                        inner: inner.x,
                        probes: upper.probed.length,
                        lower: stepOf(lower),
                      },
                    },
                  ],
                ),
              )
            }),
          ),
        ),
      )
    },
  }
}
