import { fc, test } from '@fast-check/vitest'
import { armijo, constant, last, momentum } from 'steplaw'
import { bome, minimiseBilevel } from 'steplaw/bilevel'
import { describe, expect } from 'vitest'
import { expectResumes } from '../resume.js'
import {
  dot,
  entry,
  fact,
  firstOf,
  matrix,
  minus,
  norm,
  positive,
  quadraticOf,
  quadratics,
  row,
  scalarQuadratic,
  slopes,
  vector,
} from './worlds.js'

describe('the direction of BOME', () => {
  test.prop([
    quadratics,
    fc.constantFrom('G' as const, 'Q' as const),
    fc.constantFrom(0.1, 0.5, 0.9),
    fc.array(entry, { minLength: 6, maxLength: 6 }),
  ])(
    'is the nearest to the upper gradient that meets the barrier',
    ({ problem, x, y }, option, eta, other) => {
      const L = fact(problem.facts.L)
      const method = bome({
        inner: { steps: 3, rule: constant(1 / L) },
        upper: { rule: constant(0.01) },
        lower: { rule: constant(0.01) },
        option,
        eta,
      })
      for (const { record } of firstOf(problem, { method, start: { x, y } }, 5)) {
        const { lambda, gap, constraint: q, delta, barrier } = record.own
        const f = slopes(problem.upper, record.x, record.y)
        const qq = dot(q.x, q.x) + dot(q.y, q.y)
        fc.pre(qq > 1e-12)
        const along = dot(q.x, delta.x) + dot(q.y, delta.y)
        const size = Math.sqrt(qq) * (norm(f.x) + norm(f.y)) + lambda * qq + Math.abs(barrier)
        expect(barrier).toBeCloseTo(eta * (option === 'G' ? qq : gap), 12)
        expect(gap).toBeGreaterThanOrEqual(-1e-14)
        expect(along - barrier).toBeGreaterThanOrEqual(-1e-13 * size)
        expect(lambda).toBeGreaterThanOrEqual(0)
        expect(Math.abs(lambda * (along - barrier))).toBeLessThanOrEqual(1e-13 * size * Math.max(1, lambda))
        // Any other vector, moved onto the half-space if it is not in it, is no nearer.
        const d = { x: x.map((_, i) => other[i] ?? 0), y: y.map((_, i) => other[3 + i] ?? 0) }
        const short = Math.max(0, (barrier - dot(q.x, d.x) - dot(q.y, d.y)) / qq)
        const far = Math.hypot(
          norm(
            minus(
              d.x.map((v, i) => v + short * (q.x[i] ?? 0)),
              f.x,
            ),
          ),
          norm(
            minus(
              d.y.map((v, i) => v + short * (q.y[i] ?? 0)),
              f.y,
            ),
          ),
        )
        const near = Math.hypot(norm(minus(delta.x, f.x)), norm(minus(delta.y, f.y)))
        expect(near).toBeLessThanOrEqual(far * (1 + 1e-9) + 1e-9)
      }
    },
  )

  test.prop([quadratics, fc.integer({ min: 1, max: 8 })])(
    'sees as much of the gap as so many steps show',
    ({ problem, x, y }, steps) => {
      const { L, mu, lowerSolution, crossNorm } = problem.facts
      const a = 1 / fact(L)
      const shrink = (1 - a * fact(mu)) ** steps
      const rule = constant(0)
      const method = bome({ inner: { steps, rule: constant(a) }, upper: { rule }, lower: { rule } })
      const [first] = firstOf(problem, { method, start: { x, y } }, 1)
      const own = fact(first?.record.own)
      const solution = fact(lowerSolution)(x)
      const whole = problem.lower.value(x, y, null) - problem.lower.value(x, solution, null)
      expect(own.gap).toBeLessThanOrEqual(whole + 1e-12)
      expect(own.gap).toBeGreaterThanOrEqual((1 - shrink * shrink) * whole - 1e-12)
      const q = minus(slopes(problem.lower, x, y).x, slopes(problem.lower, x, solution).x)
      expect(norm(minus(own.constraint.x, q))).toBeLessThanOrEqual(
        fact(crossNorm) * shrink * norm(minus(y, solution)) + 1e-12,
      )
    },
  )

  // The lower Hessian is h I, so that one step of 1/h solves the lower problem.
  const solvable = fc.record({
    h: fc.constantFrom(0.5, 1, 2),
    B: matrix(2, 2),
    c: row(2),
    P: positive(2, 0),
    S: matrix(2, 2),
    R: positive(2, 0),
    p: row(2),
    r: row(2),
    x: vector(2),
    y: vector(2),
    step: fc.constantFrom(0.5, 0.125, 0.01),
    eta: fc.constantFrom(0.1, 0.5, 0.9),
  })
  const frobenius = (A: ReadonlyArray<ReadonlyArray<number>>) => Math.hypot(...A.flat())

  test.prop([solvable])(
    'lowers the gap and the upper value as far as the smoothness of both allows',
    (world) => {
      const { h, B, c, x, y, step, eta, ...upper } = world
      const H = [
        [h, 0],
        [0, h],
      ]
      const problem = quadraticOf({ H, B, c, ...upper })
      const rule = constant(step)
      const method = bome({
        inner: { steps: 1, rule: constant(1 / h) },
        upper: { rule },
        lower: { rule },
        eta,
      })
      const Lq = h + frobenius(B) ** 2 / h
      const Lf = frobenius(upper.P) + frobenius(upper.R) + frobenius(upper.S)
      const iterates = firstOf(problem, { method, start: { x, y } }, 5)
      iterates.forEach(({ record }, i) => {
        const next = iterates[i + 1]?.record
        if (next === undefined) return
        const { gap, lambda, constraint: q, delta } = record.own
        const qq = dot(q.x, q.x) + dot(q.y, q.y)
        const dd = dot(delta.x, delta.x) + dot(delta.y, delta.y)
        const slack = 1e-11 * (1 + lambda * qq + dd)
        const bend = (step * step * dd) / 2
        expect(next.own.gap).toBeLessThanOrEqual(gap - step * eta * qq + Lq * bend + slack)
        expect(next.own.gap).toBeLessThanOrEqual((1 - 2 * step * eta * h) * gap + Lq * bend + slack)
        expect(next.value).toBeLessThanOrEqual(
          record.value - step * dd + step * lambda * eta * qq + Lf * bend + slack,
        )
      })
    },
  )
})

