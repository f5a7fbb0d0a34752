import { binary } from '../primitive.js'

export const div = binary(
  'div',
  {},
  {
    evaluate: (x, y) => x / y,
    domain: 'y not 0; there the quotient is infinite or NaN',
    vjp: (v, _, y, cotangent, output) => {
      const dx = v.div(cotangent, y)
      return [dx, v.neg(v.mul(dx, output))]
    },
  },
)
