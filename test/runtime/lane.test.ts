/** Every elementwise primitive as emitted code has the bits of its scalar definition, on every kind of double. */
import { fc, test } from '@fast-check/vitest'
import { describe, expect, test as once } from 'vitest'
import type { MapEquation, MapSpec } from '../../src/runtime/kernel/mapSpec.js'
import { BINARY, EXPONENTS, SPECIAL, samples, UNARY } from './mapArbitrary.js'
import { difference, reference, runner } from './mapKernel.js'

const flat = (equation: MapEquation): MapSpec => ({
  space: { kind: 'flat' },
  inputs: equation.inputs.map(() => 'full'),
  equations: [equation],
  outputs: [{ value: equation.inputs.length, to: 'store' }],
})

const agree = (spec: MapSpec) => {
  const emitted = runner(spec)
  const scalar = reference(spec)
  return (...inputs: ReadonlyArray<Float64Array>): void => {
    const count = inputs[0]?.length ?? 0
    expect(difference(emitted(count, inputs), scalar(count, inputs))).toBe(null)
  }
}

describe('an emitted primitive has the bits of its definition:', () => {
  for (const primitive of UNARY) {
    const holds = agree(flat({ primitive, params: {}, inputs: [0] }))
    test.prop([samples(10_000)], { numRuns: 10 })(primitive, holds)
    once(`${primitive} at its seams`, () => holds(Float64Array.from([...SPECIAL, Number.NaN])))
  }

  // Every pair of special values, and pairs of which some are equal.
  const [left, right] = [SPECIAL, [...SPECIAL, Number.NaN]]
  const pairs = left.flatMap((x) => right.map((y) => [x, y] as const))
  for (const primitive of BINARY) {
    const holds = agree(flat({ primitive, params: {}, inputs: [0, 1] }))
    test.prop([samples(2000), samples(2000), fc.nat(5)], { numRuns: 10 })(primitive, (x, y, every) =>
      holds(
        x,
        y.map((v, i) => (i % 7 === every ? (x[i] ?? v) : v)),
      ),
    )
    once(`${primitive} of special values`, () =>
      holds(
        Float64Array.from(pairs, ([x]) => x),
        Float64Array.from(pairs, ([, y]) => y),
      ),
    )
  }

  const select = agree(flat({ primitive: 'select', params: {}, inputs: [0, 1, 2] }))
  test.prop([samples(2000), samples(2000), samples(2000)], { numRuns: 10 })('select', (mask, x, y) =>
    select(
      mask.map((m, i) => (i % 3 === 0 ? 0 : i % 5 === 0 ? -0 : m)),
      x,
      y,
    ),
  )

  for (const exponent of EXPONENTS) {
    const holds = agree(flat({ primitive: 'pow', params: { exponent }, inputs: [0] }))
    test.prop([samples(500)], { numRuns: 4 })(`pow with exponent ${exponent}`, (x) =>
      holds(Float64Array.from([...SPECIAL, Number.NaN, ...x])),
    )
  }

  for (const value of [-0, 1.5, Number.NaN, Number.NEGATIVE_INFINITY])
    once(`the constant ${value}`, () => {
      const spec: MapSpec = {
        space: { kind: 'flat' },
        inputs: ['full'],
        equations: [{ primitive: 'constant', params: { value, shape: [] }, inputs: [] }],
        outputs: [{ value: 1, to: 'store' }],
      }
      agree(spec)(new Float64Array(9))
    })
})
