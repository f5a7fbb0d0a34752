import { unary } from '../primitive.js'

export const sign = unary(
  'sign',
  {},
  {
    evaluate: Math.sign,
    domain: 'all x; sign(0) = 0; the derivative is 0 everywhere',
    vjp: () => null,
  },
)
