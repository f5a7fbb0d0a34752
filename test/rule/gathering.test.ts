/** Rules that add up what they have seen: what a failed ray leaves behind, and what other units change. */
import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import {
  adagradNorm,
  adaSls,
  adaSps,
  armijo,
  barzilaiBorwein,
  constant,
  dog,
  dowg,
  goldstein,
  ponos,
  prodigy,
  type Ray,
  type Rule,
  spsSafe,
  takeStep,
  takeSteps,
} from 'steplaw'
import { describe, expect, it } from 'vitest'

const good: Ray = {
  value: 3,
  slope: -4,
  gg: 2,
  travelled: 0.5,
  alignment: 1,
  phi: (a) => 3 - 4 * a + 8 * a * a,
}
const later: Ray = { ...good, value: 2, gg: 5, travelled: 1.5, alignment: 3 }
const steps = (rule: Rule, rays: ReadonlyArray<Ray>) => takeSteps(rule, rays).map(({ step }) => step)

const nan = Number.NaN
const lost: Ray = { ...good, phi: () => nan }

describe('a ray on which a rule fails leaves no trace', () => {
  it.each<readonly [string, Rule, Ray]>([
    ['adagradNorm, a gradient that is not finite', adagradNorm({ beta: 1 }), { ...good, gg: nan }],
    ['adaSps, an ascent', adaSps(), { ...good, slope: 4 }],
    ['adaSps, no bound', adaSps(), { ...good, lowerBound: O.none }],
    ['adaSps, an endless gap', adaSps(), { ...good, lowerBound: O.some(-1 / 0) }],
    ['adaSls, an ascent', adaSls({ search: constant(2) }), { ...good, slope: 4 }],
    ['adaSls, a search that fails', adaSls({ search: armijo({ start: constant(2), budget: 5 }) }), lost],
    ['ponos, a budget that ends', ponos({ budget: 8 }), lost],
    ['ponos, an endless gap', ponos({ target: 'lowerBound' }), { ...good, lowerBound: O.some(-1 / 0) }],
    ['dog, a way that is not finite', dog({ repsilon: 1 }), { ...good, gg: 9, travelled: 1 / 0 }],
    ['dog, a gradient that is not finite', dog({ repsilon: 1 }), { ...good, gg: nan, travelled: 9 }],
    ['dowg, a gradient that is not finite', dowg({ repsilon: 1 }), { ...good, gg: 1 / 0, travelled: 9 }],
    ['prodigy, an alignment that is not finite', prodigy({ d0: 1 }), { ...good, gg: 9, alignment: nan }],
  ])('%s', (_, rule, bad) => {
    const [first, failed] = takeSteps(rule, [good, bad])
    expect(failed?.step).toBe(null)
    expect(failed?.state).toEqual(first?.state)
    expect(steps(rule, [good, bad, later])).toEqual([
      ...steps(rule, [good]),
      null,
      steps(rule, [good, later])[1],
    ])
    expect(takeStep(rule, bad).state).toEqual(rule.init)
  })
})

describe('a ray without a gap is no failure and leaves no trace', () => {
  const met = { ...good, value: 0 }
  it.each<readonly [string, Rule]>([
    ['adaSps', adaSps()],
    ['ponos', ponos()],
  ])('%s', (_, rule) => {
    const [first, none] = takeSteps(rule, [good, met])
    expect([none?.step, none?.probed, none?.state]).toEqual([0, [], first?.state])
    // Also where it comes first: no constant is made of it.
    expect(takeStep(rule, met).state).toEqual(rule.init)
    expect(steps(rule, [met, good])[1]).toBe(steps(rule, [good])[0])
  })

  it('spsSafe, flat as the ray may be', () =>
    expect([0, -0, -1].map((slope) => takeStep(spsSafe({ floor: 1 }), { value: 0, slope }).step)).toEqual([
      0, 0, 0,
    ]))
})

