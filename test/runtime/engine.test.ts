import fc from 'fast-check'
import { describe, it } from 'vitest'
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
})
