import { chain, done, map } from '../../program/program.js'
import { askInBoth } from '../oracle.js'
import { lagrangian, linearMerit, lowerMerit, slopeOn } from './merit.js'
import { type BilevelMethod, stateCodec } from './method.js'
import {
  type SingleLoopOutputs,
  type SingleLoopParams,
  type SingleLoopState,
  singleLoop,
} from './singleLoop.js'

/**
 * SOBA, stochastic bilevel descent in a single loop (clause `method.soba`): with the old $x$, $y$, $v$ on the right of all three,
 * $$y^+ = y - \alpha \nabla_y g_T, \qquad v^+ = v - \alpha' (H_C v - \nabla_y f_S), \qquad
 *   x^+ = x - \beta (\nabla_x f_S - J_C v) .$$
 *
 * Each variable moves by a method of its own, by any rule along any direction: $y$ descends $g_T(x, \cdot)$, $v$ the quadratic
 * $\frac12 \langle v, H_C v \rangle - \langle v, \nabla_y f_S \rangle$, and $x$ the Lagrangian
 * $f_S(x, y) - \langle \nabla_y g_C(x, y), v \rangle$, whose gradient is the direction above; the bounds that the upper rule sees are
 * those of $f$. With rules `constant` or `power` it is the method as published.
 *
 * All three stand still only where $y = y^*(x)$, $H v = \nabla_y f$ and $\nabla F(x) = 0$; where the first two hold, $x$ moves along
 * $\nabla F(x)$.
 *
 * Draws: `upper` $S$, `lower(0)` $T$, `cross` $C$.
 *
 * Cost of an iteration: a gradient of each level, a Hessian and a cross product; where the upper rule reads values and $C$ is not
 * $T$, one more gradient of $g$; what the rules probe: a value of $g$, a Hessian product, a value of $f$ and a gradient of $g$.
 *
 * @throws RangeError if a box is upside down.
 * @cite dagreou2022
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant } from 'steplaw'
 * import { minimiseBilevel, quadraticBilevel, soba } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[2]], p: [-2], r: [0.25] }],
 * })
 * const method = soba({ lower: { rule: constant(0.25) }, upper: { rule: constant(0.5) } })
 * const start = { x: Float64Array.of(0), y: Float64Array.of(0) }
 * const once = minimiseBilevel(problem, { method, start, iterations: 1 })
 * once.x // => Float64Array.of(-0.125)
 * once.y // => Float64Array.of(0.25)
 * once.state.v.x // => Float64Array.of(-0.5)
 * const run = minimiseBilevel(problem, { method, start, iterations: 200 })
 * run.x.map((x) => Math.round(1e6 * x) / 1e6) // => Float64Array.of(-1.2)
 * ```
 */
export const soba = (params: SingleLoopParams): BilevelMethod<SingleLoopState, SingleLoopOutputs> => {
  const { valued, init, point, codecs, move } = singleLoop(params)
  return {
    name: 'soba',
    init,
    point,
    state: (dimension) => stateCodec('soba', codecs(dimension)),
    iterate: (state, { upper, lower, cross }) => {
      const at = point(state)
      const v = state.v.x
      const batch = lower(0)
      const y = lowerMerit(at, batch)
      return chain(askInBoth('upper', at, upper), (f) =>
        chain(y.here, (g) => {
          const merits = {
            y: { ...y, here: done(g) },
            v: linearMerit(at, v, f.y, cross),
            x: lagrangian({ ...at, v, upper, cross }, f, slopeOn(g.gradient, batch, cross), valued),
          }
          return map(move(state, merits), ({ x, y, v, ...made }) => [
            { ...state, k: state.k + 1, x, y, v },
            { k: state.k, ...at, value: f.value, ...made },
          ])
        }),
      )
    },
  }
}
