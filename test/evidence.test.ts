import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  atLeast,
  atMost,
  bill,
  drawsFor,
  fewest,
  fits,
  LEVEL,
  missed,
  most,
  SUITE,
  suffices,
} from './evidence.js'

const choose = (n: bigint, k: bigint): bigint => (k === 0n ? 1n : (choose(n, k - 1n) * (n - k + 1n)) / k)

/** P(X <= k) for p = a/64, in integers, rounded once. */
const exact = (k: number, n: number, a: number): number => {
  const term = (i: number): bigint =>
    choose(BigInt(n), BigInt(i)) * BigInt(a) ** BigInt(i) * BigInt(64 - a) ** BigInt(n - i)
  const sum = Array.from({ length: k + 1 }, (_, i) => term(i)).reduce((s, t) => s + t, 0n)
  return Number((sum << 1000n) / 64n ** BigInt(n)) * 2 ** -1000
}

const near = (x: number, y: number): boolean => Math.abs(x - y) <= 1e-9 * Math.max(Math.abs(x), Math.abs(y))

const trials = fc
  .tuple(fc.integer({ min: 1, max: 60 }), fc.nat(64), fc.nat(60))
  .map(([n, a, k]) => ({ n, a, k: Math.min(k, n) }))

const large = fc.record({
  n: fc.integer({ min: 1, max: 3000 }),
  p: fc.integer({ min: 1, max: 999 }).map((i) => i / 1000),
})

describe('binomial tails', () => {
  it('are those of exact arithmetic', () => {
    fc.assert(
      fc.property(trials, ({ n, a, k }) => {
        const p = a / 64
        return near(atMost(k, n, p), exact(k, n, a)) && near(atLeast(n - k, n, 1 - p), exact(k, n, a))
      }),
    )
  })

  it("are below Chernoff's bound, and not by much", () => {
    fc.assert(
      fc.property(large, fc.integer({ min: 1, max: 99 }), ({ n, p }, percent) => {
        const k = Math.floor((n * p * percent) / 100)
        const q = k / n
        const divergence = (q === 0 ? 0 : q * Math.log(q / p)) + (1 - q) * Math.log((1 - q) / (1 - p))
        const chernoff = Math.exp(-n * divergence)
        const tail = atMost(k, n, p)
        return tail <= chernoff * (1 + 1e-9) && tail >= (chernoff / (n + 1)) * (1 - 1e-9)
      }),
    )
  })

  it('give the counts that are no surprise', () => {
    fc.assert(
      fc.property(large, ({ n, p }) => {
        const [low, high] = [fewest(n, p), most(n, p)]
        return (
          atMost(low - 1, n, p) <= LEVEL &&
          atLeast(high + 1, n, p) <= LEVEL &&
          (low === n || atMost(low, n, p) > LEVEL) &&
          (high === 0 || atLeast(high, n, p) > LEVEL)
        )
      }),
    )
  })

  it('have these values', () => {
    expect(fewest(600, 0.13)).toBe(33)
    expect(drawsFor(0.13)).toBe(149)
    expect(missed(0.13, 149)).toBeLessThan(LEVEL)
    expect(missed(0.13, 148)).toBeGreaterThan(LEVEL)
  })
})

describe('an assertion about chance', () => {
  it('passes and fails with the count, and is on the bill of its test', ({ task }) => {
    expect(fits(1000, 2000, 0.5, 0.5)).toBe(true)
    expect(fits(1130, 2000, 0.5, 0.5)).toBe(true)
    expect(fits(1150, 2000, 0.5, 0.5)).toBe(false)
    expect(fits(850, 2000, 0.5, 1)).toBe(false)
    expect(fits(1150, 2000, 0.5, 1)).toBe(true)
    expect(suffices(500, 0.041)).toBe(true)
    expect(suffices(500, 0.04)).toBe(false)
    expect(task.meta.risk?.assertions).toBe(7)
    expect(task.meta.risk?.total).toBeCloseTo(5 * LEVEL + missed(0.041, 500) + missed(0.04, 500), 14)
    delete task.meta.risk
  })
})

describe('the bill of the suite', () => {
  it('adds up', () => {
    const { words, total, within } = bill([
      { total: 2e-9, assertions: 2 },
      { total: 1e-10, assertions: 3 },
    ])
    expect(total).toBeCloseTo(2.1e-9, 15)
    expect(within).toBe(true)
    expect(words).toMatch(/^5 assertions about chance: .* at most 2\.1e-9 \(allowed: 0\.000001\)$/)
  })

  it('is refused where it is too high', () => {
    expect(bill([{ total: SUITE, assertions: 1000 }]).within).toBe(false)
  })
})
