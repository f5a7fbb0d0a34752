import { sin as evaluate } from '../../numeric/trigonometric.js'
import { unary } from '../primitive.js'

export const sin = unary(
  'sin',
  {},
  {
    evaluate,
    domain: 'finite x; NaN at the infinities',
    vjp: (v, x, cotangent) => v.mul(cotangent, v.cos(x)),
  },
)
