/**
 * The elementary functions against GNU MPFR, over their whole domains; the kernels have their bits (test/runtime/lane.test.ts).
 * `npm run ulp` measures at many more points.
 */
import fc from 'fast-check'
import { describe, expect, inject, test } from 'vitest'
import * as exact from './bigFloat.js'
import { bounds, broken, functions, measure } from './ulp/measure.js'
import { mutants, mutated } from './ulp/mutants.js'
import { type Elementary, openReference, UNARY } from './ulp/reference.js'
import { chance, domains, draw, neighbour } from './ulp/sampler.js'
import { readTable } from './ulp/table.js'

const names: ReadonlyArray<Elementary> = [...UNARY, 'pow']
const seed = inject('seed')
const reference = await openReference()

describe('the error is within what is promised', () => {
  test.each(names)('%s', (name) => {
    const measured = measure(name, reference, { points: 4000, seed })
    expect(broken(name, measured)).toBeNull()
    // Half an ulp is what rounding alone may cost, and some point comes near it.
    expect(measured.normal.ulps).toBeGreaterThan(0.4)
  })

  test('and so it was at the points of the table in the guide, which are those of the functions as they are', () => {
    const { rows } = readTable()
    expect(rows.map(({ name }) => name).sort()).toEqual([...names].sort())
    for (const row of rows) {
      expect(row.points).toBeGreaterThanOrEqual(100_000)
      expect(broken(row.name, row)).toBeNull()
      for (const worst of [row.normal, row.subnormal ?? row.normal]) {
        const [x, y] = worst.at
        expect(reference.error(row.name, functions[row.name](x, y), x, y)).toBe(worst.ulps)
      }
    }
  })
})

describe('the measurement finds', () => {
  test.each(mutants)('$of with $to for $from', (mutant) => {
    expect(
      broken(mutant.of, measure(mutant.of, reference, { points: 4000, seed }, mutated(mutant))),
    ).not.toBeNull()
  })

  test('nothing in the sources as they are, read in the same way', () => {
    const same = mutated({ of: 'exp', file: 'exponential', from: '1 / 40320', to: '1 / 40320' })
    expect(measure('exp', reference, { points: 500, seed }, same)).toEqual(
      measure('exp', reference, { points: 500, seed }),
    )
  })
})

