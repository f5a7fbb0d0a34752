import { fc, test } from '@fast-check/vitest'
import { conjugateGradients, direct, exact, neumann, quadraticBilevel, unrolled } from 'steplaw/bilevel'
import {
  bilevelWorlds,
  boundedBilevelWorlds,
  clippedBilevelWorlds,
  degenerateBilevelWorlds,
  quadraticBilevelWorlds,
  verifyEstimator,
} from 'steplaw/theory'
import { describe, expect, test as plainTest } from 'vitest'
import { answerBilevel } from '../../src/bilevel/problem/problem.js'
import { norm } from '../../src/numeric/index.js'
import { symmetricEigenvalues } from '../../src/numeric/linear.js'
import { differences } from '../../src/theory/theorem/bilevel/differences.js'
import { lowerSlope, sizeOf, units } from '../../src/theory/theorem/bilevel/recipe.js'
import { distance, spectralNorm, times } from '../../src/theory/world/bilevel/matrix.js'
import { orthogonal } from '../../src/theory/world/bilevel/turned.js'
import { crossTimes, shownWithAnotherSign } from './mutantsBilevel.js'

describe('a bilevel world', () => {
  test.prop([bilevelWorlds()], { numRuns: 60 })(
    'solves its lower level',
    ({ problem, start, lowerSolution }) => {
      const at = { x: start.x, y: lowerSolution(start.x) }
      expect(norm(lowerSlope(problem, at))).toBeLessThan(1e-9 * sizeOf(problem, at))
    },
  )

  test.prop([boundedBilevelWorlds()], { numRuns: 60 })(
    'keeps the constants that it declares',
    ({ problem, start: { x, y }, constants }) => {
      const m = y.length
      const H = units(m).map((e) => Array.from(problem.lower.hessianVector(x, y, e, null)))
      const found = symmetricEigenvalues(Float64Array.from(H.flat()), m)
      expect(found[0]).toBeGreaterThan(constants.mu * (1 - 1e-9))
      expect(found.at(-1)).toBeLessThan(constants.L * (1 + 1e-9))
      const J = units(m).map((e) => Array.from(problem.lower.crossVector(x, y, e, null)))
      expect(spectralNorm(J, x.length)).toBeLessThanOrEqual(constants.crossNorm * (1 + 1e-9))
    },
  )

  test.prop([quadraticBilevelWorlds({ components: true })], { numRuns: 10 })(
    'of quadratics is the traced problem of its components, all of them and each',
    ({ problem, components, start }) => {
      const traced = quadraticBilevel(components)
      for (const batch of [null, Int32Array.of(0), Int32Array.of(1)]) {
        const [v] = units(start.y.length)
        const at = { ...start, batch }
        const requests = [
          { ...at, want: 'gradient', level: 'upper', in: 'both' },
          { ...at, want: 'gradient', level: 'lower', in: 'both' },
          { ...at, want: 'hessian', v: v ?? start.y },
          { ...at, want: 'cross', v: v ?? start.y },
        ] as const
        for (const request of requests) {
          const [ours, theirs] = [answerBilevel(problem)(request), answerBilevel(traced)(request)]
          const size = 1e-10 * sizeOf(problem, start)
          for (const part of ['x', 'y', 'product'] as const) {
            const [a, b] = [ours[part], theirs[part]]
            expect(a?.length).toBe(b?.length)
            if (a !== undefined && b !== undefined) expect(distance(a, b)).toBeLessThan(size)
          }
          expect(Math.abs((ours.value ?? 0) - (theirs.value ?? 0))).toBeLessThan(size * 100)
        }
      }
      expect(traced.facts.mu).toBeCloseTo(problem.facts.mu ?? 0, 9)
    },
  )

  test.prop([quadraticBilevelWorlds({ convex: true })], { numRuns: 40 })(
    'that is convex has its minimiser where the gradient vanishes',
    ({ best, gradient, problem, lowerSolution, convexity, smoothness }) => {
      expect(best).not.toBeNull()
      if (best === null) return
      const at = { x: best.x, y: lowerSolution(best.x) }
      expect(norm(gradient(best.x))).toBeLessThan(((1e-9 * smoothness) / convexity) * sizeOf(problem, at))
    },
  )

  test.prop([degenerateBilevelWorlds()], { numRuns: 40 })(
    'with many lower solutions has the gradient of the best of them',
    ({ value, gradient, start: { x, y }, problem, projector }) => {
      expect(norm(lowerSlope(problem, { x, y }))).toBeLessThan(1e-9 * sizeOf(problem, { x, y }))
      expect(distance(differences(value, x), gradient(x))).toBeLessThan(1e-8 * sizeOf(problem, { x, y }))
      // No lower solution is better.
      for (const e of units(y.length)) {
        const along = e.map((ei, i) => ei - (times(projector, e)[i] ?? 0))
        for (const s of [-0.5, 0.5])
          expect(
            problem.upper.value(
              x,
              y.map((yi, i) => yi + s * (along[i] ?? 0)),
              null,
            ),
          ).toBeGreaterThan(value(x) - 1e-9 * sizeOf(problem, { x, y }))
      }
    },
  )

  test.prop([clippedBilevelWorlds()], { numRuns: 60 })(
    'with a box has a gradient that is that of the clipped value away from kinks',
    (world) => {
      const { x } = world.start
      const { box, value, gradient, lowerSolution } = world
      const free = (at: Float64Array): boolean => {
        const y = lowerSolution(at)[0] ?? 0
        return box[0] < y && y < box[1]
      }
      const near = [-2, -1, 1, 2].map((i) => free(x.map((xi) => xi + i / 256)))
      fc.pre(near.every((f) => f === free(Float64Array.from(x))))
      expect(distance(differences(value, x), gradient(x))).toBeLessThan(
        1e-8 * (1 + sizeOf(world.problem, world.start)),
      )
    },
  )

  test.prop([fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 4 }), fc.boolean()])(
    'is turned by an orthogonal matrix',
    (v, turn) => {
      const Q = orthogonal(v, turn)
      const gram = Q.map((row) => Q.map((other) => row.reduce((s, q, i) => s + q * (other[i] ?? 0), 0)))
      for (const [i, row] of gram.entries())
        for (const [j, g] of row.entries()) expect(g).toBeCloseTo(i === j ? 1 : 0, 12)
    },
  )
})

