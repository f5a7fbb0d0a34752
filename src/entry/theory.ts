/**
 * Theorems as values: cards whose statements are tried on problems with known constants, on the rules of this library or on yours.
 *
 * @module steplaw/theory
 */
export type { Card } from '../theory/card/card.js'
export { type Comparison, type Evidence, violation } from '../theory/card/evidence.js'
export { type RuleFacts, ruleFacts } from '../theory/card/ruleFacts.js'
export type { Sealed, Sharpest, StatementTrial, Tried, Verdict } from '../theory/card/seal.js'
export type { EvidenceTag, Hypothesis, Statement } from '../theory/card/statement.js'
export { cards } from '../theory/catalogue.js'
export { showTheorem } from '../theory/showTheorem.js'
export { type TheoremFinding, type VerifyOptions, verifyRule, verifyTheorems } from '../theory/verify.js'
export { verifyEstimator } from '../theory/verifyEstimator.js'
export { type ClippedBilevelWorld, clippedBilevelWorlds } from '../theory/world/bilevel/clipped.js'
export { type DegenerateBilevelWorld, degenerateBilevelWorlds } from '../theory/world/bilevel/degenerate.js'
export { bilevelWorlds, boundedBilevelWorlds } from '../theory/world/bilevel/every.js'
export type { Rows } from '../theory/world/bilevel/matrix.js'
export { type BilevelWorldOptions, quadraticBilevelWorlds } from '../theory/world/bilevel/quadratic.js'
export { ridgeBilevelWorlds } from '../theory/world/bilevel/ridge.js'
export { shiftedBilevelWorlds } from '../theory/world/bilevel/shifted.js'
export { type LoopTask, type TaskBilevelWorld, taskBilevelWorlds } from '../theory/world/bilevel/tasks.js'
export type {
  BilevelConstants,
  BilevelWorld,
  BoundedBilevelWorld,
  QuadraticBilevelWorld,
} from '../theory/world/bilevel/world.js'
export { convexWorlds, smoothWorlds, stronglyConvexWorlds } from '../theory/world/every.js'
export type { Interpolating } from '../theory/world/geometry.js'
export { illScaledWorlds } from '../theory/world/illScaled.js'
export { journeys, wholeJourneys } from '../theory/world/journeys.js'
export { nonConvexWorlds, polyakLojasiewiczWorlds } from '../theory/world/nonConvex.js'
export { quadraticWorlds } from '../theory/world/quadratic.js'
export { leastSquaresWorlds, logisticWorlds } from '../theory/world/regression.js'
export { huberWorlds, logCoshWorlds, type RowsOptions } from '../theory/world/robust.js'
export { softmaxWorlds } from '../theory/world/softmax.js'
export type { Moment, SolvedMoment } from '../theory/world/travel.js'
export type { Journey, Place, SolvedWorld, World } from '../theory/world/world.js'
