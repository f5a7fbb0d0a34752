import { gamma } from '../../src/numeric/index.js'
import { leastScale, type Moment } from './journey.js'

/** What rounding may do to $\|g\|^2$: the computed gradient against the exact one, and the sum of squares. */
export const squareError = ({ gg, gradientError }: Moment): number =>
  2 * Math.sqrt(gg) * gradientError * (1 + gamma(4)) + gradientError ** 2 + gamma(5) * gg

/**
 * $\min\{a_{\min}/(2cL), h\} \le \gamma \le \min\{(f - \ell)/(c|\varphi'(0)|), h\}$ for the cap $h$ of iteration $k$, both sides
 * multiplied by $c|\varphi'(0)|$; $a_{\min} = 1$ along steepest descent.
 */
export const polyakBounds =
  (c: number, capOf: (k: number) => number) =>
  (m: Moment): boolean => {
    const cap = capOf(m.k)
    if (m.step === null || m.step > cap) return false
    const scaled = m.step * c * -m.slope
    const least = Math.min(cap * c * -m.slope, (leastScale(m) * -m.slope) / (2 * m.L))
    return (
      scaled * (1 - gamma(6)) <= m.gap + m.error &&
      scaled * (1 + gamma(8)) >= least - m.error - squareError(m) / (2 * m.L)
    )
  }