describe('an estimator put to the theorems', () => {
  const verdicts = (found: ReturnType<typeof verifyEstimator>) =>
    Object.fromEntries(found.map(({ statement, verdict }) => [statement, verdict]))

  plainTest('that solves its system is not refuted by any', () => {
    const found = verifyEstimator(conjugateGradients({ iterations: 30, tolerance: 1e-13 }), { problems: 25 })
    expect(found.length).toBeGreaterThan(6)
    // The bound of a penalty is of another kind of estimate.
    const { 'B20.certificate': ofPenalties, ...others } = verdicts(found)
    expect(ofPenalties).toBe('does not apply')
    expect(new Set(Object.values(others))).toEqual(new Set(['not refuted']))
  })

  plainTest('that is truncated is not held to what solving implies', () => {
    const found = verdicts(verifyEstimator(neumann({ terms: 2, step: 1e-3 }), { problems: 25 }))
    expect(found['B1.closedForm']).not.toBe('refuted')
    expect(found['B9.implicit']).toBe('not refuted')
    expect(found['B29.agree']).toBe('does not apply')
  })

  plainTest('that goes back over its loop is not refuted by any', () => {
    const found = verdicts(verifyEstimator(unrolled(), { problems: 25 }))
    expect(Object.values(found)).not.toContain('refuted')
    expect(found['B29.agree']).toBe('not refuted')
    expect(found['B20.certificate']).toBe('does not apply')
  })

  plainTest('with half of its cross term is refuted, and the case is found again', () => {
    const faulty = crossTimes(direct(), 0.5)
    const [found] = verifyEstimator(faulty, { theorem: 'B1.closedForm', problems: 60 })
    expect(found?.verdict).toBe('refuted')
    if (found?.verdict !== 'refuted') return
    const { seed, path, given } = found
    const [again] = verifyEstimator(faulty, { theorem: 'B1.closedForm', seed, path })
    expect(again).toMatchObject({ verdict: 'refuted', given })
  })

  plainTest('that shows its solution with the other sign is refuted where that is said', () => {
    const [found] = verifyEstimator(shownWithAnotherSign(direct()), { theorem: 'B25.sign', problems: 60 })
    expect(found?.verdict).toBe('refuted')
  })

  plainTest('with nonsense is refused', () => {
    expect(() => verifyEstimator(exact(), { theorem: 'B99' })).toThrow(/^theorem: got "B99"/)
  })
})
