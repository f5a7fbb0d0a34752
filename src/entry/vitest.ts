/**
 * The laws and the theorems as tests of vitest.
 *
 * @module steplaw/vitest
 */
export { checkLaws } from '../theory/check/vitest.js'
export { verifyTheoremsOf } from '../theory/vitest.js'
