import { softplus as evaluate } from '../../numeric/sigmoid.js'
import { unary } from '../primitive.js'

export const softplus = unary(
  'softplus',
  {},
  {
    evaluate,
    domain: 'all x; no intermediate overflows',
    vjp: (v, x, cotangent) => v.mul(cotangent, v.sigmoid(x)),
  },
)
