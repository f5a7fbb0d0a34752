import { polyak } from '../../../rule/atom/polyak.js'
import { power } from '../../../rule/atom/power.js'
import { envelope } from '../../../rule/combine/envelope.js'
import { spsB } from '../../../rule/derived/spsB.js'
import type { Rule } from '../../../rule/rule.js'
import type { Estimator } from '../../hypergradient/hypergradient.js'
import { type BilevelDescentOutputs, type BilevelDescentState, bilevelDescent } from '../bilevelDescent.js'
import type { BilevelMethod } from '../method.js'

/**
 * A capped Polyak step of {@link bisps}: $\min\{(\varphi(0) - \ell)/(c\,\|\cdot\|^2),\ \gamma_b (k+1)^{-e}\}$, inside an envelope
 * where there is a `floor`.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface CappedPolyak {
  /** $\gamma_b > 0$. */
  readonly initial: number
  /** $e$, 1/2 by default; 0 for a cap that stays. */
  readonly exponent?: number
  /** $c > 0$, 1 by default. */
  readonly c?: number
  /** $\gamma_l > 0$ of a lower bound $\gamma_l (k+1)^{-e}$. */
  readonly floor?: number
}

/**
 * The parameters of {@link bisps}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface BispsParams {
  readonly inner: CappedPolyak & { readonly steps: number }
  readonly outer: CappedPolyak
  readonly hypergradient: Estimator
}

const rule = ({ initial, exponent = 0.5, c = 1, floor }: CappedPolyak): Rule =>
  floor === undefined
    ? spsB({ initial, exponent, c })
    : envelope({
        lower: power({ initial: floor, exponent }),
        proposal: polyak({ c }),
        upper: power({ initial, exponent }),
      })

/**
 * BiSPS: stochastic Polyak steps under decreasing caps at both levels,
 * $$\alpha_k = \min\Bigl\{\frac{f_S(x, y) - \ell_f}{p\,\|z\|^2}, \alpha_{b,k}\Bigr\}, \qquad
 * \beta_k = \min\Bigl\{\frac{g_T(x, y) - \ell_g}{q\,\|\nabla_y g_T\|^2}, \beta_{b,k}\Bigr\},$$
 * optionally inside envelopes.
 *
 * The upper ratio is no Polyak step of $F$: its value is $f$ at the $y$ there is, and $z$ is an estimate. Since it sees the sample
 * that the step is taken on, the envelope alone does not bring convergence (theorem P24): below their caps' collapse
 * (`spsB`) both rules are schedules, and the statement for schedules holds (P25).
 *
 * Cost of an iteration: $T$ lower gradients and the hypergradient; no probes.
 *
 * Clause `derived.bisps`. Laws: `polyak.gap`. Theorems: P24, P25.
 *
 * @param params - `c` 1 and `exponent` 1/2 by default; `initial` $\alpha_{b,0}$ and $\beta_{b,0}$ have none.
 * @throws RangeError if a field is outside its domain.
 * @cite fan2023
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { bisps, conjugateGradients, minimiseBilevel, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[2]], p: [-2], r: [0.25] }],
 *   lowerBounds: { upper: -10, lower: -10 },
 * })
 * const method = bisps({
 *   inner: { steps: 10, initial: 0.5, exponent: 0 },
 *   outer: { initial: 1 },
 *   hypergradient: conjugateGradients({ iterations: 10 }),
 * })
 * const start = { x: Float64Array.of(0), y: Float64Array.of(0) }
 * const { x } = minimiseBilevel(problem, { method, start, iterations: 200 })
 * x.map((at) => Math.round(1e6 * at) / 1e6) // => Float64Array.of(-1.2)
 * ```
 */
export const bisps = ({
  inner: { steps, ...lower },
  outer,
  hypergradient,
}: BispsParams): BilevelMethod<BilevelDescentState, BilevelDescentOutputs> =>
  bilevelDescent({
    inner: { steps, rule: rule(lower) },
    hypergradient,
    outer: { rule: rule(outer) },
  })
