import { fc, test } from '@fast-check/vitest'
import * as O from 'fp-ts/lib/Option.js'
import { accelerated, constant } from 'steplaw'
import { type MaidConstants, type MaidParams, maid, maidConstants, minimiseBilevel } from 'steplaw/bilevel'
import { describe, expect } from 'vitest'
import { expectResumes } from '../resume.js'
import {
  dot,
  fact,
  firstOf,
  minus,
  norm,
  potentials,
  quadraticOf,
  quadratics,
  scalarQuadratic,
  type World,
} from './worlds.js'

const methodFor = ({ problem }: World, more: Partial<MaidParams> = {}) =>
  maid({
    constants: maidConstants(problem.facts),
    epsilon: 0.1,
    delta: 0.1,
    alpha: 1,
    upperConvex: true,
    tolerance: 1e-4,
    ...more,
  })

const given = <A>(option: O.Option<A>): A => fact(O.toUndefined(option))

const worlds = fc.oneof(quadratics, potentials)

describe('an iteration of MAID', () => {
  test.prop([worlds, fc.constantFrom(1, 0.01), fc.constantFrom(0.25, 4)], { numRuns: 25 })(
    'is proved: the error is within its bound, the direction descends and F falls',
    (world, accuracy, alpha) => {
      const { problem, x, y } = world
      const gradientOf = fact(problem.facts.gradient)
      const F = fact(problem.facts.value)
      const method = methodFor(world, { epsilon: accuracy, delta: accuracy, alpha })
      let gained = 0
      let least = Number.POSITIVE_INFINITY
      for (const { record, state } of firstOf(problem, { method, start: { x, y } }, 5)) {
        const z = given(record.own.hypergradient)
        const omega = given(z.certificate.errorBound)
        const truth = gradientOf(record.x)
        const size = norm(z.gradient)
        expect(norm(minus(z.gradient, truth))).toBeLessThanOrEqual(omega * (1 + 1e-9) + 1e-12)
        expect(norm(minus(record.y, fact(problem.facts.lowerSolution)(record.x)))).toBeLessThanOrEqual(
          record.own.epsilon * (1 + 1e-9) + 1e-12,
        )
        if (!record.own.accepted) {
          expect(state.status).toBe('stationary')
          expect(norm(truth)).toBeLessThanOrEqual(1e-4 + 1e-12)
          expect(state.x).toBe(record.x)
          continue
        }
        expect(omega).toBeLessThanOrEqual(0.5 * size)
        expect(dot(z.gradient, truth)).toBeGreaterThanOrEqual(0.5 * size * size * (1 - 1e-9))
        const step = record.outcome._tag === 'Step' ? record.outcome.step : Number.NaN
        expect(F(state.x)).toBeLessThanOrEqual(F(record.x) - 0.25 * step * size * size + 1e-12)
        gained += step
        least = Math.min(least, dot(truth, truth))
        expect(least).toBeLessThanOrEqual(((1.5 ** 2 / 0.25) * (F(x) - F(state.x))) / gained + 1e-9)
      }
    },
  )

  test.prop([worlds, fc.constantFrom(10, 0.01), fc.constantFrom(0.25, 64), fc.integer({ min: 1, max: 4 })], {
    numRuns: 25,
  })('refines by halves, relaxes once and tries a shrinking step', (world, accuracy, alpha, backtracks) => {
    const { x, y } = world
    const method = methodFor(world, { epsilon: accuracy, delta: accuracy / 2, alpha, backtracks })
    let before = method.init({ x, y })
    for (const { record, state } of firstOf(world.problem, { method, start: { x, y } }, 5)) {
      const { epsilon, delta, refinements, trials, accepted } = record.own
      expect(epsilon).toBe(before.epsilon * 0.5 ** refinements)
      expect(delta).toBe(before.delta * 0.5 ** refinements)
      if (accepted) {
        const step = record.outcome._tag === 'Step' ? record.outcome.step : Number.NaN
        const shrunk = Math.log2(before.alpha / step)
        expect(shrunk).toBe(Math.round(shrunk))
        expect(shrunk).toBeGreaterThanOrEqual(0)
        expect(trials).toBeGreaterThan(shrunk)
        // Every earlier line search of the iteration used all of its trials, one more each.
        let rest = trials - (shrunk + 1)
        for (let j = backtracks; rest > 0; j += 1) rest -= j
        expect(rest).toBe(0)
        expect([state.epsilon, state.delta]).toEqual([1.25 * epsilon, 1.25 * delta])
        expect(state.alpha).toBe((10 / 9) * step)
      }
      before = state
    }
  })

  test.prop([worlds], { numRuns: 10 })('takes constants that are known at each point', (world) => {
    const { problem, x, y } = world
    const constants = maidConstants(problem.facts)
    const asked: Array<Float64Array> = []
    const constantsAt = (at: Float64Array) => {
      asked.push(at)
      return constants
    }
    const ends = [constants, constantsAt].map((given) =>
      minimiseBilevel(problem, {
        method: methodFor(world, { constants: given }),
        start: { x, y },
        iterations: 3,
      }),
    )
    expect(ends[1]?.state).toEqual(ends[0]?.state)
    for (const { x: at } of fact(ends[1]).records) expect(asked).toContainEqual(at)
    expect(() =>
      minimiseBilevel(problem, {
        method: methodFor(world, { constants: () => ({ ...constants, mu: 0 }) }),
        start: { x, y },
        iterations: 1,
      }),
    ).toThrow(/^constants\.mu: /)
  })

  test.prop([worlds, fc.constantFrom(0.25, 0.5)], { numRuns: 15 })(
    'is proved whatever method solves the lower level',
    (world, mu) => {
      const { problem, x, y } = world
      const F = fact(problem.facts.value)
      const inner = ({ L }: MaidConstants) => ({ rule: constant(1 / L), direction: accelerated(mu) })
      const method = methodFor(world, { inner })
      for (const { record, state } of firstOf(problem, { method, start: { x, y } }, 3)) {
        expect(norm(minus(record.y, fact(problem.facts.lowerSolution)(record.x)))).toBeLessThanOrEqual(
          record.own.epsilon * (1 + 1e-9) + 1e-12,
        )
        expect(F(state.x)).toBeLessThanOrEqual(F(record.x) + 1e-12)
      }
    },
  )

  test.prop([worlds], { numRuns: 15 })('goes on from any iteration with the same bits', (world) => {
    const { problem, x, y } = world
    fc.pre(norm(fact(problem.facts.gradient)(x)) > 1e-2)
    expectResumes(problem, { method: methodFor(world, { tolerance: 0 }), start: { x, y }, iterations: 3 })
  })
})

