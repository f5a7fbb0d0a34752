import type { Lanes } from './lanes.js'

/** $c_0 + x (c_1 + x (c_2 + \dots))$, in Horner's order. */
export const polynomial = <V, M>(l: Lanes<V, M>, x: V, coefficients: ReadonlyArray<number>): V => {
  const [first = 0, ...rest] = coefficients
  return rest.length === 0 ? l.constant(first) : l.mulAdd(polynomial(l, x, rest), x, l.constant(first))
}
