import fc from 'fast-check'
import { add, exp, gather, matmul, mul, pick, sum, type Tensor, trace, transpose } from 'steplaw/autodiff'
import { describe, expect, it } from 'vitest'
import { type IR, typeOf } from '../../src/autodiff/ir.js'
import { size } from '../../src/autodiff/shape.js'
import { Engine } from '../../src/runtime/engine.js'
import type { Buffer, Executable } from '../../src/runtime/executable.js'
import { hoist } from '../../src/runtime/hoist.js'
import { interpret } from '../../src/runtime/interpret.js'
import { inputsOf, programOf, recipes } from './randomProgram.js'

const outputsOf = (executable: Executable, inputs: ReadonlyArray<Buffer>): ReadonlyArray<Float64Array> => {
  const { ir } = executable
  const outputs = ir.outputs.map((id) => new Float64Array(size(typeOf(ir, id).shape)))
  executable.run(inputs, outputs)
  return outputs
}

const names = (ir: IR | null): ReadonlyArray<string> => ir?.equations.map((e) => e.primitive) ?? []

const [X, w] = [{ shape: [4, 3], type: 'f64' } as const, { shape: [3], type: 'f64' } as const]

describe('what depends on bound inputs only', () => {
  it('is computed once, but for what is free where it is read', () => {
    const ir = trace((x: Tensor, v: Tensor) => sum(matmul(matmul(transpose(x), exp(x)), v)), [X, w])
    const { once, each } = hoist(ir, [true, false])
    expect(names(once)).toEqual(['transpose', 'exp', 'matmul'])
    expect(names(each).filter((name) => name !== 'reshape')).toEqual(['matmul', 'sum'])
    expect(each.inputs).toEqual([X, w, { shape: [3, 3], type: 'f64' }])
  })

  it('is nothing where no input is bound, or all that is bound is read as it is', () => {
    const ir = trace((x: Tensor, v: Tensor) => sum(matmul(transpose(matmul(x, v)), matmul(x, v))), [X, w])
    expect(hoist(ir, [false, false])).toEqual({ once: null, each: ir })
    const plain = trace((x: Tensor, v: Tensor) => sum(matmul(transpose(x), matmul(x, v))), [X, w])
    expect(hoist(plain, [true, false])).toEqual({ once: null, each: plain })
  })

  it('makes no difference to any bit of a result, whatever is bound', () => {
    const engine = new Engine({ threads: 1 })
    let hoisted = 0
    fc.assert(
      fc.property(recipes(), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), (recipe, mask) => {
        const ir = programOf(recipe)
        const inputs = inputsOf(ir, recipe)
        const bound = inputs.map((data, i) => (mask[i % 4] === true ? data : null))
        const free = inputs.filter((_, i) => bound[i] === null)
        if (
          hoist(
            ir,
            bound.map((data) => data !== null),
          ).once !== null
        )
          hoisted += 1
        const expected = outputsOf(interpret(ir), inputs)
        const executable = engine.compile(ir, bound)
        const found = [outputsOf(executable, free), outputsOf(executable, free)]
        executable.release()
        return found.every((each) => each.every((x, k) => x.every((v, j) => Object.is(v, expected[k]?.[j]))))
      }),
      { numRuns: 200 },
    )
    expect(hoisted).toBeGreaterThan(20)
  }, 60_000)

  it('says of an index out of range what the interpreter says, and loses no memory', () => {
    const ir = trace(
      (x: Tensor, rows: Tensor, v: Tensor) => add(sum(mul(gather(x, rows), v)), sum(pick(x, rows))),
      [X, { shape: [4], type: 'i32' }, w],
    )
    const engine = new Engine({ threads: 1 })
    const data = Float64Array.from({ length: 12 }, (_, i) => i)
    const wrong = Int32Array.of(0, 1, 2, 7)
    for (let i = 0; i < 50; i += 1)
      expect(() => outputsOf(engine.compile(ir, [data, wrong, null]), [Float64Array.of(1, 2, 3)])).toThrow(
        'gather: index 7 at 3 is out of range, expected 0..3',
      )
    const right = Int32Array.of(0, 1, 2, 0)
    const executable = engine.compile(ir, [data, right, null])
    const v = Float64Array.of(1, 2, 3)
    expect(outputsOf(executable, [v])).toEqual(outputsOf(interpret(ir, [data, right, null]), [v]))
  })
})
