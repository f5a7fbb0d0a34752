import { type Lanes, ROUNDER } from './lanes.js'
import { polynomial } from './polynomial.js'

const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10

/** $e^r - 1 - r$ by the Taylor polynomial of degree 13. */
const beyondLinear = <V, M>(l: Lanes<V, M>, r: V): V =>
  l.mul(
    l.mul(r, r),
    polynomial(l, r, [
      0.5,
      1 / 6,
      1 / 24,
      1 / 120,
      1 / 720,
      1 / 5040,
      1 / 40320,
      1 / 362880,
      1 / 3628800,
      1 / 39916800,
      1 / 479001600,
      1 / 6227020800,
    ]),
  )

/** $e^x = 2^k (s + t)$: the head $s = \mathrm{fl}(1 + r)$, the tail $t$, and what lies beyond the linear part. */
const reduced = <V, M>(l: Lanes<V, M>, x: V) => {
  const rounder = l.constant(ROUNDER)
  const one = l.constant(1)
  const shifted = l.mulAdd(x, l.constant(Math.LOG2E), rounder)
  const k = l.sub(shifted, rounder)
  const a = l.mulAdd(k, l.constant(-LN2_HIGH), x)
  const b = l.mul(k, l.constant(LN2_LOW))
  const r = l.sub(a, b)
  const lost = l.sub(l.sub(a, r), b)
  const beyond = beyondLinear(l, r)
  const head = l.add(one, r)
  const tail = l.add(l.add(l.sub(one, head), r), l.mulAdd(lost, head, beyond))
  return { shifted, k, head, tail, beyond }
}

/** $e^x$ for `x` at most 710 or `NaN`. */
export const expBounded = <V, M>(l: Lanes<V, M>, x: V): V => {
  // Below -745.14 the result rounds to zero of its own accord; the bound keeps the exponent in range.
  const { shifted, head, tail } = reduced(l, l.atLeast(x, l.constant(-746)))
  const [first, second] = l.halfPowers(shifted)
  return l.mul(l.mul(l.add(head, tail), first), second)
}

/** $e^x$; from 710 on it overflows of its own accord. */
export const exp = <V, M>(l: Lanes<V, M>, x: V): V => expBounded(l, l.atMost(x, l.constant(710)))

/**
 * $2^k (s + t) - 1$ with the error of $2^k s - 1$ added back. The reference finds that error by one of two formulas, by the
 * sign of `k`; it is exact, so that Knuth's formula, which asks for no order, finds the same.
 */
const lessOne = <V, M>(l: Lanes<V, M>, head: V, tail: V): V => {
  const minusOne = l.constant(-1)
  const difference = l.add(head, minusOne)
  const c = l.sub(difference, head)
  const rounding = l.add(l.sub(head, l.sub(difference, c)), l.sub(minusOne, c))
  return l.add(difference, l.add(rounding, tail))
}

/** $e^x - 1$ for $-41 \le x \le 40$ or `NaN`; `+0` at `-0`. */
export const expm1Bounded = <V, M>(l: Lanes<V, M>, x: V): V => {
  const { shifted, k, head, tail, beyond } = reduced(l, x)
  const power = l.powerOfTwo(shifted)
  const far = lessOne(l, l.mul(head, power), l.mul(tail, power))
  return l.select(l.equal(k, l.constant(0)), l.add(x, beyond), far)
}

export const expm1 = <V, M>(l: Lanes<V, M>, x: V): V => {
  // From -41 down the result rounds to -1 of its own accord.
  const bounded = l.atLeast(l.atMost(x, l.constant(710)), l.constant(-41))
  const { shifted, k, head, tail, beyond } = reduced(l, bounded)
  const [first, second] = l.halfPowers(shifted)
  const power = l.mul(first, second)
  const far = lessOne(l, l.mul(head, power), l.mul(tail, power))
  const exponential = l.mul(l.mul(l.add(head, tail), first), second)
  const near = l.select(l.equal(k, l.constant(0)), l.add(x, beyond), far)
  return l.signed(l.select(l.less(l.constant(40), x), exponential, near), x)
}
