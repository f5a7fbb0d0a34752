import fc from 'fast-check'
import { add, dot, mul, square } from 'steplaw/autodiff'
import { describe, expect, it } from 'vitest'
import { paired } from '../../src/runtime/paired.js'
import { byHand, type Cleaning, traced, within } from './cleaning.js'

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
          expect(within(g.crossVector(x, W, V, rows), hand.cross)).toBe(true)
        }
      }),
    )
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
