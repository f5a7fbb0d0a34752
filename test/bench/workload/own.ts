import {
  add,
  array,
  conv2d,
  gather,
  matmul,
  mean,
  mul,
  reshape,
  slice,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
} from 'steplaw/autodiff'
import type { Inputs } from '../inputs.js'
import { type Definition, indexed, of, shaped, withGradient } from './definition.js'
import { binary, crossEntropy } from './seven.js'

export const factorisation = (from: Inputs): Definition => ({
  parameters: shaped(from, { U: [1000, 16], V: [500, 16] }),
  data: {
    ...shaped(from, { ratings: [20000] }),
    users: indexed(from, 'users'),
    items: indexed(from, 'items'),
  },
  outputs: withGradient((p, d) => {
    const [U, V] = [of(p, 'U'), of(p, 'V')]
    const scores = sum(mul(gather(U, of(d, 'users')), gather(V, of(d, 'items'))), { axes: 1 })
    const penalty = mul(0.5e-3, add(sum(square(U)), sum(square(V))))
    return add(mean(square(sub(scores, of(d, 'ratings')))), penalty)
  }),
})

export const rosenbrock = (from: Inputs): Definition => ({
  parameters: shaped(from, { x: [1000] }),
  data: {},
  outputs: withGradient((p) => {
    const x = of(p, 'x')
    const [here, next] = [slice(x, [0], [999]), slice(x, [1], [1000])]
    return sum(add(mul(100, square(sub(next, square(here)))), square(sub(1, here))))
  }),
})

/** Forward differences where both exist; the root is smoothed at 0. */
export const totalVariation = (from: Inputs): Definition => ({
  parameters: shaped(from, { x: [256, 256] }),
  data: shaped(from, { y: [256, 256] }),
  outputs: withGradient((p, d) => {
    const x = of(p, 'x')
    const at = (i: number, j: number) => slice(x, [i, j], [i + 255, j + 255])
    const [across, down] = [sub(at(0, 1), at(0, 0)), sub(at(1, 0), at(0, 0))]
    const variation = sum(sqrt(add(add(square(across), square(down)), 1e-6)))
    return add(mul(0.5, sum(square(sub(x, of(d, 'y'))))), mul(0.1, variation))
  }),
})

export const convolution = (from: Inputs): Definition => ({
  parameters: shaped(from, { K1: [25, 8], c1: [8], K2: [72, 16], c2: [16], W: [400, 10], b: [10] }),
  data: { X: array([64, 28, 28, 1], of(from, 'X')), y: indexed(from, 'y') },
  outputs: withGradient((p, d) => {
    const layer = (images: Tensor, filters: Tensor, shape: readonly number[], bias: Tensor) =>
      tanh(add(conv2d(images, reshape(filters, shape), { stride: 2 }), bias))
    const one = layer(of(d, 'X'), of(p, 'K1'), [5, 5, 1, 8], of(p, 'c1'))
    const two = layer(one, of(p, 'K2'), [3, 3, 8, 16], of(p, 'c2'))
    return mean(crossEntropy(add(matmul(reshape(two, [64, 400]), of(p, 'W')), of(p, 'b')), of(d, 'y')))
  }),
})

export const oneHot = (from: Inputs): Definition => ({
  parameters: shaped(from, { w: [300] }),
  data: { ...shaped(from, { y: [49749] }), columns: indexed(from, 'columns') },
  outputs: withGradient((p, d) => {
    const w = of(p, 'w')
    const scores = sum(reshape(gather(w, of(d, 'columns')), [49749, 12]), { axes: 1 })
    return add(binary(scores, of(d, 'y')), mul(0.5e-3, sum(square(w))))
  }),
})
