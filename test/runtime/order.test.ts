/** A plan has the bits of the program, in whatever order the program says what does not depend on each other. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { typeOf } from '../../src/autodiff/ir.js'
import { size } from '../../src/autodiff/shape.js'
import { Engine } from '../../src/runtime/engine.js'
import { interpret } from '../../src/runtime/interpret.js'
import { reordered } from '../autodiff/reordered.js'
import { expectSame } from './harness.js'
import { inputsOf, programOf, recipes } from './randomProgram.js'

it('compiles to the same bits from every order of its equations', () => {
  const engine = new Engine()
  fc.assert(
    fc.property(recipes(), fc.array(fc.nat(), { minLength: 1, maxLength: 400 }), (recipe, picks) => {
      const ir = programOf(recipe)
      const moved = reordered(ir, picks)
      const inputs = inputsOf(ir, recipe)
      const make = () => ir.outputs.map((id) => new Float64Array(size(typeOf(ir, id).shape)))
      const [compiled, interpreted] = [make(), make()]
      engine.compile(moved).run(inputs, compiled)
      interpret(ir).run(inputs, interpreted)
      expect(moved.equations.length).toBe(ir.equations.length)
      compiled.forEach((x, i) => {
        expectSame(x, interpreted[i] ?? new Float64Array())
      })
    }),
    { numRuns: 100 },
  )
}, 120_000)
