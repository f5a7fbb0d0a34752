/**
 * Step-size rules, optimizers and problems.
 *
 * @module steplaw
 */
export { checkpoint, restore } from '../optimizer/checkpoint.js'
export * from '../optimizer/direction/accelerated.js'
export * from '../optimizer/direction/adagrad.js'
export { adam, amsgrad } from '../optimizer/direction/adam.js'
export { compileDirection, printedDirection } from '../optimizer/direction/compile.js'
export * from '../optimizer/direction/delayedAdagrad.js'
export * from '../optimizer/direction/direction.js'
export { heavyBall } from '../optimizer/direction/heavyBall.js'
export * from '../optimizer/direction/momentum.js'
export * from '../optimizer/direction/neo.js'
export * from '../optimizer/direction/nesterov.js'
export * from '../optimizer/direction/rmsprop.js'
export * from '../optimizer/direction/steepest.js'
export * from '../optimizer/driver.js'
export { implementation, implementationOf, objectiveOf } from '../optimizer/implementation.js'
export * from '../optimizer/iteration.js'
export { type Method, methodOf, type Pieces } from '../optimizer/method.js'
export * from '../optimizer/named/adaptiveSls.js'
export * from '../optimizer/named/adaptiveSps.js'
export * from '../optimizer/named/liOrabonaByCoordinate.js'
export * from '../optimizer/named/momentumSls.js'
export * from '../optimizer/named/recipe.js'
export * from '../optimizer/request.js'
export * from '../optimizer/stop.js'
export { type AverageParams, average } from '../optimizer/wrapper/average.js'
export * from '../optimizer/wrapper/cocob.js'
export * from '../optimizer/wrapper/coinBetting.js'
export { compileWrapper, printedWrapper } from '../optimizer/wrapper/compile.js'
export * from '../optimizer/wrapper/dAdaptation.js'
export * from '../optimizer/wrapper/mechanic.js'
export type { WrapperState } from '../optimizer/wrapper/state.js'
export * from '../optimizer/wrapper/wrapper.js'
export { type CsvOptions, parseCsv } from '../problem/data/csv.js'
export {
  type Dataset,
  dataset,
  MAX_ENTRIES,
  type Matrix,
  onlyClasses,
  takeRows,
} from '../problem/data/dataset.js'
export { parseDigits } from '../problem/data/digits.js'
export { type IdxArray, type IdxOptions, idxDataset, parseIdx } from '../problem/data/idx.js'
export { type Classes, classLabels, signLabels } from '../problem/data/labels.js'
export { type LibsvmOptions, parseLibsvm } from '../problem/data/libsvm.js'
export type { Parsed } from '../problem/data/parsed.js'
export { type Parts, type Preparation, prepare } from '../problem/data/prepare.js'
export {
  type CsvSpec,
  type DataSpec,
  type DigitsSpec,
  dataSpec,
  type IdxSpec,
  type LibsvmSpec,
  splitSpec,
} from '../problem/data/spec.js'
export { type Split, type SplitSpec, split } from '../problem/data/split.js'
export { type Moments, moments, standardise, withBias } from '../problem/data/standardise.js'
export { type StartSpec, startSpec, startVector } from '../problem/data/start.js'
export type { TableOptions } from '../problem/data/table.js'
export * from '../problem/draws.js'
export { type Declared, type FiniteSum, type FiniteSumObjective, finiteSum } from '../problem/finiteSum.js'
export type { MatrixInput, VectorInput } from '../problem/objective/input.js'
export * from '../problem/objective/leastSquares.js'
export * from '../problem/objective/logistic.js'
export * from '../problem/objective/quadratic.js'
export * from '../problem/objective/softmax.js'
export * from '../problem/oracle.js'
export {
  type Draw,
  generator,
  normal,
  normals,
  permutation,
  type RandomState,
  sample,
  sampleWithReplacement,
  shuffle,
  uniform,
  uniforms,
} from '../problem/random.js'
export * from '../program/interpret.js'
export * from '../program/program.js'
export * from '../rule/atom/adagradNorm.js'
export * from '../rule/atom/adaSls.js'
export * from '../rule/atom/adaSps.js'
export * from '../rule/atom/armijo.js'
export * from '../rule/atom/barzilaiBorwein.js'
export * from '../rule/atom/constant.js'
export * from '../rule/atom/dAdaptationSgd.js'
export * from '../rule/atom/dog.js'
export * from '../rule/atom/dowg.js'
export * from '../rule/atom/goldstein.js'
export * from '../rule/atom/last.js'
export * from '../rule/atom/never.js'
export * from '../rule/atom/polyak.js'
export * from '../rule/atom/ponos.js'
export * from '../rule/atom/power.js'
export * from '../rule/atom/prodigy.js'
export * from '../rule/atom/spsSafe.js'
export * from '../rule/atom/strongWolfe.js'
export * from '../rule/combine/andThen.js'
export * from '../rule/combine/contramap.js'
export * from '../rule/combine/envelope.js'
export * from '../rule/combine/max.js'
export * from '../rule/combine/min.js'
export * from '../rule/combine/orElse.js'
export * from '../rule/combine/periodic.js'
export * from '../rule/combine/product.js'
export * from '../rule/combine/runningMax.js'
export * from '../rule/combine/runningMin.js'
export * from '../rule/combine/scale.js'
export * from '../rule/compile.js'
export * from '../rule/custom.js'
export * from '../rule/derived/clamp.js'
export * from '../rule/derived/decSps.js'
export * from '../rule/derived/generalEnvelope.js'
export * from '../rule/derived/liOrabona.js'
export type { Reset } from '../rule/derived/reset.js'
export * from '../rule/derived/sls.js'
export * from '../rule/derived/slsB.js'
export * from '../rule/derived/spsB.js'
export * from '../rule/derived/spsMax.js'
export * from '../rule/derived/spsPlus.js'
export * from '../rule/derived/spsSmooth.js'
export * from '../rule/instance.js'
export { ruleKit } from '../rule/kit.js'
export {
  allReadings,
  descends,
  type Observation,
  observe,
  type Probe,
  probe,
  probeSlope,
  type Reading,
  type Sample,
  type Search,
} from '../rule/observation.js'
export {
  type Failed,
  fail,
  type Outcome,
  outcomeOrd,
  type Path,
  type Reason,
  type ReasonTag,
  reasons,
  type Step,
  type Stepped,
  step,
} from '../rule/outcome.js'
export { type Memoised, memoised, type Ray, type Taken, takeStep, takeSteps } from '../rule/ray.js'
export { dphi, phi, rayOf } from '../rule/rayCase.js'
export { type Machine, machine, operandAt, type Rule, show } from '../rule/rule.js'
