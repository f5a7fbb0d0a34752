import { expectType, fail, type Primitive, two } from '../primitive.js'
import { showType } from '../shape.js'

export const gather: Primitive<'gather'> = {
  name: 'gather',
  arity: 2,
  params: {},
  result: (_, inputs) => {
    const [x, rows] = two(inputs)
    expectType('gather', rows, 'i32')
    if (x.shape.length === 0 || rows.shape.length !== 1)
      fail(
        'gather',
        `expected rows of an array by a vector of indices, got ${showType(x)} by ${showType(rows)}`,
      )
    return { shape: [...rows.shape, ...x.shape.slice(1)], type: x.type }
  },
  vjp: (v, { inputs, cotangent }) => {
    const [x, rows] = two(inputs)
    return [v.scatterAdd(cotangent, rows, x.shape[0] ?? 0), null]
  },
  flops: () => 0,
  domain: 'indices from 0 to the number of rows less one; others throw a RangeError',
}
