/** Descent at both levels: any rule and direction at each, states as data, foreign oracles, and what failures leave. */

import { fc } from '@fast-check/vitest'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import {
  adam,
  armijo,
  barzilaiBorwein,
  constant,
  dog,
  last,
  maxOf,
  mechanic,
  minOf,
  momentum,
  polyak,
  power,
  strongWolfe,
} from 'steplaw'
import {
  answerBilevel,
  type BilevelDescentParams,
  bilevelDescent,
  checkpointBilevel,
  conjugateGradients,
  direct,
  exact,
  givenDraws,
  minimiseBilevel,
  minimiseBilevelAsync,
  neumann,
  quadraticBilevel,
  restoreBilevel,
  unrolled,
} from 'steplaw/bilevel'
import { describe, expect, it, test } from 'vitest'
import { quadratics } from '../quadratics.js'
import { sums as problem } from '../sums.js'

const start = { x: Float64Array.of(1, -1), y: Float64Array.of(0, 2) }
const draws = givenDraws({
  upper: Array.from({ length: 12 }, (_, k) => [k % 2]),
  lower: Array.from({ length: 12 }, (_, k) => [[(k + 1) % 2], [0, 1], [k % 2]]),
  cross: Array.from({ length: 12 }, () => [0, 1]),
})

const methods: ReadonlyArray<readonly [string, BilevelDescentParams]> = [
  [
    'steps that are constant',
    {
      inner: { steps: 3, rule: constant(0.2) },
      hypergradient: conjugateGradients({ iterations: 2, warmStart: true }),
      outer: { rule: constant(0.1) },
    },
  ],
  [
    'searches at both levels, Adam above',
    {
      inner: { steps: 3, rule: armijo({ start: last({ initial: 1, factor: 2 }) }) },
      hypergradient: neumann({ terms: 4, step: 0.2 }),
      outer: { rule: armijo({ start: last({ initial: 1, factor: 2 }), slack: 1 }), direction: adam() },
    },
  ],
  [
    'unrolled, started anew',
    {
      inner: { steps: 3, rule: power({ initial: 0.3, exponent: 0.5 }), warmStart: false },
      hypergradient: unrolled({ memory: 'recomputed' }),
      outer: { rule: polyak({ c: 2 }), direction: momentum(0.5) },
    },
  ],
  // Three that no paper has tried.
  [
    'Barzilai-Borwein below, distance over gradients above',
    {
      inner: {
        steps: 3,
        rule: minOf(barzilaiBorwein({ variant: 'short', initial: 0.1 }), constant(0.5)),
      },
      hypergradient: conjugateGradients({ iterations: 2 }),
      outer: { rule: dog({ repsilon: 0.1 }) },
    },
  ],
  [
    "an envelope of Polyak's step and a search below, Mechanic around Adam above",
    {
      inner: {
        steps: 3,
        rule: minOf(maxOf(polyak({ c: 1 }), armijo({ start: constant(0.2) })), constant(0.4)),
      },
      hypergradient: direct(),
      outer: { rule: constant(0.01), direction: adam(), wrapper: mechanic() },
    },
  ],
  [
    'a strong Wolfe search below, the least of a Polyak step and a schedule above',
    {
      inner: { steps: 2, rule: strongWolfe({ start: constant(1) }) },
      hypergradient: exact(),
      outer: { rule: minOf(polyak({ c: 1 }), power({ initial: 1, exponent: 0.5 })) },
    },
  ],
]

describe.each(methods)('%s', (_name, params) => {
  const method = bilevelDescent(params)
  const whole = minimiseBilevel(problem, { method, start, draws, iterations: 12 })

  it('moves and stays finite', () => {
    expect(whole.records).toHaveLength(12)
    expect(whole.records.filter(({ outcome }) => outcome._tag === 'Step').length).toBeGreaterThan(6)
    expect([...whole.x, ...whole.y].every(Number.isFinite)).toBe(true)
  })

  test.each([0, 1, 5, 11])('goes on from a checkpoint after %d iterations with the same bits', (k) => {
    const before = minimiseBilevel(problem, { method, start, draws, iterations: k })
    const written = JSON.stringify(checkpointBilevel(method, before))
    const read = restoreBilevel(method, problem.dimension)(JSON.parse(written))
    if (E.isLeft(read)) throw new Error(written)
    const after = minimiseBilevel(problem, { method, start, draws, iterations: 12, from: read.right })
    expect(after.x).toEqual(whole.x)
    expect(after.state).toEqual(whole.state)
    expect(after.counts).toEqual(whole.counts)
    expect([...before.records, ...after.records]).toEqual(whole.records)
  })

  it('has the same bits from an oracle that answers later', async () => {
    const near = answerBilevel(problem)
    const far = await minimiseBilevelAsync(async (request) => near(request), {
      method,
      start,
      draws,
      iterations: 12,
    })
    expect(far.records).toEqual(whole.records)
    expect(far.counts).toEqual(whole.counts)
  })
})

describe('a rule sees', () => {
  test('the outer index at every inner step', () => {
    const method = bilevelDescent({
      inner: { steps: 3, rule: power({ initial: 0.5, exponent: 1 }) },
      hypergradient: direct(),
      outer: { rule: constant(0.1) },
    })
    const { records } = minimiseBilevel(problem, { method, start, iterations: 3 })
    const lengths = records.map(({ own }) =>
      own.inner.map(({ outcome }) => (outcome._tag === 'Step' ? outcome.step : 0)),
    )
    expect(lengths).toEqual([
      [0.5, 0.5, 0.5],
      [0.25, 0.25, 0.25],
      [0.5 / 3, 0.5 / 3, 0.5 / 3],
    ])
  })

  test('its own past from one inner loop to the next', () => {
    const method = bilevelDescent({
      inner: { steps: 2, rule: armijo({ start: last({ initial: 1, factor: 2 }) }) },
      hypergradient: direct(),
      outer: { rule: constant(0.01) },
    })
    const { state, records } = minimiseBilevel(problem, { method, start, iterations: 4 })
    const outcome = records.at(-1)?.own.inner.at(-1)?.outcome
    expect(state.y.executed).toEqual(outcome?._tag === 'Step' ? O.some(outcome.step) : O.none)
  })
})

