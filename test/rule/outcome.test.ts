/** The chain of outcomes, and why a rule decided. */
import fc from 'fast-check'
import { concatAll } from 'fp-ts/lib/Monoid.js'
import {
  adagradNorm,
  adaSls,
  adaSps,
  armijo,
  clamp,
  constant,
  dAdaptationSgd,
  dog,
  dowg,
  envelope,
  fail,
  goldstein,
  last,
  max,
  maxMonoid,
  maxOf,
  min,
  minMonoid,
  minOf,
  never,
  type Outcome,
  orElse,
  orElseMonoid,
  orElseOf,
  outcomeOrd,
  periodic,
  polyak,
  ponos,
  power,
  prodigy,
  product,
  productOf,
  type Rule,
  reasons,
  rule,
  ruleLattice,
  runningMax,
  runningMin,
  scale,
  show,
  spsSafe,
  step,
  strongWolfe,
  takeStep,
  takeSteps,
} from 'steplaw'
import { describe, expect, it } from 'vitest'

const ray = { value: 3, slope: -4 }
const uphill = { value: 3, slope: 4 }

const clamped = (lower: Rule, proposal: Rule, upper: Rule): Rule => envelope({ lower, proposal, upper })

describe('outcomes are a chain', () => {
  const chain: ReadonlyArray<Outcome> = [fail('never'), step(0), step(5e-324), step(1), step(1 / 0)]

  it('failure, zero, greater steps, infinity', () => {
    for (const [i, a] of chain.entries())
      for (const [j, b] of chain.entries()) {
        expect(outcomeOrd.compare(a, b)).toBe(Math.sign(i - j))
        expect(outcomeOrd.equals(a, b)).toBe(i === j)
      }
  })

  it('in which it does not count why', () => {
    expect(outcomeOrd.equals(fail('never'), fail('refused'))).toBe(true)
    expect(outcomeOrd.compare(fail('never'), fail('refused'))).toBe(0)
  })

  it('of which NaN and negative numbers are the bottom, and minus zero is zero', () => {
    fc.assert(
      fc.property(fc.double(), (x) => {
        const made = step(x)
        if (x >= 0) expect(made).toEqual({ _tag: 'Step', step: x === 0 ? 0 : x, because: [] })
        else expect(made).toEqual(fail('notAStep'))
      }),
    )
    expect(step(-0)).toEqual(step(0))
  })
})

it('a reason is a sentence of its own', () => {
  const sentences = Object.values(reasons)
  expect(new Set(sentences).size).toBe(sentences.length)
  expect(sentences.filter((s) => !/^the [a-z]/.test(s) && !/^no [a-z]/.test(s))).toEqual([])
})

