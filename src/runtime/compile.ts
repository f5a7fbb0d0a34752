import { type Equation, type IR, type PrimitiveName, typeOf } from '../autodiff/ir.js'
import { fail } from '../autodiff/primitive.js'
import { showType, size } from '../autodiff/shape.js'
import { simplify } from '../autodiff/simplify.js'
import { primitives } from '../autodiff/table.js'
import { type Engine, sharedEngine } from './engine.js'
import type { Bound, Executable } from './executable.js'
import { interpret } from './interpret.js'
import { interpretStaged, type Staged, type StagedProgram } from './staged.js'

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
  readonly engine?: Pick<Engine, 'compile' | 'stage'>
}

/** A value of more bytes can not be addressed. */
const ADDRESSABLE = 2 ** 32

const expectAddressable = (ir: IR): void => {
  for (const [i, type] of [...ir.inputs, ...ir.equations].entries()) {
    const bytes = 8 * size(type.shape)
    if (bytes > ADDRESSABLE)
      fail(
        'compile',
        `value ${i}, ${showType(type)}, would have ${bytes} bytes; ${ADDRESSABLE} can be addressed: take fewer rows at a time`,
      )
  }
}

const simplified = (ir: IR): IR => {
  const simple = simplify(ir)
  expectAddressable(simple)
  return simple
}

/** What is interpreted until that has done as much work as compiling would be, and what is compiled then; made when it is first wanted. */
const promoted = <E extends Pick<Executable, 'release'>>(
  ir: IR,
  interpreted: () => E,
  compiled: () => E,
): { readonly next: () => E; readonly release: () => void } => {
  const work = ir.equations.reduce((sum, e) => sum + flopsOf(ir, e), 0)
  let done = 0
  let final = false
  let current: E | null = null
  return {
    next: () => {
      done += work
      if (!final && done >= WORTH) {
        current = compiled()
        final = true
      }
      current ??= interpreted()
      return current
    },
    release: () => {
      current?.release()
    },
  }
}

/**
 * Makes a program ready to run: the one place that decides how.
 *
 * A program is interpreted until it has done as much work as compiling it would be, then compiled to vector kernels. Which of the
 * two ran can not be seen in the results: they agree in every bit, unless its engine is in fast mode. Where there is no WebAssembly with vectors and shared
 * memory, all is interpreted.
 *
 * @throws RangeError when a value is too large to be addressed, or a program needs more memory than its engine has
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
export const compile = (
  ir: IR,
  bound: Bound = [],
  { engine = sharedEngine() }: RunOptions = {},
): Executable => {
  const simple = simplified(ir)
  const at = promoted<Pick<Executable, 'run' | 'release'>>(
    simple,
    () => interpret(simple, bound),
    () => engine.compile(simple, bound),
  )
  return {
    ir: simple,
    run: (inputs, outputs) => at.next().run(inputs, outputs),
    release: at.release,
  }
}

/** Makes a program ready of which several things are asked at one point, in the same way. */
export const compileStaged = (
  program: StagedProgram,
  { engine = sharedEngine() }: RunOptions = {},
): Staged => {
  const simple = { ...program, ir: simplified(program.ir) }
  const at = promoted<Staged>(
    simple.ir,
    () => interpretStaged(simple),
    () => engine.stage(simple),
  )
  return {
    run: (part, point, call, outputs) => at.next().run(part, point, call, outputs),
    release: at.release,
  }
}
