import { constant } from 'steplaw'
import { type BilevelProblem, bome, minimiseBilevel } from 'steplaw/bilevel'
import { expect, test } from 'vitest'
import { byHand, dot, minus } from './worlds.js'

test('weighs a coreset as near as finite weights come', () => {
  const C = [
    [1, 3],
    [3, 1],
    [-2, 2],
    [-3, -2],
  ]
  const weightsOf = (x: Float64Array) => {
    const total = x.reduce((t, xi) => t + Math.exp(xi), 0)
    return x.map((xi) => Math.exp(xi) / total)
  }
  const nothing = () => new Float64Array(4)
  const problem: BilevelProblem = byHand(
    { name: 'coreset', dimension: { x: 4, y: 2 }, tasks: false, facts: {} },
    (_, y) => {
      const away = minus(y, Float64Array.of(3, -2))
      return { value: 0.1 * dot(away, away), x: nothing(), y: away.map((d) => 0.2 * d) }
    },
    (x, y) => {
      const w = weightsOf(x)
      const mean = y.map((_, j) => w.reduce((t, wi, i) => t + wi * (C[i]?.[j] ?? 0), 0))
      const away = minus(mean, y)
      const slope = w.map((_, i) => 2 * dot(Float64Array.from(C[i] ?? []), away))
      const middle = dot(w, slope)
      return {
        value: dot(away, away),
        x: w.map((wi, i) => wi * ((slope[i] ?? 0) - middle)),
        y: away.map((d) => -2 * d),
      }
    },
    { hessianVector: (_x, _y, v) => v, crossVector: nothing },
  )
  const rule = constant(0.05)
  const method = bome({ inner: { steps: 10, rule }, upper: { rule }, lower: { rule }, epsilon: 1e-8 })
  const start = { x: new Float64Array(4), y: Float64Array.of(0, 3) }
  const { x, y } = minimiseBilevel(problem, { method, start, iterations: 5000 })
  expect(y[0]).toBeCloseTo(1.821, 3)
  expect(y[1]).toBeCloseTo(0.387, 3)
  const weights = weightsOf(x)
  for (const [i, w] of [0.0023, 0.798, 0.0019, 0.1975].entries()) expect(weights[i]).toBeCloseTo(w, 3)
  expect(problem.upper.value(x, y, null)).toBeCloseTo(0.7089, 4)
  expect(1e3 * problem.lower.value(x, y, null)).toBeCloseTo(1.12, 1)
})
