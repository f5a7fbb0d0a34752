import type { IR } from '../autodiff/ir.js'
import { simplify } from '../autodiff/simplify.js'
import type { Bound, Executable } from './executable.js'
import { interpret } from './interpret.js'

/** The one place that decides how a program runs. */
export const compile = (ir: IR, bound: Bound = []): Executable => interpret(simplify(ir), bound)