describe('a failure tells its reason', () => {
  const wall = { ...ray, phi: () => 4, dphi: () => 0 }
  it.each<readonly [string, Rule, typeof ray]>([
    ['never', never, ray],
    ['noDescent', polyak(), uphill],
    ['targetAbsent', polyak({ target: 'solutionValue' }), ray],
    ['noDescent', armijo({ start: constant(1) }), uphill],
    ['startUnusable', armijo({ start: constant(0) }), ray],
    ['startUnusable', armijo({ start: constant(1 / 0) }), ray],
    ['startUnusable', armijo({ start: never }), ray],
    ['budgetExhausted', armijo({ start: constant(1), budget: 3 }), wall],
    ['stepUnderflow', armijo({ start: constant(1), budget: 2000 }), wall],
    ['noDescent', spsSafe({ floor: 1 }), uphill],
    ['targetAbsent', spsSafe({ floor: 1, target: 'solutionValue' }), ray],
    ['noDescent', goldstein({ start: constant(1) }), uphill],
    ['startUnusable', goldstein({ start: constant(0) }), ray],
    ['startUnusable', goldstein({ start: constant(1 / 0) }), ray],
    ['startUnusable', goldstein({ start: never }), ray],
    ['budgetExhausted', goldstein({ start: constant(1), budget: 3 }), wall],
    ['stepUnderflow', goldstein({ start: constant(1), budget: 2000 }), wall],
    ['nothingGathered', adagradNorm(), ray],
    ['readingNotFinite', adagradNorm({ beta: 1 }), { ...ray, slope: Number.NaN }],
    ['noDescent', adaSps(), uphill],
    ['targetAbsent', adaSps({ target: 'solutionValue' }), ray],
    ['gapNotFinite', adaSps({ target: -1 / 0 }), ray],
    ['noDescent', adaSls({ search: constant(1) }), uphill],
    ['searchUnusable', adaSls({ search: constant(0) }), ray],
    ['searchUnusable', adaSls({ search: constant(1 / 0) }), ray],
    ['noDescent', ponos(), uphill],
    ['targetAbsent', ponos({ target: 'solutionValue' }), ray],
    ['gapNotFinite', ponos({ target: 1 / 0 }), ray],
    ['budgetExhausted', ponos({ budget: 3 }), wall],
    ['readingNotFinite', dog({ repsilon: 1 }), { ...ray, slope: Number.NaN }],
    ['nothingGathered', dog({ repsilon: 1 }), { ...ray, slope: 0 }],
    ['readingNotFinite', dowg({ repsilon: 1 }), { ...ray, slope: -1 / 0 }],
    ['nothingGathered', dowg({ repsilon: 1 }), { ...ray, slope: 0 }],
    ['readingNotFinite', prodigy({ d0: 1 }), { ...ray, slope: Number.NaN }],
    ['nothingGathered', prodigy({ d0: 1 }), { ...ray, slope: 0 }],
    ['noDescent', strongWolfe({ start: constant(1) }), uphill],
    ['startUnusable', strongWolfe({ start: constant(0) }), ray],
    ['startUnusable', strongWolfe({ start: constant(1 / 0) }), ray],
    ['startUnusable', strongWolfe({ start: never }), ray],
    ['budgetExhausted', strongWolfe({ start: constant(1), budget: 3 }), wall],
    ['stepUnderflow', strongWolfe({ start: constant(1), budget: 2000 }), wall],
    ['readingNotFinite', dAdaptationSgd({ d0: 1 }), { ...ray, slope: Number.NaN }],
    ['nothingGathered', dAdaptationSgd({ d0: 1 }), { ...ray, slope: 0 }],
    ['refused', rule({ name: 'own', init: null, step: (s) => [s, null] }), ray],
    ['notAStep', productOf(constant(0), constant(1 / 0)), ray],
  ])('%s', (reason, rule, on) => expect(takeStep(rule, on).because).toEqual([{ path: [], reason }]))

  it('with the path of the operand that gave it, those of all operands that failed', () => {
    const failing = minOf(constant(1), never, maxOf(never, polyak()))
    const told = [
      { path: [1], reason: 'never' },
      { path: [2, 0], reason: 'never' },
      { path: [2, 1], reason: 'noDescent' },
    ]
    expect(takeStep(failing, uphill).because).toEqual(told)
    expect(takeStep(productOf(constant(1), never, maxOf(never, polyak())), uphill).because).toEqual(told)
    expect(takeStep(orElseOf(never, polyak()), uphill).because).toEqual([
      { path: [0], reason: 'never' },
      { path: [1], reason: 'noDescent' },
    ])
    expect(takeStep(scale(2)(never), ray).because).toEqual([{ path: [0], reason: 'never' }])
    expect(takeStep(runningMin(never), ray).because).toEqual([{ path: [0], reason: 'never' }])
    expect(takeStep(runningMax(never), ray).because).toEqual([{ path: [0], reason: 'never' }])
    expect(takeStep(adaSls({ search: never }), ray).because).toEqual([{ path: [0], reason: 'never' }])
  })

  it.each<readonly [string, Rule, ReadonlyArray<object>]>([
    ['its upper bound', clamped(constant(1), constant(2), never), [{ path: [2], reason: 'never' }]],
    [
      'both of the raised pair',
      clamped(never, polyak(), constant(1)),
      [
        { path: [0], reason: 'never' },
        { path: [1], reason: 'noDescent' },
      ],
    ],
    [
      'the raised pair before the upper bound',
      clamped(never, never, never),
      [
        { path: [0], reason: 'never' },
        { path: [1], reason: 'never' },
      ],
    ],
  ])('an envelope fails with %s', (_, rule, because) =>
    expect(takeStep(rule, uphill).because).toEqual(because),
  )
})

