import { expectType, fail, type Primitive, two } from '../primitive.js'
import { showType } from '../shape.js'

export const pick: Primitive<'pick'> = {
  name: 'pick',
  arity: 2,
  params: {},
  result: (_, inputs) => {
    const [x, labels] = two(inputs)
    expectType('pick', x, 'f64')
    expectType('pick', labels, 'i32')
    if (x.shape.length !== 2 || labels.shape.length !== 1 || labels.shape[0] !== x.shape[0])
      fail('pick', `expected a matrix and one label for each row, got ${showType(x)} and ${showType(labels)}`)
    return { shape: labels.shape, type: 'f64' }
  },
  vjp: (v, { inputs, cotangent }) => {
    const [x, labels] = two(inputs)
    return [v.place(cotangent, labels, x.shape[1] ?? 0), null]
  },
  flops: () => 0,
  domain: 'labels from 0 to the number of columns less one; others throw a RangeError',
}
