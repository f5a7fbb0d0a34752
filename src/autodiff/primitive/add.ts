import { binary } from '../primitive.js'

export const add = binary(
  'add',
  {},
  {
    evaluate: (x, y) => x + y,
    domain: 'all x, y',
    vjp: (_v, _x, _y, cotangent) => [cotangent, cotangent],
  },
)
