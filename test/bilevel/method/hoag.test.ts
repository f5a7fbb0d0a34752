import { fc, test } from '@fast-check/vitest'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { armijo, constant, momentum } from 'steplaw'
import { type HoagParams, hoag, minimiseBilevel } from 'steplaw/bilevel'
import { describe, expect } from 'vitest'
import { expectResumes } from '../resume.js'
import {
  fact,
  firstOf,
  minus,
  norm,
  potentials,
  quadratics,
  scalarQuadratic,
  twoCurvatures,
  type World,
} from './worlds.js'

const methodFor = ({ problem }: Pick<World, 'problem'>, more: Partial<HoagParams> = {}) =>
  hoag({
    epsilon: 0.5,
    inner: { rule: constant(1 / fact(problem.facts.L)), budget: 3000 },
    upper: { rule: constant(0.05) },
    ...more,
  })

describe('hoag', () => {
  test.prop(
    [
      fc.oneof(quadratics, potentials),
      fc.constantFrom('exponential' as const, 'quadratic' as const, 'cubic' as const),
    ],
    {
      numRuns: 50,
    },
  )('solves both problems to the tolerance of the iteration', (world, tolerances) => {
    const { problem, x, y } = world
    const method = methodFor(world, { tolerances, ratio: 0.5 })
    firstOf(problem, { method, start: { x, y } }, 6).forEach(({ record }, k) => {
      const { tolerance, hypergradient } = record.own
      const factor = { exponential: 0.5 ** k, quadratic: 1 / (k + 1) ** 2, cubic: 1 / (k + 1) ** 3 }[
        tolerances
      ]
      expect(tolerance).toBeCloseTo(0.5 * factor, 14)
      if (E.isLeft(hypergradient)) throw new Error(hypergradient.left.message)
      const { v, gradient } = hypergradient.right
      const at = (level: 'upper' | 'lower') => fact(problem[level].gradient(record.x, record.y, null, 'y').y)
      const Hv = problem.lower.hessianVector(record.x, record.y, fact(O.toUndefined(v)), null)
      expect(norm(at('lower'))).toBeLessThanOrEqual(tolerance)
      expect(norm(minus(Hv, at('upper')))).toBeLessThanOrEqual(tolerance * (1 + 1e-9) + 1e-13)
      const Jv = problem.lower.crossVector(record.x, record.y, fact(O.toUndefined(v)), null)
      const fx = fact(problem.upper.gradient(record.x, record.y, null, 'x').x)
      expect(norm(minus(gradient, minus(fx, Jv)))).toBeLessThan(1e-12)
    })
  })

  const problem = scalarQuadratic({ R: 2 })
  const start = { x: Float64Array.of(0), y: Float64Array.of(0) }

  test('ends exhausted where the steps do not suffice, and leaves x', () => {
    const method = methodFor({ problem }, { epsilon: 1e-3, inner: { rule: constant(0.1), budget: 5 } })
    const run = minimiseBilevel(problem, { method, start, iterations: 10 })
    expect(run.status).toBe('exhausted')
    expect(run.x).toEqual(start.x)
    expect(run.records.length).toBe(1)
    expect(run.records[0]?.own.hypergradient).toMatchObject({ left: { reason: 'exhausted' } })
  })

  test('ends exhausted where conjugate gradients do not suffice, and says so', () => {
    const wide = twoCurvatures(3)
    const method = methodFor({ problem: wide }, { cgBudget: 1, epsilon: 1e-6 })
    const at = { x: Float64Array.of(1), y: Float64Array.of(0, 0) }
    const run = minimiseBilevel(wide, { method, start: at, iterations: 10 })
    expect(run.status).toBe('exhausted')
    expect(run.records.at(-1)?.own.hypergradient).toMatchObject({
      left: { reason: 'exhausted', message: expect.stringContaining('1 conjugate gradients') },
    })
  })

  test('lets any rule and direction move x, in its box', () => {
    const run = (upper: HoagParams['upper']) =>
      minimiseBilevel(problem, { method: methodFor({ problem }, { upper }), start, iterations: 150 })
    expect(run({ rule: armijo({ start: constant(1) }) }).x[0]).toBeCloseTo(-1.2, 3)
    expect(run({ rule: constant(0.1), direction: momentum(0.5) }).x[0]).toBeCloseTo(-1.2, 5)
    expect(run({ rule: constant(2), box: [-0.5, 0.5] }).x[0]).toBe(-0.5)
    expect(run({ adaptive: {}, box: [-0.5, 0.5] }).x[0]).toBe(-0.5)
  })

  describe('with the adaptive step', () => {
    test('comes to the solution', () => {
      const method = methodFor({ problem }, { upper: { adaptive: {} } })
      const run = minimiseBilevel(problem, { method, start, iterations: 150 })
      expect(run.x[0]).toBeCloseTo(-1.2, 4)
      expect(run.status).toBe('running')
    })

    test('takes back a step that raised f by a fifth, doubles L and halves the tolerances', () => {
      // F = x^2 / 2: steps of 1/L overshoot where L < 1/2.
      const square = scalarQuadratic({ H: 1, B: 0, c: 0, P: 0, S: 0, p: 0, r: 0 })
      const at = { x: Float64Array.of(1), y: Float64Array.of(0) }
      const method = methodFor({ problem: square }, { upper: { adaptive: { start: 0.0625 } }, ratio: 1 })
      const [a, b, c] = firstOf(square, { method, start: at }, 3)
      expect(a?.state.x.x[0]).toBe(-15)
      expect(b?.record.own.restored).toBe(true)
      expect(b?.state.x.x[0]).toBe(1)
      expect(c?.record.own).toMatchObject({ restored: false, tolerance: 0.25 })
      expect(c?.state.x.x[0]).toBe(-7)
    })

    test.prop([quadratics], { numRuns: 15 })('goes on from any iteration with the same bits', (world) => {
      const { x, y } = world
      const upper = { adaptive: { start: 1 }, box: [-4, 4] as const }
      expectResumes(world.problem, { method: methodFor(world, { upper }), start: { x, y }, iterations: 5 })
    })
  })

  test.prop([potentials], { numRuns: 15 })('goes on from any iteration with the same bits', (world) => {
    const { x, y } = world
    const upper = { rule: armijo({ start: constant(1) }), direction: momentum(0.5) }
    expectResumes(world.problem, { method: methodFor(world, { upper }), start: { x, y }, iterations: 4 })
  })

  test('refuses what it cannot use', () => {
    const refused = (more: Partial<HoagParams>) => () => methodFor({ problem }, more)
    expect(refused({ epsilon: 0 })).toThrow(/^epsilon: /)
    expect(refused({ ratio: 1.5 })).toThrow(/^ratio: /)
    expect(refused({ cgBudget: -1 })).toThrow(/^cgBudget: /)
    expect(refused({ upper: { adaptive: { start: 0 } } })).toThrow(/^upper\.adaptive\.start: /)
  })
})
