import { strict } from '../../../spec/vocabulary/strict.js'
import type { WrapperFields, WrapperParams } from '../../../spec/vocabulary/wrapper.js'
import { dot, norm } from '../../numeric/index.js'
import type { Vector } from '../../problem/oracle.js'
import { numbers, vector } from '../vector.js'
import { checkFields, exprOf } from './builtIn.js'
import { type WrapperAround, type WrapperView, wrapper } from './wrapper.js'

type Fields = WrapperFields<'mechanic', never>

/** One tuner for each of the `betas`; the fields are parallel. */
type State = {
  /** $\Delta$, the sum of the displacements of the base; empty in the recomputed form. */
  readonly total: Vector
  /** The greatest $|h|$, forgotten by degrees. */
  readonly m: ReadonlyArray<number>
  /** The sum of $h^2$, likewise. */
  readonly v: ReadonlyArray<number>
  /** The reward: what betting on the base has won. */
  readonly r: ReadonlyArray<number>
  readonly s: ReadonlyArray<number>
}

const sumOf = (xs: ReadonlyArray<number>): number => xs.reduce((a, b) => a + b, 0)

/** $w$: the gradient, and a share of the point as if it were decayed. */
const decayed = ({ lambda, eps }: Fields, scale: number, { x, gradient }: WrapperView): Vector => {
  const size = norm(x)
  const c = lambda === 0 || size === 0 ? 0 : (lambda * scale * norm(gradient)) / (size + eps)
  return c === 0 ? gradient : gradient.map((g, i) => g + c * (x[i] ?? 0))
}

/** $\Delta$ before this iteration. */
const totalOf = (
  { form, eps }: Fields,
  { total }: State,
  scale: number,
  { x, start }: WrapperView,
): Vector => {
  if (form === 'stored') return total
  const by = scale + eps
  return x.map((xi, i) => (by === 0 ? 0 : (xi - (start[i] ?? 0)) / by))
}

/** The tuners after the reward `h` of one iteration. */
const tuned = ({ sInit, betas, eps, clip, form }: Fields, state: State, h: number): Omit<State, 'total'> => {
  const each = betas.map((beta, j) => {
    const [m0, v0, r0, s0] = [state.m[j] ?? 0, state.v[j] ?? 0, state.r[j] ?? 0, state.s[j] ?? 0]
    const hc = clip ? Math.min(Math.max(h, -m0), m0) : h
    const m = Math.max(beta * m0, Math.abs(h) + eps)
    const v = beta * beta * v0 + h * h
    const won = beta * r0 - s0 * hc
    const r = form === 'stored' ? Math.max(0, won) : won
    const root = Math.sqrt(v) + eps
    const share = sInit / betas.length
    // Without eps and before any reward both sides are 0; their ratio tends to the share.
    return { m, v, r, s: root === 0 ? share : (share * m + Math.max(0, r)) / root }
  })
  return {
    m: each.map(({ m }) => m),
    v: each.map(({ v }) => v),
    r: each.map(({ r }) => r),
    s: each.map(({ s }) => s),
  }
}

const defaults = { lambda: 0.01, eps: 1e-8, clip: false, form: 'stored' } as const

/**
 * Where `sInit` and `betas` come from when they are left out: the values of the paper,
 * $s_{init} = 10^{-8}$ and $\beta_j = 1 - 10^{-j}$ for $j = 1, \dots, 6$. The format has no default for them.
 *
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { mechanicDefaults } from 'steplaw'
 *
 * mechanicDefaults.betas.length // => 6
 * ```
 */
export const mechanicDefaults = {
  sInit: 1e-8,
  betas: [0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999],
} as const

