/** UFOM: an unbiased gradient of a finite loop, its price, and the probability that balances the two. */

import { fc } from '@fast-check/vitest'
import * as O from 'fp-ts/lib/Option.js'
import { adam, armijo, constant, strongWolfe } from 'steplaw'
import {
  type AdaptiveUfomState,
  ablo,
  adaptiveUfom,
  type BilevelDraw,
  type BilevelRecord,
  bilevelDescent,
  fom,
  minimiseBilevel,
  noDraw,
  optimalQ,
  shiftedPotential,
  type UfomOutputs,
  type UfomParams,
  ufom,
  unrolled,
} from 'steplaw/bilevel'
import { describe, expect, it, test } from 'vitest'
import { quadratics } from '../quadratics.js'
import { keepsItsPromises } from '../resume.js'
import { alternating, start, sums } from '../sums.js'

const tossed = (coin: 0 | 1): BilevelDraw => ({ ...noDraw, coin: O.some(coin) })
const still = { rule: constant(0) }

/** The gradient and the record of one iteration. */
const gradientOf = (
  problem: Parameters<typeof minimiseBilevel>[0],
  params: UfomParams,
  at: { readonly x: Float64Array; readonly y: Float64Array },
  draw: BilevelDraw,
) => {
  const method = ufom(params)
  const { records, counts } = minimiseBilevel(problem, {
    method,
    start: at,
    iterations: 1,
    draws: () => draw,
  })
  const [record] = records
  if (record === undefined || O.isNone(record.gradient)) throw new Error('no gradient')
  return { record, counts, gradient: record.gradient.value }
}

const squared = (a: Float64Array, b: Float64Array): number =>
  a.reduce((s, ai, i) => s + (ai - (b[i] ?? 0)) ** 2, 0)

/** Two tasks of the counter-example, where they are quadratic: $G_{fo} = p_i (a_i x - b_i)$ and $G_{ex} = p_i^2 (a_i x - b_i)$. */
const tasks = [
  { a: 0.5, b: 0 },
  { a: 1.5, b: 6 },
]
const twoTasks = ablo({ tasks, linearBeyond: 100 })
const loop = {
  inner: { steps: 3, step: 0.1 },
  initialise: 'outer',
  tasks: 2,
  upper: { rule: constant(0.5) },
} as const
const shrinking = tasks.map(({ a }) => (1 - 0.1 * a) ** 3)
const origin = { x: Float64Array.of(2), y: Float64Array.of(0) }

