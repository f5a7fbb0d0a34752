import * as O from 'fp-ts/lib/Option.js'
import { double } from '../../../spec/vocabulary/number.js'
import { pow } from '../../numeric/index.js'
import { index } from '../../optimizer/vector.js'
import { map } from '../../program/program.js'
import type { BilevelDraw } from '../draw.js'
import { type BilevelMethod, stateCodec } from './method.js'
import { optimalQ } from './optimalQ.js'
import {
  type LoopDescentParams,
  type LoopDescentState,
  loopDescent,
  type Moments,
  probabilityOf,
  type UfomOutputs,
} from './ufom.js'

/**
 * The parts of {@link adaptiveUfom}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface AdaptiveUfomParams extends LoopDescentParams {
  /** The least probability, $0 < q_{min} \le 1$; 0.05 by default. */
  readonly qMin?: number
  /** What an average keeps of itself, $0 \le \beta < 1$; 0.99 by default. */
  readonly beta?: number
  /** The power $p$ of {@link optimalQ}; 2 by default. */
  readonly exponent?: number
  /** The costs of {@link optimalQ}; by default $C_d = r + 1$ and $C_r = r$, those of an exact pass that holds its states. */
  readonly costs?: { readonly deterministic: number; readonly random: number }
}

/**
 * The state of {@link adaptiveUfom}: beside $x$ the averages over exact passes, not corrected, and how many there were.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface AdaptiveUfomState extends LoopDescentState {
  /** How many exact passes were made. */
  readonly passes: number
  /** The average of $\|G_{fo} - G_{ex}\|^2$. */
  readonly D2: number
  /** The average of $\|G_{ex}\|^2$. */
  readonly V2: number
}

/**
 * {@link ufom} that chooses $q$ as it goes (clause `method.adaptiveUfom`): with the averages of $\|G_{fo} - G_{ex}\|^2$ and
 * $\|G_{ex}\|^2$ over the exact passes so far, $E \leftarrow \beta E + (1 - \beta)\, e$, divided by $1 - \beta^n$ after $n$ of them,
 * $$q_k = \max\{q_{min}, q^*(D^2, V^2)\} ,$$
 * and $q_{min}$ before the first. The pass is exact where the uniform number drawn is below $q_k$.
 *
 * The averages are of the two gradients themselves, not of the step that was made of them. An exact pass that is not finite leaves
 * them.
 *
 * Draws: `uniform`, and the others of {@link ufom}. Cost: as {@link ufom}.
 *
 * @throws RangeError as {@link ufom}; in an iteration without a uniform number.
 * @cite likhosherstov2021
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import * as O from 'fp-ts/lib/Option.js'
 * import { constant } from 'steplaw'
 * import { adaptiveUfom, minimiseBilevel, noDraw, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[2]], p: [-2], r: [0.25] }],
 * })
 * const inner = { steps: 2, step: 0.25 }
 * const method = adaptiveUfom({ inner, qMin: 0.25, exponent: 1, upper: { rule: constant(0) } })
 * const start = { x: Float64Array.of(0), y: Float64Array.of(0) }
 * const draws = () => ({ ...noDraw, uniform: O.some(0.2) })
 * const { records } = minimiseBilevel(problem, { method, start, draws, iterations: 2 })
 * // The first pass is exact, and finds that D is about half of V.
 * records.map(({ own }) => Math.round(1000 * own.q) / 1000) // => [0.25, 0.695]
 * ```
 */
export const adaptiveUfom = ({
  qMin = 0.05,
  beta = 0.99,
  exponent = 2,
  costs,
  ...params
}: AdaptiveUfomParams): BilevelMethod<AdaptiveUfomState, UfomOutputs> => {
  probabilityOf('qMin', qMin, false)
  if (!(beta >= 0 && beta < 1)) throw new RangeError(`beta: got ${beta}, expected a number >= 0 and < 1`)
  const { init, point, codecs, toss } = loopDescent(params)
  const { steps } = params.inner
  const weighed = { exponent, ...(costs ?? { deterministic: steps + 1, random: steps }) }
  // Refuses a bad cost here rather than after the first exact pass.
  optimalQ({ ...weighed, D2: 0, V2: 0 })
  const probability = ({ passes, D2, V2 }: AdaptiveUfomState): number => {
    if (passes === 0) return qMin
    const scale = 1 - pow(beta, passes)
    return Math.max(qMin, optimalQ({ ...weighed, D2: D2 / scale, V2: V2 / scale }))
  }
  const learnt = (
    { passes, D2, V2 }: AdaptiveUfomState,
    moments: O.Option<Moments>,
  ): Pick<AdaptiveUfomState, 'passes' | 'D2' | 'V2'> => {
    if (O.isNone(moments) || !Number.isFinite(moments.value.D2 + moments.value.V2)) return { passes, D2, V2 }
    return {
      passes: passes + 1,
      D2: beta * D2 + (1 - beta) * moments.value.D2,
      V2: beta * V2 + (1 - beta) * moments.value.V2,
    }
  }
  const below = ({ uniform }: BilevelDraw, q: number): boolean => {
    if (O.isSome(uniform)) return uniform.value < q
    throw new RangeError('draws.uniforms: got none, expected a number in [0, 1) for every iteration')
  }
  return {
    name: 'adaptiveUfom',
    init: (start) => ({ ...init(start), passes: 0, D2: 0, V2: 0 }),
    point,
    state: (dimension) =>
      stateCodec('adaptiveUfom', { ...codecs(dimension), passes: index, D2: double, V2: double }),
    iterate: (state, draw) => {
      const q = probability(state)
      return map(toss(state, draw, { exact: below(draw, q), q }), ({ x, record, moments }) => [
        { ...state, ...learnt(state, moments), k: state.k + 1, x },
        record,
      ])
    },
  }
}
