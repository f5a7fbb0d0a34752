import { unary } from '../primitive.js'

export const sqrt = unary(
  'sqrt',
  {},
  {
    evaluate: Math.sqrt,
    domain: 'x >= 0; below it NaN; at 0 the derivative is infinite',
    vjp: (v, x, cotangent, output) => v.div(v.mul(cotangent, v.constant(x, 0.5, x.shape)), output),
  },
)
