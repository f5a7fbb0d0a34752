/** The first seven workloads as loops, their gradients by hand: what a careful user would write without a library. */
import { addRow, columnSums, product, productTransposed, rowDot, transposedProduct } from './products.js'

const LAMBDA = 1e-3

/** Adds lambda/2 |w|^2 to the gradient, and returns it. */
export const ridge = (w, g, lambda) => {
  let s = 0
  for (let j = 0; j < w.length; j += 1) {
    s += w[j] * w[j]
    g[j] += lambda * w[j]
  }
  return 0.5 * lambda * s
}

export const sigmoid = (z) => {
  const e = Math.exp(-Math.abs(z))
  return (z >= 0 ? 1 : e) / (1 + e)
}

export const softplus = (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)))

/** The sum of the cross entropies of the rows of Z, which become probabilities. */
export const softmaxRows = (Z, y, rows, columns, weigh = () => 1) => {
  let loss = 0
  for (let i = 0; i < rows; i += 1) {
    const o = i * columns
    let top = Z[o]
    for (let k = 1; k < columns; k += 1) if (Z[o + k] > top) top = Z[o + k]
    const chosen = Z[o + y[i]]
    let sum = 0
    for (let k = 0; k < columns; k += 1) {
      Z[o + k] = Math.exp(Z[o + k] - top)
      sum += Z[o + k]
    }
    for (let k = 0; k < columns; k += 1) Z[o + k] /= sum
    loss += weigh(i) * (top + Math.log(sum) - chosen)
  }
  return loss
}

/** Probabilities become the derivative of the mean cross entropy by the scores. */
export const softmaxSlope = (P, y, rows, columns) => {
  for (let i = 0; i < rows; i += 1) P[i * columns + y[i]] -= 1
  for (let k = 0; k < P.length; k += 1) P[k] /= rows
}

/** The mean over some rows of log(1 + e^z) - y z; adds its gradient to `g`. */
const binary = (X, y, w, g, first, last, d) => {
  const n = last - first
  let loss = 0
  for (let i = first; i < last; i += 1) {
    const o = i * d
    const z = rowDot(X, o, w, d)
    const e = Math.exp(-Math.abs(z))
    loss += Math.max(z, 0) + Math.log1p(e) - y[i] * z
    const r = ((z >= 0 ? 1 : e) / (1 + e) - y[i]) / n
    for (let j = 0; j < d; j += 1) g[j] += r * X[o + j]
  }
  return loss / n
}

const logistic =
  (n, d) =>
  ({ X, y, w }) => {
    const g = new Float64Array(d)
    const run = () => {
      g.fill(0)
      return binary(X, y, w, g, 0, n, d) + ridge(w, g, LAMBDA)
    }
    return { run, gradient: () => g.slice() }
  }

const softmax = ({ X, y, W }) => {
  const [n, d, c] = [10000, 784, 10]
  const g = new Float64Array(d * c)
  const z = new Float64Array(c)
  const run = () => {
    let loss = 0
    g.fill(0)
    for (let i = 0; i < n; i += 1) {
      const o = i * d
      z.fill(0)
      for (let j = 0; j < d; j += 1) {
        const x = X[o + j]
        for (let k = 0; k < c; k += 1) z[k] += x * W[j * c + k]
      }
      let top = z[0]
      for (let k = 1; k < c; k += 1) if (z[k] > top) top = z[k]
      const chosen = z[y[i]]
      let sum = 0
      for (let k = 0; k < c; k += 1) {
        z[k] = Math.exp(z[k] - top)
        sum += z[k]
      }
      loss += top + Math.log(sum) - chosen
      for (let k = 0; k < c; k += 1) z[k] /= sum * n
      z[y[i]] -= 1 / n
      for (let j = 0; j < d; j += 1) {
        const x = X[o + j]
        for (let k = 0; k < c; k += 1) g[j * c + k] += x * z[k]
      }
    }
    return loss / n + ridge(W, g, LAMBDA)
  }
  return { run, gradient: () => g.slice() }
}

/** Views of one vector, one after the other. */
export const parts = (...sizes) => {
  const whole = new Float64Array(sizes.reduce((n, m) => n + m, 0))
  let at = 0
  return [
    whole,
    ...sizes.map((size) => {
      at += size
      return whole.subarray(at - size, at)
    }),
  ]
}

/** h becomes tanh(h + b) */
export const activate = (h, b, m, n) => {
  addRow(h, b, m, n)
  for (let i = 0; i < h.length; i += 1) h[i] = Math.tanh(h[i])
}

/** The derivative by what went into tanh, from that by what came out. */
export const deactivate = (d, h) => {
  for (let i = 0; i < d.length; i += 1) d[i] *= 1 - h[i] * h[i]
}

