/** Methods by their names: what they search along, what they step along, and what their rules promise. */
import fc from 'fast-check'
import {
  accelerated,
  adagradSls,
  adagradSps,
  adamSls,
  adamSps,
  amsgradSls,
  amsgradSps,
  checkpoint,
  constant,
  delayedAdagrad,
  directionInit,
  heavyBall,
  liOrabona,
  liOrabonaByCoordinate,
  minimise,
  momentum,
  nesterov,
  never,
  periodic,
  power,
  printedDirection,
  quadratic,
  type Recipe,
  type Run,
  restore,
  slsNesterov,
  slsPolyak,
  spsMax,
} from 'steplaw'
import { describe, expect, it, test } from 'vitest'
import { batches, problem as f, start } from './problem.js'

const run = (method: Recipe, iterations = 12): Run => minimise(f, { ...method, start, batches, iterations })
const points = ({ records, x }: Run): ReadonlyArray<Float64Array> => [...records.map((r) => r.x), x]
const steps = ({ records }: Run): ReadonlyArray<number> =>
  records.map(({ outcome }) => (outcome._tag === 'Step' ? outcome.step : Number.NaN))
const gradient = (x: Float64Array, k: number): Float64Array => f.valueAndGradient(x, batches(k)).gradient

const close = (a: Float64Array | undefined, b: Float64Array | undefined): void => {
  expect(a?.length).toBe(b?.length)
  a?.forEach((t, i) => {
    expect(t).toBeCloseTo(b?.[i] ?? Number.NaN, 10)
  })
}

const mu = fc.constantFrom(0, 0.3, 0.6, 0.9)

describe('momentum beside the search', () => {
  test('heavy ball is Polyak’s recursion, whatever the steps', () => {
    fc.assert(
      fc.property(mu, (m) => {
        const done = run({ rule: power({ initial: 0.2, exponent: 0.4 }), direction: heavyBall(m) })
        const xs = points(done)
        steps(done).forEach((gamma, k) => {
          const x = xs[k] ?? start
          const before = xs[k - 1] ?? x
          const g = gradient(x, k)
          close(
            xs[k + 1],
            x.map((t, i) => t - gamma * (g[i] ?? 0) + m * (t - (before[i] ?? 0))),
          )
        })
      }),
    )
  })

  test('accelerated is Nesterov’s recursion, whatever the steps', () => {
    fc.assert(
      fc.property(mu, (m) => {
        const done = run({ rule: power({ initial: 0.2, exponent: 0.4 }), direction: accelerated(m) })
        const xs = points(done)
        let z = start
        steps(done).forEach((gamma, k) => {
          const x = xs[k] ?? start
          const g = gradient(x, k)
          const next = x.map((t, i) => t - gamma * (g[i] ?? 0))
          close(
            xs[k + 1],
            next.map((t, i) => t + m * (t - (z[i] ?? 0))),
          )
          z = next
        })
      }),
    )
  })

  test('with one step for all they are the directions of the standard', () => {
    fc.assert(
      fc.property(mu, (m) => {
        const rule = constant(0.1)
        close(run({ rule, direction: heavyBall(m) }).x, run({ rule, direction: momentum(m) }).x)
        close(run({ rule, direction: accelerated(m) }).x, run({ rule, direction: nesterov(m) }).x)
      }),
    )
  })

  test('a failure leaves the point, and the run goes on from there', () => {
    const rule = periodic({ period: 3, first: never, rest: constant(0.1) })
    for (const direction of [heavyBall(0.6), accelerated(0.6)]) {
      const xs = points(run({ rule, direction }))
      expect(xs[1]).toEqual(start)
      expect(xs[4]).toEqual(xs[3])
      expect(xs[5]).not.toEqual(xs[4])
    }
    // After a failure the last two points are one: there is no momentum.
    const [, , , a, b, c] = points(run({ rule, direction: heavyBall(0.6) }))
    expect(b).toEqual(a)
    close(
      c,
      b?.map((t, i) => t - 0.1 * (gradient(b, 4)[i] ?? 0)),
    )
  })

  test('a run has the same bits when it is saved and restored', () => {
    for (const method of [
      slsPolyak({ initial: 1, reset: 'keep' }),
      slsNesterov({ initial: 1, reset: 'keep' }),
    ]) {
      const half = run(method, 5)
      const read = restore(method, 2)(JSON.parse(JSON.stringify(checkpoint(half.state))))
      if (read._tag === 'Left') throw new Error('the state is one')
      expect(minimise(f, { ...method, start, batches, iterations: 12, from: read.right }).x).toEqual(
        run(method).x,
      )
    }
  })

  test('says its name, and refuses what is no share', () => {
    expect([heavyBall(), accelerated(0.5)].map(printedDirection)).toEqual([
      'heavyBall(0.9)',
      'accelerated(0.5)',
    ])
    for (const bad of [1, -0.1, Number.NaN]) {
      expect(() => heavyBall(bad)).toThrow(
        new RangeError(`heavyBall: mu is ${bad}, expected a number in [0, 1)`),
      )
      expect(() => accelerated(bad)).toThrow(RangeError)
      expect(() => slsPolyak({ initial: 1, reset: 'keep', mu: bad })).toThrow(RangeError)
    }
  })
})

