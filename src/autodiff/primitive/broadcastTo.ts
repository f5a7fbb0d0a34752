import { fail, one, type Primitive } from '../primitive.js'
import { broadcastShapes, isShape, repeatedAxes, sameShape, showShape, showType } from '../shape.js'

export const broadcastTo: Primitive<'broadcastTo'> = {
  name: 'broadcastTo',
  arity: 1,
  params: { shape: isShape },
  result: ({ shape }, inputs) => {
    const x = one(inputs)
    const joint = broadcastShapes(x.shape, shape)
    if (joint === null || !sameShape(joint, shape))
      fail('broadcastTo', `${showType(x)} does not broadcast to ${showShape(shape)}`)
    return { shape, type: x.type }
  },
  vjp: (v, { params: { shape }, inputs, cotangent }) => {
    const x = one(inputs)
    return [v.reshape(v.sum(cotangent, repeatedAxes(x.shape, shape)), x.shape)]
  },
  flops: () => 0,
  domain: 'all x',
}
