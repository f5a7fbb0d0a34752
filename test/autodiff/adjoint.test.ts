/**
 * Every primitive against its plain reference: the result, the derivative by the adjoint identity, and the same for the program that
 * computes $J^\top v$: its derivative is the second one. Where all numbers are dyadic nothing is rounded, and both sides of the identity
 * are the same number.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type PrimitiveName, typeOf } from '../../src/autodiff/ir.js'
import { primitives } from '../../src/autodiff/table.js'
import { holds, type Instance, instance, sides } from './adjoint.js'
import { run } from './pushforward.js'
import { type Case, type Of, references } from './reference/table.js'

const names = Object.keys(references) as ReadonlyArray<PrimitiveName>

/** Where every number on the way is dyadic and short, in both derivatives. */
const EXACT: ReadonlySet<PrimitiveName> = new Set<PrimitiveName>([
  ...(['abs', 'add', 'equal', 'identity', 'less', 'lessEqual', 'maximum', 'minimum', 'mul', 'neg'] as const),
  ...(['relu', 'select', 'sign', 'stop', 'sub', 'sum', 'matmul', 'cholesky', 'solveTriangular'] as const),
  ...(['broadcastTo', 'concat', 'gather', 'overlay', 'pad', 'patches', 'pick', 'place'] as const),
  ...(['reshape', 'scatterAdd', 'slice', 'transpose'] as const),
])

const casesOf = <N extends PrimitiveName>(name: N): fc.Arbitrary<Instance> =>
  references[name].cases.map((c) => instance(name, c))

const valueOf = <N extends PrimitiveName>(name: N, { params, inputs }: Case<Of<N>>) => {
  const { ir, inputs: arrays } = instance(name, { params, inputs })
  const values = [...(run(ir, arrays)[0] ?? [])]
  const site = { params, inputs, output: { ...typeOf(ir, inputs.length), values } }
  const { value, tolerance } = references[name]
  return { values, expected: value(site), tolerance: tolerance?.(site) ?? values.map(() => 0) }
}

const valueHolds = <N extends PrimitiveName>(name: N): void =>
  fc.assert(
    fc.property(references[name].cases, (c) => {
      const { values, expected, tolerance } = valueOf(name, c)
      return (
        values.length === expected.length &&
        values.every((x, i) => {
          const y = expected[i] ?? Number.NaN
          return x === y || (Number.isNaN(x) && Number.isNaN(y)) || Math.abs(x - y) <= (tolerance[i] ?? 0)
        })
      )
    }),
  )

/** The scalar function, which folds constants and which compiled code is held against, has the values of the reference too. */
const scalarHolds = <N extends PrimitiveName>(name: N): void => {
  const { evaluate } = primitives[name]
  if (evaluate === undefined) return
  fc.assert(
    fc.property(references[name].cases, (c) => {
      const { expected } = valueOf(name, c)
      const f = evaluate(c.params)
      expected.forEach((y, i) => {
        expect(f(...c.inputs.map(({ values }) => values[i] ?? Number.NaN)) === y).toBe(true)
      })
    }),
    { numRuns: 20 },
  )
}

const seeds = fc.integer()

test('every primitive of the table has a reference', () => {
  expect(names.toSorted()).toEqual(Object.keys(primitives).toSorted())
})

describe.each(names)('%s', (name) => {
  test('has the values of the plain loops', () => {
    valueHolds(name)
    scalarHolds(name)
  })

  test('has a derivative that is the transpose of the plain Jacobian', () => {
    fc.assert(
      fc.property(casesOf(name), seeds, (c, seed) => {
        const found = sides(c, seed)
        expect(holds(found)).toBe(true)
        if (EXACT.has(name)) expect(found.backward === found.forward).toBe(true)
      }),
    )
  })

  test('has a second derivative, and a third', () => {
    fc.assert(
      fc.property(casesOf(name), seeds, (c, seed) => {
        const second = sides(sides(c, seed).derivative, seed + 17)
        expect(holds(second)).toBe(true)
        if (EXACT.has(name)) expect(second.backward === second.forward).toBe(true)
        if (c.inputs.every((x) => x.length <= 30))
          expect(holds(sides(second.derivative, seed + 41))).toBe(true)
      }),
      { numRuns: 40 },
    )
  })

  test('would not pass with slopes that are off by a millionth', () => {
    const off = fc.check(
      fc.property(casesOf(name), seeds, (c, seed) => holds(sides(c, seed, 1 + 2 ** -20))),
      { numRuns: 200, endOnFailure: true },
    )
    const flat = fc.check(
      fc.property(casesOf(name), seeds, (c, seed) => sides(c, seed).forward === 0),
      { numRuns: 200, endOnFailure: true },
    )
    expect(off.failed || !flat.failed).toBe(true)
  })
})
