import fc from 'fast-check'
import { quadraticBilevelWorlds } from './quadratic.js'
import { ridgeBilevelWorlds } from './ridge.js'
import { shiftedBilevelWorlds } from './shifted.js'
import type { BilevelWorld, BoundedBilevelWorld } from './world.js'

/**
 * Bilevel worlds whose constants hold everywhere: quadratics and shifted potentials.
 *
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { boundedBilevelWorlds } from 'steplaw/theory'
 * import fc from 'fast-check'
 *
 * fc.sample(boundedBilevelWorlds(), 9).every(({ constants }) => constants.mu > 0) // => true
 * ```
 */
export const boundedBilevelWorlds = (): fc.Arbitrary<BoundedBilevelWorld> =>
  fc.oneof(quadraticBilevelWorlds(), shiftedBilevelWorlds())

/**
 * Bilevel worlds of every family whose lower level is strongly convex: quadratics, shifted potentials, ridge regressions.
 *
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { bilevelWorlds } from 'steplaw/theory'
 * import fc from 'fast-check'
 *
 * fc.sample(bilevelWorlds(), 9).every(({ problem }) => (problem.facts.mu ?? 0) > 0) // => true
 * ```
 */
export const bilevelWorlds = (): fc.Arbitrary<BilevelWorld> =>
  fc.oneof<Array<fc.Arbitrary<BilevelWorld>>>(
    quadraticBilevelWorlds(),
    shiftedBilevelWorlds(),
    ridgeBilevelWorlds(),
  )
