/** Fused kernels: any equations over any sizes, sums and maxima, in place, and nothing touched beside the arrays. */
import { fc, test } from '@fast-check/vitest'
import { describe, expect, test as once } from 'vitest'
import { Module } from '../../src/runtime/assembler/module.js'
import { emitMap } from '../../src/runtime/kernel/map.js'
import type { MapSpec } from '../../src/runtime/kernel/mapSpec.js'
import { importScalars } from '../../src/runtime/lane/scalars.js'
import { samples, specs } from './mapArbitrary.js'
import { difference, inputLength, reference, runner } from './mapKernel.js'

/** Data for a kernel over `count` elements or rows. */
const dataFor = (spec: MapSpec, count: number): fc.Arbitrary<ReadonlyArray<Float64Array>> =>
  fc.tuple(...spec.inputs.map((_, i) => samples(inputLength(spec, i, count))))

/** Outputs laid over inputs that are addressed as they are: no input twice. */
const overlays = (spec: MapSpec, take: ReadonlyArray<boolean>): ReadonlyArray<number | undefined> => {
  const taken = new Set<number>()
  return spec.outputs.map(({ to }, o) => {
    const like = to === 'store' ? 'full' : to === 'blockSum' ? null : 'row'
    const found = spec.inputs.findIndex((access, i) => access === like && !taken.has(i))
    if (found === -1 || take[o] !== true) return undefined
    taken.add(found)
    return found
  })
}

const kernels = (space: fc.Arbitrary<MapSpec['space']>, count: fc.Arbitrary<number>) =>
  fc
    .tuple(space.chain(specs), count, fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }))
    .chain(([spec, n, take]) =>
      fc.record({
        spec: fc.constant(spec),
        n: fc.constant(n),
        inPlace: fc.constant(overlays(spec, take)),
        data: dataFor(spec, n),
      }),
    )

const flat = fc.constant({ kind: 'flat' as const })
const rows = (columns: fc.Arbitrary<number>) => columns.map((c) => ({ kind: 'rows' as const, columns: c }))
const around = fc
  .tuple(fc.constantFrom(4096, 8192, 12288), fc.integer({ min: -3, max: 3 }))
  .map(([b, d]) => b + d)

describe('a fused kernel has the bits of its equations, one after the other,', () => {
  const cases = [
    ['over few elements', kernels(flat, fc.nat(19)), 300],
    ['over elements around whole blocks', kernels(flat, around), 12],
    ['over rows', kernels(rows(fc.nat(19)), fc.nat(19)), 300],
    ['over rows of around whole blocks', kernels(rows(around), fc.nat(2)), 12],
    [
      'over rows of many blocks',
      kernels(rows(fc.constantFrom(5 * 4096 + 2, 7 * 4096 - 1, 9 * 4096 + 7)), fc.constant(1)),
      6,
    ],
  ] as const
  for (const [name, arbitrary, numRuns] of cases)
    test.prop([arbitrary], { numRuns })(name, ({ spec, n, inPlace, data }) => {
      expect(difference(runner(spec, inPlace)(n, data), reference(spec)(n, data))).toBe(null)
    })
})

once('a sum over rows of seventeen blocks goes by pairs, as the numeric one', () => {
  const spec: MapSpec = {
    space: { kind: 'rows', columns: 17 * 4096 - 5 },
    inputs: ['full'],
    equations: [],
    outputs: [{ value: 0, to: 'rowSum' }],
  }
  const x = Float64Array.from({ length: 2 * (17 * 4096 - 5) }, (_, i) => 1 / (i + 1))
  expect(difference(runner(spec)(2, [x]), reference(spec)(2, [x]))).toBe(null)
})

once('many rare elements among usual ones', () => {
  const spec: MapSpec = {
    space: { kind: 'flat' },
    inputs: ['full'],
    equations: [
      { primitive: 'log', params: {}, inputs: [0] },
      { primitive: 'sin', params: {}, inputs: [0] },
      { primitive: 'add', params: {}, inputs: [1, 2] },
    ],
    outputs: [
      { value: 3, to: 'store' },
      { value: 3, to: 'blockSum' },
    ],
  }
  for (const period of [1, 2, 3, 8, 11, 64]) {
    const x = Float64Array.from({ length: 301 }, (_, i) => (i % period === 0 ? 1e9 * (i % 3) : i + 0.5))
    expect(difference(runner(spec, [0])(301, [x]), reference(spec)(301, [x]))).toBe(null)
  }
})

describe('refuses, naming the field,', () => {
  const good: MapSpec = { space: { kind: 'flat' }, inputs: ['full'], equations: [], outputs: [] }
  const cases: ReadonlyArray<readonly [string, MapSpec, RegExp]> = [
    ['a row of a flat space', { ...good, inputs: ['row'] }, /inputs: .*row/],
    [
      'columns that are no number of columns',
      { ...good, space: { kind: 'rows', columns: 1.5 } },
      /space\.columns/,
    ],
    [
      'a primitive that is not elementwise',
      { ...good, equations: [{ primitive: 'transpose', params: { permutation: [] }, inputs: [0] }] },
      /transpose is not elementwise/,
    ],
    [
      'a value that is not defined yet',
      { ...good, equations: [{ primitive: 'neg', params: {}, inputs: [1] }] },
      /neg reads 1/,
    ],
    [
      'an output that is no value',
      { ...good, outputs: [{ value: 1, to: 'store' }] },
      /outputs: there is no value 1/,
    ],
    ['a row sum of a flat space', { ...good, outputs: [{ value: 0, to: 'rowSum' }] }, /outputs: rowSum/],
    [
      'a block sum of rows',
      { ...good, space: { kind: 'rows', columns: 3 }, outputs: [{ value: 0, to: 'blockSum' }] },
      /outputs: blockSum/,
    ],
    [
      'too few operands',
      { ...good, equations: [{ primitive: 'add', params: {}, inputs: [0] }] },
      /expected 2 inputs/,
    ],
  ]
  for (const [name, spec, message] of cases)
    once(name, () => {
      const module = new Module()
      const scalars = importScalars(module)
      expect(() => emitMap(module, 'kernel', spec, scalars)).toThrow(message)
    })
})
