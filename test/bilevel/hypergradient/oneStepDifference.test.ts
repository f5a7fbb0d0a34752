/** The one-step difference: exact where the mixed derivative is, near elsewhere, and safe where there is no slope. */

import { fc } from '@fast-check/vitest'
import * as E from 'fp-ts/lib/Either.js'
import { constant } from 'steplaw'
import {
  type BilevelProblem,
  bilevelDescent,
  darts,
  type Estimator,
  type HypergradientOptions,
  hypergradient,
  minimiseBilevel,
  noDraw,
  oneStepDifference,
  shiftedPotential,
  unrolled,
} from 'steplaw/bilevel'
import { describe, expect, it } from 'vitest'
import { quadratics } from '../quadratics.js'
import { start, sums } from '../sums.js'

const found = (problem: BilevelProblem, estimator: Estimator, at: HypergradientOptions) => {
  const made = hypergradient(problem, estimator, at)
  if (E.isLeft(made)) throw new Error(made.left.message)
  return made.right
}

const distance = (a: Float64Array, b: Float64Array): number =>
  Math.sqrt(a.reduce((s, ai, i) => s + (ai - (b[i] ?? 0)) ** 2, 0))

describe('the one-step difference', () => {
  it('is the gradient through one step where g is a quadratic, for any radius', () => {
    fc.assert(
      fc.property(quadratics(), fc.constantFrom(0.001, 0.01, 1, 8), ({ problem, x, y }, radius) => {
        const step = 0.25
        const { gradient, y: ahead } = found(problem, oneStepDifference({ step, radius }), { x, y })
        const through = found(problem, unrolled(), { x, y, steps: [step] })
        expect(ahead).toEqual(through.y)
        const size = through.gradient.reduce((s, z) => s + Math.abs(z), 1)
        expect(distance(gradient, through.gradient)).toBeLessThan(1e-9 * size)
      }),
      { numRuns: 10 },
    )
  })

  it('is off by the square of the radius where g is smooth', () => {
    const problem = shiftedPotential({
      H0: [[1]],
      s: 1,
      W: [[1]],
      b: [0.25],
      target: [2],
    })
    const at = { x: Float64Array.of(0.5), y: Float64Array.of(0) }
    const through = found(problem, unrolled(), { ...at, steps: [0.25] }).gradient
    const off = (radius: number) =>
      distance(found(problem, oneStepDifference({ step: 0.25, radius }), at).gradient, through)
    expect(off(0.01)).toBeGreaterThan(0)
    expect(off(0.02) / off(0.01)).toBeGreaterThan(3.9)
    expect(off(0.02) / off(0.01)).toBeLessThan(4.1)
  })

  it('is the gradient in x where f has no slope in y, and takes slopes of any size', () => {
    const problem = (slope: number): BilevelProblem => ({
      ...sums,
      upper: {
        ...sums.upper,
        gradient: (...args) => ({ ...sums.upper.gradient(...args), y: Float64Array.of(slope, 0) }),
      },
    })
    const z = (slope: number) => found(problem(slope), oneStepDifference({ step: 0.5 }), start)
    const flat = z(0)
    expect(flat.gradient).toEqual(sums.upper.gradient(start.x, flat.y, null, 'x').x)
    // J = B^T, whose mean has rows (1/2, 1/2).
    for (const slope of [1e-12, 1e-160, 1e8]) {
      const moved = distance(z(slope).gradient, flat.gradient)
      expect(Math.abs(moved - 0.25 * Math.SQRT2 * slope)).toBeLessThan(1e-9 * (1 + slope))
    }
  })

  it('needs gradients alone, all of g on one batch', () => {
    const method = darts({ step: 0.25 })
    const draws = () => ({
      ...noDraw,
      lower: () => Int32Array.of(1),
      cross: Int32Array.of(0),
      upper: Int32Array.of(1),
    })
    const { counts } = minimiseBilevel(sums, { method, start, iterations: 1, draws })
    expect(counts).toMatchObject({
      hessianProducts: 0,
      crossProducts: 0,
      lowerGradients: 4,
      upperGradients: 1,
    })
    const [alone, drawn] = [0, 1].map((batch) => {
      const draw = { ...noDraw, cross: batch === 0 ? Int32Array.of(0) : null }
      return found(sums, oneStepDifference({ step: 0.25 }), { ...start, draw }).gradient
    })
    expect(alone).not.toEqual(drawn)
  })

  it('says nothing of its distance from the gradient of F', () => {
    const made = found(sums, oneStepDifference({ step: 0.25 }), start)
    expect(made.form).toBe('other')
    expect(made.certificate.errorBound._tag).toBe('None')
  })

  it('refuses parameters outside their domain, and fails where a gradient is not finite', () => {
    expect(() => oneStepDifference({ step: 0 })).toThrow('step: got 0')
    expect(() => oneStepDifference({ step: 1, radius: Number.NaN })).toThrow('radius: got NaN')
    const broken = {
      ...sums,
      lower: { ...sums.lower, gradient: () => ({ value: 0, x: Float64Array.of(Number.NaN, 0), y: start.y }) },
    }
    expect(hypergradient(broken, oneStepDifference({ step: 1 }), start)).toMatchObject({
      _tag: 'Left',
      left: { reason: 'nonFinite' },
    })
    const method = bilevelDescent({
      inner: { steps: 0, rule: constant(1) },
      hypergradient: oneStepDifference({ step: 1 }),
      outer: { rule: constant(1) },
    })
    expect(minimiseBilevel(broken, { method, start, iterations: 2 }).x).toEqual(start.x)
  })
})
