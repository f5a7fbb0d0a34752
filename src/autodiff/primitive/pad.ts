import { expectType, fail, one, type Primitive } from '../primitive.js'
import { isShape, showType } from '../shape.js'

export const pad: Primitive<'pad'> = {
  name: 'pad',
  arity: 1,
  params: { before: isShape, after: isShape },
  result: ({ before, after }, inputs) => {
    const x = one(inputs)
    expectType('pad', x, 'f64')
    if (before.length !== x.shape.length || after.length !== x.shape.length)
      fail('pad', `[${before.join(',')}] and [${after.join(',')}] do not fit the axes of ${showType(x)}`)
    return { shape: x.shape.map((n, i) => n + (before[i] ?? 0) + (after[i] ?? 0)), type: 'f64' }
  },
  vjp: (v, { params: { before }, inputs, cotangent }) => [
    v.slice(
      cotangent,
      before,
      one(inputs).shape.map((n, i) => n + (before[i] ?? 0)),
    ),
  ],
  flops: () => 0,
  domain: 'all x',
}
