import type { Box } from '../box.js'
import type { BilevelStart } from '../method/method.js'
import type { BilevelProblem } from './problem.js'

/**
 * A problem with what is usually given beside it: where runs start, and the boxes of points, where they are part of it.
 *
 * With a box $y^*(x) = \operatorname{argmin}_{y \in Y} g(x, y)$, and the implicit hypergradient holds only where $y^*(x)$ is inside.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface BilevelInstance<P extends BilevelProblem = BilevelProblem> {
  readonly problem: P
  readonly starts: ReadonlyArray<BilevelStart>
  readonly xBox?: Box
  readonly yBox?: Box
}
