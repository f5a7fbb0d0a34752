/**
 * Two levels: gradients through the solution of an inner problem.
 *
 * @module steplaw/bilevel
 */
export type { Box } from '../bilevel/box.js'
export { type BilevelCounts, gradientUnits, noCounts } from '../bilevel/counts.js'
export * from '../bilevel/draw.js'
export { type GivenDraws, givenDraws } from '../bilevel/draws.js'
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
export * from '../bilevel/method/named/bisls.js'
export * from '../bilevel/method/named/bisps.js'
export * from '../bilevel/method/penalty.js'
export type { PenaltyEstimates } from '../bilevel/method/penaltyMomentum.js'
export type {
  Asking,
  AsyncBilevelOracle,
  BilevelOracle,
  BilevelRequest,
  BilevelResponse,
  Level,
  Pair,
} from '../bilevel/oracle.js'
export { type Ablo, ablo } from '../bilevel/problem/ablo.js'
export * from '../bilevel/problem/boxed.js'
export * from '../bilevel/problem/byConstruction.js'
export * from '../bilevel/problem/compile.js'
export * from '../bilevel/problem/coreset.js'
export * from '../bilevel/problem/counterExample.js'
export { type DataCleaning, dataCleaning } from '../bilevel/problem/dataCleaning.js'
export * from '../bilevel/problem/degenerate.js'
export * from '../bilevel/problem/denoising.js'
export { type Distillation, distillation } from '../bilevel/problem/distillation.js'
export * from '../bilevel/problem/features.js'
export {
  type HyperRepresentation,
  hyperRepresentation,
  type LinearLayer,
} from '../bilevel/problem/hyperRepresentation.js'
export * from '../bilevel/problem/initialisation.js'
export type { LowerBounds } from '../bilevel/problem/input.js'
export * from '../bilevel/problem/instance.js'
export * from '../bilevel/problem/logisticHyper.js'
export * from '../bilevel/problem/problem.js'
export * from '../bilevel/problem/quadratic.js'
export * from '../bilevel/problem/randomQuadratic.js'
export * from '../bilevel/problem/ridgeHyper.js'
export * from '../bilevel/problem/shiftedPotential.js'
export * from '../bilevel/problem/traced.js'
export type { Schedule } from '../bilevel/schedule.js'
export { compileEstimator } from '../bilevel/standard/estimator.js'
export { bilevelImplementation } from '../bilevel/standard/implementation.js'

// Single loops, amortised and unbiased methods, named recipes.

export type { FiniteLoop } from '../bilevel/hypergradient/finiteLoop.js'
export {
  type OneStepDifferenceParams,
  oneStepDifference,
} from '../bilevel/hypergradient/oneStepDifference.js'
export {
  type AdaptiveUfomParams,
  type AdaptiveUfomState,
  adaptiveUfom,
} from '../bilevel/method/adaptiveUfom.js'
export { type AmigoOutputs, type AmigoParams, amigo } from '../bilevel/method/amigo.js'
export { type BlockMemory, type Partition, partition } from '../bilevel/method/blockMemory.js'
export { type AidParams, aid } from '../bilevel/method/named/aid.js'
export { type BsaParams, bsa } from '../bilevel/method/named/bsa.js'
export { type DartsParams, darts } from '../bilevel/method/named/darts.js'
export { dartsFirst } from '../bilevel/method/named/dartsFirst.js'
export { fom } from '../bilevel/method/named/fom.js'
export { type ItdParams, itd } from '../bilevel/method/named/itd.js'
export type { BilevelRecipe, RecipeLevels } from '../bilevel/method/named/recipe.js'
export { type StocBiOParams, stocBiO } from '../bilevel/method/named/stocBiO.js'
export { ttsa } from '../bilevel/method/named/ttsa.js'
export { type OptimalQParams, optimalQ } from '../bilevel/method/optimalQ.js'
export { type SabaParams, type SabaState, saba } from '../bilevel/method/saba.js'
export type {
  SingleLoopOutputs,
  SingleLoopParams,
  SingleLoopState,
  VariableStep,
} from '../bilevel/method/singleLoop.js'
export { soba } from '../bilevel/method/soba.js'
export {
  type LoopDescentParams,
  type LoopDescentState,
  type UfomOutputs,
  type UfomParams,
  ufom,
} from '../bilevel/method/ufom.js'