const perceptron = ({ W1, b1, W2, b2, W3, b3, X, y }) => {
  const [n, d, p, q, c] = [128, 784, 128, 64, 10]
  const [g, g1, s1, g2, s2, g3, s3] = parts(d * p, p, p * q, q, q * c, c)
  const [h1, d1] = [new Float64Array(n * p), new Float64Array(n * p)]
  const [h2, d2] = [new Float64Array(n * q), new Float64Array(n * q)]
  const z = new Float64Array(n * c)
  const run = () => {
    product(X, W1, h1, n, d, p)
    activate(h1, b1, n, p)
    product(h1, W2, h2, n, p, q)
    activate(h2, b2, n, q)
    product(h2, W3, z, n, q, c)
    addRow(z, b3, n, c)
    const loss = softmaxRows(z, y, n, c) / n
    softmaxSlope(z, y, n, c)
    transposedProduct(h2, z, g3, n, q, c)
    columnSums(z, s3, n, c)
    productTransposed(z, W3, d2, n, c, q)
    deactivate(d2, h2)
    transposedProduct(h1, d2, g2, n, p, q)
    columnSums(d2, s2, n, q)
    productTransposed(d2, W2, d1, n, q, p)
    deactivate(d1, h1)
    transposedProduct(X, d1, g1, n, d, p)
    columnSums(d1, s1, n, p)
    return loss
  }
  return { run, gradient: () => g.slice() }
}

/** H V = X^T (s/n (diag(p) - p p^T) X V) + lambda V, row by row in the middle; the probabilities are shared. */
const hessianProducts = ({ W, X, y, s, V }) => {
  const [n, d, c] = [500, 784, 10]
  const m = d * c
  const out = new Float64Array(11 * m)
  const g = out.subarray(0, m)
  const [P, R, U] = [new Float64Array(n * c), new Float64Array(n * c), new Float64Array(n * c)]
  const weights = s.map(sigmoid)
  const run = () => {
    product(X, W, P, n, d, c)
    const loss = softmaxRows(P, y, n, c, (i) => weights[i]) / n
    for (let i = 0; i < n; i += 1)
      for (let k = 0; k < c; k += 1) R[i * c + k] = (weights[i] / n) * (P[i * c + k] - (k === y[i] ? 1 : 0))
    transposedProduct(X, R, g, n, d, c)
    const penalty = ridge(W, g, LAMBDA)
    for (let t = 0; t < 10; t += 1) {
      const v = V.subarray(t * m, (t + 1) * m)
      const h = out.subarray((t + 1) * m, (t + 2) * m)
      product(X, v, U, n, d, c)
      for (let i = 0; i < n; i += 1) {
        const o = i * c
        let mean = 0
        for (let k = 0; k < c; k += 1) mean += P[o + k] * U[o + k]
        const weight = weights[i] / n
        for (let k = 0; k < c; k += 1) U[o + k] = weight * P[o + k] * (U[o + k] - mean)
      }
      transposedProduct(X, U, h, n, d, c)
      for (let j = 0; j < m; j += 1) h[j] += LAMBDA * v[j]
    }
    return loss + penalty
  }
  return { run, gradient: () => out.slice() }
}

/** Keeps the whole trajectory; the way back multiplies by the Hessian at each of its points. */
const unrolled = ({ a, w, X, y }) => {
  const [n, d, steps, rate] = [200, 100, 100, 0.5]
  const points = new Float64Array((steps + 1) * d)
  const chances = new Float64Array(steps * n)
  const [adjoint, product, g] = [new Float64Array(d), new Float64Array(d), new Float64Array(1)]
  const run = () => {
    const penalty = Math.exp(a[0])
    points.set(w)
    for (let t = 0; t < steps; t += 1) {
      const here = points.subarray(t * d, (t + 1) * d)
      const next = points.subarray((t + 1) * d, (t + 2) * d)
      for (let j = 0; j < d; j += 1) next[j] = here[j] - rate * penalty * here[j]
      for (let i = 0; i < n; i += 1) {
        const p = sigmoid(rowDot(X, i * d, here, d))
        chances[t * n + i] = p
        const r = (rate * (p - y[i])) / n
        for (let j = 0; j < d; j += 1) next[j] -= r * X[i * d + j]
      }
    }
    adjoint.fill(0)
    const loss = binary(X, y, points.subarray(steps * d), adjoint, n, 2 * n, d)
    g[0] = 0
    for (let t = steps - 1; t >= 0; t -= 1) {
      for (let j = 0; j < d; j += 1) g[0] -= rate * penalty * points[t * d + j] * adjoint[j]
      product.fill(0)
      for (let i = 0; i < n; i += 1) {
        const p = chances[t * n + i]
        const r = (p * (1 - p) * rowDot(X, i * d, adjoint, d)) / n
        for (let j = 0; j < d; j += 1) product[j] += r * X[i * d + j]
      }
      for (let j = 0; j < d; j += 1) adjoint[j] -= rate * (product[j] + penalty * adjoint[j])
    }
    return loss
  }
  return { run, gradient: () => g.slice() }
}

const elementwise = ({ x }) => {
  const g = new Float64Array(x.length)
  const run = () => {
    let sum = 0
    for (let i = 0; i < x.length; i += 1) {
      const v = x[i]
      const s = Math.sin(v)
      const e = Math.exp(-v * v)
      const t = Math.tanh(s * e + v)
      sum += t
      g[i] = (1 - t * t) * (e * (Math.cos(v) - 2 * v * s) + 1)
    }
    return sum
  }
  return { run, gradient: () => g.slice() }
}

export const seven = {
  W1: logistic(10000, 100),
  W2: softmax,
  W3: perceptron,
  W4: logistic(50, 20),
  W5: hessianProducts,
  W6: unrolled,
  W7: elementwise,
}
