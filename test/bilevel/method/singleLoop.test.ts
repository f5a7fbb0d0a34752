/** SOBA, SABA and AmIGO: three variables, each moved by a method of its own. */

import { fc } from '@fast-check/vitest'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { adam, armijo, constant, mechanic, polyak, power, rule, strongWolfe } from 'steplaw'
import {
  amigo,
  type BilevelMethod,
  type BilevelProblem,
  type BilevelState,
  exact,
  hypergradient,
  minimiseBilevel,
  noDraw,
  partition,
  quadraticBilevel,
  restoreBilevel,
  type SingleLoopState,
  saba,
  soba,
} from 'steplaw/bilevel'
import { describe, expect, it, test } from 'vitest'
import { quadratics } from '../quadratics.js'
import { keepsItsPromises } from '../resume.js'
import { alternating, start, sums } from '../sums.js'

const sgd = (step: number) => ({ rule: constant(step) })
const adams = { rule: constant(0.02), direction: adam() }
const search = { rule: armijo({ start: constant(1) }) }
const slopes = { rule: strongWolfe({ start: constant(1) }) }

/** {@link soba} with a memory of components, as many at each level. */
const remembering =
  (components: number) =>
  (params: Parameters<typeof soba>[0]): ReturnType<typeof saba> =>
    saba({ ...params, partition: { lower: partition(components), upper: partition(components) } })

const promises = <S extends BilevelState, T>(name: string, method: BilevelMethod<S, T>): void => {
  const run = {
    method,
    start: { ...start, v: Float64Array.of(0.25, -0.5) },
    draws: alternating,
    iterations: 5,
  }
  keepsItsPromises(name, sums, run)
  test(`${name} moves all its variables`, () => {
    const { x, y } = minimiseBilevel(sums, run)
    expect([...x, ...y].every(Number.isFinite)).toBe(true)
    expect([...x, ...y].some((xi, i) => xi === [...start.x, ...start.y][i])).toBe(false)
  })
}

promises(
  'soba',
  soba({ lower: sgd(0.2), linear: sgd(0.15), upper: { rule: power({ initial: 0.05, exponent: 0.5 }) } }),
)
promises('soba by Adam', soba({ lower: adams, upper: adams }))
promises('soba by searches', soba({ lower: search, linear: slopes, upper: search }))
promises('saba', remembering(2)({ lower: sgd(0.1), upper: sgd(0.05) }))
promises('saba by Adam', remembering(2)({ lower: adams, upper: adams }))
promises('saba by searches', remembering(2)({ lower: search, linear: slopes, upper: slopes }))
promises('amigo', amigo({ lower: { ...sgd(0.2), steps: 3 }, upper: sgd(0.05) }))
promises(
  'amigo by Adam',
  amigo({
    lower: { ...adams, steps: 3 },
    linear: { ...adams, steps: 2 },
    upper: { ...adams, wrapper: mechanic() },
  }),
)

/** A scalar problem whose numbers are short: $y^* = (1 - x)/2$. */
const scalar = quadraticBilevel({
  lower: [{ H: [[2]], B: [[1]], c: [-1] }],
  upper: [{ P: [[1]], S: [[1]], R: [[2]], p: [-2], r: [0.25] }],
})

/** $y^*$, the exact $v$ and $\nabla F$. */
const solved = (problem: BilevelProblem, x: Float64Array) => {
  const found = hypergradient(problem, exact(), { x, y: new Float64Array(problem.dimension.y) })
  if (E.isLeft(found)) throw new Error(found.left.message)
  const { y, v, gradient } = found.right
  if (O.isNone(v)) throw new Error('no solution of the linear system')
  return { y, v: v.value, gradient }
}

const close = (a: Float64Array, b: Float64Array): void => {
  for (const [i, ai] of a.entries())
    expect(Math.abs(ai - (b[i] ?? Number.NaN))).toBeLessThan(1e-9 * (1 + Math.abs(ai)))
}

/** The first record and the state after it. */
const first = <S extends BilevelState, T>(
  problem: BilevelProblem,
  method: BilevelMethod<S, T>,
  options: Omit<Parameters<typeof minimiseBilevel<S, T>>[1], 'method'>,
) => {
  const { records, ...run } = minimiseBilevel(problem, { method, ...options, iterations: 1 })
  const [record] = records
  if (record === undefined || O.isNone(record.gradient)) throw new Error('no gradient')
  return { ...run, record, gradient: record.gradient.value }
}

