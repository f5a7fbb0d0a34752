import { expectType, fail, type Primitive, two } from '../primitive.js'
import { isSize, showType, size } from '../shape.js'

export const scatterAdd: Primitive<'scatterAdd'> = {
  name: 'scatterAdd',
  arity: 2,
  params: { rows: isSize },
  result: ({ rows: count }, inputs) => {
    const [x, rows] = two(inputs)
    expectType('scatterAdd', x, 'f64')
    expectType('scatterAdd', rows, 'i32')
    if (x.shape.length === 0 || rows.shape.length !== 1 || rows.shape[0] !== x.shape[0])
      fail('scatterAdd', `expected one index for each row, got ${showType(x)} by ${showType(rows)}`)
    return { shape: [count, ...x.shape.slice(1)], type: 'f64' }
  },
  vjp: (v, { inputs, cotangent }) => [v.gather(cotangent, two(inputs)[1]), null],
  flops: ([x]) => size(x?.shape ?? []),
  domain: 'indices from 0 to rows - 1; others throw a RangeError; repeated rows are added in order',
}
