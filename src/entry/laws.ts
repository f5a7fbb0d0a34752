/**
 * Laws of rules as values, the generators they are tried on, and their judge; and what puts a rule of yours to them.
 *
 * @module steplaw/laws
 */
export { dyadic, illScaled, oneBinade } from '../../spec/law/arbitrary/number.js'
export { type KnownProblem, problemArbitrary } from '../../spec/law/arbitrary/problem.js'
export { type RaySort, rayArbitrary, raysArbitrary } from '../../spec/law/arbitrary/ray.js'
export { ruleExprArbitrary } from '../../spec/law/arbitrary/ruleExpr.js'
export { allLaws, laws } from '../../spec/law/catalogue.js'
export { type Claim, type ClaimTag, type CompleteClaim, claim } from '../../spec/law/claimRows.js'
export { claimedLaws } from '../../spec/law/claims.js'
export { corpus, type Found } from '../../spec/law/corpus.js'
export { givenArbitrary } from '../../spec/law/draws.js'
export { type Judgement, judge, type Trial } from '../../spec/law/judge.js'
export { type Answer, answers, type RuleKit } from '../../spec/law/kit.js'
export type { Given, Law, Violation } from '../../spec/law/law.js'
export { type Mutant, mutants } from '../../spec/law/mutant.js'
export { type Candidate, candidateOf } from '../theory/check/candidate.js'
export {
  checkLaw,
  checkRule,
  type Finding,
  lawsFor,
  type NotClaimed,
  notClaimed,
} from '../theory/check/check.js'
export type { CheckOptions, TrialOptions } from '../theory/check/options.js'
export { plain } from '../theory/check/plain.js'
export { showFinding } from '../theory/check/show.js'
export { type RuleDescription, ruleOf, type Subject } from '../theory/check/subject.js'
