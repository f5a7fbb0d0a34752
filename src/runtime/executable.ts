import type { IR } from '../autodiff/ir.js'

/**
 * What a program reads: doubles, or 32-bit indices.
 *
 * @category Program
 * @since 0.1.0
 */
export type Buffer = Float64Array | Int32Array

/**
 * A program ready to run. Callers know nothing else of it, so that how it runs may change.
 *
 * It owns its working memory, which is reused from call to call: calls must not overlap, and nothing it hands out is that
 * memory.
 *
 * @category Program
 * @since 0.1.0
 */
export interface Executable {
  readonly ir: IR
  /**
   * Runs once. `inputs` are the arrays of the inputs that were not bound, in order; every output is written into the
   * array at its place in `outputs`.
   *
   * @throws `RangeError` when an array is missing or has the wrong length, or an index is out of range
   */
  readonly run: (inputs: ReadonlyArray<Buffer>, outputs: ReadonlyArray<Float64Array>) => void
  /**
   * Gives the working memory back. A later call takes it anew; an executable that is not used any more gives it back by
   * itself, when the garbage is collected.
   */
  readonly release: () => void
}

/**
 * Inputs fixed for the life of an executable, by position; `null` where the input stays free. The same array given to
 * several executables is one array: an implementation that keeps data in its own memory stores it once.
 *
 * @category Program
 * @since 0.1.0
 */
export type Bound = ReadonlyArray<Buffer | null>
