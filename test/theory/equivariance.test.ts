import { type armijo, constant, dog, type Rule, rule, spsMax } from 'steplaw'
import { type Method, reflection, translation } from '../../src/theory/theorem/equivariance.js'
import {
  type InUnits,
  otherRays,
  otherUnits,
  unitlessDirections,
  withoutParameters,
} from '../../src/theory/theorem/units.js'
import * as mutant from './mutants.js'
import * as gathering from './mutantsGathering.js'
import { prove } from './prove.js'

const capped =
  (of: (p: mutant.Capped) => Rule): InUnits =>
  ({ c, size }) =>
    of({ c: 4 * c, cap: size })

const uncapped =
  (of: (p: mutant.Capped) => Rule): InUnits =>
  ({ c }) =>
    of({ c: 4 * c, cap: Number.POSITIVE_INFINITY })

const searching =
  (of: (p: Parameters<typeof armijo>[0]) => Rule, budget: number): InUnits =>
  ({ c, size, slack }) =>
    of({ c, slack, budget, start: constant(size) })

prove(otherUnits, {
  paddedNorm: capped(mutant.paddedNorm),
  hiddenCap: capped(mutant.hiddenCap),
  takesTinyStep: searching(mutant.takesTinyStep, 3),
})
prove(unitlessDirections, {
  normOfDirection: capped(mutant.normOfDirection),
  normOfGradient: capped(mutant.normOfGradient),
  decreaseByGradient: searching(mutant.decreaseByGradient, 100),
})
prove(withoutParameters, {
  paddedNorm: uncapped(mutant.paddedNorm),
  hiddenCap: uncapped(mutant.hiddenCap),
  // The published code adds 1e-8 to the sum of squares.
  dogWithEpsilon: ({ c }) => dog({ repsilon: c, epsilon: 1e-8 }),
  // The norm for its square: right in one unit of the loss alone.
  gradientUnsquared: ({ c }) =>
    rule({
      name: 'gradientUnsquared',
      init: null,
      step: (s, { value, slope }) => [s, slope < 0 ? Math.max(value, 0) / (4 * c * Math.sqrt(-slope)) : null],
    }),
})
prove(otherRays, {
  paddedNorm: capped(mutant.paddedNorm),
  hiddenCap: capped(mutant.hiddenCap),
  takesTinyStep: searching(mutant.takesTinyStep, 3),
})

const sps: Method['rule'] = ({ c, size }) => spsMax({ c: 4 * c, cap: size })

prove(reflection, {
  paddedGradient: { rule: sps, direction: gathering.paddedGradient },
  onlyPositiveParts: { rule: sps, direction: gathering.onlyPositiveParts },
})
prove(translation, {
  decaysWeights: { rule: sps, direction: gathering.decaysWeights },
  // DoG's published start, 1e-6 (1 + |x_0|), here as a way to step: it knows where the origin is.
  startByNorm: { rule: () => constant(1e-2), direction: gathering.scaledByNorm },
})
