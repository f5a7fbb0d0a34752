import * as O from 'fp-ts/lib/Option.js'
import { descentCodec } from '../../optimizer/checkpoint.js'
import { type DescentState, descentInit, type IterationRecord } from '../../optimizer/iteration.js'
import type { Method } from '../../optimizer/method.js'
import { index } from '../../optimizer/vector.js'
import type { Vector } from '../../problem/oracle.js'
import { chain, done, map } from '../../program/program.js'
import type { Outcome } from '../../rule/outcome.js'
import { type Box, boxOf, movedInto } from '../box.js'
import type { Asking, Pair } from '../oracle.js'
import type { InnerStep } from './bilevelDescent.js'
import { readsValue } from './merit.js'
import { type BilevelStart, type BilevelState, statusCodec } from './method.js'
import { type Merit, mover } from './move.js'

/**
 * How the three variables of a single loop move: $y$, the solution $v$ of the linear system, and $x$.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface SingleLoopParams {
  /** How $y$ descends $g_T(x, \cdot)$. */
  readonly lower: Method & { readonly box?: Box }
  /** How $v$ descends $\frac12 \langle v, H_C v \rangle - \langle v, \nabla_y f_S \rangle$; as $y$ does unless it is given. */
  readonly linear?: Method
  /** How $x$ descends $f_S(x, y) - \langle \nabla_y g_C(x, y), v \rangle$. */
  readonly upper: Method & { readonly box?: Box }
}

/**
 * The state of a single loop.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface SingleLoopState extends BilevelState {
  readonly x: DescentState
  readonly y: DescentState
  readonly v: DescentState
}

/**
 * What a rule did for a variable, and how long the gradient was that it moved along.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface VariableStep extends InnerStep {
  readonly gradientNorm: number
}

/**
 * What a single loop shows of an iteration: the gradient norms are $\|\nabla_y g\|$ of the lower step and $\|H v - \nabla_y f\|$ of the
 * linear one, on the batches drawn.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface SingleLoopOutputs {
  readonly lower: VariableStep
  readonly linear: VariableStep
  /** How many steps the upper rule probed. */
  readonly probes: number
}

/** What each variable descends from the old point. */
export interface Merits {
  readonly y: Merit
  readonly v: Merit
  readonly x: Merit
}

/** The three variables after a common step, and what happened. */
export interface Moved {
  readonly x: DescentState
  readonly y: DescentState
  readonly v: DescentState
  readonly gradient: O.Option<Vector>
  readonly outcome: Outcome
  readonly own: SingleLoopOutputs
}

/** Shows what a mover did. */
export const shown = ({ outcome, probed, gradientNorm }: IterationRecord): VariableStep => ({
  outcome,
  probes: probed.length,
  gradientNorm,
})

/** A hypergradient, where it is finite. */
export const finiteOrNone = (z: Vector): O.Option<Vector> => (z.every(Number.isFinite) ? O.some(z) : O.none)

/** The state of three variables that each move by a method of their own. */
export const variables = (lower: Method, linear: Method, upper: Method) => ({
  init: ({ x, y, v = new Float64Array(y.length) }: BilevelStart): SingleLoopState => ({
    k: 0,
    status: 'running',
    x: descentInit(upper, x),
    y: descentInit(lower, y),
    v: descentInit(linear, v),
  }),
  point: ({ x, y }: SingleLoopState): Pair => ({ x: x.x, y: y.x }),
  codecs: ({ x, y }: { readonly x: number; readonly y: number }) => ({
    k: index,
    status: statusCodec,
    x: descentCodec(upper, x),
    y: descentCodec(lower, y),
    v: descentCodec(linear, y),
  }),
})

/** Three variables that move at once, from merits of the old point. */
export const singleLoop = ({
  lower: { box: lowerBox, ...lower },
  linear = lower,
  upper: { box: upperBox, ...upper },
}: SingleLoopParams) => {
  const yBox = boxOf('lower.box', lowerBox)
  const xBox = boxOf('upper.box', upperBox)
  const [moveX, moveY, moveV] = [mover(upper), mover(lower), mover(linear)]
  return {
    ...variables(lower, linear, upper),
    /** Whether $x$ moves by a rule that may read the value of its merit. */
    valued: readsValue(upper),
    move: ({ x, y, v }: SingleLoopState, merits: Merits): Asking<Moved> =>
      chain(moveY(y, merits.y), ([nextY, madeY]) =>
        chain(moveV(v, merits.v), ([nextV, madeV]) =>
          chain(merits.x.here, (here) =>
            map(moveX(x, { ...merits.x, here: done(here) }), ([nextX, madeX]) => ({
              x: movedInto(xBox, x, nextX),
              y: movedInto(yBox, y, nextY),
              v: nextV,
              gradient: finiteOrNone(here.gradient),
              outcome: madeX.outcome,
              own: { lower: shown(madeY), linear: shown(madeV), probes: madeX.probed.length },
            })),
          ),
        ),
      ),
  }
}
