import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { decodeWith } from '../../spec/vocabulary/invalid.js'
import { draws, drawsSpec, encodeDraws, resolveDraws } from '../../src/problem/draws.js'
import { deviation } from './statistics.js'
import { fields, left, right } from './support.js'

const settings = fc
  .record({ components: fc.integer({ min: 1, max: 40 }), seed: fc.integer(), replace: fc.boolean() })
  .chain(({ components, ...rest }) =>
    fc.record({
      components: fc.constant(components),
      spec: fc.record({ batch: fc.integer({ min: 1, max: components }), replace: fc.constant(rest.replace) }),
      seed: fc.constant(rest.seed),
      iterations: fc.nat({ max: 60 }),
    }),
  )
  .map(({ spec, seed, ...rest }) => ({ ...rest, spec: { ...spec, seed } }))

describe('seeded draws', () => {
  test.prop([settings])('every iteration has a batch of the asked size, of indices in range', (s) => {
    const batches = draws(s.spec, s.components, s.iterations)
    expect(batches.length).toBe(s.iterations)
    for (const batch of batches) {
      expect(batch.length).toBe(s.spec.batch)
      expect(batch.every((i) => i >= 0 && i < s.components)).toBe(true)
    }
  })

  test.prop([settings])('without replacement an epoch holds every index once, but for the remainder', (s) => {
    const batches = draws({ ...s.spec, replace: false }, s.components, s.iterations)
    const perEpoch = Math.floor(s.components / s.spec.batch)
    for (let k = 0; k < batches.length; k += perEpoch) {
      const epoch = batches.slice(k, k + perEpoch).flatMap((batch) => Array.from(batch))
      expect(new Set(epoch).size).toBe(epoch.length)
      if (k + perEpoch <= batches.length) {
        expect(epoch.length).toBe(s.components - (s.components % s.spec.batch))
      }
    }
  })

  test.prop([settings, fc.nat({ max: 60 })])('fewer iterations are a beginning of more', (s, more) => {
    const all = draws(s.spec, s.components, s.iterations + more)
    expect(all.slice(0, s.iterations)).toEqual(draws(s.spec, s.components, s.iterations))
  })

  // 2000 epochs of 7 indices in batches of 3: each index is left over with probability 1/7, independently by epoch.
  test.prop([fc.integer()], { numRuns: 1 })(
    'the remainder that is dropped changes from epoch to epoch',
    (seed) => {
      const epochs = 2000
      const batches = draws({ batch: 3, replace: false, seed }, 7, 2 * epochs)
      for (let i = 0; i < 7; i++) {
        const used = batches.filter((batch) => batch.includes(i)).length
        expect(Math.abs(1 - used / epochs - 1 / 7)).toBeLessThan(deviation(epochs, 7))
      }
    },
  )

  // At least 99 different indices of 100 with replacement have a probability below 1e-37.
  test.prop([fc.integer()])('with replacement an index repeats within a batch', (seed) => {
    const [batch] = draws({ batch: 100, replace: true, seed }, 100, 1)
    expect(new Set(batch).size).toBeLessThan(99)
  })

  test('nonsense is refused by name', () => {
    const spec = { batch: 2, replace: false, seed: 1 }
    expect(() => draws({ ...spec, batch: 0 }, 4, 1)).toThrow(/^batch/)
    expect(() => draws({ ...spec, batch: 5 }, 4, 1)).toThrow(/^batch/)
    expect(() => draws({ ...spec, batch: 5, replace: true }, 4, 1)).toThrow(/^batch/)
    expect(() => draws({ ...spec, seed: 0.5 }, 4, 1)).toThrow(/^seed/)
    expect(() => draws(spec, 0, 1)).toThrow(/^components/)
    expect(() => draws(spec, 4, -1)).toThrow(/^iterations/)
  })
})

describe('draws of an experiment file', () => {
  test.prop([settings])('seeded draws written out are the same draws', (s) => {
    const batches = draws(s.spec, s.components, s.iterations)
    const text = JSON.stringify(encodeDraws(batches))
    const written = right(decodeWith(drawsSpec, 'draws')(JSON.parse(text)))
    expect(right(resolveDraws(written, s.components, s.iterations))).toEqual(batches)
    expect(right(resolveDraws(s.spec, s.components, s.iterations))).toEqual(batches)
  })

  test('no draws are all components every time', () => {
    expect(right(resolveDraws(undefined, 5, 2))).toEqual([null, null])
  })

  test('batches that do not fit the data are refused', () => {
    const at = (spec: typeof drawsSpec._A, n: number, k: number) => fields(resolveDraws(spec, n, k))
    expect(at({ batches: [[0], [1, 2]] }, 2, 2)).toEqual(['draws.batches[1][1]'])
    expect(at({ batches: [[0], []] }, 2, 2)).toEqual(['draws.batches[1]'])
    expect(at({ batches: [[0]] }, 2, 2)).toEqual(['draws.batches'])
    expect(at({ batch: 3, replace: true, seed: 1 }, 2, 2)).toEqual(['draws.batch'])
  })

  test('errors speak of the form that was meant', () => {
    const at = (u: unknown) => left(decodeWith(drawsSpec, 'draws')(u))
    expect(at({ batch: 0, replace: false, seed: 1 })).toEqual([
      { _tag: 'Invalid', field: 'draws.batch', value: 0, expected: 'an integer >= 1' },
    ])
    expect(at({ batch: 1, seed: 1 }).map((e) => e.field)).toEqual(['draws.replace'])
    expect(at({ batch: 1, replace: 'no', seed: 1 }).map((e) => e.field)).toEqual(['draws.replace'])
    expect(at({ batch: 1, replace: true, seed: 2 ** 31 }).map((e) => e.field)).toEqual(['draws.seed'])
    expect(at({ batches: [[0, -1]] }).map((e) => e.field)).toEqual(['draws.batches[0][1]'])
    expect(at({ batches: [[0, 1.5]] }).map((e) => e.field)).toEqual(['draws.batches[0][1]'])
    expect(at({ batches: [], seed: 1 })[0]?.expected).toContain('draws has batches')
    expect(at({ batch: 1, replace: true, seed: 1, size: 1 })[0]?.expected).toContain('batch, replace, seed')
    expect(at([]).map((e) => e.expected)).toEqual(['an object'])
    expect(at(JSON.parse('{"batches": [], "__proto__": {}}')).map((e) => e.field)).toEqual([
      'draws.__proto__',
    ])
  })
})
