/**
 * Laws of rules as values, the generators they are tried on, and their judge.
 *
 * @module steplaw/laws
 */
export { dyadic, oneBinade } from '../../spec/law/arbitrary/number.js'
export { type KnownProblem, problemArbitrary } from '../../spec/law/arbitrary/problem.js'
export { rayArbitrary } from '../../spec/law/arbitrary/ray.js'
export { ruleExprArbitrary } from '../../spec/law/arbitrary/ruleExpr.js'
export { laws } from '../../spec/law/catalogue.js'
export { givenArbitrary, type Judgement, judge, type Trial } from '../../spec/law/judge.js'
export { type Answer, answers, type RuleKit } from '../../spec/law/kit.js'
export type { Given, Law, Violation } from '../../spec/law/law.js'
export { type Mutant, mutants } from '../../spec/law/mutant.js'
