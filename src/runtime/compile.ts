import { type Equation, type IR, type PrimitiveName, typeOf } from '../autodiff/ir.js'
import { simplify } from '../autodiff/simplify.js'
import { primitives } from '../autodiff/table.js'
import { type Engine, engine as shared } from './engine.js'
import type { Bound, Executable } from './executable.js'
import { interpret } from './interpret.js'

/** So many operations take the interpreter about as long as it takes to write and compile kernels. */
const WORTH = 2e6

const flopsOf = <N extends PrimitiveName>(ir: IR, e: Equation<N>): number =>
  primitives[e.primitive].flops(
    e.inputs.map((id) => typeOf(ir, id)),
    e,
    e.params,
  )

/**
 * What a program runs on.
 *
 * @category Program
 * @since 0.1.0
 */
export interface RunOptions {
  /** By default one that all programs of this thread share. */
  readonly engine?: Engine | null
}

/**
 * Makes a program ready to run: the one place that decides how.
 *
 * A program is interpreted until it has done as much work as compiling it would be, then compiled to vector kernels. Which of the
 * two ran can not be seen in the results: they agree in every bit. Where there is no WebAssembly with vectors and shared
 * memory, all is interpreted.
 *
 * @throws RangeError when a program needs more memory than the arena has
 * @category Program
 * @since 0.1.0
 * @example
 * ```ts
 * import { compile, mul, trace } from 'steplaw/autodiff'
 *
 * const square = compile(trace((x) => mul(x, x), [{ shape: [2], type: 'f64' }]))
 * const y = new Float64Array(2)
 * square.run([Float64Array.of(2, 3)], [y])
 * y // => Float64Array.of(4, 9)
 * ```
 */
export const compile = (ir: IR, bound: Bound = [], { engine = shared() }: RunOptions = {}): Executable => {
  const simple = simplify(ir)
  const work = simple.equations.reduce((sum, e) => sum + flopsOf(simple, e), 0)
  let done = 0
  let compiled = false
  let current: Executable | null = null
  return {
    ir: simple,
    run: (inputs, outputs) => {
      done += work
      if (!compiled && done >= WORTH) {
        current = engine?.compile(simple, bound) ?? current
        compiled = true
      }
      current ??= interpret(simple, bound)
      current.run(inputs, outputs)
    },
  }
}