describe('the reference', () => {
  test.each(names)('of %s is that with twice the bits', async (name) => {
    const finer = await openReference(400)
    const c = chance(seed)
    for (let i = 0; i < 500; i += 1) {
      const [x, y] = draw(name, c, reference)
      const result = functions[name](x, y)
      const error = reference.error(name, result, x, y)
      expect(Math.abs(finer.error(name, result, x, y) - error)).toBeLessThan(1e-12)
    }
  })

  const other: { readonly [N in Elementary]?: (x: number, y: number) => exact.Big } = {
    exp: (x) => exact.exp(exact.big(x)),
    expm1: (x) => exact.expm1(exact.big(x)),
    log: (x) => exact.log(exact.big(x)),
    log1p: (x) => exact.log1p(exact.big(x)),
    tanh: (x) => exact.tanh(exact.big(x)),
    sigmoid: (x) => exact.sigmoid(exact.big(x)),
    softplus: (x) => exact.softplus(exact.big(x)),
    sin: (x) => exact.sine(x, 0),
    cos: (x) => exact.sine(x, 1),
    pow: (x, y) => exact.pow(exact.big(x), exact.big(y)),
  }
  test.each(Object.entries(other))('of %s is that of exact integers', (name, value) => {
    const c = chance(seed)
    const elementary = names.find((known) => known === name) ?? 'exp'
    for (let i = 0; i < 40; i += 1) {
      const x = c.between(0.01, 30)
      const y = c.between(-20, 20)
      const result = functions[elementary](x, y)
      const error = exact.ulps(result, value(x, y))
      expect(Math.abs(reference.error(elementary, result, x, y) - error)).toBeLessThan(1e-9)
    }
  })

  test('counts in units of the last place', () => {
    const e = Math.E
    const error = reference.error('exp', e, 1)
    expect(error).toBeLessThan(0.5)
    for (const places of [-3, 1, 4])
      expect(
        Math.abs(reference.error('exp', neighbour(e, places), 1) - Math.abs(places)),
      ).toBeLessThanOrEqual(error + 1e-9)
    expect(reference.error('exp', Number.NaN, 1)).toBe(Number.POSITIVE_INFINITY)
    expect(reference.error('exp', Number.POSITIVE_INFINITY, 709)).toBeGreaterThan(1e10)
    expect(reference.error('exp', Number.POSITIVE_INFINITY, 710)).toBe(0)
    expect(reference.error('exp', 5e-324, -800)).toBeLessThan(1.01)
    expect(reference.error('sin', 1, Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('the points', () => {
  test('lie in the domain, all over its binades and on both sides of every seam', () => {
    for (const name of names) {
      const c = chance(seed)
      const { binades, seams } = domains[name]
      const inside = seams.filter((s) => s !== 0 && Math.abs(s) > 5e-324 && Math.abs(s) < Number.MAX_VALUE)
      // Eight binades at a time, and the two sides of a seam.
      const found = new Set<number>()
      const sides = new Set<string>()
      for (let i = 0; i < 20_000; i += 1) {
        const a = Math.abs(draw(name, c, reference)[0])
        found.add(Math.floor(Math.max(-1023, Math.log2(a)) / 8))
        for (const s of inside.map(Math.abs)) if (Math.abs(a - s) <= 1e-6 * s) sides.add(`${s} ${a < s}`)
      }
      const wanted = new Set<number>()
      for (let e = binades[0]; e <= binades[1]; e += 1) wanted.add(Math.floor(e / 8))
      expect([...wanted].filter((e) => !found.has(e))).toEqual([])
      for (const s of inside)
        for (const below of [true, false]) expect(sides).toContain(`${Math.abs(s)} ${below}`)
    }
  })

  test('have neighbours on both sides of every double, through zero', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, min: -1e308, max: 1e308 }),
        fc.integer({ min: 1, max: 1000 }),
        (x, n) => {
          expect(neighbour(x, n)).toBeGreaterThan(x)
          expect(neighbour(neighbour(x, n), -n)).toBe(x === 0 ? 0 : x)
        },
      ),
    )
    expect(neighbour(0, -1)).toBe(-5e-324)
    expect(neighbour(1, 1)).toBe(1 + Number.EPSILON)
  })
})

describe('special values are those of IEEE 754', () => {
  const Inf = Number.POSITIVE_INFINITY
  const NaN = Number.NaN
  // At NaN, -Infinity, -0, 0, Infinity.
  const table: { readonly [N in Exclude<Elementary, 'pow'>]: ReadonlyArray<number> } = {
    exp: [NaN, 0, 1, 1, Inf],
    expm1: [NaN, -1, -0, 0, Inf],
    log: [NaN, NaN, -Inf, -Inf, Inf],
    log1p: [NaN, NaN, -0, 0, Inf],
    sin: [NaN, NaN, -0, 0, NaN],
    cos: [NaN, NaN, 1, 1, NaN],
    tanh: [NaN, -1, -0, 0, 1],
    sigmoid: [NaN, 0, 0.5, 0.5, 1],
    softplus: [NaN, 0, Math.LN2, Math.LN2, Inf],
    sqrt: [NaN, NaN, -0, 0, Inf],
  }
  test.each(UNARY)('%s', (name) => {
    expect([NaN, -Inf, -0, 0, Inf].map((x) => functions[name](x, 0))).toEqual(table[name])
  })

  test.each([
    ['log', -5e-324, NaN],
    ['log', -1, NaN],
    ['log1p', -1, -Inf],
    ['log1p', -1 - Number.EPSILON, NaN],
    ['sqrt', -5e-324, NaN],
  ] as const)('%s(%d)', (name, x, y) => expect(functions[name](x, 0)).toBe(y))

  /** The clauses of IEEE 754-2019, 9.2.1, one after the other; null where there is none. */
  const clause = (x: number, y: number): number | null => {
    const a = Math.abs(x)
    const whole = Number.isInteger(y)
    const odd = whole && Math.abs(y) % 2 === 1
    const signed = (magnitude: number): number =>
      odd && (x < 0 || Object.is(x, -0)) ? -magnitude : magnitude
    if (y === 0 || x === 1) return 1
    if (Number.isNaN(x) || Number.isNaN(y)) return NaN
    if (x === -1 && Math.abs(y) === Inf) return 1
    if (x === 0) return y < 0 ? signed(Inf) : signed(0)
    if (y === Inf) return a < 1 ? 0 : Inf
    if (y === -Inf) return a < 1 ? Inf : 0
    if (a === Inf) return y < 0 ? signed(0) : signed(Inf)
    return x < 0 && !whole ? NaN : null
  }

  test('pow, for all pairs', () => {
    const positive = [0, 5e-324, 1e-300, 0.25, 0.5, neighbour(1, -1), 1, neighbour(1, 1), 1.5, 2, 2.5, 3, 4]
    const large = [2 ** 52 + 1, 2 ** 53 - 1, 2 ** 53, 2 ** 53 + 2, 1e21, 1e22, 1e300, Number.MAX_VALUE, Inf]
    const values = [...positive, ...large].flatMap((x) => [x, -x]).concat(NaN)
    for (const x of values)
      for (const y of values) {
        const expected = clause(x, y)
        const found = functions.pow(x, y)
        if (expected !== null)
          expect(Object.is(found, expected), `pow(${x}, ${y}) = ${found}, not ${expected}`).toBe(true)
        else
          expect(reference.error('pow', found, x, y), `pow(${x}, ${y})`).toBeLessThanOrEqual(
            bounds.pow.subnormal,
          )
      }
  })
})
