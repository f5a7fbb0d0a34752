import { fc, test } from '@fast-check/vitest'
import { armijo, constant, momentum, power } from 'steplaw'
import {
  type BilevelDraw,
  f2ba,
  f2sa,
  f3sa,
  minimiseBilevel,
  noDraw,
  powerWeight,
  quadraticBilevel,
} from 'steplaw/bilevel'
import { describe, expect } from 'vitest'
import { expectResumes } from '../resume.js'
import { fact, firstOf, minus, norm, potentials, quadratics, scalarQuadratic, slopes } from './worlds.js'

const golden = (S: number) => scalarQuadratic({ S })
const origin = { x: Float64Array.of(0), y: Float64Array.of(0) }

describe('f2sa', () => {
  test.each([
    [2, 0.8, 1.65],
    [10, 0.571428571, 1.535714286],
    [100, 0.507462687, 1.503731343],
  ])('with settled y and z moves along the gradient of the penalty, lambda %d', (lambda, y, gradient) => {
    const method = f2ba({ steps: 200, lambda, lowerStep: 0.4, upperStep: 0 })
    const [first] = firstOf(golden(1), { method, start: origin }, 1)
    expect(first?.record.y[0]).toBeCloseTo(y, 9)
    expect(first?.record.own.z[0]).toBeCloseTo(0.5, 12)
    expect(first?.record.gradient).toMatchObject({ value: { 0: expect.closeTo(gradient, 8) } })
  })

  test('has no bias where S = P B / H, whatever lambda', () => {
    const start = { x: Float64Array.of(1), y: Float64Array.of(3) }
    for (const lambda of [0.5, 4, 64]) {
      const method = f2ba({ steps: 200, lambda, lowerStep: 0.3, upperStep: 0 })
      const [first] = firstOf(golden(0.5), { method, start }, 1)
      // F' = 5/4 + 3/4 x.
      expect(first?.record.gradient).toMatchObject({ value: { 0: expect.closeTo(2, 9) } })
    }
  })

  test.prop([quadratics])('moves z, then y, then x with the new ones', ({ problem, x, y }) => {
    const method = f2sa({
      steps: 1,
      z: { rule: constant(0.25) },
      y: { rule: constant(0.125) },
      x: { rule: constant(0.5) },
      lambda: { start: 2, increment: (k) => k + 1 },
    })
    const z0 = y.map((v) => v / 2)
    const [a, b] = firstOf(problem, { method, start: { x, y, z: z0 } }, 2)
    const { state } = fact(a)
    const z1 = minus(
      z0,
      slopes(problem.lower, x, z0).y.map((g) => 0.25 * g),
    )
    const both = slopes(problem.lower, x, y).y.map((g, i) => 2 * g + (slopes(problem.upper, x, y).y[i] ?? 0))
    const y1 = minus(
      y,
      both.map((g) => 0.125 * g),
    )
    const [f, gy, gz] = [
      slopes(problem.upper, x, y1),
      slopes(problem.lower, x, y1),
      slopes(problem.lower, x, z1),
    ]
    const x1 = x.map((v, i) => v - 0.5 * ((f.x[i] ?? 0) + 2 * ((gy.x[i] ?? 0) - (gz.x[i] ?? 0))))
    expect(norm(minus(state.z.x, z1))).toBeLessThan(1e-12)
    expect(norm(minus(state.y.x, y1))).toBeLessThan(1e-12)
    expect(norm(minus(state.x.x, x1))).toBeLessThan(1e-12)
    expect([state.lambda, b?.state.lambda]).toEqual([3, 5])
  })

  test.prop([potentials, fc.constantFrom(0.1, 0.5, 2)])('holds x in its box', ({ problem, x, y }, step) => {
    const method = f2sa({
      steps: 2,
      z: { rule: constant(0.2) },
      y: { rule: constant(0.05) },
      x: { rule: constant(step), box: [-0.25, 0.5] },
      lambda: { start: 4 },
    })
    for (const { state } of firstOf(problem, { method, start: { x, y } }, 4))
      expect(state.x.x.every((v) => v >= -0.25 && v <= 0.5)).toBe(true)
  })

  test.prop([quadratics], { numRuns: 20 })(
    'goes on from any iteration with the same bits',
    ({ problem, x, y }) => {
      const method = f2sa({
        steps: 2,
        z: { rule: armijo({ start: constant(1) }) },
        y: { rule: power({ initial: 0.05, exponent: 0.5 }), direction: momentum(0.5) },
        x: { rule: armijo({ start: constant(1) }), box: [-2, 2] },
        lambda: powerWeight({ start: 2, exponent: 1 / 7 }),
      })
      expectResumes(problem, { method, start: { x, y }, iterations: 4 })
    },
  )

  test('refuses what it cannot use', () => {
    const rule = constant(0.1)
    const parts = { steps: 1, z: { rule }, y: { rule }, x: { rule }, lambda: { start: 1 } }
    expect(() => f2sa({ ...parts, steps: 0.5 })).toThrow(/^steps: /)
    expect(() => f2sa({ ...parts, lambda: { start: -1 } })).toThrow(/^lambda\.start: /)
    expect(() => f2ba({ steps: 1, lambda: -1, lowerStep: 1, upperStep: 1 })).toThrow(/^lambda: /)
    const bad = f2sa({ ...parts, lambda: { start: 1, increment: () => Number.NaN } })
    expect(() => minimiseBilevel(golden(1), { method: bad, start: origin, iterations: 1 })).toThrow(
      /^lambda\.increment: /,
    )
  })
})

