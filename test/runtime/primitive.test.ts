/** Every primitive, its derivative and that of its derivative: compiled they have the bits of the interpreter. */
import fc from 'fast-check'
import { simplify } from 'steplaw/autodiff'
import { describe, it } from 'vitest'
import { type IR, type PrimitiveName, typeOf } from '../../src/autodiff/ir.js'
import { size } from '../../src/autodiff/shape.js'
import { pullback } from '../../src/autodiff/vjp.js'
import { Engine } from '../../src/runtime/engine.js'
import type { Buffer } from '../../src/runtime/executable.js'
import { interpret } from '../../src/runtime/interpret.js'
import { type Instance, instance, reals } from '../autodiff/adjoint.js'
import { references } from '../autodiff/reference/table.js'
import { expectSame } from './harness.js'

const engine = new Engine()

const casesOf = <N extends PrimitiveName>(name: N): fc.Arbitrary<Instance> =>
  references[name].cases.map((c) => instance(name, c))

const buffers = (ir: IR, inputs: Instance['inputs']): ReadonlyArray<Buffer> =>
  ir.inputs.map(({ shape, type }, i) => {
    const x = inputs[i] ?? Array.from({ length: size(shape) }, (_, k) => ((7 * k) % 11) / 3 - 1.5)
    return type === 'f64' ? Float64Array.from(x) : Int32Array.from(x)
  })

const agree = (ir: IR, inputs: Instance['inputs']): void => {
  const simple = simplify(ir)
  const given = buffers(simple, inputs)
  const make = () => simple.outputs.map((id) => new Float64Array(size(typeOf(simple, id).shape)))
  const [compiled, interpreted] = [make(), make()]
  engine.compile(simple).run(given, compiled)
  interpret(simple).run(given, interpreted)
  compiled.forEach((x, i) => {
    expectSame(x, interpreted[i] ?? new Float64Array())
  })
}

describe.each(Object.keys(references) as ReadonlyArray<PrimitiveName>)('%s', (name) => {
  it('has the bits of the interpreter when it is compiled, and so have its derivatives', () => {
    fc.assert(
      fc.property(casesOf(name), ({ ir, inputs }) => {
        const first = pullback(ir, reals(ir))
        for (const program of [ir, first, pullback(first, reals(first))]) agree(program, inputs)
      }),
      { numRuns: 40 },
    )
  })
})
