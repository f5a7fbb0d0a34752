import { unary } from '../primitive.js'

export const identity = unary(
  'identity',
  {},
  {
    evaluate: (x) => x,
    domain: 'all x; it gives a value a name of its own, so that a derivative can be taken with respect to it',
    vjp: (_v, _x, cotangent) => cotangent,
  },
)
