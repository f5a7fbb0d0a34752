import * as t from 'io-ts'
import { decodeNumber, encodeNumber } from '../../../spec/vocabulary/number.js'
import { done } from '../../program/program.js'
import { builtIn } from '../builtIn.js'
import { encodedNumber } from '../encodedNumber.js'
import { nth, step, under } from '../outcome.js'
import type { Rule } from '../rule.js'

/**
 * The greatest step of a rule so far. Failures are ignored once there has been a step; before that it fails.
 *
 * State: one number, or null. Cost: that of the operand. Clause `rule.runningMax`.
 *
 * Laws: `meaning.runningMax`. Theorems: none.
 *
 * @throws RangeError if the argument is not a rule.
 * @category Combinators
 * @since 0.1.0
 * @example
 * ```ts
 * import { polyak, runningMax, takeSteps } from 'steplaw'
 *
 * const rays = [1, 3, 2].map((value) => ({ value, slope: -1 }))
 * takeSteps(runningMax(polyak()), rays).map((taken) => taken.step) // => [1, 3, 3]
 * ```
 */
export const runningMax = (of: Rule): Rule =>
  builtIn('runningMax', { of }, () => ({
    init: null,
    state: t.union([t.null, encodedNumber]),
    step: (own, _observation, outcomes) => {
      const outcome = nth(outcomes, 0)
      if (outcome._tag === 'Fail')
        return done([own, own === null ? under(0, outcome) : step(decodeNumber(own))])
      const greatest = own === null ? outcome.step : Math.max(decodeNumber(own), outcome.step)
      return done([encodeNumber(greatest), step(greatest)])
    },
  }))