describe('a run of MAID', () => {
  const problem = scalarQuadratic({ R: 2 })
  const start = { x: Float64Array.of(0), y: Float64Array.of(0) }
  const world = { problem, ...start }
  const run = (more: Partial<MaidParams>) =>
    minimiseBilevel(problem, { method: methodFor(world, more), start, iterations: 200 })
  const why = ({ records }: ReturnType<typeof run>) => given(fact(records.at(-1)).own.stopped)

  test('shows with what accuracies its last hypergradient was made, though they were refined since', () => {
    const tight = quadraticOf({
      H: [
        [1, 0, 0],
        [0, 0.5, 0],
        [0, 0, 0.5],
      ],
      B: [[0], [0.875], [0.375]],
      c: [-1.5, -0.5, 0],
      P: [
        [1.0009765625, -0.29296875, 0],
        [-0.29296875, 0.830078125, 0],
        [0, 0, 1.220703125],
      ],
      S: [[-1.125, -1.25, 0]],
      R: [[0.25]],
      p: [0.875, 0, 0],
      r: [0],
    })
    const method = maid({
      constants: maidConstants(tight.facts),
      epsilon: 1,
      delta: 4,
      alpha: 4,
      relax: 1,
      grow: 1,
      tolerance: 1e-4,
      rounds: 12,
      refinements: 24,
    })
    const from = { x: Float64Array.of(0.75), y: Float64Array.of(0, 0.125, -0.625) }
    const { status, records } = minimiseBilevel(tight, { method, start: from, iterations: 10 })
    expect(status).toBe('exhausted')
    for (const { x, y, own } of records)
      expect(norm(minus(y, fact(tight.facts.lowerSolution)(x)))).toBeLessThanOrEqual(own.epsilon)
  })

  test('ends stationary with a certificate that the gradient is small', () => {
    const { status, x, records } = run({ tolerance: 1e-7 })
    const z = given(fact(records.at(-1)).own.hypergradient)
    expect(status).toBe('stationary')
    expect(norm(z.gradient) + given(z.certificate.errorBound)).toBeLessThanOrEqual(1e-7)
    expect(norm(fact(problem.facts.gradient)(x))).toBeLessThanOrEqual(1e-7)
    expect(x[0]).toBeCloseTo(-1.2, 6)
  })

  test('ends exhausted where a lower solve has not enough steps', () => {
    // Steps of 2/(L + mu) solve a scalar problem at once.
    const ended = run({ lowerBudget: 0 })
    expect(ended.status).toBe('exhausted')
    expect(why(ended)).toMatchObject({
      reason: 'exhausted',
      message: expect.stringContaining('lower gradient'),
    })
    expect(ended.x).toEqual(start.x)
    expect(ended.records.map(({ own, outcome }) => [own.accepted, outcome._tag])).toEqual([[false, 'Fail']])
  })

  test('ends exhausted where the gradient vanishes and no tolerance lets it stop', () => {
    const flat = scalarQuadratic({ P: 0, S: 0, R: 0, p: 0, r: 0 })
    const method = methodFor({ problem: flat, ...start }, { tolerance: 0, refinements: 12 })
    const ended = minimiseBilevel(flat, { method, start, iterations: 5 })
    expect(ended.status).toBe('exhausted')
    expect(why(ended)).toMatchObject({
      reason: 'exhausted',
      message: expect.stringContaining('12 refinements'),
    })
    expect(ended.x).toEqual(start.x)
  })

  test('ends exhausted where no step is sure to gain', () => {
    const ended = run({ alpha: 1e6, backtracks: 1, rounds: 2 })
    expect(ended.status).toBe('exhausted')
    expect(why(ended).message).toContain('2 line searches')
    expect(fact(ended.records[0]).own.trials).toBe(3)
  })

  test('ends exhausted where the lower level is not convex, though it was said to be', () => {
    const concave = quadraticOf({
      H: [
        [1, 0],
        [0, -1],
      ],
      B: [[1], [0]],
      c: [0, 0],
      P: [
        [1, 0],
        [0, 1],
      ],
      S: [[0, 0]],
      R: [[1]],
      p: [1, 1],
      r: [0],
    })
    const constants = {
      mu: 1,
      L: 1,
      upperLipschitzY: 1,
      upperLipschitzX: 0,
      inverseHessianLipschitz: 0,
      crossLipschitz: 0,
      crossNorm: 1,
    }
    const method = maid({ constants, epsilon: 0.1, delta: 0.1, alpha: 1 })
    const at = { x: Float64Array.of(0), y: Float64Array.of(0, 0) }
    const ended = minimiseBilevel(concave, { method, start: at, iterations: 5 })
    expect(ended.status).toBe('exhausted')
    expect(given(fact(ended.records.at(-1)).own.stopped).reason).toBe('indefinite')
  })

  test('refuses what would prove nothing', () => {
    const constants = maidConstants(problem.facts)
    const refused = (more: Partial<MaidParams>) => () => methodFor(world, more)
    expect(refused({ constants: { ...constants, mu: 0 } })).toThrow(/^constants\.mu: /)
    expect(refused({ constants: { ...constants, mu: 3 } })).toThrow(/^constants\.L: /)
    expect(refused({ constants: { ...constants, crossNorm: Number.NaN } })).toThrow(/^constants\.crossNorm: /)
    expect(refused({ eta: 0.2 })).toThrow(/^decrease: /)
    expect(refused({ eta: 1 })).toThrow(/^eta: /)
    expect(refused({ shrink: 1 })).toThrow(/^shrink: /)
    expect(refused({ refine: 1 })).toThrow(/^refine: /)
    expect(refused({ grow: 0.5 })).toThrow(/^grow: /)
    expect(refused({ relax: 0.5 })).toThrow(/^relax: /)
    expect(refused({ epsilon: 0 })).toThrow(/^epsilon: /)
    const { mu: _, crossNorm: __, ...rest } = problem.facts
    expect(() => maidConstants(rest)).toThrow('constants: mu, crossNorm unknown')
  })
})