describe('a search with momentum or a preconditioner', () => {
  const search = { initial: 4, reset: 'restart', c: 0.3, shrink: 0.7 } as const
  const methods: ReadonlyArray<readonly [string, Recipe]> = [
    ['slsPolyak', slsPolyak(search)],
    ['slsNesterov', slsNesterov(search)],
    ['adamSls', adamSls(search)],
    ['amsgradSls', amsgradSls(search)],
    ['adagradSls', adagradSls(search)],
  ]

  it.each(methods)(
    '%s satisfies Armijo’s inequality along the direction that it looks along',
    (_, method) => {
      const done = run(method)
      let state = directionInit(method.direction, 2)
      done.records.forEach(({ x, value, outcome, k }) => {
        const g = gradient(x, k)
        const at = { k, x, gradient: g }
        const heading = method.direction.advance(state, at)
        state = heading.state
        expect(outcome._tag).toBe('Step')
        if (outcome._tag === 'Fail') return
        const slope = g.reduce((sum, t, i) => sum + t * (heading.probe[i] ?? 0), 0)
        const there = x.map((t, i) => t + outcome.step * (heading.probe[i] ?? 0))
        expect(slope).toBeLessThan(0)
        expect(f.value(there, batches(k))).toBeLessThanOrEqual(value + 0.3 * outcome.step * slope + 1e-12)
      })
    },
  )

  const conservative: ReadonlyArray<readonly [string, Recipe]> = [
    ['adamSls', adamSls({ initial: 100, reset: 'keep' })],
    ['amsgradSls', amsgradSls({ initial: 100, reset: 'keep' })],
    ['adagradSls', adagradSls({ initial: 100, reset: 'keep' })],
    ['adamSps', adamSps({ cap: 10, conservative: true })],
    ['amsgradSps', amsgradSps({ cap: 10, conservative: true })],
    ['adagradSps', adagradSps({ cap: 10, conservative: true })],
  ]

  it.each(conservative)('%s in its conservative form never steps further than before', (_, method) => {
    const taken = steps(run(method, 30))
    expect(taken.every((step, k) => step > 0 && (k === 0 || step <= (taken[k - 1] ?? 0)))).toBe(true)
  })
})

test('a preconditioned Polyak step is SPSmax along its direction', () => {
  const method = amsgradSps({ cap: 3, c: 0.2, beta1: 0.5 })
  expect(run(method).x).toEqual(run({ ...method, rule: spsMax({ cap: 3, c: 0.2 }) }).x)
})

describe('delayed AdaGrad', () => {
  const number = fc.integer({ min: -400, max: 400 }).map((n) => n / 100)

  test('its expectation points downhill, whatever the two gradients', () => {
    fc.assert(
      fc.property(number, number, number, (past, a, b) => {
        const direction = delayedAdagrad({ beta: 0.5 })
        const at = (g: number) => ({ k: 0, x: Float64Array.of(0), gradient: Float64Array.of(g) })
        const { state } = direction.advance(directionInit(direction, 1), at(past))
        const mean = [a, b].reduce((sum, g) => sum + (direction.advance(state, at(g)).execute[0] ?? 0) / 2, 0)
        return (
          Math.abs(mean + (a + b) / 2 / Math.sqrt(0.5 + past * past)) <= 1e-14 * (Math.abs(a) + Math.abs(b))
        )
      }),
    )
  })

  test('on a line, by coordinate and in common are the same', () => {
    const line = quadratic({ A: [[[2]], [[0.5]]], b: [[1], [-1]] })
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 4, noNaN: true }),
        fc.constantFrom(0, 0.25, 0.5),
        (beta, epsilon) => {
          const options = { start: Float64Array.of(2), batches, iterations: 20 }
          const by = minimise(line, { ...liOrabonaByCoordinate({ beta, alpha: 0.3, epsilon }), ...options }).x
          close(by, minimise(line, { rule: liOrabona({ beta, alpha: 0.3, epsilon }), ...options }).x)
        },
      ),
    )
  })

  test('refuses a step that is none', () => {
    expect(() => liOrabonaByCoordinate({ beta: 1, alpha: 0 })).toThrow(
      new RangeError('liOrabonaByCoordinate: alpha is 0, expected a finite number > 0'),
    )
    expect(() => liOrabonaByCoordinate({ beta: 0 })).toThrow(RangeError)
  })
})
