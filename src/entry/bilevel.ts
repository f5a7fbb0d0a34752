/**
 * Two levels: gradients through the solution of an inner problem.
 *
 * @module steplaw/bilevel
 */
export type { Box } from '../bilevel/box.js'
export { type BilevelCounts, gradientUnits, noCounts } from '../bilevel/counts.js'
export * from '../bilevel/draw.js'
export * from '../bilevel/driver.js'
export { certified, errorBound, type Residuals } from '../bilevel/hypergradient/certificate.js'
export { type ConjugateGradientParams, conjugateGradients } from '../bilevel/hypergradient/cg.js'
export { direct, exact } from '../bilevel/hypergradient/dense.js'
export * from '../bilevel/hypergradient/estimate.js'
export * from '../bilevel/hypergradient/firstOrder.js'
export type {
  Certificate,
  Estimator,
  Hypergradient,
  Place,
  Unsolved,
} from '../bilevel/hypergradient/hypergradient.js'
export { type HessianProduct, neumann, neumannSeries, neumannTerm } from '../bilevel/hypergradient/neumann.js'
export type { InnerPath } from '../bilevel/hypergradient/path.js'
// Penalties and methods that are proved or made accurate.
export {
  type PenaltyFacts,
  type PenaltyGradientParams,
  type PenaltyResiduals,
  penaltyErrorBound,
  penaltyGradient,
} from '../bilevel/hypergradient/penalty.js'
export { type UnrolledParams, unrolled } from '../bilevel/hypergradient/unrolled.js'
export * from '../bilevel/method/bilevelDescent.js'
export * from '../bilevel/method/bome.js'
export {
  type F2baParams,
  type F2saOutputs,
  type F2saParams,
  type F2saState,
  f2ba,
  f2sa,
  type PenaltySteps,
  type PenaltyWeight,
  powerWeight,
} from '../bilevel/method/f2sa.js'
export * from '../bilevel/method/f3sa.js'
export * from '../bilevel/method/hoag.js'
export * from '../bilevel/method/maid.js'
export { type MaidConstants, type MaidParams, maidConstants } from '../bilevel/method/maidParams.js'
export type {
  BilevelMethod,
  BilevelRecord,
  BilevelStart,
  BilevelState,
  Status,
} from '../bilevel/method/method.js'
export * from '../bilevel/method/penalty.js'
export type {
  Asking,
  AsyncBilevelOracle,
  BilevelOracle,
  BilevelRequest,
  BilevelResponse,
  Level,
  Pair,
} from '../bilevel/oracle.js'
export * from '../bilevel/problem/ablo.js'
export * from '../bilevel/problem/compile.js'
export { type DataCleaning, dataCleaning } from '../bilevel/problem/dataCleaning.js'
export type { LowerBounds } from '../bilevel/problem/input.js'
export * from '../bilevel/problem/logisticHyper.js'
export * from '../bilevel/problem/problem.js'
export * from '../bilevel/problem/quadratic.js'
export * from '../bilevel/problem/ridgeHyper.js'
export * from '../bilevel/problem/shiftedPotential.js'
export * from '../bilevel/problem/traced.js'
export type { Schedule } from '../bilevel/schedule.js'
