import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { linearTicks, logDomain, logTicks } from '../../../src/cli/report/axis.js'
import { tickFormat } from '../../../src/cli/report/format.js'
import { distinct, spread } from '../../../src/cli/report/label.js'
import { evenly, intoFrame, type Point, thin } from '../../../src/cli/report/series.js'

const line: fc.Arbitrary<ReadonlyArray<Point>> = fc
  .array(fc.oneof(fc.double(), fc.double({ min: 0.01, max: 100 })), { maxLength: 400 })
  .map((ys) => ys.map((y, x) => ({ x, y })))

const best = (points: ReadonlyArray<Point>, f: (...ys: ReadonlyArray<number>) => number): number =>
  f(...points.map(({ y }) => y).filter((y) => Number.isFinite(y)))

describe('thin', () => {
  test('keeps ends, extremes and whether there is anything not finite, in order and within the limit', () =>
    fc.assert(
      fc.property(line, fc.integer({ min: 6, max: 100 }), (points, limit) => {
        const kept = thin(points, limit)
        expect(kept.length).toBeLessThanOrEqual(limit)
        expect(kept.map(({ x }) => x)).toEqual([...new Set(kept.map(({ x }) => x))].sort((a, b) => a - b))
        expect(kept.every((point) => points.includes(point))).toBe(true)
        expect([kept[0], kept[kept.length - 1]]).toEqual([points[0], points[points.length - 1]])
        expect(best(kept, Math.min)).toBe(best(points, Math.min))
        expect(best(kept, Math.max)).toBe(best(points, Math.max))
        const odd = ({ y }: Point) => !Number.isFinite(y)
        expect(kept.some(odd)).toBe(points.some(odd))
      }),
    ))
})

describe('intoFrame', () => {
  const domain = { low: 0.1, high: 10 }
  test('keeps what is inside, nothing outside, and marks every way out', () =>
    fc.assert(
      fc.property(line, (points) => {
        const { line: kept, above, below } = intoFrame(points, domain)
        const inside = ({ y }: Point) => y >= 0.1 && y <= 10
        expect(kept.filter(({ y }) => !Number.isNaN(y)).every(inside)).toBe(true)
        const shown = kept.map(({ x, y }) => `${x} ${y}`)
        expect(points.filter(inside).every(({ x, y }) => shown.includes(`${x} ${y}`))).toBe(true)
        expect(above.length > 0).toBe(points.some(({ y }) => !(y <= 10)))
        expect(below.length > 0).toBe(points.some(({ y }) => y < 0.1))
      }),
    ))

  test('a line that is no longer finite ends at the upper edge', () => {
    const points = [1, 2, Number.NaN, Number.NaN, 3].map((y, x) => ({ x, y }))
    expect(intoFrame(points, domain)).toEqual({
      line: [
        { x: 0, y: 1 },
        { x: 1, y: 2 },
        { x: 2, y: 10 },
        { x: 2, y: Number.NaN },
        { x: 3, y: Number.NaN },
        { x: 4, y: 3 },
      ],
      above: [{ x: 2, y: 10 }],
      below: [],
    })
  })
})

test('evenly gives ascending indices within the range', () =>
  fc.assert(
    fc.property(
      fc.nat(50),
      fc.integer({ min: 1, max: 9 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (n, count, phase) => {
        const indices = evenly(n, count, phase)
        expect(indices.length).toBe(Math.min(n, count))
        expect(indices.every((i) => i >= 0 && i < n)).toBe(true)
        expect(indices).toEqual([...indices].sort((a, b) => a - b))
      },
    ),
  ))

test('spread keeps order, bounds and distance', () =>
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { maxLength: 12 }), (positions) => {
      const placed = spread(positions, 13, 20, 180)
      const gap = Math.min(13, 160 / Math.max(1, positions.length - 1)) - 1e-9
      expect(placed.length).toBe(positions.length)
      expect(placed.every((p) => p >= 20 - 1e-9 && p <= 180 + 1e-9)).toBe(true)
      positions.forEach((a, i) => {
        positions.forEach((b, j) => {
          if (i < j) expect(Math.abs((placed[i] ?? 0) - (placed[j] ?? 0))).toBeGreaterThanOrEqual(gap)
          if (a < b) expect(placed[i]).toBeLessThan(placed[j] ?? 0)
        })
      })
    }),
  ))

test('labels that do not touch stay where they are', () => {
  expect(spread([100, 30, 60], 13, 20, 180)).toEqual([100, 30, 60])
})

test('labels at one place are centred on it', () => {
  expect(spread([100, 100, 100, 30], 10, 20, 180)).toEqual([90, 100, 110, 30])
})

test('labels leave out the words that all begin with, but never everything', () => {
  expect(distinct(['Adam 0.1', 'Adam + Armijo'])).toEqual(['0.1', '+ Armijo'])
  expect(distinct(['SPSmax', 'SPSB'])).toEqual(['SPSmax', 'SPSB'])
  expect(distinct(['a b', 'a b c', 'a b d'])).toEqual(['b', 'b c', 'b d'])
  expect(distinct(['a b', 'a b'])).toEqual(['b', 'b'])
  expect(distinct(['a b'])).toEqual(['a b'])
  expect(distinct([])).toEqual([])
})

describe('axes', () => {
  const positive = fc.oneof(
    fc.double({ min: 0, noNaN: true }),
    fc.double({ min: 0.3, max: 0.4, noNaN: true }),
  )

  test('a logarithmic domain spans the positive finite values up to the ceiling', () => {
    expect(logDomain([-1, 0, 3, 0.5], 100)).toEqual({ low: 0.5, high: 3 })
    for (const beyond of [Number.NaN, 200, Number.POSITIVE_INFINITY])
      expect(logDomain([-1, 0, 3, 0.5, beyond], 100)).toEqual({ low: 0.5, high: 6 })
    expect(logDomain([4, 4])).toEqual({ low: 2, high: 8 })
    expect(logDomain([4, 4.1])).toEqual({ low: 2, high: 8.2 })
    expect(logDomain([Number.NaN])).toEqual({ low: 0.1, high: 10 })
  })

  test('round ticks', () => {
    expect(logTicks({ low: 1e-4, high: 150 })).toEqual([1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100])
    expect(logTicks({ low: 1e-9, high: 150 })).toEqual([1e-8, 1e-6, 1e-4, 1e-2, 1, 100])
    expect(logTicks({ low: 0.13, high: 23 })).toEqual([0.3, 1, 3, 10])
    expect(logTicks({ low: 0.4, high: 0.43 })).toEqual([0.4, 0.41, 0.42, 0.43])
    expect(linearTicks({ low: 0, high: 1437 }, 4)).toEqual([0, 500, 1000])
  })

  test('ticks lie in the domain, a few and ascending, whatever the data', () =>
    fc.assert(
      fc.property(fc.array(positive, { maxLength: 5 }), (values) => {
        const domain = logDomain(values)
        const ticks = logTicks(domain)
        expect(domain.low).toBeGreaterThan(0)
        expect(domain.low).toBeLessThan(domain.high)
        expect(domain.high).toBeLessThan(Number.POSITIVE_INFINITY)
        expect(ticks.length).toBeGreaterThan(0)
        expect(ticks.length).toBeLessThanOrEqual(12)
        expect(new Set(ticks.map(tickFormat(ticks))).size).toBe(ticks.length)
        expect(ticks).toEqual([...ticks].sort((a, b) => a - b))
        expect(ticks.every((x) => x >= domain.low && x <= domain.high)).toBe(true)
      }),
    ))
})
