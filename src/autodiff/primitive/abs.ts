import { unary } from '../primitive.js'

export const abs = unary(
  'abs',
  {},
  {
    evaluate: Math.abs,
    domain: 'all x; at 0 the derivative is taken as 0',
    vjp: (v, x, cotangent) => v.mul(cotangent, v.sign(x)),
  },
)
