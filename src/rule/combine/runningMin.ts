import { decodeNumber, encodeNumber } from '../../../spec/vocabulary/number.js'
import { done } from '../../program/program.js'
import { builtIn } from '../builtIn.js'
import { encodedNumber } from '../encodedNumber.js'
import { nth, step, under } from '../outcome.js'
import type { Rule } from '../rule.js'

/**
 * The least positive step of a rule so far: $m_k = \min(m_{k-1}, \gamma_k)$, $m_{-1} = +\infty$.
 *
 * A failure or a zero of the operand is passed on and **not** remembered: a single stationary batch must not stop the run for
 * good. DecSPS is a running minimum (see {@link decSps}).
 *
 * State: one number. Cost: that of the operand. Clause `rule.runningMin`.
 *
 * Laws: `meaning.runningMin`, `nonIncreasing`. Theorems: L6.
 *
 * @throws RangeError if the argument is not a rule.
 * @cite orvieto2022
 * @category Combinators
 * @since 0.1.0
 * @example
 * ```ts
 * import { polyak, runningMin, takeSteps } from 'steplaw'
 *
 * const rays = [3, 1, 0, 2].map((value) => ({ value, slope: -1 }))
 * takeSteps(runningMin(polyak()), rays).map((taken) => taken.step) // => [3, 1, 0, 1]
 * ```
 */
export const runningMin = (of: Rule): Rule =>
  builtIn('runningMin', { of }, () => ({
    init: encodeNumber(Number.POSITIVE_INFINITY),
    state: encodedNumber,
    step: (own, _observation, outcomes) => {
      const outcome = nth(outcomes, 0)
      if (outcome._tag === 'Fail') return done([own, under(0, outcome)])
      if (outcome.step === 0) return done([own, step(0)])
      const least = Math.min(decodeNumber(own), outcome.step)
      return done([encodeNumber(least), step(least)])
    },
  }))
