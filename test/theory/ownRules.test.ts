/** Rules of one's own put to the theorems on rates: what is not declared is measured on the run. */

import { adagradNorm, armijo, constant, dog, polyak, power, type Rule, spsMax } from 'steplaw'
import { verifyRule } from 'steplaw/theory'
import { expect, it } from 'vitest'
import { ownBounded } from '../../src/theory/theorem/rate.js'
import { stronglyConvex } from '../../src/theory/theorem/sps.js'
import { quadraticWorld } from '../../src/theory/world/quadratic.js'
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

it('a bound does not turn negative where every step seen is longer than 1/mu', () => {
  // (x - 1)^2 and (x + 1)^2 far above their declared bounds: all steps are the cap, 1 = 2/mu, and x becomes 2b - x.
  const world = quadraticWorld({
    objective: {
      objective: 'quadratic',
      A: [[[2]], [[2]]],
      b: [[1], [-1]],
      k: [0, 0],
      lowerBounds: [-400, -400],
    },
    start: [0],
    L: [2, 2],
    mu: [2, 2],
    minimiser: [0],
    interpolates: false,
    sigma2: 1,
  })
  const found = stronglyConvex.evaluate(ownBounded(spsMax({ c: 1, cap: 1 })), { world, c: 1, cap: 1 })
  expect(found).toMatchObject({ _tag: 'Compared' })
  if (found._tag === 'Compared')
    for (const { observed, bound } of found.comparisons) expect(observed).toBeLessThanOrEqual(bound)
})
