import { unary } from '../primitive.js'

export const relu = unary(
  'relu',
  {},
  {
    evaluate: (x) => Math.max(x, 0),
    domain: 'all x; NaN stays NaN; at 0 the derivative is taken as 0',
    vjp: (v, x, cotangent) => {
      const zero = v.constant(x, 0, x.shape)
      return v.select(v.less(zero, x), cotangent, zero)
    },
  },
)
