import { expectType, fail, type Primitive, two } from '../primitive.js'
import { isSize, sameShape, showType } from '../shape.js'

export const place: Primitive<'place'> = {
  name: 'place',
  arity: 2,
  params: { columns: isSize },
  result: ({ columns }, inputs) => {
    const [x, labels] = two(inputs)
    expectType('place', x, 'f64')
    expectType('place', labels, 'i32')
    if (x.shape.length !== 1 || !sameShape(x.shape, labels.shape))
      fail(
        'place',
        `expected a vector and one label for each element, got ${showType(x)} and ${showType(labels)}`,
      )
    return { shape: [...x.shape, columns], type: 'f64' }
  },
  vjp: (v, { inputs, cotangent }) => [v.pick(cotangent, two(inputs)[1]), null],
  flops: () => 0,
  domain: 'labels from 0 to columns - 1; others throw a RangeError',
}
