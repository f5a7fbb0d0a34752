/** Adaptive steps on `w8a`: 49,749 rows, 300 features, 35 epochs of batches of 100. */
import { stepsOn } from './steps.js'

const settings = { l2: 1e-4, batch: 100, iterations: 13_930, start: 'zeros' } as const

const { report, experiment } = stepsOn('w8a', settings, 398)

export { report }
export default experiment
