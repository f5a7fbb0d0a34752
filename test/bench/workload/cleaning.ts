import {
  add,
  gather,
  logSumExp,
  matmul,
  mean,
  mul,
  pick,
  type RunOptions,
  sigmoid,
  square,
  sub,
  sum,
  type Tensor,
} from 'steplaw/autodiff'
import { paired } from '../../../src/runtime/paired.js'
import type { Inputs } from '../inputs.js'
import type { Play } from '../protocol.js'
import { of } from './definition.js'

const [LAMBDA, RATE, TERMS] = [1e-3, 0.1, 20]
const [FEATURES, CLASSES] = [784, 10]

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((s, ai, i) => s + ai * (b[i] ?? 0), 0)

const crossEntropy = (scores: Tensor, labels: Tensor): Tensor => sub(logSumExp(scores), pick(scores, labels))

/**
 * One outer iteration of data hyper-cleaning, all rows in every call: a step of the lower level, then the hypergradient at the new point
 * by so many conjugate gradients.
 */
export const cleaning = (from: Inputs, options: RunOptions): Play => {
  const [X, y, x, W] = [of(from, 'X'), Int32Array.from(of(from, 'y')), of(from, 'x'), of(from, 'W')]
  const n = x.length
  const part = (first: number, last: number) => ({
    A: {
      _tag: 'Dense',
      shape: [last - first, FEATURES],
      values: X.subarray(first * FEATURES, last * FEATURES),
    } as const,
    labels: { _tag: 'Indices', shape: [last - first], values: y.subarray(first, last) } as const,
  })
  const shapes = { x: [n], y: [FEATURES, CLASSES] } as const
  const upper = paired(
    {
      ...shapes,
      data: part(n, y.length),
      loss: (_, W, { A, labels }) => mean(crossEntropy(matmul(A, W), labels)),
    },
    options,
  )
  const numbers = Int32Array.from({ length: n }, (_, i) => i)
  const lower = paired(
    {
      ...shapes,
      data: { ...part(0, n), number: { _tag: 'Indices', shape: [n], values: numbers } as const },
      loss: (x, W, { A, labels, number }) => {
        const weighted = mul(sigmoid(gather(x, number)), crossEntropy(matmul(A, W), labels))
        return add(mean(weighted), mul(LAMBDA / 2, sum(square(W))))
      },
    },
    options,
  )
  let z = new Float64Array(n)
  const run = (): number => {
    const slope = lower.gradient(x, W, null, 'y').y ?? W
    const V = W.map((w, j) => w - RATE * (slope[j] ?? 0))
    const f = upper.gradient(x, V, null, 'both')
    const r = f.y ?? V
    const p = r.slice()
    const v = new Float64Array(p.length)
    let norm = dot(r, r)
    for (let t = 0; t < TERMS; t += 1) {
      const h = lower.hessianVector(x, V, p, null)
      const step = norm / dot(p, h)
      for (let j = 0; j < v.length; j += 1) {
        v[j] = (v[j] ?? 0) + step * (p[j] ?? 0)
        r[j] = (r[j] ?? 0) - step * (h[j] ?? 0)
      }
      const next = dot(r, r)
      for (let j = 0; j < p.length; j += 1) p[j] = (r[j] ?? 0) + (next / norm) * (p[j] ?? 0)
      norm = next
    }
    const cross = lower.crossVector(x, V, v, null)
    z = cross.map((c, i) => (f.x?.[i] ?? 0) - c)
    return f.value
  }
  return { run, gradient: () => z.slice() }
}
