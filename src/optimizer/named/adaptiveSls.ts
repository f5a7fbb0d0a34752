import type { Reset } from '../../rule/derived/reset.js'
import { type Backtracking, sls } from '../../rule/derived/sls.js'
import { adagrad } from '../direction/adagrad.js'
import { adam, amsgrad } from '../direction/adam.js'
import type { Direction } from '../direction/direction.js'
import type { Recipe } from './recipe.js'

/**
 * The search of {@link adamSls}, {@link amsgradSls} and {@link adagradSls}: the fields of {@link sls}.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export type Searched = { readonly initial: number } & Reset & Backtracking

/**
 * The constants of Adam and AMSGrad in the methods that search or take a Polyak step along them. The defaults are those of the
 * authors' code, whose second decay is not Adam's usual one.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface AdamConstants {
  /** $\beta_1 \in [0, 1)$, by default 0.9. */
  readonly beta1?: number
  /** $\beta_2 \in [0, 1)$, by default 0.99. */
  readonly beta2?: number
  /** $\epsilon \ge 0$, by default 1e-8. */
  readonly eps?: number
}

const searched = (direction: Direction, search: Searched): Recipe => ({
  rule: sls({ c: 0.5, ...search }),
  direction,
})

/**
 * Adam with a preconditioned search, Armijo's condition on the batch along $-A_k^{-1} g_k$:
 * $$f_S(x_k - \gamma A_k^{-1} g_k) \le f_S(x_k) - c\,\gamma\,\|g_k\|^2_{A_k^{-1}},
 * \qquad x_{k+1} = x_k - \gamma_k A_k^{-1} \hat m_k.$$
 * The search sees the gradient alone, the step is taken with momentum: `sls` along {@link adam}.
 *
 * **Conservative** with `reset: 'keep'`: each search begins at the step executed last, so that $\gamma_k \le \gamma_{k-1}$.
 *
 * **Holds** for $L$-smooth $f_S$ with $A_k \succeq a$: $\gamma_k \ge \min\{\gamma_0, 2\beta a(1-c)/L\}$ of a search begun at $\gamma_0$, and
 * $\gamma_k \|g_k\|^2_{A_k^{-1}} \le (f_S(x_k) - \inf f_S)/c$. There is no rate: as for Adam, $A_k$ may shrink again; see {@link amsgradSls}.
 *
 * Cost: one value of the batch per trial. Clauses `rule.armijo`, `direction.adam`.
 *
 * Laws: `armijo.*`. Theorems: P8b.
 *
 * @param params - as for {@link sls}, with `c` 0.5 by default, the authors' for convex losses (0.1 for networks); `initial` is
 * 100 in their experiments, to show that it hardly matters. `beta1`, `beta2`, `eps`: 0.9, 0.99, 1e-8 by default, those of their code.
 * @throws RangeError if a field is outside its domain.
 * @cite vaswani2020
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { adamSls, printedDirection, show } from 'steplaw'
 *
 * const { rule, direction } = adamSls({ initial: 100, reset: 'keep' })
 * show(rule) // => 'armijo{start: last{initial: 100}, c: 0.5, shrink: 0.9}'
 * printedDirection(direction) // => 'adam{beta1: 0.9, beta2: 0.99, eps: 1e-8}'
 * ```
 */
export const adamSls = ({
  beta1 = 0.9,
  beta2 = 0.99,
  eps = 1e-8,
  ...search
}: Searched & AdamConstants): Recipe => searched(adam({ beta1, beta2, eps }), search)

/**
 * AMSGrad with a preconditioned search: {@link adamSls} along {@link amsgrad}, whose $A_k$ never shrinks.
 *
 * **Holds** for convex $f_S$, $\|x_k - x^*\| \le D$, $A_k$ between $a$ and $A$ in $d$ dimensions, without momentum (`beta1` 0), $c = 3/4$, each search
 * giving the largest step up to $\gamma_b$ that the condition allows (backtracking loses the factor `shrink`):
 * $\mathbb{E}[f(\bar x_K) - f^*] \le (3 D^2 d A/(2K) + 3\gamma_b\sigma^2)\max\{1/\gamma_b, 2L/a\}$, with $\sigma^2$ 0 under interpolation.
 *
 * Cost: one value of the batch per trial. Clauses `rule.armijo`, `direction.amsgrad`.
 *
 * Laws: `armijo.*`. Theorems: P8b.
 *
 * @param params - as for {@link adamSls}.
 * @throws RangeError if a field is outside its domain.
 * @cite vaswani2020
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { amsgradSls, minimise, quadratic } from 'steplaw'
 *
 * const bowl = quadratic({ A: [[[100, 0], [0, 1]]], b: [[1, -1]] })
 * const method = amsgradSls({ initial: 100, reset: 'grow', growth: 2, beta1: 0 })
 * const { x } = minimise(bowl, { ...method, start: Float64Array.of(3, 3), iterations: 300 })
 * x.map((t) => Math.round(1e6 * t) / 1e6) // => Float64Array.of(1, -1)
 * ```
 */
export const amsgradSls = ({
  beta1 = 0.9,
  beta2 = 0.99,
  eps = 1e-8,
  ...search
}: Searched & AdamConstants): Recipe => searched(amsgrad({ beta1, beta2, eps }), search)

/**
 * AdaGrad with a preconditioned search: {@link adamSls} along {@link adagrad}, without momentum.
 *
 * AdaGrad shrinks its steps by itself; with a search the two are multiplied. The authors' rate for AdaGrad is for the **conservative**
 * form (`reset: 'keep'`) with $c = 1/2$, of a search along the plain gradient; here the search is along $-A_k^{-1} g_k$ as for the others.
 *
 * Cost: one value of the batch per trial. Clauses `rule.armijo`, `direction.adagrad`.
 *
 * Laws: `armijo.*`. Theorems: P8b.
 *
 * @param params - as for {@link sls}, with `c` 0.5 by default; `eps` 1e-8 by default, as in the authors' code.
 * @throws RangeError if a field is outside its domain.
 * @cite vaswani2020
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { adagradSls, printedDirection, show } from 'steplaw'
 *
 * const { rule, direction } = adagradSls({ initial: 1, reset: 'keep' })
 * show(rule) // => 'armijo{start: last{initial: 1}, c: 0.5, shrink: 0.9}'
 * printedDirection(direction) // => 'adagrad{eps: 1e-8}'
 * ```
 */
export const adagradSls = ({ eps = 1e-8, ...search }: Searched & { readonly eps?: number }): Recipe =>
  searched(adagrad(eps), search)
