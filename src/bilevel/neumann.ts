import type { Vector } from '../problem/oracle.js'

/**
 * The product of a Hessian (or of one component of it) with a vector.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export type HessianProduct = (v: Vector) => Vector

/** $t \mapsto t - a H t$. */
const contract = (t: Vector, a: number, product: HessianProduct): Vector => {
  const Ht = product(t)
  return t.map((ti, i) => ti - a * (Ht[i] ?? 0))
}

const checked = (step: number, terms: number): void => {
  if (!(step > 0) || step === Number.POSITIVE_INFINITY)
    throw new RangeError(`step: got ${step}, expected a finite number > 0`)
  if (!Number.isSafeInteger(terms) || terms < 1)
    throw new RangeError(`terms: got ${terms}, expected an integer >= 1`)
}

/**
 * The truncated Neumann series for $H^{-1} b$:
 * $$v_N = a \sum_{q=0}^{N-1} t_q, \qquad t_0 = b, \quad t_{q+1} = t_q - a H_q t_q.$$
 *
 * For $\mu I \preceq H \preceq L I$ and $a = 1/L$ the error is at most $\|b\| (1 - \mu/L)^N / \mu$ (theorem P22). The products may
 * come from different batches: `products(q)` is that of the $q$-th.
 *
 * Cost: $N - 1$ products.
 *
 * @param b - the right-hand side.
 * @param params - `step` $a > 0$ and the number of `terms` $N \ge 1$.
 * @throws RangeError if a parameter is outside its domain.
 * @cite ghadimi2018
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { neumannSeries } from 'steplaw/bilevel'
 *
 * // H = 2, b = 4: the sum of 1, 1/2, 1/4 comes near to 2.
 * neumannSeries(() => ([v = 0]) => Float64Array.of(2 * v), Float64Array.of(4), { step: 0.25, terms: 3 }) // => Float64Array.of(1.75)
 * ```
 */
export const neumannSeries = (
  products: (q: number) => HessianProduct,
  b: Vector,
  { step, terms }: { readonly step: number; readonly terms: number },
): Vector => {
  checked(step, terms)
  let t = b
  let sum = b
  for (let q = 0; q + 1 < terms; q++) {
    t = contract(t, step, products(q))
    const next = t
    sum = sum.map((s, i) => s + (next[i] ?? 0))
  }
  return sum.map((s) => step * s)
}

/**
 * One term of the Neumann series at a drawn depth $d$: $v = N a\, t_d$. For $d$ uniform on $0, \dots, N-1$ and independent products
 * with the mean $H$ its expectation is that of {@link neumannSeries} with $H$: an unbiased estimate of the truncated series, for
 * $d$ products.
 *
 * @param params - `step` $a > 0$, `terms` $N \ge 1$ and the `depth` $d$.
 * @throws RangeError if a parameter is outside its domain.
 * @cite ghadimi2018
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { neumannTerm } from 'steplaw/bilevel'
 *
 * const twice = () => ([v = 0]: Float64Array) => Float64Array.of(2 * v)
 * neumannTerm(twice, Float64Array.of(4), { step: 0.25, terms: 3, depth: 1 }) // => Float64Array.of(1.5)
 * ```
 */
export const neumannTerm = (
  products: (q: number) => HessianProduct,
  b: Vector,
  { step, terms, depth }: { readonly step: number; readonly terms: number; readonly depth: number },
): Vector => {
  checked(step, terms)
  if (!Number.isSafeInteger(depth) || depth < 0 || depth >= terms)
    throw new RangeError(`depth: got ${depth}, expected an integer from 0 to ${terms - 1}`)
  let t = b
  for (let q = 0; q < depth; q++) t = contract(t, step, products(q))
  return t.map((ti) => terms * step * ti)
}
