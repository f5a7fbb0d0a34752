import { pow as evaluate } from '../../numeric/power.js'
import { binary } from '../primitive.js'

export const power = binary(
  'power',
  {},
  {
    evaluate,
    domain:
      'x > 0, and x <= 0 for integer y; a negative base with a fractional exponent gives NaN; ' +
      'the derivative with respect to y at x = 0 is taken as 0 for y >= 0, and is NaN for x < 0',
    vjp: (v, x, y, cotangent, output) => {
      const [zero, unit] = [v.constant(x, 0, x.shape), v.constant(x, 1, x.shape)]
      // x^0 is constant, also at 0, where y x^(y - 1) would be 0 times infinity.
      const slope = v.select(v.equal(y, zero), zero, v.mul(y, v.power(x, v.sub(y, unit))))
      const log = v.log(v.select(v.equal(x, zero), unit, x))
      return [v.mul(cotangent, slope), v.mul(cotangent, v.mul(output, log))]
    },
  },
)
