/** The other workloads as loops, their gradients by hand. */
import { addRow, columnSums, product, productTransposed, transposedProduct } from './products.js'
import { activate, deactivate, parts, ridge, sigmoid, softmaxRows, softmaxSlope, softplus } from './seven.js'

const factorisation = ({ U, V, users, items, ratings }) => {
  const [n, r] = [20000, 16]
  const [g, gU, gV] = parts(U.length, V.length)
  const run = () => {
    g.fill(0)
    let loss = 0
    for (let k = 0; k < n; k += 1) {
      const u = users[k] * r
      const v = items[k] * r
      let e = -ratings[k]
      for (let j = 0; j < r; j += 1) e += U[u + j] * V[v + j]
      loss += e * e
      const slope = (2 * e) / n
      for (let j = 0; j < r; j += 1) {
        gU[u + j] += slope * V[v + j]
        gV[v + j] += slope * U[u + j]
      }
    }
    return loss / n + ridge(U, gU, 1e-3) + ridge(V, gV, 1e-3)
  }
  return { run, gradient: () => g.slice() }
}

const rosenbrock = ({ x }) => {
  const g = new Float64Array(x.length)
  const run = () => {
    let sum = 0
    g.fill(0)
    for (let i = 0; i + 1 < x.length; i += 1) {
      const curve = x[i + 1] - x[i] * x[i]
      const rest = 1 - x[i]
      sum += 100 * curve * curve + rest * rest
      g[i] -= 400 * curve * x[i] + 2 * rest
      g[i + 1] += 200 * curve
    }
    return sum
  }
  return { run, gradient: () => g.slice() }
}

const totalVariation = ({ x, y }) => {
  const n = 256
  const g = new Float64Array(n * n)
  const run = () => {
    let fit = 0
    let variation = 0
    for (let k = 0; k < n * n; k += 1) {
      const e = x[k] - y[k]
      fit += e * e
      g[k] = e
    }
    for (let i = 0; i + 1 < n; i += 1)
      for (let j = 0; j + 1 < n; j += 1) {
        const k = i * n + j
        const across = x[k + 1] - x[k]
        const down = x[k + n] - x[k]
        const length = Math.sqrt(across * across + down * down + 1e-6)
        variation += length
        const a = (0.1 * across) / length
        const b = (0.1 * down) / length
        g[k] -= a + b
        g[k + 1] += a
        g[k + n] += b
      }
    return 0.5 * fit + 0.1 * variation
  }
  return { run, gradient: () => g.slice() }
}

/** Calls `use` with the place of every pixel of every window, and of its channels among the windows. */
const eachPixel = (images, side, width, stride, channels, use) => {
  const across = Math.floor((side - width) / stride) + 1
  let to = 0
  for (let image = 0; image < images; image += 1)
    for (let i = 0; i < across; i += 1)
      for (let j = 0; j < across; j += 1)
        for (let r = 0; r < width; r += 1)
          for (let c = 0; c < width; c += 1) {
            use(((image * side + stride * i + r) * side + stride * j + c) * channels, to)
            to += channels
          }
}

const convolution = ({ K1, c1, K2, c2, W, b, X, y }) => {
  const n = 64
  const [m1, m2] = [n * 144, n * 25]
  const [g, gK1, gc1, gK2, gc2, gW, gb] = parts(200, 8, 1152, 16, 4000, 10)
  const [A1, A2, d2] = [m1 * 25, m2 * 72, m2 * 72].map((size) => new Float64Array(size))
  const [h1, e1] = [new Float64Array(m1 * 8), new Float64Array(m1 * 8)]
  const [h2, e2] = [new Float64Array(m2 * 16), new Float64Array(m2 * 16)]
  const z = new Float64Array(n * 10)
  eachPixel(n, 28, 5, 2, 1, (from, to) => {
    A1[to] = X[from]
  })
  const run = () => {
    product(A1, K1, h1, m1, 25, 8)
    activate(h1, c1, m1, 8)
    eachPixel(n, 12, 3, 2, 8, (from, to) => {
      for (let c = 0; c < 8; c += 1) A2[to + c] = h1[from + c]
    })
    product(A2, K2, h2, m2, 72, 16)
    activate(h2, c2, m2, 16)
    product(h2, W, z, n, 400, 10)
    addRow(z, b, n, 10)
    const loss = softmaxRows(z, y, n, 10) / n
    softmaxSlope(z, y, n, 10)
    transposedProduct(h2, z, gW, n, 400, 10)
    columnSums(z, gb, n, 10)
    productTransposed(z, W, e2, n, 10, 400)
    deactivate(e2, h2)
    transposedProduct(A2, e2, gK2, m2, 72, 16)
    columnSums(e2, gc2, m2, 16)
    productTransposed(e2, K2, d2, m2, 16, 72)
    e1.fill(0)
    eachPixel(n, 12, 3, 2, 8, (from, to) => {
      for (let c = 0; c < 8; c += 1) e1[from + c] += d2[to + c]
    })
    deactivate(e1, h1)
    transposedProduct(A1, e1, gK1, m1, 25, 8)
    columnSums(e1, gc1, m1, 8)
    return loss
  }
  return { run, gradient: () => g.slice() }
}

const oneHot = ({ w, columns, y }) => {
  const [n, fields] = [49749, 12]
  const g = new Float64Array(300)
  const places = Int32Array.from(columns)
  const run = () => {
    g.fill(0)
    let loss = 0
    for (let i = 0; i < n; i += 1) {
      let z = 0
      for (let k = i * fields; k < (i + 1) * fields; k += 1) z += w[places[k]]
      loss += softplus(z) - y[i] * z
      const r = (sigmoid(z) - y[i]) / n
      for (let k = i * fields; k < (i + 1) * fields; k += 1) g[places[k]] += r
    }
    return loss / n + ridge(w, g, 1e-3)
  }
  return { run, gradient: () => g.slice() }
}

export const own = {
  MF: factorisation,
  Rosenbrock: rosenbrock,
  TV: totalVariation,
  Conv: convolution,
  OneHot: oneHot,
}
