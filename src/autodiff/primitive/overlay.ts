import { expectType, fail, one, type Primitive } from '../primitive.js'
import { isShape, sameShape, showShape, showType, size } from '../shape.js'
import { sliding, windowParams, windowsShape } from '../window.js'

export const overlay: Primitive<'overlay'> = {
  name: 'overlay',
  arity: 1,
  params: { ...windowParams, shape: isShape },
  result: ({ window, stride, shape }, inputs) => {
    const x = one(inputs)
    expectType('overlay', x, 'f64')
    const expected = windowsShape(sliding('overlay', shape, window, stride))
    if (!sameShape(x.shape, expected))
      fail('overlay', `images ${showShape(shape)} have windows ${showShape(expected)}, got ${showType(x)}`)
    return { shape, type: 'f64' }
  },
  vjp: (v, { params: { window, stride }, cotangent }) => [v.apply('patches', { window, stride }, cotangent)],
  flops: ([x]) => size(x?.shape ?? []),
  domain: 'all x; each element is 0 plus what windows have there, in the order of the windows',
}
