import { expectAxes, expectType, one, type Primitive } from '../primitive.js'
import { isSize, size, withOnes, without } from '../shape.js'

export const logSumExp: Primitive<'logSumExp'> = {
  name: 'logSumExp',
  arity: 1,
  params: { axis: isSize },
  result: ({ axis }, inputs) => {
    const x = one(inputs)
    expectType('logSumExp', x, 'f64')
    expectAxes('logSumExp', x, [axis])
    return { shape: without(x.shape, [axis]), type: 'f64' }
  },
  // The derivative is the softmax, exp(x - logSumExp(x)).
  vjp: (v, { params: { axis }, inputs, output, cotangent }) => {
    const x = one(inputs)
    const ones = withOnes(x.shape, [axis])
    const spread = (t: typeof x) => v.broadcastTo(v.reshape(t, ones), x.shape)
    return [v.mul(spread(cotangent), v.exp(v.sub(x, spread(output))))]
  },
  flops: ([x]) => 3 * size(x?.shape ?? []),
  domain: 'all x, shifted by the maximum so that nothing overflows; -Infinity over no elements',
}
