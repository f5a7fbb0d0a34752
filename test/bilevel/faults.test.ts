/** Faults that published implementations of bilevel methods have had, and that these have not. */

import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { constant, type Vector } from 'steplaw'
import {
  adaptiveUfom,
  bilevelDescent,
  conjugateGradients,
  type Estimator,
  hypergradient,
  minimiseBilevel,
  neumann,
  noDraw,
  quadraticBilevel,
  randomQuadratic,
  stocBiO,
  ufom,
  unrolled,
} from 'steplaw/bilevel'
import { describe, expect, it } from 'vitest'
import { start, sums } from './sums.js'

/** $H = 2$, $J = 1$, $\nabla_y f = y + x - 2$: at $y = 1/2$, $x = 0$ the system is $2 v = -3/2$. */
const scalar = quadraticBilevel({
  lower: [{ H: [[2]], B: [[1]], c: [-1] }],
  upper: [{ P: [[1]], S: [[1]], R: [[2]], p: [-2], r: [0.25] }],
})
const at = { x: Float64Array.of(0), y: Float64Array.of(0.5) }
const [H, b] = [2, -1.5]

const solution = (estimator: Estimator): number => {
  const found = hypergradient(scalar, estimator, at)
  if (E.isLeft(found) || O.isNone(found.right.v)) throw new Error('no solution of the linear system')
  return found.right.v.value[0] ?? Number.NaN
}

const gradientIn = ({ gradient }: { readonly gradient: O.Option<Vector> }): Vector => {
  if (O.isSome(gradient)) return gradient.value
  throw new Error('no gradient')
}

/** $y$ after some steps on all of $g$, written out. */
const descended = (x: Vector, from: Vector, steps: number, a: number): Vector => {
  if (steps === 0) return from
  const { y: g = from } = sums.lower.gradient(x, from, null, 'y')
  return descended(
    x,
    from.map((yi, i) => yi - a * (g[i] ?? 0)),
    steps - 1,
    a,
  )
}

/** By central differences, which are exact for quadratics but for rounding. */
const derivative = (F: (x: Vector) => number, x: Vector): Vector =>
  x.map((_, i) => {
    const moved = (h: number) => F(x.map((xj, j) => (i === j ? xj + h : xj)))
    return (moved(1e-4) - moved(-1e-4)) / 2e-4
  })

