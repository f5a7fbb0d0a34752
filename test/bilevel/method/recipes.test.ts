/** Methods of the field by name: each is the parts that its page says, at both levels by any rule. */

import { fc } from '@fast-check/vitest'
import * as O from 'fp-ts/lib/Option.js'
import { adam, constant, power } from 'steplaw'
import {
  aid,
  type BilevelMethod,
  type BilevelState,
  bilevelDescent,
  bsa,
  conjugateGradients,
  darts,
  dartsFirst,
  firstOrder,
  itd,
  minimiseBilevel,
  neumann,
  noDraw,
  oneStepDifference,
  stocBiO,
  ttsa,
  unrolled,
} from 'steplaw/bilevel'
import { describe, expect, it, test } from 'vitest'
import { keepsItsPromises } from '../resume.js'
import { alternating, start, sums } from '../sums.js'

const tenth = { rule: constant(0.1) }
const decaying = (exponent: number) => ({ rule: power({ initial: 0.1, exponent }) })
const adams = { rule: constant(0.05), direction: adam() }

const x = <S extends BilevelState, T>(method: BilevelMethod<S, T>): Float64Array =>
  minimiseBilevel(sums, { method, start, draws: alternating, iterations: 4 }).x

describe('by default', () => {
  test.each([
    ['bsa', bsa(), { steps: 10, ...decaying(0.5) }, neumann({ terms: 10, step: 0.1 }), decaying(0.5)],
    ['ttsa', ttsa(), { steps: 1, ...decaying(0.4) }, neumann({ terms: 10, step: 0.1 }), decaying(0.6)],
    ['stocBiO', stocBiO(), { steps: 200, ...tenth }, neumann({ terms: 4, step: 0.5 }), tenth],
    ['aid', aid(), { steps: 10, ...tenth }, conjugateGradients({ iterations: 10, warmStart: true }), tenth],
    ['itd', itd(), { steps: 10, ...tenth }, unrolled(), tenth],
    ['dartsFirst', dartsFirst(), { steps: 1, ...tenth }, firstOrder(), tenth],
    ['darts', darts(), { steps: 1, ...tenth }, oneStepDifference({ step: 0.1 }), tenth],
  ] as const)('%s is these parts', (_name, method, inner, hypergradient, outer) => {
    expect(x(method)).toStrictEqual(x(bilevelDescent({ inner, hypergradient, outer })))
  })
})

describe('by Adam at both levels', () => {
  const levels = { inner: { steps: 2, ...adams }, outer: adams }
  const run = { start, draws: alternating, iterations: 4 }
  keepsItsPromises('bsa', sums, {
    method: bsa(levels),
    ...run,
    draws: (k) => ({ ...alternating(k), depth: O.some(k) }),
  })
  keepsItsPromises('ttsa', sums, { method: ttsa({ ...levels, inner: { steps: 1, ...adams } }), ...run })
  keepsItsPromises('stocBiO', sums, { method: stocBiO(levels), ...run })
  keepsItsPromises('aid', sums, { method: aid(levels), ...run })
  keepsItsPromises('itd', sums, { method: itd({ inner: { steps: 3, ...tenth }, outer: adams }), ...run })
  keepsItsPromises('dartsFirst', sums, { method: dartsFirst(levels), ...run })
  keepsItsPromises('darts', sums, { method: darts(levels), ...run })

  it('is not what itd can go back over', () => {
    expect(() => itd(levels)).toThrow('inner: got adam, expected the direction steepest')
  })
})

it('bsa is stocBiO in the mean over its depth', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.constantFrom(0.1, 0.3), (terms, step) => {
      const levels = { inner: { steps: 1, ...tenth }, outer: { rule: constant(0.5) } }
      const moved = (method: ReturnType<typeof bsa>, depth: O.Option<number>) =>
        minimiseBilevel(sums, { method, start, iterations: 1, draws: () => ({ ...noDraw, depth }) }).x
      const series = moved(stocBiO({ products: terms - 1, step, ...levels }), O.none)
      const each = Array.from({ length: terms }, (_, d) => moved(bsa({ terms, step, ...levels }), O.some(d)))
      for (const [i, xi] of series.entries())
        expect(each.reduce((s, one) => s + (one[i] ?? 0), 0) / terms).toBeCloseTo(xi, 12)
    }),
    { numRuns: 10 },
  )
})

it('boxes hold', () => {
  const box = [-0.25, 0.25] as const
  const run = { start: { x: Float64Array.of(0, 0), y: Float64Array.of(0, 0) }, iterations: 30 }
  const levels = { inner: { steps: 2, ...tenth, box }, outer: { ...adams, box } }
  for (const method of [bsa(levels), ttsa(levels), stocBiO(levels), aid(levels), darts(levels)]) {
    const { x, y, records } = minimiseBilevel(sums, { method, ...run })
    const visited = records.flatMap((record) => [...record.x, ...record.y])
    expect(Math.max(...[...x, ...y, ...visited].map(Math.abs))).toBe(0.25)
  }
})

it('refuses a series without a term', () => {
  expect(() => stocBiO({ products: -1 })).toThrow('products: got -1')
  expect(() => bsa({ terms: 0 })).toThrow('terms: got 0')
})
