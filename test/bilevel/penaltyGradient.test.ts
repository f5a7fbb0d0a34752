import { fc, test } from '@fast-check/vitest'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { armijo, constant } from 'steplaw'
import {
  bilevelDescent,
  type Hypergradient,
  hypergradient,
  minimiseBilevel,
  noDraw,
  penaltyErrorBound,
  penaltyGradient,
  type Unsolved,
} from 'steplaw/bilevel'
import { describe, expect } from 'vitest'
import { fact, minus, norm, potentials, quadratics, scalarQuadratic, type World } from './method/worlds.js'

const right = (found: E.Either<Unsolved, Hypergradient>): Hypergradient => {
  if (E.isLeft(found)) throw new Error(found.left.message)
  return found.right
}

const boundOf = ({ certificate }: Hypergradient): number =>
  O.getOrElse(() => Number.NaN)(certificate.errorBound)

const estimateAt = ({ problem, x, y }: World, lambda: number, tolerance: number): Hypergradient => {
  const { L, upperLipschitzY } = problem.facts
  const rule = constant(1 / (fact(L) + fact(upperLipschitzY) / lambda))
  const inner = { rule, tolerance, budget: 5000 }
  return right(hypergradient(problem, penaltyGradient({ lambda, inner, facts: problem.facts }), { x, y }))
}

const errorOf = ({ problem, x }: World, { gradient }: Hypergradient): number =>
  norm(minus(gradient, fact(problem.facts.gradient)(x)))

const scalar = (S: number) => scalarQuadratic({ S })
const origin = { x: Float64Array.of(0), y: Float64Array.of(0) }

