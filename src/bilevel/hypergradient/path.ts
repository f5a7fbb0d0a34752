import type { Batch, Vector } from '../../problem/oracle.js'
import { chain, done } from '../../program/program.js'
import { type Asking, askInY } from '../oracle.js'

/**
 * The steps of an inner loop, $y_{t+1} = y_t - a_t \nabla_y g_{T_t}(x, y_t)$: from where, how long and on which batches. What is
 * not held can be run again.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface InnerPath {
  /** $y_0$. */
  readonly start: Vector
  /** $a_t$; 0 where a step failed. */
  readonly steps: ReadonlyArray<number>
  /** $T_t$. */
  readonly batch: (t: number) => Batch
  /** $y_0, \dots, y_{D-1}$, where they were kept. */
  readonly states: ReadonlyArray<Vector>
}

/** $y - a\,d$, in a fresh array. */
export const minusScaled = (y: Vector, a: number, d: Vector): Vector => y.map((yi, i) => yi - a * (d[i] ?? 0))

/** Runs the steps again, from step `from` at $y_{from}$ to $y_{to}$. */
export const retrace = (path: InnerPath, x: Vector, y: Vector, from: number, to: number): Asking<Vector> => {
  if (from >= to) return done(y)
  const step = path.steps[from] ?? 0
  if (step === 0) return retrace(path, x, y, from + 1, to)
  return chain(askInY('lower', { x, y }, path.batch(from)), (g) =>
    retrace(path, x, minusScaled(y, step, g.y), from + 1, to),
  )
}

/** Runs `steps` steps of the given lengths from `start`. */
export const run = (x: Vector, path: Omit<InnerPath, 'states'>): Asking<Vector> =>
  retrace({ ...path, states: [] }, x, path.start, 0, path.steps.length)