/**
 * Mechanic: learns how far to go along the whole way of a base method, so that the method's own step may be any constant.
 * The base proposes displacements $u$; the run stands at $x_0 + \big(\sum_j s_j\big)\,\Delta$ with $\Delta = \sum u$, and
 * one tuner for each $\beta_j$ bets on it:
 * $$\sigma = \sum_j s_j,\quad w = g + \lambda \sigma \frac{\|g\|}{\|x\| + \epsilon}\,x,\quad h = \langle \Delta, w\rangle,$$
 * $$m_j \leftarrow \max(\beta_j m_j, |h| + \epsilon),\quad v_j \leftarrow \beta_j^2 v_j + h^2,\quad
 * r_j \leftarrow \max(0, \beta_j r_j - s_j h),\quad
 * s_j \leftarrow \frac{(s_{init}/n)\,m_j + r_j}{\sqrt{v_j} + \epsilon}.$$
 * Clause `wrapper.mechanic`. The output `scale` is $\sum_j s_j$ after the iteration.
 *
 * The rule sees the true point, gradient and ray; `executed` is its own step. A step that fails or is infinite has
 * $u = 0$, and the tuners go on.
 *
 * What the fields change, and which public code they come near to:
 *
 * | | this library | JAX code of an author | optax | PyTorch code |
 * | --- | --- | --- | --- | --- |
 * | `sInit`, `eps`, `lambda` | 1e-8, 1e-8, 0.01 | 1e-8, 1e-10, 0.01 | 1e-6, 1e-8, 0.01 | 1e-8, 1e-8, 0.01 |
 * | `clip`: $h$ cut to $[-m_j, m_j]$ in $r_j$ | false | false | true | false |
 * | `form` | stored | recomputed | recomputed | either, $r$ stored cut at 0 |
 *
 * `form: 'recomputed'` keeps no $\Delta$ but takes $(x - x_0)/(\sigma + \epsilon)$, and keeps $r_j$ as it falls, cutting
 * it at 0 in $s_j$ only. No field stands for what else the PyTorch code does: it starts at $m_j = 10^{-6}$,
 * $s_j = 0$, which makes the first scale about a hundred times greater, has no $\epsilon$ in $m_j$, and decays towards the point
 * after the base step. The paper writes $h$ for $|h|$ in $m_j$; all code has $|h|$.
 *
 * Assumptions: none for running. With $\lambda = 0$ the regret of the run is that of the tuners and $\mathring s$ times
 * that of the base, for every $\mathring s > 0$; convexity turns regret into a bound on values.
 *
 * Edge cases: scaling the objective by a power of two changes no bit of $s$ where $\lambda = \epsilon = 0$ and the base
 * gives the same $u$; with $\epsilon = 0$ and $v_j = 0$ the ratio is $s_{init}/n$, its limit. At $x = 0$ there is no
 * decay. A direction that steps from elsewhere than the point ({@link neo}) counts by its displacement alone.
 *
 * Cost: one vector of state (none if recomputed), one dot product, three norms at most.
 *
 * Laws: none. Theorems: P17.
 *
 * @param params - `sInit` > 0, `betas` in $[0, 1]$, `lambda` >= 0, `eps` >= 0; by default {@link mechanicDefaults}, and
 * 0.01, 1e-8, no clipping and the stored form, as in the paper with the sums kept.
 * @throws RangeError if a field is outside its domain.
 * @cite cutkosky2023
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant, mechanic, minimise, quadratic } from 'steplaw'
 *
 * // A step thousands of times too small.
 * const problem = quadratic({ A: [[[4, 0], [0, 1]]], b: [[1, -1]] })
 * const tuned = { rule: constant(1e-4), start: Float64Array.of(3, 2), iterations: 500 }
 * const far = minimise(problem, tuned).x
 * const near = minimise(problem, { ...tuned, wrapper: mechanic() }).x
 * problem.value(far, null) > 9 // => true
 * problem.value(near, null) < 0.1 // => true
 * ```
 */
export const mechanic = (params: Partial<WrapperParams<'mechanic', never>> = {}): WrapperAround<'method'> => {
  const fields = checkFields('mechanic', { ...mechanicDefaults, ...defaults, ...params })
  const { sInit, betas, form } = fields
  const zeros = betas.map(() => 0)
  return wrapper<'method', State>({
    name: 'mechanic',
    expr: exprOf('mechanic', fields),
    needs: 'method',
    init: ({ length }) => ({
      total: new Float64Array(form === 'stored' ? length : 0),
      m: zeros,
      v: zeros,
      r: zeros,
      s: betas.map(() => sInit),
    }),
    state: (dimension) => {
      const each = numbers(betas.length)
      const total = vector(form === 'stored' ? dimension : 0)
      return strict('the state of mechanic', { total, m: each, v: each, r: each, s: each })
    },
    advance: (state, at) => {
      const scale = sumOf(state.s)
      const before = totalOf(fields, state, scale, at)
      const next = tuned(fields, state, dot(before, decayed(fields, scale, at)))
      const total = before.map((t, i) => t + (at.displacement[i] ?? 0))
      const by = sumOf(next.s)
      const x = at.start.map((x0, i) => x0 + by * (total[i] ?? 0))
      return { state: { ...next, total: form === 'stored' ? total : state.total }, x }
    },
    outputs: ({ s }) => ({ scale: sumOf(s) }),
  })
}
