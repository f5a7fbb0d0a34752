/** Faults that implementations of these methods have had: the faulty formula, what it comes to, and what is right. */
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { constant } from 'steplaw'
import {
  bome,
  direct,
  errorBound,
  f2sa,
  hoag,
  hypergradient,
  maid,
  maidConstants,
  powerWeight,
} from 'steplaw/bilevel'
import { expect, test } from 'vitest'
import {
  fact,
  firstOf,
  minus,
  norm,
  quadraticOf,
  scalarQuadratic,
  slopes,
  twoCurvatures,
} from './method/worlds.js'

const origin = { x: Float64Array.of(0), y: Float64Array.of(0) }

test('the adaptive step of HOAG is made once, not twice', () => {
  // F = x^2 / 2, and 1/L = 1/0.9: one step contracts, two steps along one gradient expand.
  const problem = scalarQuadratic({ H: 1, B: 0, c: 0, P: 0, S: 0, p: 0, r: 0 })
  const method = hoag({
    epsilon: 1e-3,
    inner: { rule: constant(1), budget: 10 },
    upper: { adaptive: { start: 0.9 } },
  })
  const start = { x: Float64Array.of(1), y: Float64Array.of(0) }
  let [ours, twice] = [1, 1]
  for (const { record, state } of firstOf(problem, { method, start }, 5)) {
    const step = record.outcome._tag === 'Step' ? record.outcome.step : Number.NaN
    const z = O.toUndefined(record.gradient)?.[0] ?? Number.NaN
    const next = state.x.x[0] ?? Number.NaN
    expect(next).toBe((record.x[0] ?? Number.NaN) - step * z)
    expect(Math.abs(next)).toBeLessThan(0.5 * Math.abs(ours))
    ours = next
    twice -= (1 / 0.9) * twice + (1 / 0.9) * twice
  }
  expect(Math.abs(ours)).toBeLessThan(1e-3)
  expect(Math.abs(twice)).toBeGreaterThan(2)
})

test('the multiplier of BOME is 0 where there is nothing to divide by', () => {
  const problem = scalarQuadratic()
  const rule = constant(0.25)
  const method = bome({ inner: { steps: 3, rule }, upper: { rule }, lower: { rule } })
  // y*(0) = 1/2: the inner steps do nothing, and q = 0.
  const start = { x: Float64Array.of(0), y: Float64Array.of(0.5) }
  const [first] = firstOf(problem, { method, start }, 1)
  const { lambda, constraint, delta, barrier } = fact(first).record.own
  const f = slopes(problem.upper, start.x, start.y)
  const [qq, along] = [norm(constraint.x) ** 2 + norm(constraint.y) ** 2, 0]
  expect(Math.max((barrier - along) / qq, 0)).toBeNaN()
  expect(lambda).toBe(0)
  expect(delta).toEqual({ x: f.x, y: f.y })
  expect(first?.state.y.x[0]).toBe(0.5 - 0.25 * (f.y[0] ?? 0))
})

test('the bound of MAID has the curvature of the upper level in it', () => {
  // J = H = 1 and L_fy = 100: an error of the lower solution is felt a hundredfold.
  const problem = scalarQuadratic({ H: 1, c: 0, P: 100, S: 0, p: 1, r: 0 })
  const found = hypergradient(problem, direct(), { x: Float64Array.of(0), y: Float64Array.of(0.01) })
  if (E.isLeft(found)) throw new Error(found.left.message)
  const error = norm(minus(found.right.gradient, fact(problem.facts.gradient)(Float64Array.of(0))))
  const withoutIt = 0.01
  expect(error).toBeCloseTo(1, 10)
  expect(withoutIt).toBeLessThan(error)
  expect(O.toUndefined(found.right.certificate.errorBound)).toBeCloseTo(error, 10)
})

