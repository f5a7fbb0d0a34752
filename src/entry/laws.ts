/**
 * Generators for laws, with fast-check.
 *
 * @module steplaw/laws
 */
export { dyadic, oneBinade } from '../../spec/law/arbitrary/number.js'
export { type KnownProblem, problemArbitrary } from '../../spec/law/arbitrary/problem.js'
export { rayArbitrary } from '../../spec/law/arbitrary/ray.js'
export { ruleExprArbitrary } from '../../spec/law/arbitrary/ruleExpr.js'