it('a Polyak step without a gap is zero, even where the divisor underflows', () => {
  const tiny = polyak({ c: 5e-324 })
  expect(takeStep(tiny, { value: 0, slope: -0.1 }).step).toBe(0)
  expect(takeStep(tiny, { value: 1, slope: -0.1 }).step).toBe(1 / 0)
})

describe('the operand that decided is named', () => {
  const [one, two, three] = [constant(1), constant(2), constant(3)]
  it.each<readonly [string, Rule, ReadonlyArray<number>]>([
    ['the proposal within its bounds', clamped(one, two, three), [1]],
    ['the lower bound', clamped(two, one, three), [0]],
    ['the lower bound for a proposal that failed', clamped(two, never, three), [0]],
    ['the upper bound', clamped(one, three, two), [2]],
    ['the upper bound where the bounds cross', clamped(three, one, two), [2]],
    ['the lower bound on a tie with the proposal', clamped(one, one, two), [0]],
    ['the proposal on a tie with the upper bound', clamped(one, two, two), [1]],
    ['an operand of the proposal', clamped(one, maxOf(one, two), three), [1, 1]],
    ['an operand of the upper bound', clamped(one, three, minOf(three, two)), [2, 1]],
    ['the first that steps', orElseOf(never, two, one), [1]],
    ['the first on the rays that count', periodic({ period: 2, first: one, rest: two }), [0]],
    ['none but itself by the start of a search', armijo({ start: maxOf(one, two), slack: 9 }), []],
    ['none but itself by a schedule', power({ initial: 1, exponent: 1 }), []],
    ['none but itself by a product', productOf(one, two), []],
    ['none but itself by a running minimum', runningMin(one), []],
    ['none but itself by a running maximum', runningMax(one), []],
  ])('%s', (_, rule, because) => expect(takeStep(rule, ray).because).toEqual(because))

  it('the rest on the other rays', () =>
    expect(takeStep(periodic({ period: 2, first: one, rest: two }), { ...ray, k: 1 }).because).toEqual([1]))
})

it('a running maximum outlives the failures of its operand', () => {
  const rays = [uphill, ray, uphill]
  expect(takeSteps(runningMax(polyak()), rays).map((t) => t.step)).toEqual([null, 0.75, 0.75])
  expect(takeSteps(runningMin(polyak()), rays).map((t) => t.step)).toEqual([null, 0.75, null])
})

describe('the monoids', () => {
  const rules = [constant(2), last({ initial: 3 }), constant(1)]
  const takes = (r: Rule) => takeStep(r, ray).step

  it('combine any number of rules', () => {
    expect(takes(concatAll(maxMonoid)(rules))).toBe(3)
    expect(takes(concatAll(minMonoid)(rules))).toBe(1)
    expect(takes(concatAll(orElseMonoid)([never, ...rules]))).toBe(2)
  })

  it('have an operation to pipe with', () => {
    const [one, two] = [constant(1), constant(2)]
    expect([max(two)(one), min(two)(one), orElse(two)(one), product(two)(one)].map(show)).toEqual(
      ['max', 'min', 'orElse', 'product'].map((name) => `${name}[constant{step: 1}, constant{step: 2}]`),
    )
  })

  it('begin with their unit', () => {
    expect([maxMonoid, minMonoid, orElseMonoid].map((m) => takes(concatAll(m)([])))).toEqual([
      null,
      1 / 0,
      null,
    ])
    expect([ruleLattice.zero, ruleLattice.one].map(takes)).toEqual([null, 1 / 0])
  })

  it('keep the order, which decides ties and alternatives', () => {
    const [one, other] = [clamp(0, 1)(never), constant(0)]
    expect(takeStep(ruleLattice.join(one, other), ray).because).toEqual([0, 0])
    expect(takeStep(ruleLattice.meet(one, other), ray).because).toEqual([0, 0])
    expect(takes(orElseMonoid.concat(constant(1), constant(2)))).toBe(1)
  })
})