describe('a failure', () => {
  const saddle = quadraticBilevel({
    lower: [{ H: [[-1]], B: [[1]], c: [0] }],
    upper: [{ P: [[1]], S: [[0]], R: [[1]], p: [0], r: [0] }],
  })
  const method = bilevelDescent({
    inner: { steps: 1, rule: constant(0.5) },
    hypergradient: conjugateGradients({ iterations: 5 }),
    outer: { rule: constant(0.1) },
  })

  it('of the estimator leaves x, keeps y, and says why', () => {
    const run = minimiseBilevel(saddle, {
      method,
      start: { x: Float64Array.of(0), y: Float64Array.of(2) },
      iterations: 2,
    })
    expect(run.x).toEqual(Float64Array.of(0))
    expect(run.y).toEqual(Float64Array.of(4.5))
    expect(run.records.map(({ own }) => own.hypergradient)).toMatchObject([
      { left: { reason: 'indefinite' } },
      { left: { reason: 'indefinite' } },
    ])
    expect(run.records.map(({ gradient, value }) => [gradient, value])).toEqual([
      [O.none, 4.5],
      [O.none, 10.125],
    ])
  })

  it('of the upper search leaves x and goes on', () => {
    const stubborn = bilevelDescent({
      inner: { steps: 1, rule: constant(0.25) },
      hypergradient: direct(),
      outer: { rule: armijo({ start: constant(1e6), budget: 2 }) },
    })
    const run = minimiseBilevel(problem, { method: stubborn, start, iterations: 3 })
    expect(run.x).toEqual(start.x)
    expect(run.records.every(({ outcome }) => outcome._tag === 'Fail')).toBe(true)
    expect(run.records.map(({ own }) => own.probes)).toEqual([2, 2, 2])
    expect(run.y).not.toEqual(start.y)
  })

  test.each<[string, () => unknown, RegExp]>([
    [
      'steps along another direction where they are unrolled',
      () =>
        bilevelDescent({
          inner: { steps: 1, rule: constant(1), direction: adam() },
          hypergradient: unrolled(),
          outer: { rule: constant(1) },
        }),
      /^inner: got adam, expected the direction steepest/,
    ],
    [
      'a number of inner steps that is none',
      () =>
        bilevelDescent({
          inner: { steps: -1, rule: constant(1) },
          hypergradient: direct(),
          outer: { rule: constant(1) },
        }),
      /^inner.steps: got -1, expected an integer >= 0$/,
    ],
    [
      'a box upside down',
      () =>
        bilevelDescent({
          inner: { steps: 1, rule: constant(1), box: [1, 0] },
          hypergradient: direct(),
          outer: { rule: constant(1) },
        }),
      /^inner.box: got \[1, 0\], expected \[low, high\] with low <= high$/,
    ],
    [
      'a start of the wrong length',
      () => minimiseBilevel(problem, { method, start: { ...start, y: Float64Array.of(0) }, iterations: 1 }),
      /^start.y has length 1, expected 2$/,
    ],
    [
      'a start that is not finite',
      () =>
        minimiseBilevel(problem, {
          method,
          start: { ...start, x: Float64Array.of(0, Number.NaN) },
          iterations: 1,
        }),
      /^start.x: coordinate 1 is NaN, expected a finite number$/,
    ],
    ['a run without an end', () => minimiseBilevel(problem, { method, start }), /^iterations: got none/],
    [
      'draws that have run out',
      () => minimiseBilevel(problem, { method, start, draws: givenDraws({ upper: [[0]] }), iterations: 2 }),
      /^draws.upper\[1\]: got nothing, expected an entry$/,
    ],
    [
      'an oracle without a product',
      () =>
        minimiseBilevel(({ want, x, y }) => (want === 'hessian' ? {} : { value: 0, x, y, product: x }), {
          method,
          start,
          iterations: 1,
        }),
      /^the oracle gave no Hessian product where one was wanted$/,
    ],
  ])('refuses %s', (_what, act, message) => {
    expect(act).toThrow(message)
  })
})

test('boxes hold at both levels', () => {
  fc.assert(
    fc.property(quadratics(), ({ problem: drawn, x, y }) => {
      const method = bilevelDescent({
        inner: { steps: 2, rule: constant(0.25), box: [-0.5, 0.5] },
        hypergradient: conjugateGradients({ iterations: 3 }),
        outer: { rule: constant(0.5), box: [-1, 0.25] },
      })
      const run = minimiseBilevel(drawn, { method, start: { x, y }, iterations: 4 })
      expect(run.x.every((c) => c >= -1 && c <= 0.25)).toBe(true)
      expect(run.y.every((c) => c >= -0.5 && c <= 0.5)).toBe(true)
    }),
  )
})

test('counts are those of the requests', () => {
  const method = bilevelDescent({
    inner: { steps: 3, rule: constant(0.2) },
    hypergradient: neumann({ terms: 5, step: 0.2 }),
    outer: { rule: constant(0.1) },
  })
  const { counts } = minimiseBilevel(problem, { method, start, iterations: 10 })
  expect(counts).toEqual({
    upperValues: 0,
    upperGradients: 10,
    lowerValues: 0,
    lowerGradients: 30,
    hessianProducts: 40,
    crossProducts: 10,
  })
})
