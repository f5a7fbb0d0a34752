/** Asking a rule by hand: what is filled in, what is carried on, what is asked twice. */
import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import {
  armijo,
  ask,
  chain,
  constant,
  contramap,
  descends,
  done,
  maxOf,
  memoised,
  never,
  type Observation,
  observe,
  operandAt,
  ownSearch,
  type Probe,
  probe,
  type Ray,
  type Rule,
  rayOf,
  rule,
  ruleKit,
  runWithTranscript,
  type Search,
  show,
  step,
  strongWolfe,
  takeStep,
  takeSteps,
} from 'steplaw'
import { describe, expect, it } from 'vitest'

const ray = { value: 3, slope: -2 }

/** What a rule is shown on each ray. */
const shown = (asked: Rule, rays: ReadonlyArray<Ray>): ReadonlyArray<Observation> => {
  const found: Array<Observation> = []
  const spy = contramap((o) => {
    found.push(o)
    return o
  })
  takeSteps(spy(asked), rays)
  return found
}

describe('an observation of value and slope', () => {
  it('has the defaults of the standard’s rule cases for the rest', () => {
    expect(observe(ray)).toEqual({
      k: 0,
      value: 3,
      slope: -2,
      lowerBound: O.some(0),
      solutionValue: O.none,
      gg: 2,
      dd: 2,
      travelled: 0,
      alignment: 0,
      secant: O.none,
      executed: O.none,
    })
  })

  it('keeps what is given', () => {
    const given = { ...ray, k: 4, lowerBound: O.none, gg: 9, dd: 8, travelled: 7, executed: O.some(6) }
    expect(observe(given)).toMatchObject(given)
  })
})

it.each([
  [true, 1, -2],
  [true, -1, -5e-324],
  [false, 1, 0],
  [false, 1, 2],
  [false, Number.NaN, -1],
  [false, 1 / 0, -1],
  [false, -1 / 0, -1],
  [false, 1, Number.NaN],
  [false, 1, -1 / 0],
])('descends: %s for value %s and slope %s', (expected, value, slope) =>
  expect(descends({ value, slope })).toBe(expected),
)

describe('rays one after the other', () => {
  /** Its step is the value of the ray; below zero it refuses. */
  const echo = rule({ name: 'echo', init: null, step: (s, { value }) => [s, value < 0 ? null : value] })
  const at = (value: number, more: Partial<Observation> = {}): Ray => ({ value, slope: -1, ...more })
  const executed = (rays: ReadonlyArray<Ray>) => shown(echo, rays).map((o) => O.toNullable(o.executed))

  it('are counted from 0, unless one says otherwise', () =>
    expect(shown(never, [ray, ray, { ...ray, k: 7 }, ray]).map(({ k }) => k)).toEqual([0, 1, 7, 3]))

  it('remember the last step that was finite and positive: no failure, no zero, no infinity', () =>
    expect(executed([-1, 2, 0, 1 / 0, -1, 0.5, 0].map((v) => at(v)))).toEqual([null, null, 2, 2, 2, 2, 0.5]))

  it('go on from what a ray says was executed', () =>
    expect(
      executed([at(1), at(-1, { executed: O.some(9) }), at(2), at(0, { executed: O.none }), at(0)]),
    ).toEqual([null, 9, 9, null, null]))
})

describe('one ray', () => {
  const sampled = ownSearch({
    name: 'sampled',
    init: 0,
    step: (n, _ray): Search<readonly [number, number | null]> => {
      const two = step(2)
      return two._tag === 'Fail' ? done([n, null]) : probe(two.step, (value) => done([n + 1, value]))
    },
  })

  it('is the line through value and slope, unless phi is given', () => {
    expect(takeStep(sampled, { value: 3, slope: -0.5 })).toMatchObject({ step: 2, probed: [2] })
    expect(takeStep(sampled, { value: 3, slope: -0.5, phi: (a) => a ** 3 }).step).toBe(8)
  })

  it('leaves the state to go on from, and the outcome with its reason', () => {
    const taken = takeStep(sampled, ray, [4])
    expect(taken).toMatchObject({ step: null, state: [4], because: [{ path: [], reason: 'notAStep' }] })
    expect(taken.outcome).toEqual({ _tag: 'Fail', because: taken.because })
    expect(takeStep(sampled, { value: 9, slope: -1 }, [4])).toMatchObject({
      step: 7,
      state: [5],
      because: [],
    })
  })
})

it('a rule that asks for slopes needs a ray that has them', () => {
  const search = maxOf(never, strongWolfe({ start: constant(1) }))
  expect(takeStep(search, { value: 1, slope: -1 }).probed).toEqual([1, 2, 4, 8, 10])
  expect(() => takeStep(search, { value: 1, slope: -1, phi: (a) => 1 - a })).toThrow(
    new RangeError('dphi is missing, expected as max asks for slopes'),
  )
})

it('a probe asks for a value, without hints unless there are some', () => {
  const two = step(2)
  if (two._tag === 'Fail') throw new Error('a step')
  const asked = (search: Search<number>) => search._tag === 'Ask' && search.question
  expect(asked(probe(two.step, done))).toEqual({ at: 2, want: 'value', hints: [] })
  expect(asked(probe(two.step, done, [two.step]))).toEqual({ at: 2, want: 'value', hints: [2] })
})