test('the bound of MAID has the norm of a matrix in it, not its largest entry', () => {
  const ones = [
    [1, 1],
    [1, 1],
  ]
  const unit = [
    [1, 0],
    [0, 1],
  ]
  const zero = [
    [0, 0],
    [0, 0],
  ]
  const problem = quadraticOf({
    H: unit,
    B: ones,
    c: [0, 0],
    P: unit,
    S: zero,
    R: unit,
    p: [0, 0],
    r: [0, 0],
  })
  const at = { x: Float64Array.of(0, 0), y: Float64Array.of(0.01, 0.01) }
  const found = hypergradient(problem, direct(), at)
  if (E.isLeft(found)) throw new Error(found.left.message)
  const error = norm(minus(found.right.gradient, fact(problem.facts.gradient)(at.x)))
  const largest = errorBound(
    { ...problem.facts, crossNorm: 1 },
    { inner: norm(slopes(problem.lower, at.x, at.y).y), linear: 0, slopeInY: 0 },
  )
  expect(O.toUndefined(largest)).toBeLessThan(0.51 * error)
  expect(O.toUndefined(found.right.certificate.errorBound)).toBeGreaterThanOrEqual(error * (1 - 1e-12))
})

test('an overestimated modulus voids the certificate, an underestimate does not', () => {
  const problem = twoCurvatures(10)
  const constants = maidConstants(problem.facts)
  const start = { x: Float64Array.of(1), y: Float64Array.of(5, 5) }
  const distance = (mu: number): number => {
    const method = maid({ constants: { ...constants, mu }, epsilon: 0.05, delta: 0.05, alpha: 0.1 })
    const [first] = firstOf(problem, { method, start }, 1)
    const { x, y, own } = fact(first).record
    return norm(minus(y, fact(problem.facts.lowerSolution)(x))) / own.epsilon
  }
  expect(constants.mu).toBeCloseTo(1, 12)
  expect(distance(constants.L - 1e-3)).toBeGreaterThan(1)
  expect(distance(constants.mu)).toBeLessThanOrEqual(1 + 1e-9)
  expect(distance(0.5)).toBeLessThanOrEqual(1 + 1e-9)
})

test('the weight of F2SA grows like its power, not like the sum of its powers', () => {
  const problem = scalarQuadratic()
  const rule = constant(0)
  const lambda = powerWeight({ start: 1, exponent: 1 / 7 })
  const growth = (weight: typeof lambda, k: number): number => {
    const method = f2sa({ steps: 0, z: { rule }, y: { rule }, x: { rule }, lambda: weight })
    const iterates = firstOf(problem, { method, start: origin }, 4 * k)
    const at = (i: number) => fact(iterates[i - 1]).state.lambda
    return Math.log(at(4 * k) / at(k)) / Math.log(4)
  }
  const summed = { start: 1, increment: (k: number) => 0.1 * (k + 1) ** (-1 / 7) }
  expect(growth(lambda, 500)).toBeCloseTo(1 / 7, 3)
  expect(growth(summed, 500)).toBeGreaterThan(5 / 7)
})

test('the inner iterate of BOME is constant in the gradient of the gap', () => {
  const problem = scalarQuadratic()
  const own = (x: number, y: number, steps: number) => {
    const rule = constant(0)
    const method = bome({ inner: { steps, rule: constant(0.125) }, upper: { rule }, lower: { rule } })
    const start = { x: Float64Array.of(x), y: Float64Array.of(y) }
    return fact(firstOf(problem, { method, start }, 1)[0]).record.own
  }
  const [x, y, e] = [0.25, 2, 1 / 64]
  // The gap is quadratic in both, so that central differences are its derivatives, the hidden ones among them.
  const through = (steps: number) => ({
    x: (own(x + e, y, steps).gap - own(x - e, y, steps).gap) / (2 * e),
    y: (own(x, y + e, steps).gap - own(x, y - e, steps).gap) / (2 * e),
  })
  const g = (at: number) => slopes(problem.lower, Float64Array.of(x), Float64Array.of(at))
  for (const steps of [1, 3]) {
    const { constraint, inner } = own(x, y, steps)
    const hidden = through(steps)
    // q_y is the gradient of the whole gap in y, after however few steps.
    expect(constraint.y).toEqual(g(y).y)
    expect(constraint.x).toEqual(minus(g(y).x, g(inner[0] ?? Number.NaN).x))
    expect(Math.abs(hidden.y - (constraint.y[0] ?? 0))).toBeGreaterThan(0.1)
    expect(Math.abs(hidden.x - (constraint.x[0] ?? 0))).toBeGreaterThan(0.1)
  }
  const [settled, all] = [own(x, y, 200), through(200)]
  expect(settled.constraint.x[0]).toBeCloseTo(all.x, 9)
  expect(settled.constraint.y[0]).toBeCloseTo(all.y, 9)
})
