import { log1p as evaluate } from '../../numeric/logarithm.js'
import { unary } from '../primitive.js'

export const log1p = unary(
  'log1p',
  {},
  {
    evaluate,
    domain: 'x > -1; log1p(-1) = -Infinity, below it NaN',
    vjp: (v, x, cotangent) => v.div(cotangent, v.add(x, v.constant(x, 1, x.shape))),
  },
)