describe('the gradient', () => {
  const inner = { steps: 3, step: (t: number) => 0.25 / (t + 1) }

  it('has the exact one as its mean over the coin, and the variance (1/q - 1) |fo - ex|^2', () => {
    fc.assert(
      fc.property(quadratics(), fc.constantFrom(0.05, 0.3, 0.75), ({ problem, x, y }, q) => {
        const at = { x, y }
        const with_ = (p: number, coin: 0 | 1) =>
          gradientOf(problem, { q: p, inner, upper: still }, at, tossed(coin))
        const [exact, one, none] = [with_(1, 1).gradient, with_(q, 1).gradient, with_(q, 0).gradient]
        expect(none).toEqual(with_(q, 0).record.own.firstOrder)
        for (const [i, ex] of exact.entries()) {
          const mean = q * (one[i] ?? 0) + (1 - q) * (none[i] ?? 0)
          expect(Math.abs(mean - ex)).toBeLessThan(1e-10 * (1 + Math.abs(ex) + Math.abs(none[i] ?? 0)))
        }
        const variance = q * squared(one, exact) + (1 - q) * squared(none, exact)
        const expected = (1 / q - 1) * squared(none, exact)
        expect(Math.abs(variance - expected)).toBeLessThan(1e-9 * (1 + expected))
      }),
      { numRuns: 10 },
    )
  })

  it('is the unrolled hypergradient where q is 1, bit for bit', () => {
    const method = ufom({ q: 1, inner: { steps: 4, step: 0.2 }, upper: { rule: constant(0.1) } })
    const unrolling = bilevelDescent({
      inner: { steps: 4, rule: constant(0.2), warmStart: false },
      hypergradient: unrolled(),
      outer: { rule: constant(0.1) },
    })
    const draws = (k: number) => ({ ...alternating(k), coin: O.some(1 as const) })
    const one = minimiseBilevel(sums, { method, start, draws, iterations: 5 })
    const two = minimiseBilevel(sums, { method: unrolling, start, draws, iterations: 5 })
    expect(one.x).toStrictEqual(two.x)
    expect(one.records.map(({ value, gradient, y }) => ({ value, gradient, y }))).toStrictEqual(
      two.records.map(({ value, gradient, y }) => ({ value, gradient, y })),
    )
  })

  it('goes back through where the loop starts, and is a mean over tasks', () => {
    const [fo, ex] = [0, 1].map((coin) =>
      gradientOf(twoTasks, { ...loop, q: 1 }, origin, tossed(coin === 1 ? 1 : 0)),
    )
    const mean = (power: number) =>
      tasks.reduce((s, { a, b }, i) => s + (shrinking[i] ?? 0) ** power * (a * 2 - b), 0) / 2
    expect(fo?.gradient[0]).toBeCloseTo(mean(1), 12)
    expect(ex?.gradient[0]).toBeCloseTo(mean(2), 12)
    expect(ex?.record.own.ends.map(([y = 0]) => y)).toEqual([
      expect.closeTo(2 * (shrinking[0] ?? 0), 12),
      expect.closeTo(4 - 2 * (shrinking[1] ?? 0), 12),
    ])
    const alone = gradientOf(twoTasks, { ...loop, q: 1 }, origin, { ...tossed(0), upper: Int32Array.of(1) })
    expect(alone.gradient[0]).toBeCloseTo((shrinking[1] ?? 0) * (1.5 * 2 - 6), 12)
  })

  it('costs an exact pass where the coin shows 1 alone', () => {
    const params = { ...loop, q: 0.5 }
    const base = { upperValues: 0, upperGradients: 2, lowerValues: 0, lowerGradients: 6 }
    const back = { hessianProducts: 6, crossProducts: 6 }
    expect(gradientOf(twoTasks, params, origin, tossed(1)).counts).toEqual({ ...base, ...back })
    expect(gradientOf(twoTasks, params, origin, tossed(0)).counts).toEqual({
      ...base,
      hessianProducts: 0,
      crossProducts: 0,
    })
  })

  it('has the same bits whatever is held of the loop', () => {
    const problem = shiftedPotential({
      H0: [
        [2, 0.5],
        [0.5, 1],
      ],
      s: 1,
      W: [
        [1, -0.5],
        [0.25, 1],
      ],
      b: [0.1, -0.2],
      target: [1, -1],
    })
    const steps = 9
    const found = (['stored', 'checkpointed', 'recomputed', 2, 30] as const).map((memory) => {
      const params = { q: 0.3, inner: { steps, step: 0.3 }, memory, upper: still }
      return {
        memory,
        ...gradientOf(problem, params, { x: Float64Array.of(0.3, -0.7), y: start.y }, tossed(1)),
      }
    })
    for (const { record } of found) expect(record).toStrictEqual(found[0]?.record)
    const ran = found.map(({ counts }) => counts.lowerGradients)
    expect([ran[0], ran[2]]).toEqual([steps, steps + (steps * (steps - 1)) / 2])
    expect(ran[1]).toBeLessThan(3 * steps)
    // So much room is enough for every state: each step is made once more.
    expect(ran[4]).toBeLessThan(2 * steps)
  })
})

