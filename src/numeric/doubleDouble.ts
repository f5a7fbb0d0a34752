/**
 * Sums of two doubles, `hi + lo` with `hi` the double nearest to the sum: 106 bits from error-free transformations. All of
 * it needs round-to-nearest and no fused multiply-add, which is what ECMAScript prescribes.
 */
export interface DoubleDouble {
  readonly hi: number
  readonly lo: number
}

/** $a + b$ exactly, for $|a| \ge |b|$ (Dekker). */
export const fastTwoSum = (a: number, b: number): DoubleDouble => {
  const hi = a + b
  return { hi, lo: b - (hi - a) }
}

/** $a + b$ exactly (Knuth). */
export const twoSum = (a: number, b: number): DoubleDouble => {
  const hi = a + b
  const c = hi - a
  return { hi, lo: a - (hi - c) + (b - c) }
}

const SPLITTER = 134217729 // 2^27 + 1

/** $a b$ exactly, unless it overflows beyond $2^{996}$ or its error term underflows (Dekker, Veltkamp). */
export const twoProduct = (a: number, b: number): DoubleDouble => {
  const hi = a * b
  const ca = SPLITTER * a
  const cb = SPLITTER * b
  const ah = ca - (ca - a)
  const bh = cb - (cb - b)
  const al = a - ah
  const bl = b - bh
  return { hi, lo: al * bl - (hi - ah * bh - al * bh - ah * bl) }
}

/** Relative error below $3 \cdot 2^{-106}$ when both have the same sign. */
export const add = (x: DoubleDouble, y: DoubleDouble): DoubleDouble => {
  const s = twoSum(x.hi, y.hi)
  const t = twoSum(x.lo, y.lo)
  const u = fastTwoSum(s.hi, s.lo + t.hi)
  return fastTwoSum(u.hi, u.lo + t.lo)
}

/** Relative error below $8 \cdot 2^{-106}$. */
export const multiply = (x: DoubleDouble, y: DoubleDouble): DoubleDouble => {
  const p = twoProduct(x.hi, y.hi)
  return fastTwoSum(p.hi, p.lo + (x.hi * y.lo + x.lo * y.hi))
}

/** A double times a double-double. */
export const scale = (a: number, x: DoubleDouble): DoubleDouble => {
  const p = twoProduct(a, x.hi)
  return fastTwoSum(p.hi, p.lo + a * x.lo)
}

/** A double divided by a double-double. */
export const quotient = (a: number, d: DoubleDouble): DoubleDouble => {
  const q = a / d.hi
  const p = twoProduct(q, d.hi)
  return fastTwoSum(q, (a - p.hi - p.lo - q * d.lo) / d.hi)
}