describe('where y and v are exact', () => {
  const still = sgd(0.25)
  const leavesThem = <T>(name: string, method: BilevelMethod<SingleLoopState, T>): void => {
    test(`${name} leaves them, and x moves along the gradient of F`, () => {
      fc.assert(
        fc.property(quadratics(), ({ problem, x }) => {
          const { y, v, gradient } = solved(problem, x)
          const once = first(problem, method, { start: { x, y, v } })
          close(once.gradient, gradient)
          close(once.state.y.x, y)
          close(once.state.v.x, v)
        }),
        { numRuns: 10 },
      )
    })
  }

  leavesThem('soba', soba({ lower: still, upper: still }))
  leavesThem('amigo', amigo({ lower: { ...still, steps: 3 }, upper: still }))

  test('and nothing moves at the minimiser', () => {
    // x* = -1.2, y* = 1.1, v = -1.05.
    const rest = { x: Float64Array.of(-1.2), y: Float64Array.of(1.1), v: Float64Array.of(-1.05) }
    const { state } = minimiseBilevel(scalar, {
      method: soba({ lower: still, upper: still }),
      start: rest,
      iterations: 100,
    })
    close(state.x.x, rest.x)
    close(state.y.x, rest.y)
    close(state.v.x, rest.v)
  })
})

describe('soba', () => {
  it('moves all three from the old point', () => {
    fc.assert(
      fc.property(quadratics(), ({ problem, x, y }) => {
        const v = y.map((yi) => 1 - yi)
        const { state } = first(problem, soba({ lower: sgd(0.25), linear: sgd(0.5), upper: sgd(0.125) }), {
          start: { x, y, v },
        })
        const g = problem.lower.gradient(x, y, null, 'y').y ?? y
        const f = problem.upper.gradient(x, y, null, 'both')
        const Hv = problem.lower.hessianVector(x, y, v, null)
        const Jv = problem.lower.crossVector(x, y, v, null)
        expect(state.y.x).toEqual(y.map((yi, i) => yi - 0.25 * (g[i] ?? 0)))
        expect(state.v.x).toEqual(v.map((vi, i) => vi - 0.5 * ((Hv[i] ?? 0) - (f.y?.[i] ?? 0))))
        expect(state.x.x).toEqual(x.map((xi, i) => xi - 0.125 * ((f.x?.[i] ?? 0) - (Jv[i] ?? 0))))
      }),
      { numRuns: 10 },
    )
  })

  it('shows its residuals, and costs one of each', () => {
    const { record, counts } = first(scalar, soba({ lower: sgd(0.25), upper: sgd(0.5) }), {
      start: { x: Float64Array.of(0), y: Float64Array.of(1), v: Float64Array.of(1) },
      draws: () => ({ ...noDraw, cross: Int32Array.of(0) }),
    })
    expect(record.value).toBe(-1.5)
    expect(record.own.lower.gradientNorm).toBe(1)
    expect(record.own.linear.gradientNorm).toBe(3)
    expect(counts).toEqual({
      upperValues: 0,
      upperGradients: 1,
      lowerValues: 0,
      lowerGradients: 1,
      hessianProducts: 1,
      crossProducts: 1,
    })
  })

  it('costs a gradient more where the upper rule reads values and the batches differ', () => {
    const draws = (lower: number, cross: number) => () => ({
      ...noDraw,
      lower: () => Int32Array.of(lower),
      cross: Int32Array.of(cross),
    })
    const gradients = (upper: Parameters<typeof soba>[0]['upper'], lower: number, cross: number) =>
      minimiseBilevel(sums, {
        method: soba({ lower: sgd(0.25), upper }),
        start,
        draws: draws(lower, cross),
        iterations: 1,
      }).counts.lowerGradients
    expect(gradients(sgd(0.5), 0, 1)).toBe(1)
    expect(gradients({ rule: polyak({ c: 1 }) }, 0, 1)).toBe(2)
    expect(gradients({ rule: polyak({ c: 1 }) }, 1, 1)).toBe(1)
  })

  it('gives the upper rule the Lagrangian', () => {
    const seen: Array<readonly [number, number]> = []
    const watch = rule({
      name: 'watch',
      init: null,
      step: (state, { value, slope }) => {
        seen.push([value, slope])
        return [state, 0]
      },
    })
    const at = { x: Float64Array.of(0), y: Float64Array.of(1), v: Float64Array.of(3) }
    minimiseBilevel(scalar, {
      method: soba({ lower: sgd(0), upper: { rule: watch } }),
      start: at,
      iterations: 1,
    })
    // f = -3/2, grad_y g = 1, and z = 5/4 - 3.
    expect(seen).toEqual([[-4.5, -(1.75 ** 2)]])
  })

  it('gives the rules bounds of their functions, but no bound of q', () => {
    const stuck = minimiseBilevel(scalar, {
      method: soba({ lower: { rule: polyak({ c: 1 }) }, upper: sgd(0) }),
      start: { x: Float64Array.of(0), y: Float64Array.of(3) },
      iterations: 1,
    })
    const [record] = stuck.records
    expect(record?.own.lower.outcome._tag).toBe('Step')
    expect(record?.own.linear.outcome).toEqual({
      _tag: 'Fail',
      because: [{ path: [], reason: 'targetAbsent' }],
    })
  })

  it('leaves a variable whose gradient is not finite, and moves the others', () => {
    const problem: BilevelProblem = {
      ...scalar,
      lower: { ...scalar.lower, hessianVector: () => Float64Array.of(Number.NaN) },
    }
    const { state, record } = first(problem, soba({ lower: sgd(0.25), upper: sgd(0.5) }), {
      start: { x: Float64Array.of(0), y: Float64Array.of(0) },
    })
    expect(state.v.x).toEqual(Float64Array.of(0))
    expect(state.y.x).toEqual(Float64Array.of(0.25))
    expect(state.x.x).toEqual(Float64Array.of(-0.125))
    expect(record.own.linear.outcome).toMatchObject({ because: [{ reason: 'nonFinite' }] })
  })

  it('keeps x and y in their boxes', () => {
    const { x, y } = minimiseBilevel(scalar, {
      method: soba({ lower: { ...sgd(0.25), box: [0, 0.5] }, upper: { ...sgd(0.5), box: [-0.5, 2] } }),
      start: { x: Float64Array.of(0), y: Float64Array.of(0) },
      iterations: 50,
    })
    expect(x).toEqual(Float64Array.of(-0.5))
    expect(y).toEqual(Float64Array.of(0.5))
    expect(() => soba({ lower: { ...sgd(1), box: [1, 0] }, upper: sgd(1) })).toThrow('lower.box: got [1, 0]')
  })
})