describe('a memoised search', () => {
  const want = (at: number, want: Probe['want']): Search<number> => {
    const place = step(at)
    if (place._tag === 'Fail') throw new Error('a step')
    return ask({ at: place.step, want, hints: [] }, ({ value, slope }) =>
      done(want === 'value' ? value : O.getOrElse(() => Number.NaN)(slope)),
    )
  }
  const both = (first: Probe['want'], second: Probe['want']) =>
    runWithTranscript(
      memoised(chain(want(2, first), (a) => chain(want(2, second), (b) => done([a, b] as const)))),
      ({ at, want }) => ({ value: 10 * at, slope: want === 'slope' ? O.some(at) : O.none }),
    )

  it('asks for a value once', () => {
    const { value, transcript } = both('value', 'value')
    expect(value).toEqual({ value: [20, 20], probed: [2], asked: { value: 1, slope: 0 } })
    expect(transcript.length).toBe(1)
  })

  it('asks again where a slope is wanted and only the value is known; it is one step all the same', () => {
    const { value, transcript } = both('value', 'slope')
    expect(value).toEqual({ value: [20, 2], probed: [2], asked: { value: 1, slope: 1 } })
    expect(transcript.map(({ question }) => question.want)).toEqual(['value', 'slope'])
  })

  it('has the value where it has the slope', () => {
    const { value, transcript } = both('slope', 'value')
    expect(value).toEqual({ value: [2, 20], probed: [2], asked: { value: 0, slope: 1 } })
    expect(transcript.length).toBe(1)
  })
})

describe('a ray as the standard writes it', () => {
  it('has none where it says null', () => {
    expect(
      rayOf({ ...ray, lowerBound: null, executed: null, solutionValue: null, secant: null }),
    ).toMatchObject({
      lowerBound: O.none,
      executed: O.none,
      solutionValue: O.none,
      secant: O.none,
    })
  })

  it('says nothing where it says nothing', () => {
    expect(Object.keys(rayOf(ray)).sort()).toEqual([
      'dphi',
      'phi',
      'secant',
      'slope',
      'solutionValue',
      'value',
    ])
  })

  it('is a line where it has no phi', () => {
    expect(rayOf(ray).phi?.(0.5)).toBe(ray.value + ray.slope / 2)
    expect(rayOf(ray).dphi?.(0.5)).toBe(ray.slope)
  })

  const family = fc.oneof(
    fc.record({
      family: fc.constant('quadratic' as const),
      curvature: fc.double({ min: -9, max: 9, noNaN: true }),
    }),
    fc.record({
      family: fc.constant('quartic' as const),
      curvature: fc.double({ min: -9, max: 9, noNaN: true }),
      quartic: fc.double({ min: -9, max: 9, noNaN: true }),
    }),
    fc.record({
      family: fc.constant('exponential' as const),
      weight: fc.double({ min: -3, max: 3, noNaN: true }),
      rate: fc.double({ min: -2, max: 2, noNaN: true }),
    }),
  )

  it('has the slope of its values', () => {
    fc.assert(
      fc.property(family, fc.double({ min: 0.1, max: 2, noNaN: true }), (phi, a) => {
        const { phi: f = () => Number.NaN, dphi = () => Number.NaN } = rayOf({ ...ray, phi })
        const h = 2 ** -12
        // The third derivatives are below 1,400, and h^2 / 6 of that is 1.4e-5; rounding adds some 1e-9.
        return Math.abs((f(a + h) - f(a - h)) / (2 * h) - dphi(a)) < 1e-4
      }),
    )
    expect(rayOf({ ...ray, phi: { family: 'quadratic', curvature: 3 } }).dphi?.(0)).toBe(ray.slope)
  })

  it('has the slope it says beyond its end, and 0 where it says none', () => {
    const ending = (beyond: { readonly step: number; readonly value: number; readonly slope?: number }) =>
      rayOf({ ...ray, phi: { family: 'quadratic', curvature: 2, beyond } }).dphi
    expect([1, 2].map((a) => ending({ step: 1, value: 7 })?.(a))).toEqual([ray.slope + 2, 0])
    expect(ending({ step: 1, value: 7, slope: 5 })?.(2)).toBe(5)
  })

  it('has what it says', () => {
    expect(
      rayOf({ ...ray, k: 2, lowerBound: 1, executed: 4, solutionValue: 0, secant: [1, 2, 3] }),
    ).toMatchObject({
      k: 2,
      lowerBound: O.some(1),
      executed: O.some(4),
      solutionValue: O.some(0),
      secant: O.some([1, 2, 3]),
    })
  })
})

describe('the kit of the laws', () => {
  it('begins where a rule begins', () =>
    expect(ruleKit.init(armijo({ start: constant(1) }))).toEqual([null, [null]]))

  it('knows the ray that a rule is shown', () => {
    const curved = { value: 1, slope: -4, phi: { family: 'quadratic', curvature: 8 } } as const
    expect(ruleKit.phi(curved, 0.5)).toBe(0)
    // A quadratic has no term of order four, which far out would be infinite.
    expect(ruleKit.phi(curved, 2 ** 300)).toBe(2 ** 602)
  })
})

describe('a path', () => {
  const r = rule({ name: 'mine', init: null, step: (s) => [s, 1] })
  it('leads to the operand, or as far as there is one', () => {
    const both = maxOf(r, constant(1))
    expect(operandAt(both, [])).toBe(both)
    expect(show(operandAt(both, [1]))).toBe('constant{step: 1}')
    expect(operandAt(r, [])).toBe(r)
    expect(operandAt(r, [0, 1])).toBe(r)
    expect(show(operandAt(r, [2]))).toBe('mine')
    expect(takeStep(constant(1), ray).because).toEqual([])
  })
})
