/** Functions that rare arguments are sent to, one lane at a time. */
export type UnaryScalar = 'cos' | 'log' | 'log1p' | 'sin'
export type BinaryScalar = 'pow'

/**
 * What an elementary function is written in: arithmetic on values `V` that are several doubles side by side, and masks `M` that
 * say of every lane yes or no. There are no branches: both sides are computed and one is chosen.
 *
 * Every operation rounds each lane as IEEE 754 prescribes, so that a function has the same bits over every instance.
 */
export interface Lanes<V, M> {
  readonly constant: (x: number) => V
  readonly add: (a: V, b: V) => V
  readonly sub: (a: V, b: V) => V
  readonly mul: (a: V, b: V) => V
  readonly div: (a: V, b: V) => V
  /** $a b + c$, which is rounded twice where the bits are promised. */
  readonly mulAdd: (a: V, b: V, c: V) => V
  readonly neg: (a: V) => V
  readonly abs: (a: V) => V
  readonly sqrt: (a: V) => V
  /** As `Math.min`. */
  readonly min: (a: V, b: V) => V
  /** As `Math.max`. */
  readonly max: (a: V, b: V) => V
  /** `bound < a ? bound : a`, so that `NaN` stays. */
  readonly atMost: (a: V, bound: V) => V
  /** `a < bound ? bound : a`, so that `NaN` stays. */
  readonly atLeast: (a: V, bound: V) => V

  readonly less: (a: V, b: V) => M
  readonly lessEqual: (a: V, b: V) => M
  readonly equal: (a: V, b: V) => M
  readonly both: (a: M, b: M) => M
  /** Whether a value that was chosen by a mask from one and zero, or any other, is not zero. */
  readonly truth: (a: V) => M

  readonly select: (m: M, yes: V, no: V) => V
  /** `yes`, and `+0` elsewhere. */
  readonly where: (m: M, yes: V) => V
  /** `+0` where the mask holds, else `no`. */
  readonly unless: (m: M, no: V) => V
  readonly negateWhere: (m: M, a: V) => V
  /** `-a` where the sign bit of `like` is set, else `a`. */
  readonly negateAs: (a: V, like: V) => V
  /** `a` with the sign bit of `like` set too: for an `a` that is positive or already of that sign. */
  readonly signed: (a: V, like: V) => V

  /** Where the bit `i` of the integer `k` is set, given `k + ROUNDER`. */
  readonly bit: (shifted: V, i: 0 | 1) => M
  /** $2^k$ for $|k| \le 1022$, given `k + ROUNDER`. */
  readonly powerOfTwo: (shifted: V) => V
  /** Two powers of two whose product is $2^k$, the exponents `k >> 1` and `k - (k >> 1)`, given `k + ROUNDER`. */
  readonly halfPowers: (shifted: V) => readonly [V, V]
  /** The exponent `k` and the significand of a positive normal number, $m 2^k$ with $m$ from about $\sqrt{1/2}$ to $\sqrt 2$. */
  readonly split: (x: V) => { readonly exponent: V; readonly significand: V }

  /** `fast` where the mask holds; elsewhere the scalar function of `x`. */
  readonly usually: (m: M, fast: V, name: UnaryScalar, x: V) => V
  /** The scalar function of every lane of `x` and that lane of `y`. */
  readonly each: (name: BinaryScalar, x: V, y: V) => V
}

/** Adding and subtracting it rounds to the nearest integer, ties to even, and leaves the integer in the low bits of the sum. */
export const ROUNDER = 6755399441055744

/** The upper word of $\sqrt{1/2}$, at which {@link Lanes.split} begins a binade. */
export const HIGH_SQRT_HALF = 0x3fe6a09e
