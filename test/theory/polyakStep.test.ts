import { type armijo, minOf, power, type Rule, slsB, spsB } from 'steplaw'
import {
  armijoThreshold,
  byMean,
  polyakThreshold,
  type Scheduled,
  searchedSchedule,
  slsBCollapses,
  slsBIsTight,
  spsBCollapses,
  spsBIsTight,
} from '../../src/theory/theorem/collapse.js'
import { byConstant, ruleOrder, scheduled, searchBelowRatio } from '../../src/theory/theorem/order.js'
import {
  fixedCap,
  polyakGap,
  polyakInterval,
  polyakPreconditioned,
} from '../../src/theory/theorem/polyakStep.js'
import * as mutant from './mutants.js'
import { prove } from './prove.js'

const { absoluteGap, invertedScaling, normOfDirection, normOfGradient, paddedNorm, uphill } = mutant

prove(polyakInterval, {
  invertedScaling: fixedCap(invertedScaling),
  withoutCap: fixedCap(mutant.withoutCap),
  lossForGap: fixedCap(mutant.lossForGap),
  oneRayBehind: fixedCap(mutant.oneRayBehind),
  paddedNorm: fixedCap(paddedNorm),
})
prove(polyakGap, { uphill, absoluteGap, invertedScaling, paddedNorm })
prove(polyakPreconditioned, { normOfDirection, normOfGradient, invertedScaling })

prove(ruleOrder, {
  invertedScaling: byConstant(invertedScaling),
  withoutCap: scheduled(({ c, initial }) => mutant.withoutCap({ c, cap: initial })),
  plainDecrease: searchBelowRatio(mutant.plainDecrease),
  takesFirstTrial: searchBelowRatio(mutant.takesFirstTrial),
})

const capped =
  (of: (p: mutant.Capped) => Rule): Scheduled['rule'] =>
  ({ c, ...cap }) =>
    minOf(of({ c, cap: Number.POSITIVE_INFINITY }), power(cap))

const searched = (of: (p: Parameters<typeof armijo>[0]) => Rule): Scheduled => ({
  rule: searchedSchedule(of),
  threshold: armijoThreshold,
})

prove(spsBCollapses, {
  twiceTheThreshold: { rule: spsB, threshold: (c, L) => 2 * polyakThreshold(c, L) },
  meanForGreatest: { rule: spsB, threshold: byMean(polyakThreshold) },
  oneRayBehind: { rule: capped(mutant.oneRayBehind), threshold: polyakThreshold },
  invertedScaling: { rule: capped(invertedScaling), threshold: polyakThreshold },
})
prove(slsBCollapses, {
  thresholdWithoutC: { rule: slsB, threshold: (_c, L) => 2 / Math.max(...L) },
  meanForGreatest: { rule: slsB, threshold: byMean(armijoThreshold) },
  shrinksFirst: searched(mutant.shrinksFirst),
})
prove(spsBIsTight, {
  oneUlpHigher: { rule: spsB, threshold: (c, L) => polyakThreshold(c, L) * (1 + 2 ** -52) },
  paddedNorm: { rule: capped(paddedNorm), threshold: polyakThreshold },
})
prove(slsBIsTight, {
  slightlyHigher: { rule: slsB, threshold: (c, L) => armijoThreshold(c, L) * (1 + 2 ** -20) },
  strictInequality: searched(mutant.strictInequality),
})
