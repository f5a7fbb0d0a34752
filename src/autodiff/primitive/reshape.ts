import { fail, one, type Primitive } from '../primitive.js'
import { isShape, showShape, showType, size } from '../shape.js'

export const reshape: Primitive<'reshape'> = {
  name: 'reshape',
  arity: 1,
  params: { shape: isShape },
  result: ({ shape }, inputs) => {
    const x = one(inputs)
    if (size(x.shape) !== size(shape))
      fail('reshape', `${showType(x)} has ${size(x.shape)} elements, ${showShape(shape)} has ${size(shape)}`)
    return { shape, type: x.type }
  },
  vjp: (v, { inputs, cotangent }) => [v.reshape(cotangent, one(inputs).shape)],
  flops: () => 0,
  domain: 'all x',
}
