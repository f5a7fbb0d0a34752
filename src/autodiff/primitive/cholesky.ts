import { one, type Primitive } from '../primitive.js'
import { lowerHalf, squareSize } from '../triangle.js'

export const cholesky: Primitive<'cholesky'> = {
  name: 'cholesky',
  arity: 1,
  params: {},
  result: (_, inputs) => {
    const x = one(inputs)
    squareSize('cholesky', x)
    return { shape: x.shape, type: 'f64' }
  },
  // With H the lower half: dL = L H(L^-1 dA L^-T), and H is its own adjoint. The lower triangle of A stands for the upper one too.
  vjp: (v, { output: l, cotangent }) => {
    const solve = (b: typeof l) => v.apply('solveTriangular', { lower: true, transpose: true }, l, b)
    const left = solve(lowerHalf(v, v.matmul(l, cotangent, true, false)))
    const inner = solve(v.transpose(left, [1, 0]))
    return [lowerHalf(v, v.add(inner, v.transpose(inner, [1, 0])))]
  },
  flops: (_, { shape: [n = 0] }) => Math.ceil((n * n * n) / 3),
  domain:
    'symmetric positive definite matrices, of which the lower triangle is read; others give NaN everywhere; ' +
    'the derivative is that of the lower triangle, zeros above',
}
