import * as O from 'fp-ts/lib/Option.js'
import type { DescentState } from '../../optimizer/iteration.js'
import type { Method } from '../../optimizer/method.js'
import { chain, done, map } from '../../program/program.js'
import { type Box, boxOf, movedInto } from '../box.js'
import { countOf } from '../hypergradient/domain.js'
import { type Asking, askInBoth } from '../oracle.js'
import { lagrangian, linearMerit, lowerMerit, readsValue } from './merit.js'
import { type BilevelMethod, stateCodec } from './method.js'
import { type Merit, mover } from './move.js'
import { finiteOrNone, type SingleLoopState, shown, type VariableStep, variables } from './singleLoop.js'

/**
 * The parts of {@link amigo}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface AmigoParams {
  /** How $y$ descends $g_{T_t}(x, \cdot)$, and for how many steps $T \ge 0$ in each iteration. */
  readonly lower: Method & { readonly steps: number; readonly box?: Box }
  /** How $v$ descends $\frac12 \langle v, H v \rangle - \langle v, \nabla_y f_S \rangle$; as $y$ does unless it is given. */
  readonly linear?: Method & { readonly steps: number }
  /** How $x$ descends $f_S(x, y) - \langle \nabla_y g_C(x, y), v \rangle$. */
  readonly upper: Method & { readonly box?: Box }
}

/**
 * What {@link amigo} shows of an iteration.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface AmigoOutputs {
  readonly lower: ReadonlyArray<VariableStep>
  readonly linear: ReadonlyArray<VariableStep>
  /** How many steps the upper rule probed. */
  readonly probes: number
}

type Run = readonly [DescentState, ReadonlyArray<VariableStep>]

/** Runs a mover some times from where it stood; its rule sees the outer index. */
const repeated =
  (method: Method, steps: number, box: Box | null) =>
  (from: DescentState, k: number, merit: (t: number, state: DescentState) => Merit): Asking<Run> => {
    const move = mover(method)
    const go = (t: number, state: DescentState, made: ReadonlyArray<VariableStep>): Asking<Run> =>
      t === steps
        ? done([{ ...state, k: k + 1 }, made])
        : chain(move({ ...state, k }, merit(t, state)), ([next, record]) =>
            go(t + 1, movedInto(box, state, next), [...made, shown(record)]),
          )
    return go(0, { ...from, start: from.x }, [])
  }

/**
 * AmIGO, amortised implicit descent: $T$ steps of $y$, then $T$ steps of $v$ at the new $y$, both from where they were, then one of
 * $x$:
 * $$y \leftarrow y - \alpha \nabla_y g_{T_t}, \qquad v \leftarrow v - \alpha' (H_q v - \nabla_y f_S), \qquad
 *   x \leftarrow x - \beta (\nabla_x f_S - J_C v) .$$
 *
 * Each variable moves by a method of its own, as in {@link soba}; the rules see the outer index. Steps of the published method are
 * constant.
 *
 * Draws: `upper` $S$, `lower(t)`, `hessian(q)`, `cross` $C$.
 *
 * Cost of an iteration: $T$ gradients of $g$, one of $f$, $T$ Hessian products, a cross product, and one more gradient of $g$ where
 * the upper rule reads values; what the rules probe.
 *
 * A draft, not in version 1 of the standard: clause `draft.amigo`.
 *
 * @throws RangeError if a number of steps is not an integer $\ge 0$, or a box is upside down.
 * @cite arbel2022
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant } from 'steplaw'
 * import { amigo, minimiseBilevel, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[2]], p: [-2], r: [0.25] }],
 * })
 * // Half a step of Newton's is 1/4: two of them leave a quarter of each error.
 * const method = amigo({ lower: { steps: 2, rule: constant(0.25) }, upper: { rule: constant(0.5) } })
 * const start = { x: Float64Array.of(0), y: Float64Array.of(0) }
 * const once = minimiseBilevel(problem, { method, start, iterations: 1 })
 * once.y // => Float64Array.of(0.375)
 * once.state.v.x // => Float64Array.of(-0.609375)
 * const run = minimiseBilevel(problem, { method, start, iterations: 100 })
 * run.x.map((x) => Math.round(1e6 * x) / 1e6) // => Float64Array.of(-1.2)
 * ```
 */
export const amigo = ({
  lower: { steps, box: lowerBox, ...lower },
  linear: { steps: linearSteps, ...linear } = { steps, ...lower },
  upper: { box: upperBox, ...upper },
}: AmigoParams): BilevelMethod<SingleLoopState, AmigoOutputs> => {
  const yBox = boxOf('lower.box', lowerBox)
  const xBox = boxOf('upper.box', upperBox)
  const runY = repeated(lower, countOf('lower.steps', steps, 0), yBox)
  const runV = repeated(linear, countOf('linear.steps', linearSteps, 0), null)
  const moveX = mover(upper)
  const valued = readsValue(upper)
  const { init, point, codecs } = variables(lower, linear, upper)
  return {
    name: 'amigo',
    init,
    point,
    state: (dimension) => stateCodec('amigo', codecs(dimension)),
    iterate: (state, draw) => {
      const { k } = state
      const { x } = state.x
      const onY = (t: number, { x: y }: DescentState) => lowerMerit({ x, y }, draw.lower(t))
      return chain(runY(state.y, k, onY), ([y, lowerMade]) => {
        const at = { x, y: y.x }
        return chain(askInBoth('upper', at, draw.upper), (f) => {
          const onV = (q: number, v: DescentState) => linearMerit(at, v.x, f.y, draw.hessian(q))
          return chain(runV(state.v, k, onV), ([v, linearMade]) => {
            const { upper, cross } = draw
            const merit = lagrangian({ ...at, v: v.x, upper, cross }, f, O.none, valued)
            return chain(merit.here, (here) =>
              map(moveX(state.x, { ...merit, here: done(here) }), ([nextX, { outcome, probed }]) => [
                { ...state, k: k + 1, x: movedInto(xBox, state.x, nextX), y, v },
                {
                  k,
                  ...at,
                  value: f.value,
                  gradient: finiteOrNone(here.gradient),
                  outcome,
                  own: { lower: lowerMade, linear: linearMade, probes: probed.length },
                },
              ]),
            )
          })
        })
      })
    },
  }
}
