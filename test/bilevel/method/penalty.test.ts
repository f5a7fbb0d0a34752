import { fc, test } from '@fast-check/vitest'
import * as O from 'fp-ts/lib/Option.js'
import { armijo, constant, momentum } from 'steplaw'
import { type BilevelDraw, f2sa, minimiseBilevel, noDraw, penalty, quadraticBilevel } from 'steplaw/bilevel'
import { describe, expect } from 'vitest'
import { expectResumes } from '../resume.js'
import {
  entry,
  fact,
  firstOf,
  minus,
  norm,
  potentials,
  quadraticOf,
  quadratics,
  scalarQuadratic,
  slopes,
} from './worlds.js'

describe('penalty', () => {
  test.prop([potentials, fc.constantFrom(0.25, 0.5)])(
    'is f2sa with lambda = 1 / sigma where nothing keeps it near and there is no box',
    ({ problem, x, y }, sigma) => {
      const options = { start: { x, y }, iterations: 5 }
      const [gamma, alpha] = [0.2, 0.125]
      const mine = penalty({
        inner: { steps: 3, rule: constant(gamma) },
        upper: { rule: constant(alpha) },
        sigma,
      })
      const theirs = f2sa({
        steps: 3,
        z: { rule: constant(gamma) },
        y: { rule: constant(gamma * sigma) },
        x: { rule: constant(alpha * sigma) },
        lambda: { start: 1 / sigma },
      })
      const a = minimiseBilevel(problem, { ...options, method: mine })
      const b = minimiseBilevel(problem, { ...options, method: theirs })
      expect(norm(minus(a.x, b.x))).toBeLessThan(1e-10)
      expect(norm(minus(a.y, b.y))).toBeLessThan(1e-10)
      expect(norm(minus(a.state.z, b.state.z.x))).toBeLessThan(1e-10)
    },
  )

  // Scalars: y_sigma and y* in closed form, and one inner step of 1/h solves each problem (with sigma P = 0 in the first).
  const scalars = fc.record({
    h: fc.constantFrom(1, 2),
    b: entry,
    c: entry,
    s: entry,
    R: fc.constantFrom(1, 4),
    p: entry,
    r: entry,
    sigma: fc.constantFrom(0.125, 0.5),
    x: entry,
    box: fc.constantFrom(undefined, [-0.5, 0.25] as const),
  })

  test.prop([scalars])(
    'with exact inner solutions lowers psi by the length of the projected step',
    (given) => {
      const { h, b, c, s, R, p, r, sigma, x, box } = given
      const problem = scalarQuadratic({ H: h, B: b, c, P: 0, S: s, R, p, r })
      const low = (u: number, w: number) => (h * u * u) / 2 + u * (b * w + c)
      const psi = (w: number): number => {
        const [u, v] = [-(sigma * (s * w + p) + b * w + c) / h, -(b * w + c) / h]
        return s * w * u + (R * w * w) / 2 + p * u + r * w + (low(u, w) - low(v, w)) / sigma
      }
      // |psi''| by its three terms.
      const bend = R + (2 * Math.abs(s * b) + sigma * s * s) / h
      const step = 1 / bend
      const method = penalty({
        inner: { steps: 1, rule: constant(1 / h) },
        upper: { rule: constant(step / sigma), ...(box === undefined ? {} : { box }) },
        sigma,
      })
      const inside = box === undefined ? x : Math.min(Math.max(x, box[0]), box[1])
      const start = { x: Float64Array.of(inside), y: Float64Array.of(0) }
      let at = inside
      for (const { state } of firstOf(problem, { method, start }, 6)) {
        const next = state.x.x[0] ?? Number.NaN
        expect(psi(next)).toBeLessThanOrEqual(psi(at) - (next - at) ** 2 / (2 * step) + 1e-12)
        if (box !== undefined) expect(next >= box[0] && next <= box[1]).toBe(true)
        at = next
      }
    },
  )

  test.prop([scalars])('stays where the projected gradient vanishes, and nowhere else', (given) => {
    const { h, b, c, s, R, p, r, sigma, x } = given
    const box = [-0.5, 0.25] as const
    const problem = scalarQuadratic({ H: h, B: b, c, P: 0, S: s, R, p, r })
    const start = { x: Float64Array.of(Math.min(Math.max(x, -0.5), 0.25)), y: Float64Array.of(0) }
    for (const from of [
      start,
      { ...start, x: Float64Array.of(-0.5) },
      { ...start, x: Float64Array.of(0.25) },
    ]) {
      const method = penalty({
        inner: { steps: 1, rule: constant(1 / h), box: [-8, 8] },
        upper: { rule: constant(0.5), box },
        sigma,
      })
      const [first] = firstOf(problem, { method, start: from }, 1)
      const gradient = fact(first?.record.gradient)
      const slope = gradient._tag === 'Some' ? (gradient.value[0] ?? 0) : Number.NaN
      const here = from.x[0] ?? 0
      const stationary =
        Math.abs(slope) < 1e-300 || (here === -0.5 && slope > 0) || (here === 0.25 && slope < 0)
      fc.pre(Math.abs(slope) < 1e-300 || Math.abs(slope) > 1e-12)
      expect(first?.state.x.x[0] === here).toBe(stationary)
    }
  })

  test.each([Number.POSITIVE_INFINITY, 2])('selects a solution of many, with rho %d', (rho) => {
    // g = (a'y - x)^2 / 2 but for x^2 / 2, which cancels; f = |y|^2 / 2 + x^2 - x; |a|^2 = 5.
    const problem = quadraticOf({
      H: [
        [1, 2],
        [2, 4],
      ],
      B: [[-1], [-2]],
      c: [0, 0],
      P: [
        [1, 0],
        [0, 1],
      ],
      S: [[0, 0]],
      R: [[2]],
      p: [0, 0],
      r: [-1],
    })
    const sigma = 0.125
    const method = penalty({
      inner: { steps: 5, rule: constant(0.2) },
      upper: { rule: constant(1) },
      sigma,
      rho,
      average: 0.75,
    })
    const start = { x: Float64Array.of(0), y: Float64Array.of(0, 0) }
    const run = minimiseBilevel(problem, { method, start, iterations: 400 })
    const A = 5
    // x / (sigma + A) + 2 x - 1 = 0.
    const x = 1 / (2 + 1 / (sigma + A))
    expect(run.x[0]).toBeCloseTo(x, 8)
    expect(run.y[0]).toBeCloseTo(x / (sigma + A), 8)
    expect(run.y[1]).toBeCloseTo((2 * x) / (sigma + A), 8)
  })

  test.prop([quadratics], { numRuns: 15 })(
    'goes on from any iteration with the same bits',
    ({ problem, x, y }) => {
      const method = penalty({
        inner: { steps: 2, rule: constant(0.1), direction: momentum(0.5), box: [-1, 1] },
        upper: { rule: armijo({ start: constant(1) }), box: [-2, 2] },
        sigma: (k) => 1 / (k + 2),
        rho: 1.5,
        average: 0.5,
      })
      expectResumes(problem, { method, start: { x, y }, iterations: 4 })
    },
  )

  describe('with momentum', () => {
    const parts = {
      inner: { steps: 1, rule: constant(0.2), box: [-4, 4] as const },
      upper: { rule: constant(0.1) },
      sigma: 0.5,
      average: 0.75,
      rho: 2,
    }

    test.prop([potentials, fc.constantFrom(0, 0.25, 0.9)])(
      'and without noise is what it is without, whatever eta',
      ({ problem, x, y }, eta) => {
        const options = { start: { x, y, z: y.map((v) => v / 2) }, iterations: 6 }
        const plain = minimiseBilevel(problem, { ...options, method: penalty(parts) })
        const assisted = minimiseBilevel(problem, { ...options, method: penalty({ ...parts, eta }) })
        expect(norm(minus(plain.x, assisted.x))).toBeLessThan(1e-9)
        expect(norm(minus(plain.y, assisted.y))).toBeLessThan(1e-9)
        expect(norm(minus(plain.state.z, assisted.state.z))).toBeLessThan(1e-9)
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
    const start = { x: Float64Array.of(0), y: Float64Array.of(1), z: Float64Array.of(-1) }
    const draws = (k: number): BilevelDraw => {
      const batch = Int32Array.of((k * k + k) % 3 === 0 ? 0 : 1)
      return { ...noDraw, upper: batch, lower: () => batch, cross: batch }
    }

    test('forgets the noise at the rate 1 - eta', () => {
      const eta = 0.25
      let error: ReadonlyArray<number> = []
      firstOf(noisy, { method: penalty({ ...parts, eta }), start, draws }, 12).forEach(({ state }, k) => {
        const e = O.toNullable(state.estimates)
        if (e === null) throw new Error('no estimates')
        const at = (y: Float64Array) => ({ g: slopes(noisy.lower, e.x, y), f: slopes(noisy.upper, e.x, y) })
        const [y, z, u, w] = [at(e.y), at(e.z), at(e.u), at(e.w)]
        const means = [z.g.y, y.g.y, y.f.y, u.f.x, u.g.x, w.g.x]
        const found = [e.gz, e.gy, e.fy, e.fx, e.gu, e.gw].map((h, i) => (h[0] ?? 0) - (means[i]?.[0] ?? 0))
        const side = draws(k).upper?.[0] === 0 ? 1 : -1
        const noise = [side, side, side, -0.25 * side, 0, 0]
        const expected = noise.map((n, i) => (k === 0 ? n : (1 - eta) * (error[i] ?? 0) + eta * n))
        found.forEach((f, i) => {
          expect(f).toBeCloseTo(expected[i] ?? Number.NaN, 10)
        })
        error = found
      })
    })

    test('and eta = 1 is what it is without, to the last bit', () => {
      const options = { start, draws, iterations: 10 }
      const assisted = minimiseBilevel(noisy, { ...options, method: penalty({ ...parts, eta: 1 }) })
      const plain = minimiseBilevel(noisy, { ...options, method: penalty(parts) })
      expect([assisted.x, assisted.y, assisted.counts]).toStrictEqual([plain.x, plain.y, plain.counts])
    })

    test('asks twice as much', () => {
      const options = { start, draws, iterations: 5 }
      const assisted = minimiseBilevel(noisy, { ...options, method: penalty({ ...parts, eta: 0.5 }) })
      const plain = minimiseBilevel(noisy, { ...options, method: penalty(parts) })
      // The first iteration has nothing before it.
      expect(assisted.counts.upperGradients).toBe((plain.counts.upperGradients / 5) * 9)
      expect(assisted.counts.lowerGradients).toBe((plain.counts.lowerGradients / 5) * 9)
    })

    test('goes on from any iteration with the same bits', () => {
      const upper = { rule: armijo({ start: constant(1) }), box: [-2, 2] as const }
      const inner = { steps: 1, rule: armijo({ start: constant(1) }), direction: momentum(0.5) }
      const method = penalty({ ...parts, inner, upper, eta: (k) => 1 / (k + 1) })
      expectResumes(noisy, { method, start, draws, iterations: 5 })
    })

    test('is of one inner step, and of shares', () => {
      expect(() => penalty({ ...parts, inner: { ...parts.inner, steps: 2 }, eta: 0.5 })).toThrow(
        /^inner\.steps: got 2, expected 1/,
      )
      const method = penalty({ ...parts, eta: 1.5 })
      expect(() => minimiseBilevel(noisy, { method, start, iterations: 1 })).toThrow(/^eta: got 1.5/)
    })
  })

  test('refuses what it cannot use', () => {
    const rule = constant(0.1)
    const parts = { inner: { steps: 1, rule }, upper: { rule }, sigma: 0.1 }
    expect(() => penalty({ ...parts, rho: 0 })).toThrow(/^rho: /)
    expect(() => penalty({ ...parts, average: 2 })).toThrow(/^average: /)
    expect(() => penalty({ ...parts, inner: { ...parts.inner, steps: -1 } })).toThrow(/^inner\.steps: /)
    const start = { x: Float64Array.of(0), y: Float64Array.of(0) }
    const problem = scalarQuadratic({ H: 1, c: 0, P: 0, S: 0, p: 0, r: 0 })
    const run = () =>
      minimiseBilevel(problem, { method: penalty({ ...parts, sigma: -1 }), start, iterations: 1 })
    expect(run).toThrow(/^sigma: /)
  })
})
