/**
 * Exact references: numbers $m 2^e$ with $m$ a `bigint`, rounded to 400 bits by division only. Slow, and sharing nothing
 * with the functions under test.
 */
export interface Big {
  readonly m: bigint
  readonly e: number
}

const BITS = 400

const length = (m: bigint): number => (m < 0n ? -m : m).toString(2).length

const trim = ({ m, e }: Big): Big => {
  const excess = length(m) - 2 * BITS
  return excess > 0 ? { m: m >> BigInt(excess), e: e + excess } : { m, e }
}

export const big = (x: number): Big => {
  if (x === 0) return { m: 0n, e: 0 }
  let m = x
  let e = 0
  while (!Number.isInteger(m)) {
    m *= 2
    e -= 1
  }
  return { m: BigInt(m), e }
}

export const integer = (m: bigint): Big => ({ m, e: 0 })
export const mul = (a: Big, b: Big): Big => trim({ m: a.m * b.m, e: a.e + b.e })
export const neg = (a: Big): Big => ({ m: -a.m, e: a.e })
export const shift = (a: Big, k: number): Big => ({ m: a.m, e: a.e + k })

export const add = (a: Big, b: Big): Big => {
  if (a.m === 0n) return b
  if (b.m === 0n) return a
  // Beyond 3000 bits apart the smaller one is far below every precision asked for here.
  const e = Math.min(a.e, b.e)
  if (Math.max(a.e, b.e) - e > 4000) return a.e > b.e ? a : b
  return trim({ m: (a.m << BigInt(a.e - e)) + (b.m << BigInt(b.e - e)), e })
}

export const sub = (a: Big, b: Big): Big => add(a, neg(b))

export const div = (a: Big, b: Big): Big => {
  const up = Math.max(BITS + length(b.m) - length(a.m), 0)
  return { m: (a.m << BigInt(up)) / b.m, e: a.e - b.e - up }
}

/** The nearest double, for results inside the normal range. */
export const toNumber = ({ m, e }: Big): number => {
  const drop = Math.max(length(m) - 64, 0)
  const head = Number(m >> BigInt(drop))
  const k = e + drop
  return head * 2 ** Math.trunc(k / 2) * 2 ** (k - Math.trunc(k / 2))
}

/** $|computed - exact|$ in units of the last place of the exact value; the least unit is $2^{-1074}$. */
export const ulps = (computed: number, exact: Big): number => {
  const top = length(exact.m) + exact.e - 1
  const unit = exact.m === 0n ? -1074 : Math.max(top - 52, -1074)
  const difference = sub(big(computed), exact)
  return difference.m === 0n ? 0 : Math.abs(toNumber(shift(difference, -unit)))
}

const ONE = integer(1n)

/** Adds terms until one no longer moves a sum of about one. */
const series = (first: Big, next: (term: Big, n: number) => Big): Big => {
  let sum = first
  let term = first
  for (let n = 1; term.m !== 0n && length(term.m) + term.e > length(first.m) + first.e - BITS - 20; n += 1) {
    term = next(term, n)
    sum = add(sum, term)
  }
  return sum
}

/** $\operatorname{artanh}(t)$ for small $t$. */
const artanh = (t: Big): Big => {
  const square = mul(t, t)
  let power = t
  return series(t, (_, n) => {
    power = mul(power, square)
    return div(power, integer(BigInt(2 * n + 1)))
  })
}

export const LN2: Big = shift(artanh(div(ONE, integer(3n))), 1)

const arctanOf = (n: bigint): Big => {
  // 1500 bits, so that angles up to 2^1024 can be reduced.
  const scale = 1n << 1500n
  let term = scale / n
  let sum = term
  for (let k = 3n; term !== 0n; k += 2n) {
    term = -term / (n * n)
    sum += term / k
  }
  return { m: sum, e: -1500 }
}

/** Machin: $\pi = 16 \arctan(1/5) - 4 \arctan(1/239)$, 1490 bits. */
export const PI: Big = {
  m: 16n * arctanOf(5n).m - 4n * arctanOf(239n).m,
  e: -1500,
}

export const exp = (x: Big): Big => {
  if (x.m === 0n) return ONE
  const k = Math.round(toNumber(x) / Math.LN2)
  // Halved eight times, then squared eight times.
  const r = shift(sub(x, mul(integer(BigInt(k)), LN2)), -8)
  let y = series(ONE, (t, n) => div(mul(t, r), integer(BigInt(n))))
  for (let i = 0; i < 8; i += 1) y = mul(y, y)
  return shift(y, k)
}

/** $e^x - 1$, by its own series near zero. */
export const expm1 = (x: Big): Big =>
  x.m !== 0n && length(x.m) + x.e < -2
    ? series(x, (t, n) => div(mul(t, x), integer(BigInt(n + 1))))
    : sub(exp(x), ONE)

export const log = (x: Big): Big => {
  const k = length(x.m) + x.e
  const m = shift(x, -k)
  return add(mul(integer(BigInt(k)), LN2), shift(artanh(div(sub(m, ONE), add(m, ONE))), 1))
}

export const log1p = (x: Big): Big =>
  x.m !== 0n && length(x.m) + x.e < -2 ? shift(artanh(div(x, add(x, integer(2n)))), 1) : log(add(x, ONE))

export const tanh = (x: Big): Big => {
  const e = expm1(shift(x, 1))
  return div(e, add(e, integer(2n)))
}

export const sigmoid = (x: Big): Big => div(ONE, add(ONE, exp(neg(x))))
export const softplus = (x: Big): Big => log1p(exp(x))
export const pow = (x: Big, y: Big): Big => exp(mul(y, log(x)))

const sineSeries = (r: Big): Big => {
  const square = mul(r, r)
  return series(r, (t, n) => div(neg(mul(t, square)), integer(BigInt(2 * n * (2 * n + 1)))))
}

const cosineSeries = (r: Big): Big => {
  const square = mul(r, r)
  return series(ONE, (t, n) => div(neg(mul(t, square)), integer(BigInt(2 * n * (2 * n - 1)))))
}

/** $\sin(x + q \pi/2)$ for a double $x \ge 0$. */
export const sine = (x: number, q: number): Big => {
  const angle = big(x)
  const up = angle.e + 1500
  const scaled = up >= 0 ? angle.m << BigInt(up) : angle.m >> BigInt(-up)
  const n = (4n * scaled + PI.m) / (2n * PI.m)
  const r = sub(angle, { m: n * PI.m, e: PI.e - 1 })
  const quadrant = (Number(n % 4n) + q) & 3
  const value = (quadrant & 1) === 0 ? sineSeries(r) : cosineSeries(r)
  return (quadrant & 2) === 0 ? value : neg(value)
}
