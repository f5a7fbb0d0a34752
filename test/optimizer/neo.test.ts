/** The direction with fractional memory: its history, its weights, and what it comes to rest at. */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import {
  answerWith,
  checkpoint,
  constant,
  type Direction,
  descentInit,
  minimise,
  neo,
  never,
  type Oracle,
  periodic,
  quadratic,
  restore,
  type Vector,
} from 'steplaw'
import { describe, expect, it } from 'vitest'

const problem = quadratic({
  A: [
    [
      [3, 1],
      [1, 2],
    ],
  ],
  b: [[1, -1]],
})
const start = Float64Array.of(2, -3)

/** The objective, out of order in the iterations named. */
const brokenAt = (broken: ReadonlyArray<boolean>): Oracle => {
  const answer = answerWith(problem)
  let asked = 0
  return (request) => {
    const { gradient, ...rest } = answer(request)
    if (request.want === 'value' || gradient === undefined) return rest
    return { ...rest, gradient: broken[asked++] === true ? gradient.map(() => Number.NaN) : gradient }
  }
}

/** The clause as it stands, on the whole history. */
const baseOf = (
  history: ReadonlyArray<Vector>,
  alpha: number,
  memory: number,
  normalised: boolean,
): Vector => {
  const k = history.length - 1
  const psi: Array<number> = []
  for (let j = 1, last = 1; j <= memory; j++) {
    last = (last * (j - 1 - alpha)) / j
    psi.push(last)
  }
  const sum = normalised ? psi.reduce((a, b) => a + b, 0) : -1
  return start.map((_, i) =>
    psi.reduce((total, w, j) => {
      const at = normalised ? Math.max(k - j, 0) : k - j
      return at < 0 ? total : total + (w / sum) * (history[at]?.[i] ?? 0)
    }, 0),
  )
}

const near = (x: Vector, y: Vector, size: number): boolean =>
  x.every((xi, i) => Math.abs(xi - (y[i] ?? 0)) <= 1e-12 * size)

/** Whether every step of a run begins where the clause says. */
const keepsHistory = (
  direction: Direction,
  {
    alpha,
    memory,
    normalised,
  }: { readonly alpha: number; readonly memory: number; readonly normalised: boolean },
  broken: ReadonlyArray<boolean>,
): boolean => {
  const rule = periodic({ period: 3, first: never, rest: constant(0.1) })
  const { records, x } = minimise(brokenAt(broken), { rule, direction, start, iterations: broken.length })
  const points = [...records.map((r) => r.x), x]
  const size = 1 + Math.max(...points.flatMap((p) => Array.from(p, Math.abs)))
  return records.every(({ k, outcome }) => {
    const now = points[k] ?? start
    const next = points[k + 1] ?? start
    if (outcome._tag === 'Fail') return next === now
    const { gradient } = problem.valueAndGradient(now, null)
    const base = baseOf(points.slice(0, k + 1), alpha, memory, normalised)
    return near(
      next,
      base.map((b, i) => b - outcome.step * (gradient[i] ?? 0)),
      size,
    )
  })
}

const fields = fc.record({
  alpha: fc.double({ min: 0.05, max: 2, noNaN: true }),
  memory: fc.integer({ min: 1, max: 12 }),
  normalised: fc.boolean(),
})
/** Sums of the normalised weights near zero blow up roundings; below 1 there are none. */
const sane = fields.filter(({ alpha, normalised }) => !normalised || alpha < 1)

