import fc from 'fast-check'
import { gather, pick, sum, trace } from 'steplaw/autodiff'
import { describe, expect, it } from 'vitest'
import { typeOf } from '../../src/autodiff/ir.js'
import { size } from '../../src/autodiff/shape.js'
import { Engine } from '../../src/runtime/engine.js'
import { interpret } from '../../src/runtime/interpret.js'
import { inputsOf, programOf, type Recipe, recipes } from './randomProgram.js'

const engine = new Engine()

const outputsFor = (recipe: Recipe) => {
  const ir = programOf(recipe)
  const inputs = inputsOf(ir, recipe)
  const make = () => ir.outputs.map((id) => new Float64Array(size(typeOf(ir, id).shape)))
  const [compiled, interpreted] = [make(), make()]
  engine.compile(ir).run(inputs, compiled)
  interpret(ir).run(inputs, interpreted)
  return { ir, compiled, interpreted }
}

const sameBits = (a: ReadonlyArray<Float64Array>, b: ReadonlyArray<Float64Array>): boolean =>
  a.every((x, i) => x.every((v, j) => Object.is(v, b[i]?.[j])))

describe('a compiled program', () => {
  it('gives the bits of the interpreted one, derivatives of both orders included', () => {
    fc.assert(
      fc.property(recipes(), (recipe) => {
        const { compiled, interpreted } = outputsFor(recipe)
        return sameBits(compiled, interpreted)
      }),
      { numRuns: 400 },
    )
  }, 120_000)

  it.each([
    [
      'gather',
      trace(
        (x, rows) => sum(gather(x, rows)),
        [
          { shape: [5, 3], type: 'f64' },
          { shape: [2], type: 'i32' },
        ],
      ),
      15,
    ],
    [
      'pick',
      trace(
        (x, labels) => sum(pick(x, labels)),
        [
          { shape: [2, 5], type: 'f64' },
          { shape: [2], type: 'i32' },
        ],
      ),
      10,
    ],
  ] as const)(
    'refuses an index out of range as the interpreter does, and computes the next call: %s',
    (name, ir, n) => {
      const [compiled, interpreted] = [engine.compile(ir), interpret(ir)]
      const x = Float64Array.from({ length: n }, (_, i) => i + 0.5)
      const [wrong, right] = [Int32Array.of(1, 5), Int32Array.of(1, 4)]
      const message = `${name}: index 5 at 1 is out of range, expected 0..4`
      const [a, b] = [new Float64Array(1), new Float64Array(1)]
      expect(() => interpreted.run([x, wrong], [b])).toThrow(message)
      expect(() => compiled.run([x, wrong], [a])).toThrow(message)
      compiled.run([x, right], [a])
      interpreted.run([x, right], [b])
      expect(a).toEqual(b)
    },
  )

  it('takes no more memory for being called', () => {
    const own = new Engine()
    const ir = trace((x) => sum(x), [{ shape: [10_000], type: 'f64' }])
    const executable = own.compile(ir)
    const before = own.memory
    const x = new Float64Array(10_000).fill(1)
    const out = new Float64Array(1)
    for (let i = 0; i < 1000; i += 1) executable.run([x], [out])
    expect(own.memory).toBe(before)
    expect(out[0]).toBe(10_000)
  })
})
