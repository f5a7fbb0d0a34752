import { binary } from '../primitive.js'

export const minimum = binary(
  'minimum',
  {},
  {
    evaluate: (x, y) => Math.min(x, y),
    domain: 'all x, y; NaN if either is; at a tie each gets half of the derivative',
    vjp: (v, x, y, cotangent) => {
      const zero = v.constant(x, 0, x.shape)
      const half = v.mul(cotangent, v.constant(x, 0.5, x.shape))
      const tie = v.equal(x, y)
      const first = v.less(x, y)
      return [
        v.select(tie, half, v.select(first, cotangent, zero)),
        v.select(tie, half, v.select(first, zero, cotangent)),
      ]
    },
  },
)
