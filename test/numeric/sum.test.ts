import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { dot, gamma, norm, sum, sumRoundings, sumStrided } from '../../src/numeric/index.js'
import * as ref from './bigFloat.js'

const lengths = fc.oneof(
  fc.integer({ min: 0, max: 40 }),
  fc.constantFrom(4095, 4096, 4097, 8192, 12289, 5 * 4096 + 3),
)
const element = fc.double({ min: -1e3, max: 1e3, noNaN: true })
/** A vector of any length made of a short random pattern, so that generating and shrinking stay cheap. */
const vectors = fc
  .tuple(lengths, fc.array(element, { minLength: 1, maxLength: 37 }))
  .map(([n, pattern]) =>
    Float64Array.from({ length: n }, (_, i) => (pattern[i % pattern.length] ?? 0) / (1 + (i % 11))),
  )

const exactSum = (terms: Iterable<ref.Big>): ref.Big => {
  let s = ref.integer(0n)
  for (const t of terms) s = ref.add(s, t)
  return s
}
const absolute = (b: ref.Big): ref.Big => (b.m < 0n ? ref.neg(b) : b)

/** The order of additions, written as its definition reads. */
const specified = (x: ReadonlyArray<number>): number => {
  const blocks: number[] = []
  for (let start = 0; start < x.length; start += 4096) {
    const a = [0, 0, 0, 0, 0, 0, 0, 0]
    x.slice(start, start + 4096).forEach((v, i) => {
      a[i % 8] = (a[i % 8] ?? 0) + v
    })
    const [a0 = 0, a1 = 0, a2 = 0, a3 = 0, a4 = 0, a5 = 0, a6 = 0, a7 = 0] = a
    blocks.push(a0 + a4 + (a2 + a6) + (a1 + a5 + (a3 + a7)))
  }
  let level = blocks
  while (level.length > 1)
    level = level.flatMap((v, i) =>
      i % 2 === 1 ? [] : i + 1 < level.length ? [v + (level[i + 1] ?? 0)] : [v],
    )
  return level[0] ?? 0
}

describe('sum and dot', () => {
  test.prop([vectors], { numRuns: 60 })('follow the stated order bit for bit', (x) => {
    expect(sum(x)).toBe(specified([...x]))
    expect(
      dot(
        x,
        x.map((v) => v - 1),
      ),
    ).toBe(specified([...x].map((v) => v * (v - 1))))
  })

  test.prop([vectors], { numRuns: 25 })('are within gamma times the absolute sum', (x) => {
    const scale = ref.toNumber(exactSum([...x].map((v) => absolute(ref.big(v)))))
    const error = ref.toNumber(absolute(ref.sub(ref.big(sum(x)), exactSum([...x].map(ref.big)))))
    expect(error).toBeLessThanOrEqual(gamma(sumRoundings(x.length)) * scale * (1 + 1e-15))
    const squares = [...x].map((v) => ref.mul(ref.big(v), ref.big(v)))
    const dotError = ref.toNumber(absolute(ref.sub(ref.big(dot(x, x)), exactSum(squares))))
    const bound = gamma(sumRoundings(x.length) + 1) * ref.toNumber(exactSum(squares))
    // Squares below 2^-1022 lose absolute, not relative, accuracy.
    expect(dotError).toBeLessThanOrEqual(bound * (1 + 1e-15) + x.length * 2 ** -1074)
  })

  test.prop([vectors, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 3 })], { numRuns: 40 })(
    'a strided sum is the sum of the elements it visits',
    (x, stride, start) => {
      const spread = new Float64Array(start + x.length * stride)
      x.forEach((v, i) => {
        spread[start + i * stride] = v
      })
      expect(sumStrided(spread, start, stride, x.length)).toBe(sum(x))
    },
  )

  test('keep infinities and NaN', () => {
    expect(sum(new Float64Array())).toBe(0)
    expect(sum(Float64Array.of(1, Infinity))).toBe(Infinity)
    expect(sum(Float64Array.of(-Infinity, Infinity))).toBeNaN()
    expect(() => dot(new Float64Array(2), new Float64Array(3))).toThrow(/lengths differ, 2 and 3/)
  })

  test.prop([fc.integer({ min: -1070, max: 1020 })])('norm survives squares out of range', (k) => {
    const p = 2 ** k
    expect(norm(Float64Array.of(3 * p, 4 * p))).toBe(5 * p)
  })

  test('norm of zeros, infinities and NaN', () => {
    expect(norm(new Float64Array(3))).toBe(0)
    expect(norm(Float64Array.of(1, -Infinity))).toBe(Infinity)
    expect(norm(Float64Array.of(1, NaN))).toBeNaN()
  })
})

test('gamma is m u / (1 - m u) and refuses what is out of its range', () => {
  expect(gamma(0)).toBe(0)
  expect(gamma(1)).toBe(2 ** -53 / (1 - 2 ** -53))
  expect(() => gamma(-1)).toThrow(RangeError)
  expect(() => gamma(2 ** 53)).toThrow(RangeError)
})
