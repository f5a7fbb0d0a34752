import { add, gather, logSumExp, matmul, mean, mul, pick, sigmoid, square, sub, sum } from 'steplaw/autodiff'
import type { RunOptions } from '../../src/runtime/compile.js'
import { type Paired, paired } from '../../src/runtime/paired.js'
import type { Rows } from '../../src/runtime/rows.js'

/** Data hyper-cleaning: a weight for every example, and a softmax regression on the weighted examples. */
export interface Cleaning {
  readonly examples: number
  readonly features: number
  readonly classes: number
  /** Row by row. */
  readonly A: Float64Array
  readonly labels: Int32Array
}

const PENALTY = 0.125

/** Below it roundings are not relative: they are the same for all numbers. */
const UNDERFLOW = 2 ** -1022

export type Shape = { readonly x: readonly [number]; readonly y: readonly [number, number] }

export const traced = (
  { examples, features, classes, A, labels }: Cleaning,
  options?: RunOptions,
): Paired<Shape['x'], Shape['y']> =>
  paired(
    {
      data: {
        A: { _tag: 'Dense', shape: [examples, features], values: A },
        labels: { _tag: 'Indices', shape: [examples], values: labels },
        number: {
          _tag: 'Indices',
          shape: [examples],
          values: Int32Array.from({ length: examples }, (_, i) => i),
        },
      },
      x: [examples] as const,
      y: [features, classes] as const,
      loss: (x, W, rows) => {
        const scores = matmul(rows.A, W)
        const losses = sub(logSumExp(scores), pick(scores, rows.labels))
        const weights = sigmoid(gather(x, rows.number))
        return add(mean(mul(weights, losses)), mul(PENALTY / 2, sum(square(W))))
      },
    },
    options,
  )

/** A number with the most that roundings may make of it, in units of the rounding of one operation. */
export interface Counted {
  readonly value: Float64Array
  readonly slack: Float64Array
}

/** By loops and by formulas, with the sums of the sizes of what is added. */
export const byHand = (
  { examples, features: d, classes: c, A, labels }: Cleaning,
  {
    x,
    W,
    V,
    rows,
  }: { readonly x: Float64Array; readonly W: Float64Array; readonly V: Float64Array; readonly rows: Rows },
): { readonly [K in 'value' | 'x' | 'y' | 'hessian' | 'cross']: Counted } => {
  const batch = rows ?? Int32Array.from({ length: examples }, (_, i) => i)
  const m = batch.length
  const make = (length: number) => ({ value: new Float64Array(length), slack: new Float64Array(length) })
  const out = {
    value: make(1),
    x: make(examples),
    y: make(d * c),
    hessian: make(d * c),
    cross: make(examples),
  }
  const plus = ({ value, slack }: Counted, i: number, term: number, size: number): void => {
    value[i] = (value[i] ?? 0) + term
    slack[i] = (slack[i] ?? 0) + size
  }
  const at = (from: ArrayLike<number>, i: number): number => from[i] ?? Number.NaN
  let largest = 0
  for (const r of batch) {
    const row = A.subarray(r * d, (r + 1) * d)
    const times = (B: Float64Array, part: (term: number) => number): ReadonlyArray<number> =>
      Array.from({ length: c }, (_, j) => row.reduce((s, a, k) => s + part(a * at(B, k * c + j)), 0))
    const [z, zSize] = [times(W, (t) => t), times(W, Math.abs)]
    const [u, uSize] = [times(V, (t) => t), times(V, Math.abs)]
    largest = Math.max(largest, ...zSize)
    const total = z.reduce((s, zj) => s + Math.exp(zj), 0)
    const p = z.map((zj) => Math.exp(zj) / total)
    const label = at(labels, r)
    const s = 1 / (1 + Math.exp(-at(x, r)))
    const slope = s * (1 - s)
    const loss = Math.log(total) - at(z, label)
    const lossSize = Math.abs(Math.log(total)) + Math.abs(at(z, label)) + 1
    plus(out.value, 0, (s * loss) / m, (s * lossSize) / m)
    plus(out.x, r, (slope * loss) / m, (slope * lossSize) / m)
    const mean = p.reduce((sum, pj, j) => sum + pj * at(u, j), 0)
    const meanSize = p.reduce((sum, pj, j) => sum + pj * at(uSize, j), 0)
    for (let j = 0; j < c; j += 1) {
      const [pj, e] = [at(p, j), j === label ? 1 : 0]
      plus(out.cross, r, (slope * (pj - e) * at(u, j)) / m, (slope * (pj + e) * at(uSize, j)) / m)
      for (let k = 0; k < d; k += 1) {
        const a = at(row, k)
        plus(out.y, k * c + j, (s * a * (pj - e)) / m, (s * Math.abs(a) * (pj + e)) / m)
        plus(
          out.hessian,
          k * c + j,
          (s * a * pj * (at(u, j) - mean)) / m,
          (s * Math.abs(a) * pj * (at(uSize, j) + meanSize)) / m,
        )
      }
    }
  }
  for (let i = 0; i < d * c; i += 1) {
    const [w, v] = [at(W, i), at(V, i)]
    plus(out.value, 0, (PENALTY / 2) * w * w, (PENALTY / 2) * w * w)
    plus(out.y, i, PENALTY * w, PENALTY * Math.abs(w))
    plus(out.hessian, i, PENALTY * v, PENALTY * Math.abs(v))
  }
  // Scores are rounded d times each; an exponential makes that relative. Some 20 operations by the row, and the sums over rows.
  const count = 2 * (2 * (d + 2) * (1 + largest) + c + m + d * c + 20)
  for (const { slack } of Object.values(out))
    slack.forEach((size, i) => {
      slack[i] = count * Math.max(size, UNDERFLOW)
    })
  return out
}

/** Whether every entry is what it is by hand, but for roundings. */
export const within = (found: Float64Array, { value, slack }: Counted): boolean =>
  found.length === value.length &&
  found.every((f, i) => Math.abs(f - (value[i] ?? Number.NaN)) <= 2 ** -52 * (slack[i] ?? 0))
