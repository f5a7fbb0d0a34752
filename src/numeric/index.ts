export { fromWords, highWord, lowWord, powerOfTwo, ulp } from './bits.js'
export { exp, expm1 } from './exponential.js'
export { log, log1p } from './logarithm.js'
export { pow } from './power.js'
export { gamma, UNIT_ROUNDOFF } from './rounding.js'
export { sigmoid, softplus, tanh } from './sigmoid.js'
export {
  dot,
  norm,
  squaredNorm,
  sum,
  sumRoundings,
  sumStrided,
} from './sum.js'
export { cos, sin } from './trigonometric.js'
