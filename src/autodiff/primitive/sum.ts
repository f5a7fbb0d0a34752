import { expectAxes, expectType, one, type Primitive } from '../primitive.js'
import { isShape, size, withOnes, without } from '../shape.js'

export const sum: Primitive<'sum'> = {
  name: 'sum',
  arity: 1,
  params: { axes: isShape },
  result: ({ axes }, inputs) => {
    const x = one(inputs)
    expectType('sum', x, 'f64')
    expectAxes('sum', x, axes)
    return { shape: without(x.shape, axes), type: 'f64' }
  },
  vjp: (v, { params: { axes }, inputs, cotangent }) => {
    const x = one(inputs)
    return [v.broadcastTo(v.reshape(cotangent, withOnes(x.shape, axes)), x.shape)]
  },
  flops: ([x]) => size(x?.shape ?? []),
  domain: 'all x; 0 over no elements',
}
