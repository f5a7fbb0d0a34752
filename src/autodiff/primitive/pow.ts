import { pow as evaluate } from '../../numeric/power.js'
import { expectType, one, type Primitive } from '../primitive.js'
import { size } from '../shape.js'

export const pow: Primitive<'pow'> = {
  name: 'pow',
  arity: 1,
  params: { exponent: (u) => typeof u === 'number' },
  result: (_, inputs) => {
    const x = one(inputs)
    expectType('pow', x, 'f64')
    return { shape: x.shape, type: 'f64' }
  },
  vjp: (v, { params: { exponent }, inputs, cotangent }) => {
    const x = one(inputs)
    if (exponent === 0) return [null]
    const slope = v.mul(v.constant(x, exponent, x.shape), v.pow(x, exponent - 1))
    return [v.mul(cotangent, slope)]
  },
  flops: (_, { shape }) => size(shape),
  domain: 'x > 0, and x <= 0 for integer exponents; a negative base with a fractional exponent gives NaN',
  evaluate:
    ({ exponent }) =>
    (x) =>
      evaluate(x, exponent),
}
