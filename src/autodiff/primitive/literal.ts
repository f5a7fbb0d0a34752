import { fail, type Primitive } from '../primitive.js'
import { isShape, showShape, size } from '../shape.js'

export const literal: Primitive<'literal'> = {
  name: 'literal',
  arity: 0,
  params: {
    values: (u) => Array.isArray(u) && u.every((v) => typeof v === 'number'),
    shape: isShape,
    type: (u) => u === 'f64' || u === 'i32',
  },
  result: ({ values, shape, type }) => {
    if (values.length !== size(shape))
      fail('literal', `${values.length} values do not fill the shape ${showShape(shape)}`)
    return { shape, type }
  },
  vjp: () => [],
  flops: () => 0,
  domain: 'no inputs',
}
