import { expectAxes, expectType, fail, one, type Primitive } from '../primitive.js'
import { isShape, showType, size, withOnes, without } from '../shape.js'

export const max: Primitive<'max'> = {
  name: 'max',
  arity: 1,
  params: { axes: isShape },
  result: ({ axes }, inputs) => {
    const x = one(inputs)
    expectType('max', x, 'f64')
    expectAxes('max', x, axes)
    if (axes.some((axis) => x.shape[axis] === 0)) fail('max', `${showType(x)} has no elements to compare`)
    return { shape: without(x.shape, axes), type: 'f64' }
  },
  vjp: (v, { params: { axes }, inputs, output, cotangent }) => {
    const x = one(inputs)
    const ones = withOnes(x.shape, axes)
    const spread = (t: typeof x) => v.broadcastTo(v.reshape(t, ones), x.shape)
    const attained = v.equal(x, spread(output))
    const share = v.div(cotangent, v.sum(attained, axes))
    return [v.select(attained, spread(share), v.constant(x, 0, x.shape))]
  },
  flops: ([x]) => size(x?.shape ?? []),
  domain: 'at least one element; NaN if any is; the elements that attain it share the derivative equally',
}
