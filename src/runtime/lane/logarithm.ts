import type { Lanes } from './lanes.js'
import { polynomial } from './polynomial.js'

const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10

/** $\log(1 + f) - f$ with a correction, for $1 + f$ between $\sqrt{1/2}$ and $\sqrt 2$. */
const beyondLinear = <V, M>(l: Lanes<V, M>, f: V, correction: V): V => {
  const s = l.div(f, l.add(l.constant(2), f))
  const z = l.mul(s, s)
  const w = l.mul(z, z)
  const even = l.mul(w, polynomial(l, w, [0.3999999999940942, 0.22222198432149784, 0.15313837699209373]))
  const odd = l.mul(
    z,
    polynomial(l, w, [0.6666666666666735, 0.2857142874366239, 0.1818357216161805, 0.14798198605116586]),
  )
  const half = l.mul(l.mul(l.constant(0.5), f), f)
  return l.sub(l.mulAdd(s, l.add(half, l.add(even, odd)), correction), half)
}

/** $k \log 2 + \log(1 + f)$. */
const combined = <V, M>(l: Lanes<V, M>, k: V, f: V, correction: V): V =>
  l.mulAdd(k, l.constant(LN2_HIGH), l.add(f, beyondLinear(l, f, correction)))

/** $\log x$; zero, subnormal, negative and infinite arguments are the scalar function's. */
export const log = <V, M>(l: Lanes<V, M>, x: V): V => {
  const { exponent, significand } = l.split(x)
  const fast = combined(l, exponent, l.sub(significand, l.constant(1)), l.mul(exponent, l.constant(LN2_LOW)))
  const normal = l.both(
    l.lessEqual(l.constant(2.2250738585072014e-308), x),
    l.less(x, l.constant(Number.POSITIVE_INFINITY)),
  )
  return l.usually(normal, fast, 'log', x)
}

/** `near` is where $1 + x$ needs no reduction, `lost` what it lost relative to $1 + x$, given the exponent. */
const log1pReduced = <V, M>(l: Lanes<V, M>, x: V, u: V, near: M, lost: (exponent: V) => V): V => {
  const { exponent, significand } = l.split(u)
  return combined(
    l,
    l.unless(near, exponent),
    l.select(near, x, l.sub(significand, l.constant(1))),
    l.unless(near, l.add(l.mul(exponent, l.constant(LN2_LOW)), lost(exponent))),
  )
}

const NEAR = 0.414213562373095

/** $\log(1 + x)$ for `x` from `+0` to 1 or `NaN`. */
export const log1pOfUnit = <V, M>(l: Lanes<V, M>, x: V): V => {
  const one = l.constant(1)
  const u = l.add(one, x)
  const lost = l.div(l.sub(x, l.sub(u, one)), u)
  return log1pReduced(l, x, u, l.less(x, l.constant(NEAR)), () => lost)
}

/** $\log(1 + x)$; arguments up to -1 and infinite ones are the scalar function's. */
export const log1p = <V, M>(l: Lanes<V, M>, x: V): V => {
  const one = l.constant(1)
  const u = l.add(one, x)
  const rest = l.select(l.less(x, one), l.sub(x, l.sub(u, one)), l.sub(one, l.sub(u, x)))
  const near = l.both(l.less(l.constant(-0.2928932188134524), x), l.less(x, l.constant(NEAR)))
  // Beyond 2^53 what is lost lies below the last place of the result.
  const fast = log1pReduced(l, x, u, near, (exponent) =>
    l.unless(l.less(l.constant(53), exponent), l.div(rest, u)),
  )
  const usual = l.both(l.less(l.constant(-1), x), l.less(x, l.constant(Number.POSITIVE_INFINITY)))
  return l.usually(usual, l.signed(fast, x), 'log1p', x)
}