describe('the gradient of the penalty', () => {
  test.prop([
    fc.oneof(quadratics, potentials),
    fc.constantFrom(0.5, 4, 50, 1000),
    fc.constantFrom(1e-2, 1e-5, 1e-9),
  ])('is as near to the hypergradient as its certificate says', (world, lambda, tolerance) => {
    const found = estimateAt(world, lambda, tolerance)
    const bound = boundOf(found)
    expect(errorOf(world, found)).toBeLessThanOrEqual(bound * (1 + 1e-9) + 1e-11 * lambda)
    expect(found.form).toBe('other')
  })

  test('has a bound that cannot be smaller: it is the error where all parts point one way', () => {
    // J = -1, S > 0 and 1-dimensional: the bias has both of its parts at their largest.
    const world = {
      ...origin,
      problem: scalarQuadratic({ B: -1 }),
    }
    for (const lambda of [1, 10, 100]) {
      const found = estimateAt(world, lambda, 1e-13)
      expect(errorOf(world, found) / boundOf(found)).toBeCloseTo(1, 6)
    }
  })

  test('has a share of every residual in the bound', () => {
    const facts = { mu: 2, L: 4, crossNorm: 3, crossLipschitz: 5, upperLipschitzX: 7, upperLipschitzY: 11 }
    const at = { lambda: 10, lower: 0.125, penalised: 0.25, inner: 0.5, slopeInY: 6 }
    const [D, b] = [0.25, 6]
    const expected = (7 + 1.5 * 11) * D + ((b * D) / 4) * (5 + 1.5 * 13) + 10 * 1.5 * 0.375
    expect(penaltyErrorBound({ ...facts, hessianLipschitz: 13 }, at)).toEqual(O.some(expected))
    // From the constant of the inverse, 13/16 times L^2.
    expect(penaltyErrorBound({ ...facts, inverseHessianLipschitz: 13 / 16 }, at)).toEqual(O.some(expected))
    expect(penaltyErrorBound(facts, at)).toEqual(O.none)
    const { L: _, ...withoutL } = facts
    expect(penaltyErrorBound({ ...withoutL, inverseHessianLipschitz: 1 }, at)).toEqual(O.none)
    expect(O.isSome(penaltyErrorBound({ ...withoutL, inverseHessianLipschitz: 0 }, at))).toBe(true)
    expect(penaltyErrorBound({ ...facts, mu: 0, hessianLipschitz: 13 }, at)).toEqual(O.none)
  })

  test.prop([quadratics], { numRuns: 25 })('comes to the hypergradient as 1/lambda', (world) => {
    const errors = [1000, 2000, 4000].map((lambda) => errorOf(world, estimateAt(world, lambda, 1e-11)))
    fc.pre((errors[0] ?? 0) > 1e-4)
    expect((errors[0] ?? 0) / (errors[1] ?? 0)).toBeCloseTo(2, 1)
    expect((errors[1] ?? 0) / (errors[2] ?? 0)).toBeCloseTo(2, 1)
  })

  test.prop([quadratics, fc.constantFrom(2, 8, 32)], { numRuns: 25 })(
    'is that of a function below F that grows with lambda',
    (world, lambda) => {
      const { problem, x } = world
      const least = fact(problem.facts.lowerSolution)(x)
      const penalised = (weight: number): number => {
        const { y } = estimateAt(world, weight, 1e-11)
        const gap = problem.lower.value(x, y, null) - problem.lower.value(x, least, null)
        return problem.upper.value(x, y, null) + weight * gap
      }
      const [less, more, F] = [penalised(lambda), penalised(2 * lambda), problem.upper.value(x, least, null)]
      expect(less).toBeLessThanOrEqual(more + 1e-9)
      expect(more).toBeLessThanOrEqual(F + 1e-9)
      const slope = norm(problem.upper.gradient(x, least, null, 'y').y ?? x)
      expect(F - less).toBeLessThanOrEqual((slope * slope) / (2 * lambda * fact(problem.facts.mu)) + 1e-9)
    },
  )

  test('fails where an inner problem misses its tolerance, and says which', () => {
    const problem = scalar(1)
    const with_ = (budget: number, y: number) =>
      hypergradient(
        problem,
        penaltyGradient({ lambda: 10, inner: { rule: constant(0.3), tolerance: 1e-10, budget } }),
        { ...origin, y: Float64Array.of(y) },
      )
    expect(with_(3, 0)).toMatchObject({
      left: { reason: 'exhausted', message: expect.stringContaining('the lower problem: ') },
    })
    expect(with_(3, 0.5)).toMatchObject({
      left: { reason: 'exhausted', message: expect.stringContaining('the penalised problem: ') },
    })
    expect(E.isRight(with_(60, 0))).toBe(true)
  })

  test('promises nothing of a batch, nor where a constant is unknown', () => {
    const inner = { rule: constant(0.3), tolerance: 1e-8, budget: 100 }
    const { mu: _, ...facts } = scalar(1).facts
    const draw = { ...noDraw, upper: Int32Array.of(0) }
    const some = penaltyGradient({ lambda: 10, inner, facts: scalar(1).facts })
    expect(boundOf(right(hypergradient(scalar(1), some, origin)))).toBeGreaterThan(0)
    expect(boundOf(right(hypergradient(scalar(1), some, { ...origin, draw })))).toBeNaN()
    expect(
      boundOf(right(hypergradient(scalar(1), penaltyGradient({ lambda: 10, inner, facts }), origin))),
    ).toBeNaN()
  })

  test('serves descent, with a search for the inner steps', () => {
    const search = { rule: armijo({ start: constant(1) }) }
    const method = bilevelDescent({
      inner: { steps: 1, rule: constant(0.4) },
      hypergradient: penaltyGradient({ lambda: 1000, inner: { ...search, tolerance: 1e-5, budget: 200 } }),
      outer: { rule: constant(0.5) },
    })
    const problem = scalarQuadratic({ R: 2 })
    const run = minimiseBilevel(problem, { method, start: origin, iterations: 40 })
    expect(run.x[0]).toBeCloseTo(-1.2, 2)
  })

  test('refuses what it cannot use', () => {
    const inner = { rule: constant(0.3), tolerance: 1e-8, budget: 100 }
    expect(() => penaltyGradient({ lambda: 0, inner })).toThrow(/^lambda: /)
    expect(() => penaltyGradient({ lambda: 1, inner: { ...inner, tolerance: -1 } })).toThrow(
      /^inner\.tolerance: /,
    )
    expect(() => penaltyGradient({ lambda: 1, inner: { ...inner, budget: 0.5 } })).toThrow(/^inner\.budget: /)
  })
})
