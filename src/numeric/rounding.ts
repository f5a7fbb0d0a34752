/** The unit roundoff $u = 2^{-53}$: every operation returns its exact result times $1 + \delta$ with $|\delta| \le u$. */
export const UNIT_ROUNDOFF = Number.EPSILON / 2

/**
 * $\gamma_m = m u / (1 - m u)$: a bound on the relative error of `m` successive roundings.
 *
 * @throws `RangeError` unless $0 \le m u < 1$
 * @cite higham2002
 * @category Numeric
 * @since 0.1.0
 */
export const gamma = (m: number): number => {
  if (!(m >= 0 && m * UNIT_ROUNDOFF < 1))
    throw new RangeError(`gamma: m must be >= 0 and below 2^53, got ${m}`)
  return (m * UNIT_ROUNDOFF) / (1 - m * UNIT_ROUNDOFF)
}