describe('a run of BOME', () => {
  const degenerate = quadraticOf({
    H: [
      [1, 0],
      [0, 0],
    ],
    B: [[-1], [0]],
    c: [0, 0],
    P: [
      [1, 0],
      [0, 1],
    ],
    S: [[0, -1]],
    R: [[1]],
    p: [-1, 0],
    r: [0],
  })
  const zero = { x: Float64Array.of(0), y: Float64Array.of(0, 0) }

  test.each([
    [1, 9.1e-17, 1.8e-11],
    [10, 7.5e-18, 5.3e-12],
  ])('finds the optimistic solution of a degenerate lower level with %i inner steps', (steps, f, q) => {
    const rule = constant(0.5)
    const method = bome({ inner: { steps, rule }, upper: { rule }, lower: { rule }, epsilon: 1e-8 })
    const { x, y } = minimiseBilevel(degenerate, { method, start: zero, iterations: 2000 })
    const [x0 = 0, y1 = 0, y2 = 0] = [...x, ...y]
    expect(((x0 - y2) ** 2 + (y1 - 1) ** 2) / 2 / f).toBeCloseTo(1, 1)
    expect((y1 - x0) ** 2 / 2 / q).toBeCloseTo(1, 1)
    if (steps === 1) {
      expect(x0).toBeCloseTo(0.99999405, 8)
      expect(y1).toBeCloseTo(0.99999999, 8)
      expect(y2).toBeCloseTo(0.99999405, 8)
    }
  })

  test('comes to the saddle of a minimax problem, inside the box all the way', () => {
    const problem = scalarQuadratic({ H: 0, B: -1, c: 0, P: 0, R: 0, p: 0, r: 0 })
    const box = [-10, 10] as const
    const rule = constant(0.05)
    const method = bome({
      inner: { steps: 10, rule },
      upper: { rule, box },
      lower: { rule, box },
      epsilon: 1e-8,
    })
    const start = { x: Float64Array.of(4), y: Float64Array.of(4) }
    const run = minimiseBilevel(problem, { method, start, iterations: 500 })
    expect(1e4 * (run.x[0] ?? 0)).toBeCloseTo(1.4, 1)
    expect(1e5 * (run.y[0] ?? 0)).toBeCloseTo(-6.2, 1)
    const tight = { rule: constant(5), box: [-2, 2] as const }
    const held = bome({ inner: { steps: 10, rule }, upper: tight, lower: tight })
    const points = firstOf(problem, { method: held, start }, 20)
    expect(
      points.every(({ state }) => Math.abs(state.x.x[0] ?? 0) <= 2 && Math.abs(state.y.x[0] ?? 0) <= 2),
    ).toBe(true)
    expect(points.some(({ state }) => Math.abs(state.y.x[0] ?? 0) === 2)).toBe(true)
  })

  test('may search for its steps at every place', () => {
    const search = { rule: armijo({ start: constant(8) }) }
    const method = bome({ inner: { steps: 2, ...search }, upper: search, lower: search })
    const run = minimiseBilevel(degenerate, { method, start: zero, iterations: 300 })
    expect(run.x[0]).toBeCloseTo(1, 2)
    expect(run.records.some(({ own }) => own.probes > 1 || own.lower.probes > 1)).toBe(true)
  })

  test.prop([quadratics], { numRuns: 20 })(
    'goes on from any iteration with the same bits',
    ({ problem, x, y }) => {
      const method = bome({
        inner: { steps: 2, rule: constant(0.1), direction: momentum(0.5) },
        upper: { rule: armijo({ start: last({ initial: 1 }) }) },
        lower: { rule: constant(0.05), direction: momentum(0.9), box: [-1, 1] },
      })
      expectResumes(problem, { method, start: { x, y }, iterations: 4 })
    },
  )

  test.each([
    [{ eta: -1 }, /^eta: /],
    [{ epsilon: Number.NaN }, /^epsilon: /],
  ])('refuses %j', (bad, message) => {
    const rule = constant(0.5)
    const parts = { inner: { steps: 1, rule }, upper: { rule }, lower: { rule } }
    expect(() => bome({ ...parts, ...bad })).toThrow(message)
    expect(() => bome({ ...parts, inner: { rule, steps: -1 } })).toThrow(/^inner\.steps: /)
    expect(() => bome({ ...parts, lower: { rule, box: [1, 0] } })).toThrow(/^lower\.box: /)
  })
})
