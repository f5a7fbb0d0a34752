import { exp as evaluate } from '../../numeric/exponential.js'
import { unary } from '../primitive.js'

export const exp = unary(
  'exp',
  {},
  {
    evaluate,
    domain: 'all x; overflows to Infinity above 709.78',
    vjp: (v, _, cotangent, output) => v.mul(cotangent, output),
  },
)
