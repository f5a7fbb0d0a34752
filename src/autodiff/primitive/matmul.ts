import { expectType, fail, type Primitive, two } from '../primitive.js'
import { showType, size } from '../shape.js'

const isFlag = (u: unknown): boolean => typeof u === 'boolean'

export const matmul: Primitive<'matmul'> = {
  name: 'matmul',
  arity: 2,
  params: { transposeX: isFlag, transposeY: isFlag },
  result: ({ transposeX, transposeY }, inputs) => {
    const [x, y] = two(inputs)
    expectType('matmul', x, 'f64')
    expectType('matmul', y, 'f64')
    const [a = 0, b = 0] = x.shape
    const [c = 0, d = 0] = y.shape
    const operands = `${showType(x)}${transposeX ? ' transposed' : ''} and ${showType(y)}${transposeY ? ' transposed' : ''}`
    if (x.shape.length !== 2 || y.shape.length !== 2) fail('matmul', `expected two matrices, got ${operands}`)
    if ((transposeX ? a : b) !== (transposeY ? d : c)) fail('matmul', `inner sizes differ, ${operands}`)
    return { shape: [transposeX ? b : a, transposeY ? c : d], type: 'f64' }
  },
  // With C = op(X) op(Y): the transposes move into the flags, so that no derivative copies a matrix.
  vjp: (v, { params: { transposeX, transposeY }, inputs, cotangent }) => {
    const [x, y] = two(inputs)
    return [
      transposeX ? v.matmul(y, cotangent, transposeY, true) : v.matmul(cotangent, y, false, !transposeY),
      transposeY ? v.matmul(cotangent, x, true, transposeX) : v.matmul(x, cotangent, !transposeX, false),
    ]
  },
  flops: ([x], { shape }, { transposeX }) => 2 * size(shape) * (x?.shape[transposeX ? 0 : 1] ?? 0),
  domain:
    'all matrices; each element is summed strictly in the order of the inner index; 0 over an empty one',
}
