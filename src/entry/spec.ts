/**
 * The standard: vocabulary, codecs, case files and the conformance runner.
 *
 * @module steplaw/spec
 */
export type { Cases, Kind, PhiFamily, RayCase } from '../../spec/conformance/case.js'
export {
  compareOutputs,
  type Deviation,
  type Outputs,
  type Tolerance,
} from '../../spec/conformance/compare.js'
export { type CaseResult, conform, type Implementation } from '../../spec/conformance/conform.js'
export { schemas } from '../../spec/schema/schemas.js'
export {
  type BilevelMethodExpr,
  bilevelMethodExpr,
  draftBilevelMethodTags,
} from '../../spec/vocabulary/bilevelMethod.js'
export { type BilevelProblemExpr, bilevelProblemExpr } from '../../spec/vocabulary/bilevelProblem.js'
export { type ControllerExpr, controllerExpr } from '../../spec/vocabulary/controller.js'
export {
  type DirectionExpr,
  type DirectionParams,
  type DirectionTag,
  directionExpr,
  directionTags,
  draftDirectionTags,
  printDirection,
} from '../../spec/vocabulary/direction.js'
export {
  draftEstimatorTags,
  type EstimatorAloneExpr,
  type EstimatorExpr,
  estimatorAloneExpr,
  estimatorExpr,
} from '../../spec/vocabulary/estimator.js'
export type { Target } from '../../spec/vocabulary/field.js'
export { decodeWith, type Invalid, showInvalid } from '../../spec/vocabulary/invalid.js'
export { isJson, type Json, json } from '../../spec/vocabulary/json.js'
export { decodeNumber, double, type EncodedNumber, encodeNumber } from '../../spec/vocabulary/number.js'
export { type ObjectiveExpr, objectiveExpr } from '../../spec/vocabulary/objective.js'
export { printRule } from '../../spec/vocabulary/print.js'
export {
  foldNode,
  foldRule,
  operandsOf,
  type RuleAlgebra,
  ruleExpr,
} from '../../spec/vocabulary/ruleExpr.js'
export {
  draftRuleTags,
  type RuleExpr,
  type RuleNode,
  type RuleParams,
  type RuleTag,
  ruleTags,
} from '../../spec/vocabulary/ruleRows.js'
export { type ScheduleExpr, scheduleExpr } from '../../spec/vocabulary/schedule.js'
export {
  draftWrapperTags,
  printWrapper,
  standsAlone,
  type WrapperExpr,
  type WrapperParams,
  type WrapperTag,
  wrapperExpr,
  wrapperTags,
} from '../../spec/vocabulary/wrapper.js'
