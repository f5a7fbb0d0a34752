import { cos as evaluate } from '../../numeric/trigonometric.js'
import { unary } from '../primitive.js'

export const cos = unary(
  'cos',
  {},
  {
    evaluate,
    domain: 'finite x; NaN at the infinities',
    vjp: (v, x, cotangent) => v.neg(v.mul(cotangent, v.sin(x))),
  },
)
