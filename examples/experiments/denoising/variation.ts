/** Total variation on the images: the problems, what is proved of them, and what two numbers are worth. */
import { type BilevelConstants, totalVariationDenoising } from 'steplaw/bilevel'
import { psnr, test, training } from './images.js'
import { restoredBy } from './runs.js'

export const problems = { train: totalVariationDenoising(training), test: totalVariationDenoising(test) }
export const start = { x: Float64Array.of(-5, -5), y: training.noisy.values }
export const constantsAt = (x: Float64Array): BilevelConstants => {
  const constants = problems.train.facts.constantsAt?.(x)
  if (constants === undefined) throw new RangeError('constants: unknown')
  return constants
}

/** Without the two constants of second order, whose proofs are the most pessimistic: a bound to first order, and no proof. */
export const firstOrder = (x: Float64Array): BilevelConstants => ({
  ...constantsAt(x),
  inverseHessianLipschitz: 0,
  crossLipschitz: 0,
})

/** What two numbers are worth. */
export interface Worth {
  readonly x: ReadonlyArray<number>
  readonly F: number
  readonly train: number
  readonly test: number
}

export const worth = (w: number, s: number): Worth => {
  const x = Float64Array.of(w, s)
  const y = restoredBy(problems.train, training, x, constantsAt(x))
  const z = restoredBy(problems.test, test, x, constantsAt(x))
  return {
    x: [w, s],
    F: problems.train.upper.value(x, y, null),
    train: psnr(y, training.clean),
    test: psnr(z, test.clean),
  }
}
