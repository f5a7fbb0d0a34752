/** What a primitive refuses, and what it says of itself. */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import type { Equation, IR, PrimitiveName, PrimitiveParams, Shape, ValueType } from '../../src/autodiff/ir.js'
import { primitives } from '../../src/autodiff/table.js'
import { equation } from '../../src/autodiff/trace.js'
import { verify } from '../../src/entry/autodiff.js'
import { type Instance, instance } from './adjoint.js'
import { references } from './reference/table.js'

const names = Object.keys(references) as ReadonlyArray<PrimitiveName>
const casesOf = <N extends PrimitiveName>(name: N): fc.Arbitrary<Instance> =>
  references[name].cases.map((c) => instance(name, c))

const f64 = (...shape: number[]): ValueType => ({ shape, type: 'f64' })
const i32 = (...shape: number[]): ValueType => ({ shape, type: 'i32' })
const size = (shape: Shape): number => shape.reduce((n, s) => n * s, 1)

/** Something else in place of a parameter. */
const wrong = (key: string): ReadonlyArray<unknown> => {
  const never = ['x', null, undefined, {}, [0.5], [-1], ['1']]
  switch (key) {
    case 'value':
    case 'exponent':
      return never
    case 'transposeX':
    case 'transposeY':
    case 'lower':
    case 'transpose':
      return [...never, 0, 1]
    case 'window':
    case 'stride':
      return [...never, 1, [1], [0, 1], [1, 0], [1.5, 1], [1, 1, 1], [], '22']
    case 'values':
      return ['x', null, undefined, {}, ['1'], [null]]
    default:
      return [...never, true, -1, 0.5, Number.NaN]
  }
}

const patched = (ir: IR, params: object): IR => {
  const equations: unknown = ir.equations.map((e) => ({ ...e, params }))
  return { ...ir, equations: equations as ReadonlyArray<Equation> }
}

const typed = <N extends PrimitiveName>(
  { primitive, params }: Equation<N>,
  inputs: ReadonlyArray<number>,
  types: ReadonlyArray<ValueType>,
): Equation<N> => equation(primitive, params, inputs, types)

const flopsOf = <N extends PrimitiveName>(e: Equation<N>, inputs: ReadonlyArray<ValueType>): number =>
  primitives[e.primitive].flops(inputs, e, e.params)

/** Primitives that only move elements, or make them of nothing. */
const FREE: ReadonlySet<PrimitiveName> = new Set<PrimitiveName>([
  ...(['broadcastTo', 'concat', 'constant', 'gather', 'literal', 'pad', 'patches', 'pick', 'place'] as const),
  ...(['reshape', 'slice', 'transpose'] as const),
])

const expectedFlops = (e: Equation, [x, y]: ReadonlyArray<ValueType>): number => {
  const all = size(x?.shape ?? [])
  switch (e.primitive) {
    case 'sum':
    case 'max':
    case 'scatterAdd':
    case 'overlay':
      return all
    case 'logSumExp':
      return 3 * all
    case 'matmul':
      return 2 * size(e.shape) * (x?.shape[e.params.transposeX ? 0 : 1] ?? 0)
    case 'cholesky':
      return Math.ceil((x?.shape[0] ?? 0) ** 3 / 3)
    case 'solveTriangular':
      return all * (y?.shape[1] ?? 0)
    default:
      return FREE.has(e.primitive) ? 0 : size(e.shape)
  }
}

/** Where the type of the elements is nothing to it. */
const ANY_TYPE: ReadonlySet<string> = new Set(['broadcastTo', 'reshape', 'slice', 'transpose'])

describe.each(names)('%s', (name) => {
  test('verifies as it is traced, and not with another parameter', () => {
    fc.assert(
      fc.property(casesOf(name), ({ ir }) => {
        expect(E.isRight(verify(ir))).toBe(true)
        const params: Readonly<Record<string, unknown>> = { ...ir.equations[0]?.params }
        for (const key of Object.keys(params))
          for (const value of wrong(key)) {
            const found = verify(patched(ir, { ...params, [key]: value }))
            expect(E.isLeft(found) && found.left.some(({ field }) => field.endsWith(`params.${key}`))).toBe(
              true,
            )
          }
        expect(E.isLeft(verify(patched(ir, { ...params, more: 1 })))).toBe(true)
      }),
      { numRuns: 20 },
    )
  })

  test('has a cost and a domain', () => {
    fc.assert(
      fc.property(casesOf(name), ({ ir }) => {
        for (const e of ir.equations) expect(flopsOf(e, ir.inputs)).toBe(expectedFlops(e, ir.inputs))
      }),
    )
    expect(primitives[name].domain).toMatch(/\w/)
    expect(primitives[name].name).toBe(name)
  })

  test('refuses elements of another type, and another number of inputs', () => {
    fc.assert(
      fc.property(casesOf(name), ({ ir }) => {
        const [e] = ir.equations
        if (e === undefined) throw new Error('no equation')
        ir.inputs.forEach((_, k) => {
          // What is gathered may be indices too.
          if (ANY_TYPE.has(name) || (name === 'gather' && k === 0)) return
          const types = ir.inputs.map(
            (x, i): ValueType => (i === k ? { ...x, type: x.type === 'f64' ? 'i32' : 'f64' } : x),
          )
          expect(() => typed(e, e.inputs, types)).toThrow(
            `${name}: expected ${ir.inputs[k]?.type}, got ${types[k]?.type}[`,
          )
        })
        expect(() => typed(e, [...e.inputs, 0], [...ir.inputs, f64()])).toThrow(
          `${name}: expected ${ir.inputs.length} inputs, got ${ir.inputs.length + 1}`,
        )
      }),
      { numRuns: 20 },
    )
  })
})