describe('the history', () => {
  it('is that of all iterations, whether they step, fail or are not finite', () => {
    fc.assert(
      fc.property(sane, fc.array(fc.boolean(), { maxLength: 20 }), (given, broken) =>
        keepsHistory(neo(given), given, broken),
      ),
    )
  })

  it('is found wrong where points that are not finite are left out', () => {
    const given = { alpha: 0.5, memory: 3, normalised: false }
    const whole = neo(given)
    const forgetful: Direction = {
      ...whole,
      advance: (state, at) => whole.advance(state, { ...at, k: state.count }),
    }
    const broken = [false, false, true, false, false]
    expect(keepsHistory(whole, given, broken)).toBe(true)
    expect(keepsHistory(forgetful, given, broken)).toBe(false)
  })

  it('is never longer than it has to be, and refused where it is', () => {
    const method = { rule: constant(0.1), direction: neo({ alpha: 0.5, memory: 4 }) }
    const lengths = [1, 2, 3, 4, 9].map(
      (iterations) => minimise(problem, { ...method, start, iterations }).state.direction.moments.length,
    )
    expect(lengths).toEqual([1, 2, 3, 3, 3])
    const saved = checkpoint(descentInit(method, start))
    const read = restore(method, 2)({ ...Object(saved), direction: { count: 0, moments: [[1, 2]] } })
    expect(E.isLeft(read) && read.left.map(({ field, expected }) => [field, expected])).toEqual([
      ['checkpoint.direction', 'the latest 3 of as many points as count says'],
    ])
  })
})

describe('the weights', () => {
  it('make gradient descent of alpha = 1, to the bit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        fc.double({ min: 0, max: 2, noNaN: true }),
        (memory, normalised, step) => {
          const options = { rule: constant(step), start, iterations: 8 }
          const plain = minimise(problem, options)
          const run = minimise(problem, { ...options, direction: neo({ alpha: 1, memory, normalised }) })
          return run.x.every((x, i) => x === plain.x[i])
        },
      ),
    )
  })

  it("make 2 x - x' - step g of alpha = 2, to the bit", () => {
    const { records, x } = minimise(problem, {
      rule: constant(0.125),
      direction: neo({ alpha: 2, memory: 7 }),
      start,
      iterations: 12,
    })
    const points = [...records.map((r) => r.x), x]
    for (const [k, next] of points.slice(2).entries()) {
      const [before, now] = [points[k] ?? start, points[k + 1] ?? start]
      const { gradient } = problem.valueAndGradient(now, null)
      expect(next).toEqual(now.map((xi, i) => 2 * xi - (before[i] ?? 0) - 0.125 * (gradient[i] ?? 0)))
    }
  })

  it.each([
    [{ alpha: 0, memory: 2 }, 'neo: alpha is 0, expected a finite number > 0'],
    [{ alpha: Number.POSITIVE_INFINITY, memory: 2 }, 'neo: alpha is Infinity'],
    [{ alpha: 0.5, memory: 0 }, 'neo: memory is 0, expected an integer >= 1'],
    [{ alpha: 0.5, memory: 1.5 }, 'neo: memory is 1.5'],
    [
      { alpha: 3, memory: 2, normalised: true },
      'neo: alpha is 3, expected weights whose sum is finite and not 0',
    ],
    [{ alpha: 1e300, memory: 2, normalised: true }, 'neo: alpha is 1e+300'],
  ])('are refused for %j', (params, said) => expect(() => neo(params)).toThrow(said))

  it('may sum to zero where they are not divided by it', () =>
    expect(neo({ alpha: 3, memory: 2 }).name).toBe('neo'))
})

describe('a run comes to rest', () => {
  const line = quadratic({ A: [[[1]]], b: [[3]] })
  const restOf = (normalised: boolean, b = 3): number =>
    minimise(b === 3 ? line : quadratic({ A: [[[1]]], b: [[b]] }), {
      rule: constant(0.2),
      direction: neo({ alpha: 0.8, memory: 10, normalised }),
      start: Float64Array.of(0),
      iterations: 4000,
    }).x[0] ?? Number.NaN

  it('at no minimiser with a finite memory: prod (1 - alpha / i) x = -step (x - 3)', () => {
    let product = 1
    for (let i = 1; i <= 10; i++) product *= 1 - 0.8 / i
    expect(restOf(false)).toBeCloseTo(0.6 / (product + 0.2), 12)
  })

  it('at the minimiser if normalised, wherever the origin is', () => {
    expect(restOf(true)).toBeCloseTo(3, 12)
    expect(restOf(true, -40)).toBeCloseTo(-40, 11)
  })
})
