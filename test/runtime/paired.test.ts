import fc from 'fast-check'
import { add, dot, mul, square } from 'steplaw/autodiff'
import { describe, expect, it } from 'vitest'
import { Engine } from '../../src/runtime/engine.js'
import { interpret } from '../../src/runtime/interpret.js'
import { type PairedGradient, paired } from '../../src/runtime/paired.js'
import { interpretStaged } from '../../src/runtime/staged.js'
import { byHand, type Cleaning, traced, within } from './cleaning.js'

type Arguments = readonly [Float64Array, Float64Array, Float64Array, Int32Array | null]

const doubles = (length: number) =>
  fc
    .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: length, maxLength: length })
    .map((values) => Float64Array.from(values))

const below = (bound: number, length: { minLength: number; maxLength: number }) =>
  fc.array(fc.nat(bound - 1), length).map((values) => Int32Array.from(values))

const dense = (shape: ReadonlyArray<number>, values: ReadonlyArray<number>) =>
  ({ _tag: 'Dense', shape, values: Float64Array.from(values) }) as const

interface Case extends Cleaning {
  readonly points: ReadonlyArray<{
    readonly x: Float64Array
    readonly W: Float64Array
    readonly V: Float64Array
    readonly rows: Int32Array | null
  }>
}

/** Few examples, so that rows repeat. */
const cases = (count: number): fc.Arbitrary<Case> =>
  fc
    .record({
      examples: fc.integer({ min: 1, max: 9 }),
      features: fc.integer({ min: 1, max: 5 }),
      classes: fc.integer({ min: 2, max: 4 }),
    })
    .chain((sizes) =>
      fc.record({
        examples: fc.constant(sizes.examples),
        features: fc.constant(sizes.features),
        classes: fc.constant(sizes.classes),
        A: doubles(sizes.examples * sizes.features),
        labels: below(sizes.classes, { minLength: sizes.examples, maxLength: sizes.examples }),
        points: fc.array(
          fc.record({
            x: doubles(sizes.examples),
            W: doubles(sizes.features * sizes.classes),
            V: doubles(sizes.features * sizes.classes),
            rows: fc.option(below(sizes.examples, { minLength: 1, maxLength: 12 })),
          }),
          { minLength: count, maxLength: count },
        ),
      }),
    )

