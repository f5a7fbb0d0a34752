import {
  add,
  exp,
  grad,
  logSumExp,
  matmul,
  mean,
  mul,
  neg,
  pick,
  reshape,
  sigmoid,
  sin,
  slice,
  softplus,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
} from 'steplaw/autodiff'
import type { Inputs } from '../inputs.js'
import { type Definition, indexed, of, shaped, withGradient } from './definition.js'

const LAMBDA = 1e-3

const ridge = (w: Tensor): Tensor => mul(LAMBDA / 2, sum(square(w)))

/** The mean of log(1 + e^z) - y z. */
export const binary = (z: Tensor, y: Tensor): Tensor => mean(sub(softplus(z), mul(y, z)))

/** The cross entropy of every row of scores. */
export const crossEntropy = (z: Tensor, y: Tensor): Tensor => sub(logSumExp(z), pick(z, y))

export const logistic =
  (rows: number, columns: number) =>
  (from: Inputs): Definition => ({
    parameters: shaped(from, { w: [columns] }),
    data: shaped(from, { X: [rows, columns], y: [rows] }),
    outputs: withGradient((p, d) => {
      const w = of(p, 'w')
      return add(binary(matmul(of(d, 'X'), w), of(d, 'y')), ridge(w))
    }),
  })

export const softmax = (from: Inputs): Definition => ({
  parameters: shaped(from, { W: [784, 10] }),
  data: { ...shaped(from, { X: [10000, 784] }), y: indexed(from, 'y') },
  outputs: withGradient((p, d) => {
    const W = of(p, 'W')
    return add(mean(crossEntropy(matmul(of(d, 'X'), W), of(d, 'y'))), ridge(W))
  }),
})

export const perceptron = (from: Inputs): Definition => ({
  parameters: shaped(from, { W1: [784, 128], b1: [128], W2: [128, 64], b2: [64], W3: [64, 10], b3: [10] }),
  data: { ...shaped(from, { X: [128, 784] }), y: indexed(from, 'y') },
  outputs: withGradient((p, d) => {
    const layer = (x: Tensor, k: number) => add(matmul(x, of(p, `W${k}`)), of(p, `b${k}`))
    return mean(crossEntropy(layer(tanh(layer(tanh(layer(of(d, 'X'), 1)), 2)), 3), of(d, 'y')))
  }),
})

/** Directions come with the call, as they do in a method. The products are gradients of slopes; what they share with each other and with the gradient is computed once. */
export const hessianProducts = (from: Inputs): Definition => ({
  parameters: shaped(from, { W: [784, 10], V: [10, 784, 10] }),
  data: { ...shaped(from, { X: [500, 784], s: [500] }), y: indexed(from, 'y') },
  outputs: (p, d) => {
    const W = of(p, 'W')
    const loss = (u: Tensor) =>
      add(mean(mul(sigmoid(of(d, 's')), crossEntropy(matmul(of(d, 'X'), u), of(d, 'y')))), ridge(u))
    const product = (k: number) => {
      const direction = reshape(slice(of(p, 'V'), [k, 0, 0], [k + 1, 784, 10]), [784, 10])
      return grad((u) => sum(mul(grad(loss)(u), direction)))(W)
    }
    return [loss(W), grad(loss)(W), ...Array.from({ length: 10 }, (_, k) => product(k))]
  },
})

export const unrolled = (from: Inputs): Definition => ({
  parameters: shaped(from, { a: [] }),
  data: shaped(from, { X: [400, 100], y: [400], w: [100] }),
  outputs: withGradient((p, d) => {
    const rows = (first: number, last: number) => ({
      X: slice(of(d, 'X'), [first, 0], [last, 100]),
      y: slice(of(d, 'y'), [first], [last]),
    })
    const [seen, held] = [rows(0, 200), rows(200, 400)]
    const penalty = mul(0.5, exp(of(p, 'a')))
    const inner = (w: Tensor) => add(binary(matmul(seen.X, w), seen.y), mul(penalty, sum(square(w))))
    let w = of(d, 'w')
    for (let step = 0; step < 100; step += 1) w = sub(w, mul(0.5, grad(inner)(w)))
    return binary(matmul(held.X, w), held.y)
  }),
})

export const elementwise = (from: Inputs): Definition => ({
  parameters: shaped(from, { x: [1_000_000] }),
  data: {},
  outputs: withGradient((p) => {
    const x = of(p, 'x')
    return sum(tanh(add(mul(sin(x), exp(neg(square(x)))), x)))
  }),
})
