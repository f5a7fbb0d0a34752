import { log as evaluate } from '../../numeric/logarithm.js'
import { unary } from '../primitive.js'

export const log = unary(
  'log',
  {},
  {
    evaluate,
    domain: 'x > 0; log(0) = -Infinity, below it NaN',
    vjp: (v, x, cotangent) => v.div(cotangent, x),
  },
)
