import { expectAxes, expectType, fail, type Primitive, two } from '../primitive.js'
import { isSize, sameShape, showType, without } from '../shape.js'

export const concat: Primitive<'concat'> = {
  name: 'concat',
  arity: 2,
  params: { axis: isSize },
  result: ({ axis }, inputs) => {
    const [x, y] = two(inputs)
    expectType('concat', x, 'f64')
    expectType('concat', y, 'f64')
    expectAxes('concat', x, [axis])
    if (x.shape.length !== y.shape.length || !sameShape(without(x.shape, [axis]), without(y.shape, [axis])))
      fail('concat', `${showType(x)} and ${showType(y)} differ beyond axis ${axis}`)
    return { shape: x.shape.map((n, i) => (i === axis ? n + (y.shape[i] ?? 0) : n)), type: 'f64' }
  },
  vjp: (v, { params: { axis }, inputs, output, cotangent }) => {
    const [x] = two(inputs)
    const zeros = output.shape.map(() => 0)
    const cut = (shape: ReadonlyArray<number>) => shape.map((n, i) => (i === axis ? (x.shape[i] ?? 0) : n))
    return [v.slice(cotangent, zeros, cut(output.shape)), v.slice(cotangent, cut(zeros), output.shape)]
  },
  flops: () => 0,
  domain: 'all x, y',
}
