import { expBounded, expm1Bounded } from './exponential.js'
import type { Lanes } from './lanes.js'
import { log1pOfUnit } from './logarithm.js'

/** $\tanh x$: $1 - 2/(e^{2a} + 1)$ for $a = |x| \ge 1/2$, $-e/(e + 2)$ with $e = e^{-2a} - 1$ below. */
export const tanh = <V, M>(l: Lanes<V, M>, x: V): V => {
  const two = l.constant(2)
  // At 20 the result has rounded to 1.
  const a = l.atMost(l.abs(x), l.constant(20))
  const small = l.less(a, l.constant(0.5))
  const e = expm1Bounded(l, l.negateWhere(small, l.mul(two, a)))
  const quotient = l.div(l.select(small, l.neg(e), two), l.add(e, two))
  const t = l.select(small, quotient, l.sub(l.constant(1), quotient))
  return l.signed(l.select(l.less(a, l.constant(1e-8)), a, t), x)
}

/** $e^{-|x|}$, which the sigmoid and the softplus of one argument share. */
const decay = <V, M>(l: Lanes<V, M>, x: V): V => expBounded(l, l.neg(l.abs(x)))

export const sigmoid = <V, M>(l: Lanes<V, M>, x: V): V => {
  const one = l.constant(1)
  const e = decay(l, x)
  return l.div(l.select(l.less(x, l.constant(0)), e, one), l.add(one, e))
}

export const softplus = <V, M>(l: Lanes<V, M>, x: V): V =>
  l.add(l.where(l.less(l.constant(0), x), x), log1pOfUnit(l, decay(l, x)))
