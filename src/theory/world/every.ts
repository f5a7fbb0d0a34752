import fc from 'fast-check'
import type { Interpolating } from './geometry.js'
import { illScaledWorlds } from './illScaled.js'
import { nonConvexWorlds, polyakLojasiewiczWorlds } from './nonConvex.js'
import { quadraticWorlds } from './quadratic.js'
import { leastSquaresWorlds, logisticWorlds } from './regression.js'
import { huberWorlds, logCoshWorlds } from './robust.js'
import { softmaxWorlds } from './softmax.js'
import type { SolvedWorld } from './world.js'

/**
 * Convex worlds of every family: quadratics, least squares, Huber, log-cosh, and unless they must interpolate, logistic and
 * softmax regressions.
 *
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { convexWorlds } from 'steplaw/theory'
 * import fc from 'fast-check'
 *
 * fc.sample(convexWorlds(), 9).every(({ convex }) => convex) // => true
 * ```
 */
export const convexWorlds = (options: Interpolating = {}): fc.Arbitrary<SolvedWorld> =>
  fc.oneof(
    { weight: 3, arbitrary: quadraticWorlds(options) },
    leastSquaresWorlds(options),
    huberWorlds(options),
    logCoshWorlds(options),
    ...(options.interpolating === true ? [] : [logisticWorlds(), softmaxWorlds()]),
  )

/**
 * Worlds whose components are all strongly convex, $\mu_i > 0$: quadratics, and the other convex families with a ridge.
 *
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { stronglyConvexWorlds } from 'steplaw/theory'
 * import fc from 'fast-check'
 *
 * fc.sample(stronglyConvexWorlds(), 9).every(({ mu }) => Math.min(...mu) > 0) // => true
 * ```
 */
export const stronglyConvexWorlds = (options: Interpolating = {}): fc.Arbitrary<SolvedWorld> =>
  fc.oneof(
    { weight: 3, arbitrary: quadraticWorlds({ ...options, stronglyConvex: true }) },
    huberWorlds({ ...options, ridge: true }),
    logCoshWorlds({ ...options, ridge: true }),
    ...(options.interpolating === true
      ? []
      : [logisticWorlds({ ridge: true }), softmaxWorlds({ ridge: true })]),
  )

/**
 * Smooth worlds of every family, convex or not, of sane scale or not.
 *
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { smoothWorlds } from 'steplaw/theory'
 * import fc from 'fast-check'
 *
 * fc.sample(smoothWorlds(), 9).every(({ L }) => Math.min(...L) >= 0) // => true
 * ```
 */
export const smoothWorlds = (): fc.Arbitrary<SolvedWorld> =>
  fc.oneof(
    { weight: 3, arbitrary: convexWorlds() },
    nonConvexWorlds(),
    polyakLojasiewiczWorlds(),
    illScaledWorlds(),
  )