describe('a function of two structures', () => {
  it('has the values, gradients and products that loops give, on all rows and on any with repeats', () => {
    fc.assert(
      fc.property(cases(1), (given) => {
        const g = traced(given)
        for (const { x, W, V, rows } of given.points) {
          const hand = byHand(given, { x, W, V, rows })
          expect(within(Float64Array.of(g.value(x, W, rows)), hand.value)).toBe(true)
          for (const side of ['x', 'y', 'both'] as const) {
            const found = g.gradient(x, W, rows, side)
            expect(within(Float64Array.of(found.value), hand.value)).toBe(true)
            expect(Object.keys(found)).toEqual(['value', ...(side === 'both' ? ['x', 'y'] : [side])])
            if (found.x !== undefined) expect(within(found.x, hand.x)).toBe(true)
            if (found.y !== undefined) expect(within(found.y, hand.y)).toBe(true)
          }
          expect(within(g.hessianVector(x, W, V, rows), hand.hessian)).toBe(true)
          const cross = g.crossVector(x, W, V, rows)
          expect(within(cross, hand.cross)).toBe(true)
          expect(g.products(x, W, V, rows)).toEqual({ hessian: g.hessianVector(x, W, V, rows), cross })
        }
      }),
    )
  })

  it('is a function of contents: points, rows and what the caller does with the arrays may come as they like', () => {
    const calls = fc.array(
      fc.record({
        at: fc.nat(2),
        of: fc.constantFrom('hessianVector', 'crossVector', 'products', 'gradient', 'value'),
      }),
      { minLength: 1, maxLength: 12 },
    )
    fc.assert(
      fc.property(cases(3), calls, (given, order) => {
        const g = traced(given)
        const bits = ({ x, y }: PairedGradient) => [...(x ?? []), ...(y ?? [])]
        const ask = (h: typeof g, { of }: { of: keyof typeof g }, [x, W, V, rows]: Arguments) =>
          of === 'gradient'
            ? bits(h.gradient(x, W, rows, 'both'))
            : of === 'value'
              ? [h.value(x, W, rows)]
              : of === 'crossVector'
                ? [...h.crossVector(x, W, V, rows)]
                : of === 'products'
                  ? Object.values(h.products(x, W, V, rows)).flatMap((p) => [...p])
                  : [...h.hessianVector(x, W, V, rows)]
        // One set of arrays for all points, overwritten from call to call.
        const [x, W, V] = [
          new Float64Array(given.examples),
          new Float64Array(given.features * given.classes),
          new Float64Array(given.features * given.classes),
        ]
        for (const call of order) {
          const point = given.points[call.at]
          if (point === undefined) continue
          x.set(point.x)
          W.set(point.W)
          V.set(point.V)
          const rows = point.rows?.slice() ?? null
          const found = ask(g, call, [x, W, V, rows])
          const fresh = ask(traced(given), call, [point.x, point.W, point.V, point.rows])
          expect(found).toEqual(fresh)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('has the same bits compiled, for one thread and two, and takes no memory from point to point', () => {
    const [examples, features, classes] = [900, 60, 5]
    const draw = (length: number, seed: number) =>
      Float64Array.from({ length }, (_, i) => ((i * 7919 + seed * 104729) % 1999) / 1000 - 1)
    const given: Cleaning = {
      examples,
      features,
      classes,
      A: draw(examples * features, 1),
      labels: Int32Array.from({ length: examples }, (_, i) => (i * i) % classes),
    }
    const [one, two] = [new Engine({ threads: 1 }), new Engine({ threads: 2 })]
    const all = [
      traced(given, { engine: one }),
      traced(given, { engine: two }),
      traced(given, { engine: { compile: interpret, stage: interpretStaged } }),
    ]
    const some = Int32Array.from({ length: 300 }, (_, i) => (i * 17) % examples)
    let memory = 0
    for (let k = 0; k < 6; k += 1) {
      const [x, W] = [draw(examples, k), draw(features * classes, k + 10)]
      for (const rows of [null, some])
        for (let t = 0; t < 3; t += 1) {
          const V = draw(features * classes, 20 + t)
          const results = all.map((g) => {
            const { value, x: gx, y: gy } = g.gradient(x, W, rows, 'both')
            const [hessian, cross] = [g.hessianVector(x, W, V, rows), g.crossVector(x, W, V, rows)]
            expect(g.products(x, W, V, rows)).toEqual({ hessian, cross })
            return [value, gx, gy, hessian, cross]
          })
          expect(results[0]).toEqual(results[2])
          expect(results[1]).toEqual(results[2])
        }
      if (k === 1) memory = one.memory
    }
    // The data are there once, and beside them what a batch gathers.
    expect(one.memory).toBe(memory)
    expect(memory).toBeLessThan(3 * given.A.byteLength + 2 ** 20)
    two.close()
  })

  it('takes records, and no data', () => {
    const h = paired({
      data: {},
      x: { a: [], b: [2] },
      y: { c: [2], d: [] },
      loss: ({ a, b }, { c, d }) => add(mul(a, dot(b, square(c))), mul(d, square(d))),
    })
    expect(h.dimension).toEqual({ x: 3, y: 3 })
    expect(h.rows).toBe(0)
    const x = h.ravel.x({ a: dense([], [2]), b: dense([2], [3, 5]) })
    const y = h.ravel.y({ c: dense([2], [7, 1]), d: dense([], [4]) })
    expect([x, y]).toEqual([Float64Array.of(2, 3, 5), Float64Array.of(7, 1, 4)])
    expect(h.unravel.x(x)).toEqual({ a: dense([], [2]), b: dense([2], [3, 5]) })
    expect(h.unravel.y(y).c).toEqual(dense([2], [7, 1]))
    expect(h.value(x, y, null)).toBe(2 * (3 * 49 + 5) + 64)
    expect(h.gradient(x, y, null, 'both')).toEqual({
      value: 368,
      x: Float64Array.of(152, 98, 2),
      y: Float64Array.of(84, 20, 48),
    })
    expect(h.hessianVector(x, y, Float64Array.of(1, 10, 100), null)).toEqual(Float64Array.of(12, 200, 2400))
    expect(h.crossVector(x, y, Float64Array.of(1, 10, 100), null)).toEqual(Float64Array.of(142, 28, 40))
  })

  it('refuses what does not fit, by its name', () => {
    const given: Cleaning = {
      examples: 2,
      features: 1,
      classes: 2,
      A: Float64Array.of(1, 2),
      labels: Int32Array.of(0, 1),
    }
    const g = traced(given)
    const [x, y, long] = [new Float64Array(2), new Float64Array(2), new Float64Array(3)]
    for (const call of [
      (a: Float64Array, b: Float64Array) => g.value(a, b, null),
      (a: Float64Array, b: Float64Array) => g.gradient(a, b, null, 'both'),
      (a: Float64Array, b: Float64Array) => g.hessianVector(a, b, y, null),
      (a: Float64Array, b: Float64Array) => g.crossVector(a, b, y, null),
    ]) {
      expect(() => call(long, y)).toThrow(/^x: must have 2 entries, got 3/)
      expect(() => call(x, long)).toThrow(/^y: must have 2 entries, got 3/)
    }
    expect(() => g.hessianVector(x, y, long, null)).toThrow(/^v: must have 2 entries, got 3/)
    expect(() => g.crossVector(x, y, long, null)).toThrow(/^v: must have 2 entries, got 3/)
    expect(() => g.value(x, y, Int32Array.of(0, 2))).toThrow(
      /^rows: entry 1 must be a row from 0 to 1, got 2/,
    )
    expect(() => g.gradient(x, y, new Int32Array(0), 'x')).toThrow(/^rows: must not be empty/)
    expect(() => g.unravel.y(long)).toThrow(/^y: must have 2 entries, got 3/)
    expect(() =>
      paired({
        data: { A: dense([2, 1], [1, 2]), w: dense([3], [1, 2, 3]) },
        x: [],
        y: [],
        loss: () => 0,
      }),
    ).toThrow(/^data\.w: has 3 rows, but data\.A has 2/)
    expect(() => traced({ ...given, A: Float64Array.of(1, Number.NaN) })).toThrow(
      /^data\.A: entry 1 must be finite/,
    )
  })
})
