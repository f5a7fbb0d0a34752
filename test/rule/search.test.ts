/** Searches on the slope: where they end, and that what they end at has both of Wolfe's conditions. */
import fc from 'fast-check'
import {
  armijo,
  compileDirection,
  constant,
  last,
  maxOf,
  minimise,
  quadratic,
  type Ray,
  strongWolfe,
  takeStep,
} from 'steplaw'
import { describe, expect, it } from 'vitest'

const one = constant(1)

/** Smooth rays with several valleys, falling at 0. */
const waves = fc
  .array(
    fc.tuple(fc.double({ min: 0.1, max: 2, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true })),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((wells): Ray => {
    // A well w t^2 / (1 + t^2) around each centre: no value is beyond the sum of weights, no slope jumps.
    const phi = (a: number) =>
      wells.reduce((sum, [w, at]) => sum + (w * (a - at) ** 2) / (1 + (a - at) ** 2), 0)
    const dphi = (a: number) =>
      wells.reduce((sum, [w, at]) => sum + (2 * w * (a - at)) / (1 + (a - at) ** 2) ** 2, 0)
    return { value: phi(0), slope: dphi(0), phi, dphi }
  })
  .filter(({ slope }) => slope < -1e-3)

describe('a search for a level', () => {
  const c = { c1: 0.01, c2: 0.3 }
  it('ends at a step with both conditions, or short of the cap, on rays with many valleys', () => {
    fc.assert(
      fc.property(waves, fc.double({ min: 0.01, max: 8, noNaN: true }), (ray, start) => {
        const { value, slope, phi = () => 0, dphi = () => 0 } = ray
        const { step } = takeStep(strongWolfe({ start: constant(start), ...c, budget: 60 }), ray)
        if (step === null) return false
        const lower = phi(step) <= value + c.c1 * step * slope
        return lower && dphi(step) <= -c.c2 * slope && (step === 10 || dphi(step) >= c.c2 * slope)
      }),
    )
  })

  it('shares probes with a search on values, and pays for a slope once', () => {
    const ray: Ray = { value: 1, slope: -4, phi: (a) => (1 - 2 * a) ** 2, dphi: (a) => -4 * (1 - 2 * a) }
    const both = maxOf(armijo({ start: constant(4) }), strongWolfe({ start: constant(4) }))
    expect(takeStep(both, ray).probed).toEqual([4, 2, 1, 0.5])
  })

  it('gives up where the bracket closes on a jump', () => {
    const cliff: Ray = { value: 3, slope: -2, phi: (a) => (a > 1.5 ? Number.NaN : 3 - 2 * a), dphi: () => -2 }
    const taken = takeStep(strongWolfe({ start: one, budget: 6 }), cliff)
    expect(taken.probed).toEqual([1, 2, 1.5, 1.75, 1.625, 1.5625])
    expect(taken.because).toEqual([{ path: [], reason: 'budgetExhausted' }])
  })

  it('may underflow to zero, which it does not probe', () => {
    const lost: Ray = { value: 3, slope: -2, phi: () => Number.NaN, dphi: () => 0 }
    const taken = takeStep(strongWolfe({ start: constant(5e-324) }), lost)
    expect([taken.probed, taken.because]).toEqual([[5e-324], [{ path: [], reason: 'stepUnderflow' }]])
  })

  it('looks at both steps that may come next ahead of need', () => {
    const search = strongWolfe({ start: one, c2: 0.5 })
    const program = search.step(search.init, {
      k: 0,
      value: 1,
      slope: -1,
      lowerBound: { _tag: 'None' },
      solutionValue: { _tag: 'None' },
      gg: 1,
      dd: 1,
      travelled: 0,
      alignment: 0,
      secant: { _tag: 'None' },
      executed: { _tag: 'None' },
    })
    expect(program._tag === 'Ask' && program.question).toEqual({ at: 1, want: 'slope', hints: [0.5, 2] })
  })
})

describe('in a run', () => {
  const f = quadratic({
    A: [
      [
        [4, 1],
        [1, 2],
      ],
    ],
    b: [[1, -1]],
  })
  const start = Float64Array.of(3, -2)

  it('every probe of a slope is counted as a gradient', () => {
    const run = minimise(f, { rule: strongWolfe({ start: last({ initial: 1 }) }), start, iterations: 8 })
    const probes = run.records.reduce((sum, { probed }) => sum + probed.length, 0)
    expect(run.state.counts).toEqual({ values: 0, gradients: 8 + probes })
  })

  it('the next secant has the curvature that the condition promises', () => {
    const direction = compileDirection({ direction: 'momentum', mu: 0.3 })
    const run = minimise(f, { rule: strongWolfe({ start: one, c2: 0.4 }), direction, start, iterations: 6 })
    const slopes = run.records.map(({ x }) => f.valueAndGradient(x, null).gradient)
    run.records.slice(0, -1).forEach(({ x, outcome }, k) => {
      if (outcome._tag === 'Fail') return
      const next = run.records[k + 1]
      const dot = (g: ArrayLike<number> = []) =>
        Array.from(g).reduce((sum, t, i) => sum + t * ((next?.x[i] ?? 0) - (x[i] ?? 0)), 0)
      const [before, after] = [dot(slopes[k]), dot(slopes[k + 1])]
      expect(before).toBeLessThan(0)
      expect(after - before).toBeGreaterThan(-0.6 * before * (1 - 1e-12))
    })
  })
})
