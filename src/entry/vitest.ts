/**
 * The laws as tests of vitest.
 *
 * @module steplaw/vitest
 */
export { checkLaws } from '../theory/check/vitest.js'
