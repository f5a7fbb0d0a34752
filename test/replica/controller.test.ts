/** What controllers refuse, that the golden vectors find their faults, and schedules. What is sure of them is a theorem, P21. */
import fc from 'fast-check'
import { controller, decayTo, lossWeights, oneCycle, replicaImplementationOf } from 'steplaw/replica'
import { controllerExpr } from 'steplaw/spec'
import { describe, expect, test } from 'vitest'
import { failures } from '../spec/read.js'
import { controllers, made } from '../theory/mutantsReplica.js'

describe('the vectors find', () => {
  // A base without a floor and one of one replica are cases of their own; where nothing else is wrong, one case finds them.
  test.each(Object.entries(controllers))('%s', (_, faulty) =>
    expect(failures(replicaImplementationOf(faulty), 'replicas')).not.toEqual([]),
  )

  test('nothing in the controller that these are made of', () =>
    expect(failures(replicaImplementationOf(made({})), 'replicas')).toEqual([]))
})

describe('a controller refuses', () => {
  const fields = { replicas: 2, step: 1, spread: 0.5, temperature: 1, momentum: 0.5, gain: 1 }
  test.each([
    ['replicas', 0],
    ['replicas', 1.5],
    ['step', 0],
    ['step', Number.POSITIVE_INFINITY],
    ['spread', -0.1],
    ['spread', 1.1],
    ['temperature', 0],
    ['momentum', 1],
    ['gain', -1],
    ['gain', Number.NaN],
    ['decay', -0.01],
    ['decay', 1],
    ['floor', 0],
  ])('%s %s', (field, value) => {
    expect(() => controller({ ...fields, [field]: value })).toThrow(new RegExp(`${field}: got`))
    expect(controllerExpr.is({ ...fields, period: 1, [field]: value })).toBe(false)
  })

  test('losses and assignments of another length, and what is no permutation', () => {
    const it = controller(fields)
    expect(() => it.synchronise(it.init, [0, 1], [1])).toThrow('losses')
    expect(() => it.values(1, [0])).toThrow('assignment')
    expect(() => it.values(1, [0, 0])).toThrow('permutation')
    expect(() => it.values(1, [0, 2])).toThrow('permutation')
  })
})

describe('losses that are no numbers', () => {
  test('weigh nothing, and where there are no others all weigh the same', () => {
    expect(lossWeights([1, Number.NaN, 1, Number.POSITIVE_INFINITY], 1)).toEqual([0.5, 0, 0.5, 0])
    expect(lossWeights([Number.NaN, Number.POSITIVE_INFINITY], 1)).toEqual([0.5, 0.5])
  })
})

describe('a schedule', () => {
  const cycle = fc.record({
    total: fc.integer({ min: 10, max: 1000 }),
    rise: fc.double({ min: 0.2, max: 0.8, noNaN: true }),
    divide: fc.double({ min: 1, max: 100, noNaN: true }),
    finalDivide: fc.double({ min: 1, max: 1e5, noNaN: true }),
  })

  test('rises to 1, falls to its last value, and stays there', () =>
    fc.assert(
      fc.property(cycle, (given) => {
        const factor = oneCycle(given)
        const last = 1 / given.divide / given.finalDivide
        const values = Array.from({ length: given.total + 3 }, (_, k) => factor(k))
        const peak = given.rise * given.total - 1
        expect(values[0]).toBeCloseTo(1 / given.divide, 12)
        expect(values.slice(given.total - 1).every((value) => value === last)).toBe(true)
        expect(
          values.every((value, k) => {
            const next = values[k + 1] ?? value
            if (k + 1 <= peak) return next >= value - 1e-15
            return k < peak || next <= value + 1e-15
          }),
        ).toBe(true)
        expect(factor(peak)).toBe(1)
      }),
    ))

  test('is not met by the published decay, which grows and is refused', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (synchronisations) => {
        const published = 1 - Math.exp(-Math.log(25 / 1e4) / synchronisations)
        expect((1 - published) ** synchronisations).toBeCloseTo(400, 6)
        const fields = { replicas: 2, step: 1, spread: 0, temperature: 1, momentum: 0, gain: 0 }
        expect(() => controller({ ...fields, decay: published })).toThrow('decay')
        // What it is meant to be, for the factors in use, which are the default.
        expect((1 - decayTo({ synchronisations })) ** synchronisations).toBeCloseTo(1 / (25 * 1e4), 12)
      }),
    ))
})