describe('f3sa', () => {
  const parts = {
    z: { rule: constant(0.2) },
    y: { rule: constant(0.05) },
    x: { rule: constant(0.1) },
    lambda: { start: 2, increment: 0.25 },
  }

  test.prop([potentials, fc.constantFrom(0, 0.25, 0.9)])(
    'without noise is f2sa with one inner step, whatever eta',
    ({ problem, x, y }, eta) => {
      const options = { start: { x, y }, iterations: 6 }
      const plain = minimiseBilevel(problem, { ...options, method: f2sa({ steps: 1, ...parts }) })
      const assisted = minimiseBilevel(problem, { ...options, method: f3sa({ ...parts, eta }) })
      expect(norm(minus(plain.x, assisted.x))).toBeLessThan(1e-9)
      expect(norm(minus(plain.y, assisted.y))).toBeLessThan(1e-9)
    },
  )

  // Two components of each level that differ in the linear terms alone: the noise of a gradient is plus or minus a constant.
  const noisy = quadraticBilevel({
    lower: [
      { H: [[2]], B: [[1]], c: [0] },
      { H: [[2]], B: [[1]], c: [-2] },
    ],
    upper: [
      { P: [[1]], S: [[1]], R: [[2]], p: [-1], r: [0] },
      { P: [[1]], S: [[1]], R: [[2]], p: [-3], r: [0.5] },
    ],
  })
  const draws = (k: number): BilevelDraw => {
    const batch = Int32Array.of((k * k + k) % 3 === 0 ? 0 : 1)
    return { ...noDraw, upper: batch, lower: () => batch, cross: batch }
  }

  test('forgets the noise at the rate 1 - eta', () => {
    const eta = 0.25
    const options = { method: f3sa({ ...parts, eta }), start: origin, draws }
    let error: ReadonlyArray<number> = []
    firstOf(noisy, options, 12).forEach(({ record }, k) => {
      const { estimates: e, z } = record.own
      const at = (y: Float64Array) => ({ g: slopes(noisy.lower, e.x, y), f: slopes(noisy.upper, e.x, y) })
      const means = [at(e.z).g.y, at(e.y).g.y, at(e.y).f.y, at(record.y).f.x, at(record.y).g.x, at(z).g.x]
      const found = [e.gz, e.gy, e.fy, e.fx, e.gxy, e.gxz].map((h, i) => (h[0] ?? 0) - (means[i]?.[0] ?? 0))
      const side = draws(k).upper?.[0] === 0 ? 1 : -1
      const noise = [side, side, side, -0.25 * side, 0, 0]
      const expected = noise.map((n, i) => (k === 0 ? n : (1 - eta) * (error[i] ?? 0) + eta * n))
      found.forEach((f, i) => {
        expect(f).toBeCloseTo(expected[i] ?? Number.NaN, 10)
      })
      error = found
    })
  })

  test('with eta = 1 is f2sa with one inner step, to the last bit', () => {
    const options = { start: origin, draws, iterations: 10 }
    const assisted = minimiseBilevel(noisy, { ...options, method: f3sa({ ...parts, eta: 1 }) })
    const plain = minimiseBilevel(noisy, { ...options, method: f2sa({ steps: 1, ...parts }) })
    expect([assisted.x, assisted.y, assisted.counts]).toStrictEqual([plain.x, plain.y, plain.counts])
  })

  test('goes on from any iteration with the same bits', () => {
    const search = { rule: armijo({ start: constant(1) }) }
    const method = f3sa({
      z: search,
      y: parts.y,
      x: { ...search, box: [-1, 1] },
      lambda: parts.lambda,
      eta: 0.5,
    })
    expectResumes(noisy, { method, start: origin, draws, iterations: 5 })
  })

  test('refuses an eta outside [0, 1]', () => {
    const method = f3sa({ ...parts, eta: 1.5 })
    expect(() => minimiseBilevel(noisy, { method, start: origin, iterations: 1 })).toThrow(/^eta: /)
  })
})
