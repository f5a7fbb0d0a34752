import type { IR } from '../autodiff/ir.js'
import { simplify } from '../autodiff/simplify.js'
import type { Bound, Executable } from './executable.js'
import { interpret } from './interpret.js'

/**
 * Makes a program ready to run: the one place that decides how.
 *
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
export const compile = (ir: IR, bound: Bound = []): Executable => interpret(simplify(ir), bound)
