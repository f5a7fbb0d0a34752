import { expectType, fail, type Primitive, three } from '../primitive.js'
import { sameShape, showShape, size } from '../shape.js'

export const select: Primitive<'select'> = {
  name: 'select',
  arity: 3,
  params: {},
  result: (_, inputs) => {
    for (const x of inputs) expectType('select', x, 'f64')
    const [mask, x, y] = three(inputs)
    if (!sameShape(mask.shape, x.shape) || !sameShape(x.shape, y.shape))
      fail(
        'select',
        `shapes differ, ${showShape(mask.shape)}, ${showShape(x.shape)} and ${showShape(y.shape)}`,
      )
    return { shape: x.shape, type: 'f64' }
  },
  vjp: (v, { inputs, cotangent }) => {
    const [mask] = three(inputs)
    const zero = v.constant(mask, 0, mask.shape)
    return [null, v.select(mask, cotangent, zero), v.select(mask, zero, cotangent)]
  },
  flops: (_, { shape }) => size(shape),
  domain: 'all values; a mask that is NaN counts as true; the branch not taken gets cotangent 0',
  evaluate: () => (mask, x, y) => (mask === 0 ? y : x),
}
