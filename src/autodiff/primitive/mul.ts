import { binary } from '../primitive.js'

export const mul = binary(
  'mul',
  {},
  {
    evaluate: (x, y) => x * y,
    domain: 'all x, y',
    vjp: (v, x, y, cotangent) => [v.mul(cotangent, y), v.mul(cotangent, x)],
  },
)