describe('public code has', () => {
  describe('conjugate gradients that return the iterate before the last', () => {
    /** On a multiple of the identity: the residual is tested after the step, and what was before the step is returned. */
    const penultimate = (curvature: number, right: number): number => {
      let [before, v, r] = [0, 0, right]
      while (Math.abs(r) > 1e-10) {
        before = v
        v += r / curvature
        r = right - curvature * v
      }
      return before
    }

    it('which is 0 where one step solves', () => {
      expect(penultimate(H, b)).toBe(0)
      expect(solution(conjugateGradients({ iterations: 20, tolerance: 1e-10 }))).toBe(b / H)
    })
  })

  describe('a benchmark whose quadratic problem', () => {
    const withR = (R: number) =>
      quadraticBilevel({
        lower: [{ H: [[2]], B: [[1]], c: [-1] }],
        upper: [{ P: [[1]], S: [[1]], R: [[R]], p: [-2], r: [0.25] }],
      })
    const [P, S, slope] = [1, 1, -1 / 2]

    it('counts the mixed term of the Hessian once, and takes a concave F for convex', () => {
      const R = 0.7
      const once = R + slope * P * slope + S * slope
      expect(once).toBeGreaterThan(0)
      const { value, minimiser } = withR(R).facts
      const F = (x: number): number => value?.(Float64Array.of(x)) ?? Number.NaN
      expect(F(1) - 2 * F(0) + F(-1)).toBeCloseTo(R + slope * P * slope + 2 * S * slope, 12)
      expect(F(1) - 2 * F(0) + F(-1)).toBeLessThan(0)
      expect(minimiser).toBeUndefined()
    })

    it('is drawn again from the same seed', () => {
      // Ours is not drawn again at all: it is shifted by what it lacks, and another seed is another problem.
      const drawn = (seed: number) =>
        randomQuadratic({ samples: { upper: 8, lower: 8 }, dimension: { x: 2, y: 2 }, seed })
      const at0 = (seed: number) => drawn(seed).facts.gradient?.(new Float64Array(2))
      expect(at0(1)).toEqual(at0(1))
      expect(at0(1)).not.toEqual(at0(2))
      for (const seed of [1, 2, 3]) expect(drawn(seed).facts.minimiser).toBeDefined()
    })

    it('is judged by its first component alone', () => {
      const x = Float64Array.of(0.3, -0.2)
      const y = Float64Array.of(1, 2)
      const parts = [0, 1].map((i) => sums.upper.value(x, y, Int32Array.of(i)))
      expect(sums.upper.components).toBe(2)
      expect(sums.upper.value(x, y, null)).toBeCloseTo(((parts[0] ?? 0) + (parts[1] ?? 0)) / 2, 12)
      expect(parts[0]).not.toBeCloseTo(parts[1] ?? 0, 3)
    })
  })

  describe('a Neumann series of one term too many', () => {
    const a = 0.25
    /** A loop over 0, ..., N that adds before it contracts. */
    const faulty = (N: number): number => {
      let [t, sum] = [b, 0]
      for (let q = 0; q <= N; q += 1) {
        sum += t
        t -= a * H * t
      }
      return a * sum
    }

    it.each([1, 2, 3, 6])('where N = %d: the error is that of N terms, -(1 - aH)^N b / H, exactly', (N) => {
      const error = -((1 - a * H) ** N) * (b / H)
      expect(solution(neumann({ terms: N, step: a })) - b / H).toBe(error)
      expect(faulty(N) - b / H).toBe(error / 2)
    })
  })

  describe('stocBiO without a factor and a term', () => {
    const a = 0.25
    /** $a (1 - aH)^Q b + \sum_{q=1}^Q (1 - aH)^q b$, which goes to $b / (aH) - b$. */
    const faulty = (Q: number): number => {
      const powers = Array.from({ length: Q + 1 }, (_, q) => (1 - a * H) ** q * b)
      return a * (powers[Q] ?? 0) + powers.slice(1).reduce((s, t) => s + t, 0)
    }

    /** $v$ of the recipe, at the same place. */
    const ours = (products: number): number => {
      const inner = { steps: 0, rule: constant(1) }
      const { state } = minimiseBilevel(scalar, {
        method: stocBiO({ products, step: a, inner }),
        start: at,
        iterations: 1,
      })
      return O.isSome(state.v) ? (state.v.value[0] ?? Number.NaN) : Number.NaN
    }

    it('whose limit is not the solution', () => {
      expect(faulty(60)).toBeCloseTo(b / (a * H) - b, 12)
      expect(ours(60)).toBeCloseTo(b / H, 12)
      expect(Math.abs(faulty(60) - b / H)).toBeGreaterThan(0.5)
    })

    it('which shows after a few products', () => {
      // 1/4 (1 + 1/2 + 1/4) b
      expect(ours(2)).toBe(0.4375 * b)
      // 1/4 1/4 b + (1/2 + 1/4) b
      expect(faulty(2)).toBe(0.8125 * b)
    })
  })

  describe('an adaptive UFOM', () => {
    const inner = { steps: 3, step: 0.2 }
    const still = { rule: constant(0) }
    const tossed = (coin: 0 | 1) => () => ({ ...noDraw, coin: O.some(coin) })
    const gradient = (q: number, coin: 0 | 1): Vector => {
      const method = ufom({ q, inner, upper: still })
      const [record] = minimiseBilevel(sums, { method, start, draws: tossed(coin), iterations: 1 }).records
      return record === undefined ? start.x : gradientIn(record)
    }
    const squared = (u: Vector, v: Vector): number => u.reduce((s, ui, i) => s + (ui - (v[i] ?? 0)) ** 2, 0)

    it('whose D2 is that of the step, not of the two gradients', () => {
      const qMin = 0.05
      const method = adaptiveUfom({ qMin, inner, upper: still })
      const draws = () => ({ ...noDraw, uniform: O.some(0) })
      const { state } = minimiseBilevel(sums, { method, start, draws, iterations: 1 })
      const between = squared(gradient(1, 0), gradient(1, 1))
      // After one pass 1 - beta^1 is what the average holds of it.
      expect(state.D2 / (1 - 0.99)).toBeCloseTo(between, 10)
      // The debiased step minus the exact gradient: (1/q - 1)^2 times as much.
      const faulty = squared(gradient(qMin, 1), gradient(1, 1))
      expect(faulty / between).toBeCloseTo((1 / qMin - 1) ** 2, 6)
      expect(Math.abs(state.D2 / (1 - 0.99) - faulty)).toBeGreaterThan(between)
    })

    const right = derivative(
      (x) => sums.upper.value(x, descended(x, start.y, inner.steps, inner.step), null),
      start.x,
    )
    const meanOverCoins = (q: number): Vector => {
      const [one, none] = [gradient(q, 1), gradient(q, 0)]
      return one.map((g, i) => q * g + (1 - q) * (none[i] ?? 0))
    }

    it('that clips inside the exact pass, and is biased by it', () => {
      // The same pass, where what it carries back is cut to 0.1 at the start.
      const clip = (v: Vector) => v.map((vi) => Math.min(Math.max(vi, -0.1), 0.1))
      const clipping = {
        ...sums,
        upper: {
          ...sums.upper,
          gradient: (...args: Parameters<typeof sums.upper.gradient>) => {
            const found = sums.upper.gradient(...args)
            return found.y === undefined ? found : { ...found, y: clip(found.y) }
          },
        },
      }
      const [record] = minimiseBilevel(clipping, {
        method: ufom({ q: 1, inner, upper: still }),
        start,
        draws: tossed(1),
        iterations: 1,
      }).records
      const faulty = record === undefined ? start.x : gradientIn(record)
      expect(squared(faulty, right)).toBeGreaterThan(1e-3)
      for (const q of [0.05, 0.5, 1]) expect(squared(meanOverCoins(q), right)).toBeLessThan(1e-14)
    })
  })

  describe('a warm start that is nowhere in the state', () => {
    const step = 0.2
    const parts = { hypergradient: unrolled(), outer: { rule: constant(0.1) } }
    const warm = bilevelDescent({ inner: { steps: 2, rule: constant(step) }, ...parts })

    /** An inner loop that keeps $y$ to itself, from call to call. */
    const keeping = () => {
      let y: Vector = start.y
      return (x: Vector): number => {
        y = descended(x, y, 2, step)
        return sums.upper.value(x, y, null)
      }
    }

    it('so that the same call does not answer the same', () => {
      const faulty = keeping()
      expect(faulty(start.x)).not.toBe(faulty(start.x))
      const run = minimiseBilevel(sums, { method: warm, start, iterations: 3 })
      const from = { state: run.state, counts: run.counts }
      const again = () => minimiseBilevel(sums, { method: warm, start, from, iterations: 4 })
      expect(again()).toStrictEqual(again())
    })

    it('and a gradient through the loop is no derivative of anything', () => {
      const { state, counts } = minimiseBilevel(sums, { method: warm, start, iterations: 3 })
      const run = minimiseBilevel(sums, { method: warm, start, from: { state, counts }, iterations: 4 })
      const [record] = run.records
      const z = record === undefined ? start.x : gradientIn(record)
      // From the y of the state, which is held constant.
      const ours = derivative((x) => sums.upper.value(x, descended(x, state.y.x, 2, step), null), state.x.x)
      const faulty = derivative(keeping(), state.x.x)
      for (const [i, zi] of z.entries()) expect(Math.abs(zi - (ours[i] ?? 0))).toBeLessThan(1e-7)
      expect(Math.max(...z.map((zi, i) => Math.abs(zi - (faulty[i] ?? 0))))).toBeGreaterThan(0.1)
    })
  })
})
