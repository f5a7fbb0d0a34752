import { type Lanes, ROUNDER } from './lanes.js'
import { polynomial } from './polynomial.js'

const TWO_OVER_PI = 0.6366197723675814
const HALF_PI_1 = 1.5707963267341256
const HALF_PI_2 = 6.077100506303966e-11
const HALF_PI_3 = 2.0222662487111665e-21
const HALF_PI_4 = 8.4784276603689e-32

/** From here on the reduction needs more digits of pi, and the scalar function is called. */
const LARGE = 1.6e6

interface Sum<V> {
  readonly hi: V
  readonly lo: V
}

/** $a - b$ exactly (Knuth). */
const twoDifference = <V, M>(l: Lanes<V, M>, a: V, b: V): Sum<V> => {
  const hi = l.sub(a, b)
  const c = l.sub(hi, a)
  return { hi, lo: l.sub(l.sub(a, l.sub(hi, c)), l.add(b, c)) }
}

/** Of an angle $a \ge 0$, the multiple of $\pi/2$ that is nearest, and the rest; an angle below $\pi/4$ is its own rest. */
const reduced = <V, M>(l: Lanes<V, M>, angle: V) => {
  const rounder = l.constant(ROUNDER)
  const shifted = l.mulAdd(angle, l.constant(TWO_OVER_PI), rounder)
  const n = l.sub(shifted, rounder)
  const part = (x: number): V => l.mul(n, l.constant(x))
  const a = twoDifference(l, l.mulAdd(n, l.constant(-HALF_PI_1), angle), part(HALF_PI_2))
  const b = twoDifference(l, a.hi, part(HALF_PI_3))
  const low = l.add(b.lo, l.sub(a.lo, part(HALF_PI_4)))
  const hi = l.add(b.hi, low)
  return { shifted, hi, lo: l.sub(low, l.sub(hi, b.hi)) }
}

const sineKernel = <V, M>(l: Lanes<V, M>, { hi: x, lo: t }: Sum<V>): V => {
  const z = l.mul(x, x)
  const w = l.mul(z, x)
  // Negative, so that it is added: the same bits.
  const p = polynomial(
    l,
    z,
    [
      -0.00833333333332249, 0.0001984126982985795, -2.7557313707070068e-6, 2.5050760253406863e-8,
      -1.58969099521155e-10,
    ],
  )
  const bracket = l.sub(l.mul(z, l.mulAdd(w, p, l.mul(l.constant(0.5), t))), t)
  return l.sub(x, l.mulAdd(w, l.constant(0.16666666666666632), bracket))
}

const cosineKernel = <V, M>(l: Lanes<V, M>, { hi: x, lo: t }: Sum<V>): V => {
  const one = l.constant(1)
  const z = l.mul(x, x)
  const p = polynomial(
    l,
    z,
    [
      0.0416666666666666, -0.001388888888887411, 2.480158728947673e-5, -2.7557314351390663e-7,
      2.087572321298175e-9, -1.1359647557788195e-11,
    ],
  )
  const half = l.mul(l.constant(0.5), z)
  const w = l.sub(one, half)
  const correction = l.sub(l.mul(l.mul(z, z), p), l.mul(x, t))
  return l.add(w, l.add(l.sub(l.sub(one, w), half), correction))
}

/** Both functions reduce $|x|$, so that a program which wants both of an angle shares nearly all of the work. */
const quadrants = <V, M>(l: Lanes<V, M>, x: V) => {
  const angle = l.abs(x)
  const { shifted, ...rest } = reduced(l, angle)
  return {
    odd: l.bit(shifted, 0),
    upper: l.bit(shifted, 1),
    sine: sineKernel(l, rest),
    cosine: cosineKernel(l, rest),
    usual: l.less(angle, l.constant(LARGE)),
  }
}

/** $\sin x$; angles from 1.6e6 on are the scalar function's. */
export const sin = <V, M>(l: Lanes<V, M>, x: V): V => {
  const { odd, upper, sine, cosine, usual } = quadrants(l, x)
  const magnitude = l.negateWhere(upper, l.select(odd, cosine, sine))
  return l.usually(usual, l.negateAs(magnitude, x), 'sin', x)
}

/** $\cos x$; angles from 1.6e6 on are the scalar function's. */
export const cos = <V, M>(l: Lanes<V, M>, x: V): V => {
  const { odd, upper, sine, cosine, usual } = quadrants(l, x)
  const magnitude = l.negateWhere(odd, l.negateWhere(upper, l.select(odd, sine, cosine)))
  return l.usually(usual, magnitude, 'cos', x)
}
