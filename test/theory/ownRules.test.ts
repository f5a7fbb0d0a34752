/** Rules of one's own put to the theorems on rates: what is not declared is measured on the run. */

import { adagradNorm, armijo, constant, dog, polyak, power, type Rule, spsMax } from 'steplaw'
import { verifyRule } from 'steplaw/theory'
import { expect, it } from 'vitest'
import { suffices } from '../evidence.js'
import { longer } from './faultySteps.js'

it.each<[string, Rule, string, string, number]>([
  ['a capped Polyak step keeps its rates', spsMax({ c: 1, cap: 1 }), 'P5.distance', 'not refuted', 30],
  ['and with interpolation', spsMax({ c: 1, cap: 1 }), 'P6.interpolation', 'not refuted', 30],
  ["Polyak's step is known again", polyak({ c: 1 }), 'P7.average', 'not refuted', 30],
  ['and so is another', constant(2 ** -30), 'P7.average', 'does not apply', 30],
  ['a step four times as long, too', longer({ c: 1 }), 'P7.linear', 'does not apply', 30],
  ['a search contracts', armijo({ start: constant(4), c: 0.5 }), 'P9.contraction', 'not refuted', 30],
  ['the distance over gradients is its own', dog({ repsilon: 0.125 }), 'P18.dog', 'not refuted', 30],
  ['a constant has no such regret', constant(2 ** -20), 'P18.dog', 'refuted', 100],
  [
    'a schedule does not look at its sample',
    power({ initial: 2 ** -9, exponent: 0.5 }),
    'P24.predictable',
    'not refuted',
    30,
  ],
  ['a search is short enough or is not', armijo({ start: constant(1) }), 'P25.gradients', 'not refuted', 30],
  ['a rule without a constant says nothing', adagradNorm({ beta: 1 }), 'P25.gradients', 'does not apply', 30],
])('%s', (_says, rule, theorem, verdict, problems) => {
  // A fault that shows on a fifth of the problems or more is missed by all of them with less than 1e-9.
  if (verdict === 'refuted') expect(suffices(problems, 0.2)).toBe(true)
  const [found] = verifyRule(rule, { theorem, problems })
  expect(found?.verdict).toBe(verdict)
})
