import { expectType, one, type Primitive } from '../primitive.js'
import { sliding, windowParams, windowsShape } from '../window.js'

export const patches: Primitive<'patches'> = {
  name: 'patches',
  arity: 1,
  params: windowParams,
  result: ({ window, stride }, inputs) => {
    const x = one(inputs)
    expectType('patches', x, 'f64')
    return { shape: windowsShape(sliding('patches', x.shape, window, stride)), type: 'f64' }
  },
  vjp: (v, { params, inputs, cotangent }) => [
    v.apply('overlay', { ...params, shape: one(inputs).shape }, cotangent),
  ],
  flops: () => 0,
  domain: 'all x; windows that would reach over the edge are left out',
}
