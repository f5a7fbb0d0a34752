/**
 * Adaptive steps on `a1a`: 1,605 rows, 123 features. The published experiments of DecSPS halve the loss; here it is not halved, and
 * the penalty of 0.01 is doubled instead: the same problem in other units of the loss.
 */
import { stepsOn } from './steps.js'

const settings = { l2: 0.02, batch: 20, iterations: 32_768, start: { normal: 0.1, seed: 10 } } as const

const { report, experiment } = stepsOn('a1a', settings, 64)

export { report }
export default experiment
