import { sigmoid as evaluate } from '../../numeric/sigmoid.js'
import { unary } from '../primitive.js'

export const sigmoid = unary(
  'sigmoid',
  {},
  {
    evaluate,
    domain: 'all x; no intermediate overflows',
    // sigmoid(-x) rather than 1 - output, which cancels where output is near 1.
    vjp: (v, x, cotangent, output) => v.mul(cotangent, v.mul(output, v.sigmoid(v.neg(x)))),
  },
)