describe('ufom', () => {
  it('balances decrease and noise exactly, over all tasks and coins', () => {
    // F is a quadratic on the line: sum of g |F'|^2 = F_0 - E F_K + L/2 sum of g^2 G^2, in expectation.
    const q = 0.25
    const gamma = 0.5
    const weight = (i: number) => (shrinking[i] ?? 0) ** 2 / 2
    const F = (x: number) => tasks.reduce((s, { a, b }, i) => s + weight(i) * (a / 2) * (x - b / a) ** 2, 0)
    const dF = (x: number) => tasks.reduce((s, { a, b }, i) => s + weight(i) * (a * x - b), 0)
    const L = tasks.reduce((s, { a }, i) => s + weight(i) * a, 0)
    const method = ufom({ ...loop, q })
    const K = 2
    const sum = { probability: 0, decrease: 0, noise: 0, end: 0 }
    for (let outcome = 0; outcome < 4 ** K; outcome += 1) {
      const digit = (k: number) => Math.floor(outcome / 4 ** k) % 4
      const draws = (k: number): BilevelDraw => ({
        ...tossed(digit(k) >= 2 ? 1 : 0),
        upper: Int32Array.of(digit(k) % 2),
      })
      const run = minimiseBilevel(twoTasks, { method, start: origin, draws, iterations: K })
      const p = run.records.reduce((all, { own }) => (all * (own.exact ? q : 1 - q)) / 2, 1)
      sum.probability += p
      sum.end += p * F(run.x[0] ?? 0)
      for (const { x, gradient } of run.records) {
        sum.decrease += p * gamma * dF(x[0] ?? 0) ** 2
        sum.noise +=
          p * (L / 2) * gamma ** 2 * (O.isSome(gradient) ? (gradient.value[0] ?? 0) ** 2 : Number.NaN)
      }
    }
    expect(sum.probability).toBeCloseTo(1, 12)
    expect(sum.decrease).toBeCloseTo(F(2) - sum.end + sum.noise, 10)
  })

  it('lets x move by any rule, on the value of the whole loop', () => {
    const params = { ...loop, q: 1, upper: { rule: armijo({ start: constant(64), c: 0.5, shrink: 0.5 }) } }
    const run = minimiseBilevel(twoTasks, {
      method: ufom(params),
      start: origin,
      draws: () => tossed(1),
      iterations: 2,
    })
    const [first, second] = run.records
    if (
      first === undefined ||
      second === undefined ||
      first.outcome._tag !== 'Step' ||
      O.isNone(first.gradient)
    )
      throw new Error('no step')
    const { step } = first.outcome
    const g = first.gradient.value[0] ?? 0
    expect(first.own.probes).toBeGreaterThan(1)
    expect(second.value).toBeLessThanOrEqual(first.value - 0.5 * step * g * g)
    // Every probe is a loop for each task.
    const probes = first.own.probes + second.own.probes
    expect(run.counts).toMatchObject({ upperValues: 2 * probes, lowerGradients: 2 * 3 * (2 + probes) })
  })

  it('moves by Adam in a box, and says that it has no slopes along the ray', () => {
    const upper = { rule: constant(1), direction: adam(), box: [0, 2.5] } as const
    const run = minimiseBilevel(twoTasks, {
      method: ufom({ ...loop, q: 0.5, upper }),
      start: origin,
      draws: (k) => tossed(k % 2 === 0 ? 1 : 0),
      iterations: 20,
    })
    const visited = run.records.map(({ x: [x = Number.NaN] }) => x)
    expect([Math.min(...visited) >= 0, Math.max(...visited)]).toEqual([true, 2.5])
    const search = { rule: strongWolfe({ start: constant(1) }) }
    expect(() =>
      minimiseBilevel(twoTasks, { method: fom({ ...loop, upper: search }), start: origin, iterations: 1 }),
    ).toThrow('asks for slopes')
  })

  it('without a coin is refused, unless q is 0', () => {
    const run = { start: origin, iterations: 3 }
    expect(() => minimiseBilevel(twoTasks, { method: ufom({ ...loop, q: 0.5 }), ...run })).toThrow(
      'draws.coins',
    )
    expect(() => minimiseBilevel(twoTasks, { method: adaptiveUfom(loop), ...run })).toThrow('draws.uniforms')
    const biased = minimiseBilevel(twoTasks, { method: fom(loop), ...run })
    expect(biased.counts).toMatchObject({ hessianProducts: 0, crossProducts: 0 })
    expect(biased.records.every(({ own }) => !own.exact)).toBe(true)
    const tossing = minimiseBilevel(twoTasks, {
      method: ufom({ ...loop, q: 0 }),
      ...run,
      draws: () => tossed(1),
    })
    expect(tossing.records).toEqual(biased.records)
  })

  it('refuses parameters outside their domain', () => {
    const { inner, upper } = loop
    const bad: ReadonlyArray<readonly [string, () => unknown]> = [
      ['q: got 1.5', () => ufom({ ...loop, q: 1.5 })],
      ['q: got NaN', () => ufom({ ...loop, q: Number.NaN })],
      ['inner.steps: got -1', () => ufom({ ...loop, q: 1, inner: { ...inner, steps: -1 } })],
      ['inner.step: got -1 for t = 1', () => ufom({ ...loop, q: 1, inner: { steps: 2, step: (t) => -t } })],
      [
        'inner.step: got Infinity',
        () => ufom({ ...loop, q: 1, inner: { steps: 1, step: Number.POSITIVE_INFINITY } }),
      ],
      ['tasks: got 0', () => ufom({ ...loop, q: 1, tasks: 0 })],
      ['upper.box', () => ufom({ ...loop, q: 1, upper: { ...upper, box: [1, 0] } })],
      ['qMin: got 0', () => adaptiveUfom({ ...loop, qMin: 0 })],
      ['beta: got 1', () => adaptiveUfom({ ...loop, beta: 1 })],
      ['exponent: got 0', () => adaptiveUfom({ ...loop, exponent: 0 })],
      ['deterministic: got 0', () => adaptiveUfom({ ...loop, costs: { deterministic: 0, random: 1 } })],
      ['random: got -1', () => optimalQ({ exponent: 1, deterministic: 1, random: -1, D2: 1, V2: 1 })],
      ['D2: got NaN', () => optimalQ({ exponent: 1, deterministic: 1, random: 1, D2: Number.NaN, V2: 1 })],
      [
        'initialise: got outer where x has 2',
        () => ufom({ ...loop, q: 1 }).init({ ...start, y: Float64Array.of(1) }),
      ],
      [
        'draws.upper: got no tasks',
        () => gradientOf(twoTasks, { ...loop, q: 0 }, origin, { ...noDraw, upper: Int32Array.of() }),
      ],
    ]
    for (const [message, make] of bad) expect(make).toThrow(message)
  })
})

