import type { Lanes } from './lanes.js'

/** $x^y$ for a constant exponent: those that are one correctly rounded operation here, the others by the scalar function. */
export const pow = <V, M>(l: Lanes<V, M>, x: V, y: number): V => {
  switch (y) {
    case 0:
      return l.constant(1)
    case 1:
      return x
    case 2:
      return l.mul(x, x)
    case -1:
      return l.div(l.constant(1), x)
    case 0.5: {
      // Of -0 it is +0, and of -Infinity it is Infinity, where the square root is -0 and NaN.
      const infinity = l.constant(Number.POSITIVE_INFINITY)
      const root = l.add(l.sqrt(x), l.constant(0))
      return l.select(l.equal(x, l.neg(infinity)), infinity, root)
    }
    default:
      return l.each('pow', x, l.constant(y))
  }
}
