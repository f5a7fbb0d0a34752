import { binary } from '../primitive.js'

export const sub = binary(
  'sub',
  {},
  {
    evaluate: (x, y) => x - y,
    domain: 'all x, y',
    vjp: (v, _x, _y, cotangent) => [cotangent, v.neg(cotangent)],
  },
)
