import { expectType, fail, type Primitive, two } from '../primitive.js'
import { showType, size } from '../shape.js'
import { squareSize, triangle } from '../triangle.js'

const isFlag = (u: unknown): boolean => typeof u === 'boolean'

export const solveTriangular: Primitive<'solveTriangular'> = {
  name: 'solveTriangular',
  arity: 2,
  params: { lower: isFlag, transpose: isFlag },
  result: (_, inputs) => {
    const [t, b] = two(inputs)
    const n = squareSize('solveTriangular', t)
    expectType('solveTriangular', b, 'f64')
    if (b.shape.length !== 2 || b.shape[0] !== n)
      fail('solveTriangular', `expected a matrix of ${n} rows on the right, got ${showType(b)}`)
    return { shape: b.shape, type: 'f64' }
  },
  // From T X = B: dB = dT X + T dX.
  vjp: (v, { params: { lower, transpose }, inputs, output: x, cotangent }) => {
    const [t] = two(inputs)
    const back = v.apply('solveTriangular', { lower, transpose: !transpose }, t, cotangent)
    const product = transpose ? v.matmul(x, back, false, true) : v.matmul(back, x, false, true)
    return [triangle(v, v.neg(product), lower), back]
  },
  flops: ([t], { shape: [, columns = 0] }) => size(t?.shape ?? []) * columns,
  domain: 'no zero on the diagonal, where the solution is infinite or NaN; the other triangle is not read',
}
