import type fc from 'fast-check'
import { type Interpolating, singleRows } from './geometry.js'
import { rowsWorld } from './rows.js'
import { huber, logCosh, type Scalar } from './scalar.js'
import type { SolvedWorld } from './world.js'

/**
 * Which worlds of rows are drawn: whether one point minimises every component, and whether there is a ridge
 * $\frac\lambda2\|x - x^*\|^2$, which makes every component strongly convex; both kinds where nothing is said.
 *
 * @category Theorems
 * @since 0.1.0
 */
export interface RowsOptions extends Interpolating {
  readonly ridge?: boolean
}

const worlds = (h: Scalar, options: RowsOptions): fc.Arbitrary<SolvedWorld> =>
  singleRows(h, options).map(({ rows, start }) => rowsWorld(h.name, rows, start))

/**
 * Sums of Huber losses $w_i h(a_i^\top(x - x^*) - s_i)$, quadratic up to 1 and linear beyond: gradients that do not shrink with the
 * gap. Without shifts $s_i$ they interpolate; mirrored pairs $\pm s$ do not. The constants are exact.
 *
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { huberWorlds } from 'steplaw/theory'
 * import fc from 'fast-check'
 *
 * fc.sample(huberWorlds({ ridge: true }), 9).every(({ mu }) => Math.min(...mu) > 0) // => true
 * ```
 */
export const huberWorlds = (options: RowsOptions = {}): fc.Arbitrary<SolvedWorld> => worlds(huber, options)

/**
 * Sums of $w_i \log\cosh(a_i^\top(x - x^*) - s_i)$, a smooth absolute value whose curvature is nowhere constant: see
 * {@link huberWorlds}.
 *
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { logCoshWorlds } from 'steplaw/theory'
 * import fc from 'fast-check'
 *
 * fc.sample(logCoshWorlds({ interpolating: true }), 9).every(({ interpolates }) => interpolates) // => true
 * ```
 */
export const logCoshWorlds = (options: RowsOptions = {}): fc.Arbitrary<SolvedWorld> =>
  worlds(logCosh, options)
