import { expm1 as evaluate } from '../../numeric/exponential.js'
import { unary } from '../primitive.js'

export const expm1 = unary(
  'expm1',
  {},
  {
    evaluate,
    domain: 'all x; overflows to Infinity above 709.78',
    vjp: (v, x, cotangent) => v.mul(cotangent, v.exp(x)),
  },
)
