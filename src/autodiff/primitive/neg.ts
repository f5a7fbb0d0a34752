import { unary } from '../primitive.js'

export const neg = unary(
  'neg',
  {},
  {
    evaluate: (x) => -x,
    domain: 'all x',
    vjp: (v, _, cotangent) => v.neg(cotangent),
  },
)