const mixed = (k: number): BilevelDraw => ({
  ...alternating(k),
  coin: O.some(k % 3 === 0 ? 1 : 0),
  uniform: O.some(k % 3 === 0 ? 0.1 : 0.9),
})
const short = { inner: { steps: 2, step: 0.2 }, upper: { rule: constant(0.1), direction: adam() } }
const run = { start, draws: mixed, iterations: 5 }

keepsItsPromises('ufom', sums, { method: ufom({ q: 0.5, ...short }), ...run })
keepsItsPromises('fom', sums, { method: fom(short), ...run })
keepsItsPromises('adaptiveUfom', sums, { method: adaptiveUfom({ qMin: 0.3, ...short }), ...run })
keepsItsPromises('ufom on tasks', twoTasks, {
  method: ufom({ ...loop, q: 0.5 }),
  start: origin,
  draws: (k) => tossed(k === 1 ? 1 : 0),
  iterations: 3,
})

describe('adaptiveUfom', () => {
  /** $G_{fo}$ and $G_{ex}$ at a point of the line, on both tasks. */
  const both = (x: number) =>
    [1, 2].map(
      (power) => tasks.reduce((s, { a, b }, i) => s + (shrinking[i] ?? 0) ** power * (a * x - b), 0) / 2,
    )

  it('averages both gradients over exact passes, and chooses q by them', () => {
    const beta = 0.75
    const uniforms = [0.5, 0.1, 0.9, 0.02, 0.9]
    const params = { ...loop, qMin: 0.2, beta, exponent: 1, costs: { deterministic: 1, random: 4 } }
    const iterates: Array<{ record: BilevelRecord<UfomOutputs>; state: AdaptiveUfomState }> = []
    minimiseBilevel(twoTasks, {
      method: adaptiveUfom(params),
      start: { ...origin, x: Float64Array.of(-10) },
      draws: (k) => ({ ...noDraw, uniform: O.some(uniforms[k] ?? 1) }),
      stop: ({ record, state }) => iterates.push({ record, state }) === 5,
    })
    expect(iterates.map(({ record }) => record.own.exact)).toEqual([false, true, false, true, false])
    expect(Math.max(...iterates.map(({ record }) => record.own.q))).toBeGreaterThan(0.2)
    let [passes, D2, V2] = [0, 0, 0]
    for (const { record, state } of iterates) {
      const debias = 1 - beta ** passes
      const q =
        passes === 0
          ? 0.2
          : Math.max(
              0.2,
              optimalQ({ exponent: 1, deterministic: 1, random: 4, D2: D2 / debias, V2: V2 / debias }),
            )
      expect(record.own.q).toBeCloseTo(q, 12)
      const [fo = 0, ex = 0] = both(record.x[0] ?? 0)
      if (record.own.exact) {
        passes += 1
        D2 = beta * D2 + (1 - beta) * (fo - ex) ** 2
        V2 = beta * V2 + (1 - beta) * ex ** 2
      }
      expect([state.passes, state.D2, state.V2]).toEqual([
        passes,
        expect.closeTo(D2, 12),
        expect.closeTo(V2, 12),
      ])
    }
  })

  it('does not learn from a pass that is not finite', () => {
    const broken = {
      ...twoTasks,
      lower: { ...twoTasks.lower, hessianVector: () => Float64Array.of(Number.NaN) },
    }
    const { state, records } = minimiseBilevel(broken, {
      method: adaptiveUfom(loop),
      start: origin,
      draws: () => ({ ...noDraw, uniform: O.some(0) }),
      iterations: 2,
    })
    expect(state).toMatchObject({ passes: 0, D2: 0, V2: 0, x: { x: origin.x } })
    expect(records.map(({ gradient }) => gradient)).toEqual([O.none, O.none])
  })
})

