/** What the probability of an exact pass costs and saves: the second problem, where that can be weighed. */
import { optimalQ } from 'steplaw/bilevel'
import { gradientsOf, overTasks } from './tasks.js'

/** How the expected time to an accuracy grows with the second moment, and what an exact pass costs besides the 11 gradients. */
export const prices = [
  { name: 'p=1/2, C=10', exponent: 0.5, random: 10 },
  { name: 'p=2, C=10', exponent: 2, random: 10 },
  { name: 'p=2, C=55', exponent: 2, random: 55 },
] as const

const deterministic = 11

export interface Weighed {
  readonly step: number
  /** The largest means over the tasks for $|x| \le 50$. */
  readonly D2: number
  readonly V2: number
  readonly prices: ReadonlyArray<{
    readonly name: string
    /** The formula, and the best of a fine grid. */
    readonly best: number
    readonly searched: number
    /** Time against probability, in units of the least. */
    readonly curve: ReadonlyArray<{ readonly x: number; readonly y: number }>
  }>
}

const grid = Array.from({ length: 1000 }, (_, i) => (i + 1) / 1000)

/** Two tasks, parabolas wherever the loops go, $r = 10$ inner steps of a length. */
export const weighed = (step: number): Weighed => {
  const tasks = [
    { a: 0.5, b: 0 },
    { a: 1.5, b: 10 },
  ]
  const gradients = gradientsOf({ tasks, linearBeyond: 400, inner: { steps: 10, step } })
  const points = Array.from({ length: 1001 }, (_, i) => i / 10 - 50)
  const D2 = Math.max(...points.map((x) => overTasks(gradients, x, (t) => (t.firstOrder - t.exact) ** 2)))
  const V2 = Math.max(...points.map((x) => overTasks(gradients, x, (t) => t.exact ** 2)))
  return {
    step,
    D2,
    V2,
    prices: prices.map(({ name, exponent, random }) => {
      const time = (q: number): number => {
        const moment = V2 + (1 / q - 1) * D2
        return (deterministic + q * random) * (exponent === 2 ? moment * moment : Math.sqrt(moment))
      }
      const best = optimalQ({ exponent, deterministic, random, D2, V2 })
      return {
        name,
        best,
        searched: grid.reduce((a, q) => (time(q) < time(a) ? q : a), 1),
        curve: grid.filter((q) => q >= 0.01).map((q) => ({ x: q, y: time(q) / time(best) })),
      }
    }),
  }
}
