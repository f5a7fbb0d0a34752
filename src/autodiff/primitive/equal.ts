import { binary } from '../primitive.js'

export const equal = binary(
  'equal',
  {},
  {
    evaluate: (x, y) => (x === y ? 1 : 0),
    domain: 'all x, y; false if either is NaN; the derivative is 0 everywhere',
    vjp: () => [null, null],
  },
)
