import { tanh as evaluate } from '../../numeric/sigmoid.js'
import { unary } from '../primitive.js'

export const tanh = unary(
  'tanh',
  {},
  {
    evaluate,
    domain: 'all x',
    vjp: (v, _, cotangent, output) => {
      const unit = v.constant(output, 1, output.shape)
      return v.mul(cotangent, v.mul(v.sub(unit, output), v.add(unit, output)))
    },
  },
)
