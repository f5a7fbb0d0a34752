/** The method in a plain loop over many seeds, and the same by the library, whose method it is. */
import * as O from 'fp-ts/lib/Option.js'
import { generator, power, uniforms } from 'steplaw'
import {
  adaptiveUfom,
  firstOrderCounterExample,
  minimiseBilevel,
  noDraw,
  optimalQ,
  ufom,
} from 'steplaw/bilevel'
import { gradientsOf } from './tasks.js'

/** The probability of an exact pass, or that it is chosen on the way. */
export type Q = number | 'adaptive'

export const example = firstOrderCounterExample()

export const iterations = 10_000
export const seeds = 2000

/** Steps $10 / (k + 1)$. */
const first = 10

/** The costs of an iteration in gradients: what every pass costs, and an exact one besides. */
export const costs = { deterministic: example.inner.steps + 1, random: example.inner.steps }

/** The least probability, what an average keeps of itself, and the exponent, of the adaptive method. */
const [qMin, beta, exponent] = [0.05, 0.99, 2]

const drawsOf = (seed: number) => ({
  start: 40 * (uniforms(1)(generator(seed, 'start'))[0][0] ?? 0) - 10,
  /** Which task, and whether the pass is exact, from uniform numbers. */
  tasks: uniforms(iterations)(generator(seed, 'tasks'))[0].map((u) => (u < 0.5 ? 0 : 1)),
  coins: uniforms(iterations)(generator(seed, 'coins'))[0],
})

const gradients = gradientsOf(example)

/** One run: the probability and the costs of the adaptive method included, every iterate told. */
const run = (
  q: Q,
  seed: number,
  length: number,
  tell: (k: number, x: number, cost: number) => void,
): void => {
  const { start, tasks, coins } = drawsOf(seed)
  let [x, cost] = [start, 0]
  let [probability, D2, V2, kept] = [q === 'adaptive' ? qMin : q, 0, 0, 1]
  for (let k = 0; k < length; k += 1) {
    tell(k, x, cost)
    const { firstOrder, exact } = gradients[tasks[k] ?? 0]?.(x) ?? { firstOrder: 0, exact: 0 }
    const isExact = (coins[k] ?? 0) < probability
    const G = isExact ? firstOrder + (exact - firstOrder) / probability : firstOrder
    x -= (first / (k + 1)) * G
    cost += costs.deterministic + (isExact ? costs.random : 0)
    if (q === 'adaptive' && isExact) {
      kept *= beta
      D2 = beta * D2 + (1 - beta) * (firstOrder - exact) ** 2
      V2 = beta * V2 + (1 - beta) * exact ** 2
      const { deterministic, random } = costs
      const best = optimalQ({ exponent, deterministic, random, D2: D2 / (1 - kept), V2: V2 / (1 - kept) })
      probability = Math.max(qMin, best)
    }
  }
  tell(length, x, cost)
}

/** Means over the seeds after some iterations. */
export interface Simulated {
  readonly k: ReadonlyArray<number>
  /** Gradients spent. */
  readonly cost: ReadonlyArray<number>
  readonly mean: ReadonlyArray<number>
  readonly deviation: ReadonlyArray<number>
  /** $|F'(x_k)|^2$. */
  readonly square: ReadonlyArray<number>
  /** The median of the same. */
  readonly median: ReadonlyArray<number>
  /** The mean of it over the last tenth of the iterations too. */
  readonly tail: number
}

const shown = [1, 10, 100, 1000]
  .flatMap((decade) => [1, 1.5, 2, 3, 4, 5, 6, 8].map((m) => Math.round(m * decade)))
  .concat(iterations)
const marks = [...new Set(shown)]

/** All seeds; of the last tenth of the iterations every tenth is looked at. */
export const simulated = (q: Q): Simulated => {
  const sums = new Map(marks.map((k) => [k, { cost: 0, x: 0, xx: 0, squares: new Float64Array(seeds) }]))
  let [tail, tails] = [0, 0]
  for (let seed = 0; seed < seeds; seed += 1)
    run(q, seed, iterations, (k, x, cost) => {
      const sum = sums.get(k)
      const inTail = k > 0.9 * iterations && k % 10 === 0
      if (sum === undefined && !inTail) return
      const square = example.gradient(x) ** 2
      if (inTail) [tail, tails] = [tail + square, tails + 1]
      if (sum === undefined) return
      sum.cost += cost
      sum.x += x
      sum.xx += x * x
      sum.squares[seed] = square
    })
  const all = [...sums.values()]
  return {
    k: marks,
    cost: all.map((sum) => sum.cost / seeds),
    mean: all.map((sum) => sum.x / seeds),
    deviation: all.map((sum) => Math.sqrt(Math.max(0, sum.xx / seeds - (sum.x / seeds) ** 2))),
    square: all.map(({ squares }) => squares.reduce((a, b) => a + b, 0) / seeds),
    median: all.map(({ squares }) => squares.sort()[seeds / 2] ?? Number.NaN),
    tail: tail / tails,
  }
}

/** The largest difference of any iterate between the loop and the library's method, on the library's problem. */
export const disagreement = (q: Q, of: { readonly seeds: number; readonly iterations: number }): number => {
  const rule = power({ initial: first, exponent: 1 })
  const loop = { inner: example.inner, initialise: 'outer', tasks: 2, upper: { rule } } as const
  return Math.max(
    ...Array.from({ length: of.seeds }, (_, seed) => {
      const { start, tasks, coins } = drawsOf(seed)
      const draws = (k: number) => ({
        ...noDraw,
        upper: Int32Array.of(tasks[k] ?? 0),
        coin: O.some((coins[k] ?? 0) < Number(q) ? (1 as const) : (0 as const)),
        uniform: O.some(coins[k] ?? 0),
      })
      const options = {
        start: { x: Float64Array.of(start), y: Float64Array.of(start) },
        draws,
        iterations: of.iterations,
      }
      const { records } =
        q === 'adaptive'
          ? minimiseBilevel(example.problem, {
              ...options,
              method: adaptiveUfom({ ...loop, qMin, beta, exponent }),
            })
          : minimiseBilevel(example.problem, { ...options, method: ufom({ ...loop, q }) })
      let most = 0
      run(q, seed, of.iterations, (k, x) => {
        const there = records[k]?.x[0]
        if (there !== undefined) most = Math.max(most, Math.abs(x - there))
      })
      return most
    }),
  )
}
