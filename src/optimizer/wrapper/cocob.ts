import { strict } from '../../../spec/vocabulary/strict.js'
import type { WrapperParams } from '../../../spec/vocabulary/wrapper.js'
import type { Vector } from '../../problem/oracle.js'
import { vector } from '../vector.js'
import { checkFields, exprOf } from './builtIn.js'
import { type WrapperAround, wrapper } from './wrapper.js'

type State = {
  /** The greatest $|g|$ of every coordinate. */
  readonly largest: Vector
  /** The sum of $|g|$. */
  readonly travelled: Vector
  /** What the bets have won. */
  readonly reward: Vector
  /** The sum of $-g$. */
  readonly theta: Vector
}

/**
 * COCOB-Backprop: coin betting for every coordinate by itself, with an unknown bound $L$ on its derivative; no step and
 * no rule. By component,
 * $$L \leftarrow \max(L, |g|),\ G \leftarrow G + |g|,\ R \leftarrow \max(R - g\,(x - x_0), 0),\
 * \theta \leftarrow \theta - g,\ x = x_0 + \frac{\theta\,(L + R)}{L \max(G + L, \alpha L)}.$$
 *
 * A draft, no part of version 1 of the standard: clause `draft.cocob`. It stands alone and has no outputs of its own.
 *
 * Assumptions: none for running, and no theorem: this is the practical variant of a method for convex functions, made for
 * networks, with small first bets ($\alpha$) and losses that are forgotten (the maximum with 0). Scaling one coordinate of
 * the gradient by a power of two changes no bit of the run, as long as its first derivative that does not vanish exceeds `eps`.
 *
 * Edge cases: a coordinate whose derivative has always vanished stays where it is.
 *
 * Cost: four vectors of state, no reduction.
 *
 * Laws: none. Theorems: none.
 *
 * @param params - `alpha` > 0, by default 100 as in the paper; `eps` > 0, where $L$ begins, by default 1e-8 as in public code.
 * @throws RangeError if a field is outside its domain.
 * @cite orabona2017
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { cocob, minimise, quadratic } from 'steplaw'
 *
 * const problem = quadratic({ A: [[[4, 0], [0, 100]]], b: [[1, -1]] })
 * const run = minimise(problem, { wrapper: cocob(), start: Float64Array.of(0, 0), iterations: 400 })
 * problem.value(run.x, null) < 0.01 // => true
 * ```
 */
export const cocob = (params: WrapperParams<'cocob', never> = {}): WrapperAround<'nothing'> => {
  const fields = checkFields('cocob', { alpha: 100, eps: 1e-8, ...params })
  const { alpha, eps } = fields
  return wrapper<'nothing', State>({
    name: 'cocob',
    expr: exprOf('cocob', fields),
    needs: 'nothing',
    init: ({ length }) => ({
      largest: new Float64Array(length).fill(eps),
      travelled: new Float64Array(length),
      reward: new Float64Array(length),
      theta: new Float64Array(length),
    }),
    state: (dimension) => {
      const each = vector(dimension)
      return strict('the state of cocob', { largest: each, travelled: each, reward: each, theta: each })
    },
    advance: (before, { x, start, gradient }) => {
      const at = (v: Vector, i: number): number => v[i] ?? 0
      const largest = before.largest.map((L, i) => Math.max(L, Math.abs(at(gradient, i))))
      const travelled = before.travelled.map((G, i) => G + Math.abs(at(gradient, i)))
      const reward = before.reward.map((R, i) => Math.max(R - at(gradient, i) * (at(x, i) - at(start, i)), 0))
      const theta = before.theta.map((t, i) => t - at(gradient, i))
      const next = start.map((x0, i) => {
        const L = at(largest, i)
        return x0 + (at(theta, i) / L) * ((L + at(reward, i)) / Math.max(at(travelled, i) + L, alpha * L))
      })
      return { state: { largest, travelled, reward, theta }, x: next }
    },
    outputs: () => ({}),
  })
}
