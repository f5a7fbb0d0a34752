/**
 * Two levels: gradients through the solution of an inner problem.
 *
 * @module steplaw/bilevel
 */
export { type HessianProduct, neumannSeries, neumannTerm } from '../bilevel/hypergradient/neumann.js'
