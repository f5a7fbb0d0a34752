import type { Primitive } from '../primitive.js'
import { isShape } from '../shape.js'

export const constant: Primitive<'constant'> = {
  name: 'constant',
  arity: 0,
  params: { value: (u) => typeof u === 'number', shape: isShape },
  result: ({ shape }) => ({ shape, type: 'f64' }),
  vjp: () => [],
  flops: () => 0,
  domain: 'no inputs',
}