describe('optimalQ', () => {
  const positive = fc.double({ min: 0.01, max: 100, noNaN: true })
  const params = fc.record({
    exponent: fc.constantFrom(0.5, 1, 2, 3),
    deterministic: positive,
    random: positive,
    D2: positive,
    V2: positive,
  })

  it('is the best probability', () => {
    fc.assert(
      fc.property(params, fc.double({ min: 1e-3, max: 1, noNaN: true }), (p, other) => {
        const time = (q: number) =>
          (p.deterministic + q * p.random) * (p.V2 + (1 / q - 1) * p.D2) ** p.exponent
        // Where D2 > V2 there may be more than one valley.
        fc.pre(p.D2 <= p.V2)
        const q = optimalQ(p)
        expect(q).toBeGreaterThan(0)
        expect(q).toBeLessThanOrEqual(1)
        expect(time(q)).toBeLessThanOrEqual(time(other) * (1 + 1e-12))
      }),
    )
  })

  it('is the root that the standard names, for any D2 below the threshold', () => {
    fc.assert(
      fc.property(params, (p) => {
        const { exponent, deterministic, random, D2, V2 } = p
        const q = optimalQ(p)
        if (D2 >= (random * V2) / (exponent * (deterministic + random))) return q === 1 || q > 1 - 1e-9
        const terms = [
          random * (V2 - D2) * q * q,
          (1 - exponent) * random * D2 * q,
          -exponent * deterministic * D2,
        ]
        const size = terms.reduce((s, t) => s + Math.abs(t), 0)
        return q > 0 && q <= 1 && Math.abs(terms.reduce((s, t) => s + t, 0)) <= 1e-12 * size
      }),
    )
  })

  it('depends on the ratio of the moments alone, and takes any size of them', () => {
    const costs = { exponent: 2, deterministic: 11, random: 10 }
    const q = optimalQ({ ...costs, D2: 1, V2: 32 })
    for (const scale of [2 ** -500, 2 ** 900])
      expect(optimalQ({ ...costs, D2: scale, V2: 32 * scale })).toBe(q)
    expect(optimalQ({ ...costs, D2: 1e-300, V2: 1e300 })).toBe(0)
    expect(optimalQ({ ...costs, D2: 0, V2: 0 })).toBe(0)
    expect(optimalQ({ ...costs, D2: 1, V2: 0 })).toBe(1)
    // No price: always exact.
    expect(optimalQ({ ...costs, random: 0, D2: 1e-9, V2: 1 })).toBe(1)
    // V2 = D2 leaves no quadratic term.
    expect(optimalQ({ exponent: 0.5, deterministic: 1, random: 4, D2: 1, V2: 1 })).toBeCloseTo(0.25, 15)
  })

  it('is what is known of the two toy problems', () => {
    const toy = { deterministic: 11, random: 10, D2: 53.212, V2: 2229.32 }
    expect(optimalQ({ ...toy, exponent: 0.5 })).toBeCloseTo(0.11, 3)
    expect(optimalQ({ ...toy, exponent: 2 })).toBeCloseTo(0.244, 3)
    expect(optimalQ({ ...toy, random: 55, exponent: 2 })).toBeCloseTo(0.112, 3)
  })
})

test('the counter-example: the first-order method rests where the gradient is long', () => {
  const D = 0.06
  const [p1, p2] = [(1 - 0.1 * 0.5) ** 10, (1 - 0.1 * 1.5) ** 10]
  const b2 = (2 * Math.sqrt(2 * D) * (0.5 * p1 + 1.5 * p2)) / (0.5 * p1 * p2 * (p1 - p2))
  const problem = ablo({
    tasks: [
      { a: 0.5, b: 0 },
      { a: 1.5, b: b2 },
    ],
    linearBeyond: b2 / 1.5 + 1,
  })
  const params = {
    inner: { steps: 10, step: 0.1 },
    initialise: 'outer',
    tasks: 2,
    upper: { rule: constant(3) },
  } as const
  const at = (q: number) => ({
    method: ufom({ ...params, q }),
    start: { x: Float64Array.of(8), y: Float64Array.of(0) },
    draws: () => tossed(1),
    iterations: 80,
  })
  const biased = minimiseBilevel(problem, at(0))
  expect(biased.x[0]).toBeCloseTo(5.758866912, 8)
  const { gradient } = gradientOf(problem, { ...params, q: 1 }, { x: biased.x, y: biased.y }, tossed(1))
  expect((gradient[0] ?? 0) ** 2).toBeCloseTo(2 * D, 10)
  expect(minimiseBilevel(problem, at(1)).x[0]).toBeCloseTo(2.840281802, 8)
})
