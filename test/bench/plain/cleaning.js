/** One outer iteration of data hyper-cleaning as loops. */
import { product, transposedProduct } from './products.js'
import { ridge, sigmoid, softmaxRows, softmaxSlope } from './seven.js'

const [LAMBDA, RATE, TERMS] = [1e-3, 0.1, 20]
const [d, c] = [784, 10]

const dot = (a, b) => {
  let s = 0
  for (let i = 0; i < a.length; i += 1) s += a[i] * b[i]
  return s
}

export const cleaning = ({ X, y, x, W }) => {
  const [n, m, size] = [x.length, y.length - x.length, d * c]
  const [A, B] = [X.subarray(0, n * d), X.subarray(n * d)]
  const [seen, held] = [y.subarray(0, n), y.subarray(n)]
  const [P, U, Q] = [new Float64Array(n * c), new Float64Array(n * c), new Float64Array(m * c)]
  const [V, v, r, p, h] = [0, 1, 2, 3, 4].map(() => new Float64Array(size))
  const z = new Float64Array(n)
  const weights = x.map(sigmoid)
  const chances = (at) => {
    product(A, at, P, n, d, c)
    softmaxRows(P, seen, n, c)
  }
  const hessianProduct = () => {
    product(A, p, U, n, d, c)
    for (let i = 0; i < n; i += 1) {
      const o = i * c
      let mean = 0
      for (let k = 0; k < c; k += 1) mean += P[o + k] * U[o + k]
      for (let k = 0; k < c; k += 1) U[o + k] = (weights[i] / n) * P[o + k] * (U[o + k] - mean)
    }
    transposedProduct(A, U, h, n, d, c)
    for (let j = 0; j < size; j += 1) h[j] += LAMBDA * p[j]
  }
  const run = () => {
    chances(W)
    for (let i = 0; i < n; i += 1)
      for (let k = 0; k < c; k += 1)
        U[i * c + k] = (weights[i] / n) * (P[i * c + k] - (k === seen[i] ? 1 : 0))
    transposedProduct(A, U, h, n, d, c)
    ridge(W, h, LAMBDA)
    for (let j = 0; j < size; j += 1) V[j] = W[j] - RATE * h[j]
    product(B, V, Q, m, d, c)
    const value = softmaxRows(Q, held, m, c) / m
    softmaxSlope(Q, held, m, c)
    transposedProduct(B, Q, r, m, d, c)
    p.set(r)
    v.fill(0)
    chances(V)
    let square = dot(r, r)
    for (let t = 0; t < TERMS; t += 1) {
      hessianProduct()
      const step = square / dot(p, h)
      for (let j = 0; j < size; j += 1) v[j] += step * p[j]
      for (let j = 0; j < size; j += 1) r[j] -= step * h[j]
      const next = dot(r, r)
      for (let j = 0; j < size; j += 1) p[j] = r[j] + (next / square) * p[j]
      square = next
    }
    product(A, v, U, n, d, c)
    for (let i = 0; i < n; i += 1) {
      let slope = 0
      for (let k = 0; k < c; k += 1) slope += (P[i * c + k] - (k === seen[i] ? 1 : 0)) * U[i * c + k]
      z[i] = (-weights[i] * (1 - weights[i]) * slope) / n
    }
    return value
  }
  return { run, gradient: () => z.slice() }
}
