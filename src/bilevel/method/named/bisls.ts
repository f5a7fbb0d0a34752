import { adam } from '../../../optimizer/direction/adam.js'
import type { Direction } from '../../../optimizer/direction/direction.js'
import { steepest } from '../../../optimizer/direction/steepest.js'
import type { AdamConstants, Searched } from '../../../optimizer/named/adaptiveSls.js'
import { armijo } from '../../../rule/atom/armijo.js'
import { constant } from '../../../rule/atom/constant.js'
import { minOf } from '../../../rule/combine/min.js'
import { searchStart } from '../../../rule/derived/reset.js'
import type { Rule } from '../../../rule/rule.js'
import type { Box } from '../../box.js'
import type { Estimator } from '../../hypergradient/hypergradient.js'
import { type BilevelDescentOutputs, type BilevelDescentState, bilevelDescent } from '../bilevelDescent.js'
import type { BilevelMethod } from '../method.js'

/**
 * A search of {@link bislsSgd} and {@link bislsAdam}: the fields of `sls`, under a hard cap where there is one.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export type CappedSearch = Searched & { readonly maximum?: number }

/**
 * The parameters of {@link bislsSgd} and {@link bislsAdam}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface BislsParams {
  /** The lower search and how many steps $T$ it makes in each iteration. */
  readonly inner: CappedSearch & { readonly steps: number }
  /** The upper search; `slack` $\delta \ge 0$ is 1e-3 by default. */
  readonly outer: CappedSearch & { readonly slack?: number }
  readonly hypergradient: Estimator
  readonly box?: { readonly x?: Box; readonly y?: Box }
}

const rule = ({
  initial,
  maximum,
  c = 0.1,
  shrink = 0.9,
  budget = 100,
  slack = 0,
  ...reset
}: CappedSearch & { readonly slack?: number }): Rule => {
  const start = searchStart(initial, reset)
  return armijo({
    start: maximum === undefined ? start : minOf(start, constant(maximum)),
    c,
    shrink,
    budget,
    slack,
  })
}

const searched = (
  { inner: { steps, ...lower }, outer, hypergradient, box }: BislsParams,
  direction: Direction,
): BilevelMethod<BilevelDescentState, BilevelDescentOutputs> =>
  bilevelDescent({
    inner: { steps, rule: rule(lower), ...(box?.y === undefined ? {} : { box: box.y }) },
    hypergradient,
    outer: {
      rule: rule({ slack: 1e-3, ...outer }),
      direction,
      ...(box?.x === undefined ? {} : { box: box.x }),
    },
  })

/**
 * BiSLS-SGD: a line search at both levels. Below, Armijo's condition on $g_T(x, \cdot)$; above, with $\hat x = x - \alpha z$ and
 * $\hat y = y - \beta \nabla_y g(\hat x, y)$,
 * $$f_S(\hat x, \hat y) \le f_S(x, y) - c\,\alpha\,\|z\|^2 + \delta .$$
 *
 * The slack $\delta$ is there because $z$ is not the gradient of $x \mapsto f(x, \hat y(x))$: as $\alpha \to 0$ the left side tends to
 * $f(x, \hat y(x))$, so that the search ends for small $\alpha$ if that is less than $f(x, y) + \delta$. Where it does not, `budget`
 * trials are the most, and $x$ stays.
 *
 * Each search begins where `reset` says (`sls`): `keep`, `restart`, `grow`, `capped` or `periodic`, and never above `maximum`.
 *
 * Assumes $g(x, \cdot)$ strongly convex and smooth. More slack only makes the accepted step longer. No rate is proved here.
 *
 * Cost of an iteration: $T$ lower gradients, one lower value a trial; the hypergradient; one value of $f$ and one gradient of $g$ for
 * each upper trial.
 *
 * Clause `derived.bisls`. Laws: `armijo.*`. Theorems: P8, B24.
 *
 * @param params - `c` 0.1, `shrink` 0.9, `budget` 100, `slack` 1e-3 by default (by analogy with `sls`; the authors' values are
 * not published).
 * @throws RangeError if a field is outside its domain.
 * @cite fan2023
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { bislsSgd, conjugateGradients, minimiseBilevel, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[2]], p: [-2], r: [0.25] }],
 * })
 * const method = bislsSgd({
 *   inner: { steps: 10, initial: 10, reset: 'grow', growth: 2 },
 *   outer: { initial: 1000, reset: 'grow', growth: 2, slack: 1e-9 },
 *   hypergradient: conjugateGradients({ iterations: 10 }),
 * })
 * const start = { x: Float64Array.of(0), y: Float64Array.of(0) }
 * const { x } = minimiseBilevel(problem, { method, start, iterations: 100 })
 * x.map((at) => Math.round(10 * at) / 10) // => Float64Array.of(-1.2)
 * ```
 */
export const bislsSgd = (params: BislsParams): BilevelMethod<BilevelDescentState, BilevelDescentOutputs> =>
  searched(params, steepest)

/**
 * BiSLS-Adam: {@link bislsSgd} with Adam above. The upper search runs along $-A_k^{-1} z$ without momentum,
 * $f_S(\hat x, \hat y) \le f_S(x, y) - c\,\alpha\,\|z\|^2_{A_k^{-1}} + \delta$, and the step is taken along $-A_k^{-1} \hat m_k$
 * with it, where $A_k = \operatorname{diag}(\sqrt{\hat v_k} + \epsilon)$.
 *
 * Cost and failures are those of {@link bislsSgd}; like Adam it has no rate.
 *
 * Clauses `derived.bisls`, `direction.adam`. Laws: `armijo.*`. Theorems: P8b.
 *
 * @param params - as for {@link bislsSgd}; `beta1` 0.9, `beta2` 0.99, `eps` 1e-8 by default.
 * @throws RangeError if a field is outside its domain.
 * @cite fan2023
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { bislsAdam, conjugateGradients, minimiseBilevel, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[2]], p: [-2], r: [0.25] }],
 * })
 * const method = bislsAdam({
 *   inner: { steps: 10, initial: 10, reset: 'restart' },
 *   outer: { initial: 0.1, reset: 'restart', slack: 1e-9 },
 *   hypergradient: conjugateGradients({ iterations: 10 }),
 * })
 * const start = { x: Float64Array.of(0), y: Float64Array.of(0) }
 * const { x } = minimiseBilevel(problem, { method, start, iterations: 200 })
 * x.map((at) => Math.round(10 * at) / 10) // => Float64Array.of(-1.2)
 * ```
 */
export const bislsAdam = ({
  beta1 = 0.9,
  beta2 = 0.99,
  eps = 1e-8,
  ...params
}: BislsParams & AdamConstants): BilevelMethod<BilevelDescentState, BilevelDescentOutputs> =>
  searched(params, adam({ beta1, beta2, eps }))
