/**
 * Exact values of the elementary functions, by GNU MPFR in WebAssembly: every operation of it is correctly rounded to as many bits
 * as one asks for. It shares nothing with what is under test.
 */
import { init } from 'gmp-wasm'

export const UNARY = [
  'exp',
  'expm1',
  'log',
  'log1p',
  'sin',
  'cos',
  'tanh',
  'sigmoid',
  'softplus',
  'sqrt',
] as const
export type Unary = (typeof UNARY)[number]
export type Elementary = Unary | 'pow'

/** Round to nearest, ties to even. */
const NEAREST = 0
/** Enough that what a second rounding adds lies 60 bits and more below the last place of a double. */
const BITS = 192
/** Enough for the nearest double to a multiple of $\pi/2$ of any size. */
const LONG_BITS = 1300

export interface Reference {
  /**
   * How far `computed` is from the exact value, in units of the last place of the exact value, the least of which is $2^{-1074}$;
   * infinity counts as $2^{1024}$, and is no error where rounding leads there. An error of `Infinity` is a result of another kind.
   */
  readonly error: (name: Elementary, computed: number, x: number, y?: number) => number
  /** The double nearest to $n \pi / 2$, for `n` the integer nearest to $2 x / \pi$. */
  readonly nearMultiple: (x: number) => number
}

/** @param bits - of every operation */
export const openReference = async (bits = BITS): Promise<Reference> => {
  const { binding: b } = await init()
  const register = (length: number) => {
    const made = b.mpfr_t()
    b.mpfr_init2(made, length)
    return made
  }
  const [x, y] = [register(64), register(64)]
  const [result, half] = [register(bits), register(bits)]
  const [long, quarter] = [register(LONG_BITS), register(LONG_BITS)]
  b.mpfr_const_pi(quarter, NEAREST)
  b.mpfr_mul_2si(quarter, quarter, -1, NEAREST)

  /** $1 + e^{\mp x}$ has no digit below the last of `bits` that matters: both terms are positive. */
  const evaluate = (name: Elementary): void => {
    switch (name) {
      case 'sigmoid':
        b.mpfr_neg(half, x, NEAREST)
        b.mpfr_exp(half, half, NEAREST)
        b.mpfr_add_ui(half, half, 1, NEAREST)
        b.mpfr_ui_div(result, 1, half, NEAREST)
        return
      case 'softplus':
        b.mpfr_abs(half, x, NEAREST)
        b.mpfr_neg(half, half, NEAREST)
        b.mpfr_exp(half, half, NEAREST)
        b.mpfr_log1p(result, half, NEAREST)
        if (b.mpfr_cmp_d(x, 0) > 0) b.mpfr_add(result, result, x, NEAREST)
        return
      case 'pow':
        b.mpfr_pow(result, x, y, NEAREST)
        return
      default:
        b[`mpfr_${name}`](result, x, NEAREST)
    }
  }

  const error = (computed: number): number => {
    if (b.mpfr_nan_p(result) !== 0) return Number.isNaN(computed) ? 0 : Number.POSITIVE_INFINITY
    if (Number.isNaN(computed)) return Number.POSITIVE_INFINITY
    const rounded = b.mpfr_get_d(result, NEAREST)
    if (!Number.isFinite(computed)) {
      if (rounded === computed) return 0
      b.mpfr_set_d(half, Math.sign(computed), NEAREST)
      b.mpfr_mul_2si(half, half, 1024, NEAREST)
      b.mpfr_sub(half, half, result, NEAREST)
    } else if (b.mpfr_inf_p(result) !== 0) return Number.POSITIVE_INFINITY
    else b.mpfr_sub_d(half, result, computed, NEAREST)
    const binade = b.mpfr_zero_p(result) !== 0 ? -1074 : Math.max(b.mpfr_get_exp(result) - 53, -1074)
    b.mpfr_mul_2si(half, half, -Math.min(binade, 971), NEAREST)
    return Math.abs(b.mpfr_get_d(half, NEAREST))
  }

  return {
    error: (name, computed, a, exponent = 0) => {
      b.mpfr_set_d(x, a, NEAREST)
      b.mpfr_set_d(y, exponent, NEAREST)
      evaluate(name)
      return error(computed)
    },
    nearMultiple: (a) => {
      b.mpfr_set_d(long, a, NEAREST)
      b.mpfr_div(long, long, quarter, NEAREST)
      b.mpfr_rint(long, long, NEAREST)
      b.mpfr_mul(long, long, quarter, NEAREST)
      return b.mpfr_get_d(long, NEAREST)
    },
  }
}