type RefusedOf<N extends PrimitiveName> = {
  readonly [K in N]: readonly [K, PrimitiveParams[K], ReadonlyArray<ValueType>, string]
}[N]
type Refused = RefusedOf<PrimitiveName>

const refused: ReadonlyArray<Refused> = [
  ['add', {}, [f64(2), f64(3)], 'add: shapes differ, f64[2] and f64[3]'],
  ['broadcastTo', { shape: [4] }, [f64(3)], 'broadcastTo: f64[3] does not broadcast to [4]'],
  ['broadcastTo', { shape: [1] }, [f64(3)], 'broadcastTo: f64[3] does not broadcast to [1]'],
  ['broadcastTo', { shape: [3] }, [f64(2, 3)], 'broadcastTo: f64[2,3] does not broadcast to [3]'],
  ['cholesky', {}, [f64(2, 3)], 'cholesky: expected a square matrix, got f64[2,3]'],
  ['cholesky', {}, [f64(2, 2, 2)], 'cholesky: expected a square matrix, got f64[2,2,2]'],
  ['concat', { axis: 1 }, [f64(2), f64(2)], 'concat: f64[2] has no axes [1]'],
  ['concat', { axis: 0 }, [f64(2, 2), f64(2)], 'concat: f64[2,2] and f64[2] differ beyond axis 0'],
  ['concat', { axis: 0 }, [f64(2), f64(2, 2)], 'concat: f64[2] and f64[2,2] differ beyond axis 0'],
  ['concat', { axis: 0 }, [f64(2, 2), f64(2, 3)], 'concat: f64[2,2] and f64[2,3] differ beyond axis 0'],
  [
    'gather',
    {},
    [f64(), i32(2)],
    'gather: expected rows of an array by a vector of indices, got f64[] by i32[2]',
  ],
  [
    'gather',
    {},
    [f64(3), i32(2, 2)],
    'gather: expected rows of an array by a vector of indices, got f64[3] by i32[2,2]',
  ],
  ['literal', { shape: [2], values: [1], type: 'f64' }, [], 'literal: 1 values do not fill the shape [2]'],
  ['logSumExp', { axis: 1 }, [f64(2)], 'logSumExp: f64[2] has no axes [1]'],
  [
    'matmul',
    { transposeX: false, transposeY: false },
    [f64(2, 3), f64(2, 3)],
    'matmul: inner sizes differ, f64[2,3] and f64[2,3]',
  ],
  [
    'matmul',
    { transposeX: true, transposeY: true },
    [f64(2, 3), f64(3, 4)],
    'matmul: inner sizes differ, f64[2,3] transposed and f64[3,4] transposed',
  ],
  [
    'matmul',
    { transposeX: false, transposeY: false },
    [f64(2), f64(2, 3)],
    'matmul: expected two matrices, got f64[2] and f64[2,3]',
  ],
  [
    'matmul',
    { transposeX: false, transposeY: true },
    [f64(2, 3), f64(3)],
    'matmul: expected two matrices, got f64[2,3] and f64[3] transposed',
  ],
  [
    'matmul',
    { transposeX: false, transposeY: false },
    [f64(2, 3), f64(3, 1, 1)],
    'matmul: expected two matrices, got f64[2,3] and f64[3,1,1]',
  ],
  ['max', { axes: [1] }, [f64(2)], 'max: f64[2] has no axes [1]'],
  ['max', { axes: [] }, [f64(2)], 'max: f64[2] has no axes []'],
  ['max', { axes: [0, 1] }, [f64(2, 0)], 'max: f64[2,0] has no elements to compare'],
  ['concat', { axis: 1 }, [f64(2, 3), f64(2)], 'concat: f64[2,3] and f64[2] differ beyond axis 1'],
  ['max', { axes: [1] }, [f64(2, 0)], 'max: f64[2,0] has no elements to compare'],
  [
    'overlay',
    { window: [2, 2], stride: [1, 1], shape: [1, 3, 3] },
    [f64(1, 2, 2, 4)],
    'overlay: expected images of shape [n, h, w, c], got [1,3,3]',
  ],
  [
    'overlay',
    { window: [2, 2], stride: [1, 1], shape: [1, 3, 3, 1] },
    [f64(1, 2, 3, 4)],
    'overlay: images [1,3,3,1] have windows [1,2,2,4], got f64[1,2,3,4]',
  ],
  ['pad', { before: [1], after: [1, 1] }, [f64(2, 2)], 'pad: [1] and [1,1] do not fit the axes of f64[2,2]'],
  ['pad', { before: [1, 1], after: [1] }, [f64(2, 2)], 'pad: [1,1] and [1] do not fit the axes of f64[2,2]'],
  [
    'patches',
    { window: [2, 2], stride: [1, 1] },
    [f64(3, 3)],
    'patches: expected images of shape [n, h, w, c], got [3,3]',
  ],
  [
    'patches',
    { window: [2], stride: [1, 1] },
    [f64(1, 3, 3, 1)],
    'patches: a window has two sizes >= 1, got [2]',
  ],
  [
    'patches',
    { window: [2, 2], stride: [1, 0] },
    [f64(1, 3, 3, 1)],
    'patches: a stride has two sizes >= 1, got [1,0]',
  ],
  ['pick', {}, [f64(2), i32(2)], 'pick: expected a matrix and one label for each row, got f64[2] and i32[2]'],
  [
    'pick',
    {},
    [f64(2, 3), i32(3)],
    'pick: expected a matrix and one label for each row, got f64[2,3] and i32[3]',
  ],
  [
    'pick',
    {},
    [f64(2, 3), i32(2, 1)],
    'pick: expected a matrix and one label for each row, got f64[2,3] and i32[2,1]',
  ],
  [
    'place',
    { columns: 3 },
    [f64(2), i32(3)],
    'place: expected a vector and one label for each element, got f64[2] and i32[3]',
  ],
  [
    'place',
    { columns: 3 },
    [f64(2, 2), i32(2, 2)],
    'place: expected a vector and one label for each element, got f64[2,2] and i32[2,2]',
  ],
  ['reshape', { shape: [2, 2] }, [f64(3)], 'reshape: f64[3] has 3 elements, [2,2] has 4'],
  [
    'scatterAdd',
    { rows: 3 },
    [f64(), i32(1)],
    'scatterAdd: expected one index for each row, got f64[] by i32[1]',
  ],
  [
    'scatterAdd',
    { rows: 3 },
    [f64(2), i32(3)],
    'scatterAdd: expected one index for each row, got f64[2] by i32[3]',
  ],
  [
    'scatterAdd',
    { rows: 3 },
    [f64(2), i32(2, 1)],
    'scatterAdd: expected one index for each row, got f64[2] by i32[2,1]',
  ],
  ['select', {}, [f64(2), f64(3), f64(3)], 'select: shapes differ, [2], [3] and [3]'],
  ['select', {}, [f64(2), f64(2), f64(3)], 'select: shapes differ, [2], [2] and [3]'],
  ['slice', { start: [2], end: [1] }, [f64(3)], 'slice: [2] to [1] is not inside f64[3]'],
  ['slice', { start: [0], end: [4] }, [f64(3)], 'slice: [0] to [4] is not inside f64[3]'],
  ['slice', { start: [0], end: [1, 1] }, [f64(3)], 'slice: [0] to [1,1] is not inside f64[3]'],
  ['slice', { start: [0, 0], end: [1] }, [f64(3)], 'slice: [0,0] to [1] is not inside f64[3]'],
  ['slice', { start: [0, 2], end: [1, 1] }, [f64(3, 3)], 'slice: [0,2] to [1,1] is not inside f64[3,3]'],
  [
    'solveTriangular',
    { lower: true, transpose: false },
    [f64(2, 2), f64(2)],
    'solveTriangular: expected a matrix of 2 rows on the right, got f64[2]',
  ],
  [
    'solveTriangular',
    { lower: true, transpose: false },
    [f64(2, 2), f64(3, 1)],
    'solveTriangular: expected a matrix of 2 rows on the right, got f64[3,1]',
  ],
  [
    'solveTriangular',
    { lower: true, transpose: false },
    [f64(2, 2), f64(2, 1, 1)],
    'solveTriangular: expected a matrix of 2 rows on the right, got f64[2,1,1]',
  ],
  ['sum', { axes: [0, 0] }, [f64(2)], 'sum: f64[2] has no axes [0,0]'],
  ['transpose', { permutation: [0] }, [f64(2, 2)], 'transpose: [0] does not permute the axes of f64[2,2]'],
  [
    'transpose',
    { permutation: [0, 0] },
    [f64(2, 2)],
    'transpose: [0,0] does not permute the axes of f64[2,2]',
  ],
  [
    'transpose',
    { permutation: [0, 2] },
    [f64(2, 2)],
    'transpose: [0,2] does not permute the axes of f64[2,2]',
  ],
]

const applied = <N extends PrimitiveName>([name, params, types]: RefusedOf<N>): Equation<N> =>
  equation<N>(name, params, [...types.keys()], types)

test.each(refused)('%s with %j of %j is refused', (name, params, types, message) => {
  // The whole message: an error is compared by what it says.
  expect(() => applied([name, params, types, message] as Refused)).toThrow(new RangeError(message))
})