describe('amigo', () => {
  it('solves both systems before x moves, from where they were', () => {
    const method = amigo({
      lower: { ...sgd(0.25), steps: 2 },
      linear: { ...sgd(0.25), steps: 1 },
      upper: sgd(0.5),
    })
    const { state, gradient, counts } = first(scalar, method, {
      start: { x: Float64Array.of(0), y: Float64Array.of(1), v: Float64Array.of(1) },
    })
    // Errors of y are halved twice, of v once: y* = 1/2, v at y = 5/8 is -11/16.
    expect(state.y.x).toEqual(Float64Array.of(0.625))
    expect(state.v.x).toEqual(Float64Array.of(0.15625))
    expect(gradient).toEqual(Float64Array.of(0.875 - 0.15625))
    expect(counts).toMatchObject({
      lowerGradients: 2,
      upperGradients: 1,
      hessianProducts: 1,
      crossProducts: 1,
    })
  })

  it('keeps x and y in their boxes, and refuses a number of steps that is none', () => {
    const lower = { ...sgd(0.25), steps: 3 }
    const { x, y } = minimiseBilevel(scalar, {
      method: amigo({ lower: { ...lower, box: [0, 0.5] }, upper: { ...sgd(0.5), box: [-0.5, 2] } }),
      start: { x: Float64Array.of(0), y: Float64Array.of(0) },
      iterations: 30,
    })
    expect([x, y]).toEqual([Float64Array.of(-0.5), Float64Array.of(0.5)])
    expect(() => amigo({ lower: { ...lower, steps: 1.5 }, upper: sgd(1) })).toThrow('lower.steps: got 1.5')
    expect(() => amigo({ lower, linear: { ...lower, steps: -1 }, upper: sgd(1) })).toThrow('linear.steps')
  })
})

