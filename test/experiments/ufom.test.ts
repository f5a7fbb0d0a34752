/** The studies of first-order descent and of the linear system, at a size that takes no time; and what is kept of them. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readStudied } from '../../examples/experiments/summary.js'
import { predicted } from '../../examples/experiments/ufom/predicted.js'
import { disagreement, example, type Q } from '../../examples/experiments/ufom/simulate.js'
import { gradientsOf, overTasks } from '../../examples/experiments/ufom/tasks.js'
import { weighed } from '../../examples/experiments/ufom/time.js'

const near = (a: number, b: number, slack = 1e-9): void =>
  expect(Math.abs(a - b)).toBeLessThanOrEqual(slack * Math.max(1, Math.abs(a), Math.abs(b)))

describe('the counter-example', () => {
  test('has the gradients of the library, on parabolas and on lines', () => {
    const gradients = gradientsOf(example)
    fc.assert(
      fc.property(fc.double({ min: -60, max: 60, noNaN: true }), (x) => {
        near(
          overTasks(gradients, x, ({ exact }) => exact),
          example.gradient(x),
        )
        near(
          overTasks(gradients, x, ({ firstOrder }) => firstOrder),
          example.firstOrderGradient(x),
        )
      }),
    )
  })

  test.each<Q>([0, 0.1, 1, 'adaptive'])('is descended as by the library, q = %s', (q) => {
    expect(disagreement(q, { seeds: 2, iterations: 40 })).toBeLessThan(1e-9)
  })

  test('is expected to hold the first-order method at 2 D, and no other', () => {
    near(predicted(0, 1e12).square, 0.12)
    for (const q of [0.1, 0.5, 1]) expect(predicted(q, 1e12).square).toBeLessThan(1e-9)
  })
})

test('the formula for the probability of an exact pass finds the least of the grid', () =>
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 0.03, noNaN: true }), (step) => {
      for (const { best, searched } of weighed(step).prices)
        expect(Math.abs(best - searched)).toBeLessThanOrEqual(0.001)
    }),
    { numRuns: 10 },
  ))

describe('what is kept', () => {
  const column = (study: string, table: number, name: string): ReadonlyArray<string | number> => {
    const { head = [], rows = [] } = readStudied()[study]?.tables[table] ?? {}
    return rows.map((row) => row[head.indexOf(name)] ?? '')
  }

  test('has no error above its bound, and the bound of the series attained', () => {
    const ratios = column('neumann', 0, 'tightest')
    for (const ratio of ratios) expect(Number(ratio)).toBeLessThanOrEqual(1)
    expect(ratios.filter((ratio) => ratio === 1).length).toBe(3)
  })

  test('has the squared gradient of the first-order method at 0.12, that of the unbiased one below 0.02', () => {
    const [fom, ufom] = column('ufom', 0, 'tail').map(Number)
    near(fom ?? 0, 0.12, 0.02)
    expect(ufom).toBeLessThan(0.02)
  })
})