describe('in other units', () => {
  const positive = fc.double({ min: 2 ** -20, max: 2 ** 20, noNaN: true })
  const seen = fc.record({ gg: positive, travelled: positive, alignment: positive, gap: positive })
  const exponent = fc.integer({ min: -6, max: 6 })
  const scaled = (rule: Rule, rays: ReadonlyArray<Ray>, other: ReadonlyArray<Ray>, by: number): boolean => {
    const [one, two] = [steps(rule, rays), steps(rule, other)]
    return one.every((step, i) => step !== null && two[i] === step / by)
  }

  it.each<readonly [string, Rule]>([
    ['dog', dog({ repsilon: 1 })],
    ['dowg', dowg({ repsilon: 1 })],
    ['prodigy', prodigy({ d0: 1 })],
    ['adagradNorm with the current gradient', adagradNorm({ includeCurrent: true })],
  ])('of the loss, %s steps as far, bit for bit', (_, rule) => {
    fc.assert(
      fc.property(fc.array(seen, { minLength: 1, maxLength: 5 }), exponent, (all, e) => {
        const s = 2 ** e
        const rays = all.map((ray) => ({ value: 1, slope: -1, ...ray }))
        const other = rays.map((ray) => ({ ...ray, gg: s * s * ray.gg, alignment: s * ray.alignment }))
        return scaled(rule, rays, other, s)
      }),
    )
  })

  it('of the loss, adaSps steps as far along steepest descent, bit for bit', () => {
    fc.assert(
      fc.property(fc.array(seen, { minLength: 1, maxLength: 5 }), exponent, (all, e) => {
        const s = 2 ** (2 * e)
        const rays = all.map(({ gap, gg }) => ({ value: gap, slope: -gg }))
        const other = all.map(({ gap, gg }) => ({ value: s * gap, slope: -s * s * gg }))
        return scaled(adaSps(), rays, other, s)
      }),
    )
  })

  it('of the point, dog and dowg step twice as far where the way and the start are twice as far', () => {
    fc.assert(
      fc.property(fc.array(seen, { minLength: 1, maxLength: 5 }), (all) => {
        const rays = all.map((ray) => ({ value: 1, slope: -1, ...ray }))
        const other = rays.map((ray) => ({ ...ray, travelled: 2 * ray.travelled }))
        return [dog, dowg].every((make) => {
          const [one, two] = [steps(make({ repsilon: 1 }), rays), steps(make({ repsilon: 2 }), other)]
          return one.every((step, i) => step !== null && two[i] === 2 * step)
        })
      }),
    )
  })
})

describe('adaptive steps never grow', () => {
  it.each<readonly [string, Rule]>([
    ['adaSps', adaSps()],
    ['adaSls', adaSls({ search: constant(2) })],
    ['adagradNorm', adagradNorm({ beta: 1 })],
  ])('%s', (_, rule) => {
    const amount = fc.double({ min: 2 ** -10, max: 2 ** 10, noNaN: true })
    fc.assert(
      fc.property(fc.array(fc.tuple(amount, amount), { minLength: 2, maxLength: 6 }), (all) => {
        const taken = steps(
          rule,
          all.map(([value, gg]) => ({ value, slope: -gg, gg })),
        ).map((step) => step ?? nan)
        return taken.every((step, i) => i === 0 || step <= (taken[i - 1] ?? nan))
      }),
    )
  })
})

describe('Goldstein’s search', () => {
  // Every trial up to 1.5 is too short, every longer one is lost: it goes back and forth between 1 and 2.
  const trap: Ray = { value: 3, slope: -2, phi: (a) => (a > 1.5 ? nan : 3 - 2 * a) }
  it('counts a trial that comes back, and probes it once', () => {
    const taken = takeStep(goldstein({ start: constant(1), budget: 9 }), trap)
    expect(taken.because).toEqual([{ path: [], reason: 'budgetExhausted' }])
    expect(taken.probed).toEqual([1, 2])
  })

  it('has as many trials as its budget', () => {
    const parabola: Ray = { value: 1, slope: -4, phi: (a) => (1 - 2 * a) ** 2 }
    const within = (budget: number) => takeStep(goldstein({ start: constant(4), budget }), parabola).step
    expect([3, 4, 5].map(within)).toEqual([null, 0.5, 0.5])
  })

  it('takes the cap though it is too short, and no step beyond', () => {
    const line: Ray = { value: 1, slope: -1 }
    expect(takeStep(goldstein({ start: constant(1), cap: 5 }), line).probed).toEqual([1, 2, 4, 5])
    expect(takeStep(goldstein({ start: constant(9), cap: 5 }), line).probed).toEqual([5])
  })
})

describe('a nonmonotone search', () => {
  it('accepts a trial at zero as the point itself, which it does not probe', () => {
    const rule = ponos({ shrink: 2 ** -600, stepMax: 2, budget: 9 })
    expect(takeStep(rule, lost)).toMatchObject({ step: 0, probed: [2, 2 ** -599] })
  })

  it('forgets a start that was too long, one trial a ray', () => {
    const easy: Ray = { ...good, phi: (a) => 3 - 4 * a }
    const counts = takeSteps(ponos(), [good, easy, easy, easy, easy]).map(({ state }) => state)
    expect(counts.map((state) => (Array.isArray(state) ? state[0][2] : null))).toEqual([4, 3, 2, 1, 0])
  })
})

it('the short step of a displacement is never above the long one', () => {
  // Products of such vectors are exact, and rounding keeps the order of quotients: there is nothing to allow for.
  const number = fc.integer({ min: -9, max: 9 })
  const vector = fc.tuple(number, number, number)
  const dot = (a: ReadonlyArray<number>, b: ReadonlyArray<number>) =>
    a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0)
  fc.assert(
    fc.property(vector, vector, (s, y) => {
      const ray = { value: 1, slope: -1, secant: O.some([dot(s, s), dot(s, y), dot(y, y)] as const) }
      const of = (variant: 'long' | 'short') => takeStep(barzilaiBorwein({ variant, initial: 1 }), ray).step
      const [long, short] = [of('long'), of('short')]
      return dot(s, y) > 0
        ? long !== null && short !== null && short <= long
        : long === null && short === null
    }),
  )
})