describe('saba', () => {
  const steps = { lower: sgd(0.25), linear: sgd(0.125), upper: sgd(0.0625) }

  it('is soba on all components where nothing is drawn', () => {
    fc.assert(
      fc.property(quadratics(), ({ problem, x, y }) => {
        const run = { start: { x, y }, iterations: 3 }
        const { components } = problem.lower
        const one = minimiseBilevel(problem, { method: soba(steps), ...run })
        const two = minimiseBilevel(problem, { method: remembering(components)(steps), ...run })
        close(two.x, one.x)
        close(two.y, one.y)
        close(two.state.v.x, one.state.v.x)
      }),
      { numRuns: 10 },
    )
  })

  it('has estimates whose mean over the draws is the whole, whatever it remembers', () => {
    // Blocks of different sizes: {0, 1} and {2} below, {0} and {1, 2} above.
    const three = quadraticBilevel({
      lower: [1, 2, 4].map((h) => ({ H: [[h]], B: [[h - 2]], c: [3 - h] })),
      upper: [1, -1, 2].map((p) => ({ P: [[p]], S: [[1 - p]], R: [[p]], p: [p + 1], r: [p * p] })),
    })
    const blocks = {
      lower: [Int32Array.of(0, 1), Int32Array.of(2)],
      upper: [Int32Array.of(0), Int32Array.of(1, 2)],
    }
    const method = saba({ ...steps, partition: blocks })
    const draw = (l: number, u: number) => ({
      ...noDraw,
      lower: () => blocks.lower[l] ?? null,
      upper: blocks.upper[u] ?? null,
    })
    const at = { x: Float64Array.of(1), y: Float64Array.of(-2), v: Float64Array.of(0.5) }
    const before = minimiseBilevel(three, {
      method,
      start: at,
      iterations: 3,
      draws: (k) => draw(k % 2, k === 1 ? 0 : 1),
    })
    const from = { state: before.state, counts: before.counts }
    const moves = [0, 1].flatMap((l) =>
      [0, 1].map((u) => {
        const { state } = minimiseBilevel(three, {
          method,
          start: at,
          from,
          iterations: 4,
          draws: () => draw(l, u),
        })
        return [state.x.x, state.y.x, state.v.x].map(([p = 0]) => p)
      }),
    )
    const mean = moves[0]?.map((_, i) => moves.reduce((s, move) => s + (move[i] ?? 0), 0) / 4)
    const here = { x: before.state.x.x, y: before.state.y.x, v: before.state.v.x }
    const whole = minimiseBilevel(three, { method: soba(steps), start: here, iterations: 1 }).state
    close(Float64Array.from(mean ?? []), Float64Array.of(...whole.x.x, ...whole.y.x, ...whole.v.x))
    // Not because every draw is the whole.
    expect(new Set(moves.map(([x]) => x)).size).toBe(4)
  })

  it('comes to the minimiser with constant steps, where soba does not', () => {
    const run = { start, draws: alternating, iterations: 200 }
    const params = { lower: sgd(0.25), upper: sgd(0.25) }
    const atEnd = (x: Float64Array) => Math.max(...solved(sums, x).gradient.map(Math.abs))
    expect(atEnd(minimiseBilevel(sums, { method: remembering(2)(params), ...run }).x)).toBeLessThan(1e-6)
    expect(atEnd(minimiseBilevel(sums, { method: soba(params), ...run }).x)).toBeGreaterThan(1e-3)
  })

  it('evaluates one block of each level, all of them in the first iteration', () => {
    const counts = (iterations: number) =>
      minimiseBilevel(sums, { method: remembering(2)(steps), start, draws: alternating, iterations }).counts
    expect(counts(1)).toMatchObject({
      upperGradients: 2,
      lowerGradients: 2,
      hessianProducts: 2,
      crossProducts: 2,
    })
    expect(counts(4)).toMatchObject({
      upperGradients: 5,
      lowerGradients: 5,
      hessianProducts: 5,
      crossProducts: 5,
    })
  })

  it('remembers nothing that is not finite', () => {
    const problem = {
      ...sums,
      lower: {
        ...sums.lower,
        gradient: (...[x, y, batch, of]: Parameters<typeof sums.lower.gradient>) => {
          const found = sums.lower.gradient(x, y, batch, of)
          return batch?.[0] === 1 && x[0] !== start.x[0]
            ? { ...found, y: Float64Array.of(Number.NaN, 0) }
            : found
        },
      },
    }
    const method = remembering(2)(steps)
    const run = minimiseBilevel(problem, { method, start, draws: alternating, iterations: 7 })
    expect(run.records.map(({ own }) => own.lower.outcome._tag)).toContain('Fail')
    expect(
      O.isSome(run.state.lower) && run.state.lower.value.rows.every((row) => row.every(Number.isFinite)),
    ).toBe(true)
    expect(run.y.every(Number.isFinite)).toBe(true)
  })

  it('refuses what is no partition, a draw that is no block, and a memory of another size', () => {
    const make = (lower: ReadonlyArray<Int32Array>) =>
      saba({ ...steps, partition: { lower, upper: partition(2) } })
    for (const bad of [
      [],
      [Int32Array.of()],
      [Int32Array.of(0, 0)],
      [Int32Array.of(1)],
      [Int32Array.of(0), Int32Array.of(0)],
    ])
      expect(() => make(bad)).toThrow('partition.lower')
    const drawn = (l: number) => () => ({ ...noDraw, lower: () => Int32Array.of(l) })
    expect(() =>
      minimiseBilevel(sums, { method: make(partition(2)), start, draws: drawn(2), iterations: 1 }),
    ).toThrow('draws.lower: got [2], expected a block of the partition')
    const method = make(partition(2, 2))
    const { state, counts } = minimiseBilevel(sums, { method, start, iterations: 1 })
    const written = { state: make(partition(2, 2)).state(sums.dimension).encode(state), counts }
    expect(E.isRight(restoreBilevel(method, sums.dimension)(written))).toBe(true)
    expect(E.isLeft(restoreBilevel(make(partition(2)), sums.dimension)(written))).toBe(true)
  })
})
