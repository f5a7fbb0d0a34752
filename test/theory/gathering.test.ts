import { armijo, constant, minOf } from 'steplaw'
import {
  type AdaptiveStep,
  adaptiveMonotone,
  adaptiveSearch,
  adaptiveSum,
  adaSpsBounds,
  tauOfSls,
  tauOfSps,
} from '../../src/theory/theorem/adaptive.js'
import { goldsteinSteps } from '../../src/theory/theorem/goldstein.js'
import {
  currentGradientClimbs,
  liOrabonaConvex,
  liOrabonaMonotone,
  liOrabonaPast,
  liOrabonaSmooth,
} from '../../src/theory/theorem/liOrabona.js'
import { spsPlusDistance, spsPlusRate, spsPlusSum } from '../../src/theory/theorem/spsPlus.js'
import * as mutant from './mutants.js'
import * as gathering from './mutantsGathering.js'
import { prove } from './prove.js'

const {
  decaysTwice,
  fades,
  forgets,
  hardlyMoves,
  includesCurrent,
  normOutsideTheSum,
  pastAlone,
  rootForgotten,
} = gathering

prove(goldsteinSteps, {
  neverGrows: ({ start, c, shrink, budget, cap }) =>
    armijo({
      start: minOf(start, constant(cap ?? 10)),
      ...(c === undefined ? {} : { c }),
      ...(shrink === undefined ? {} : { shrink }),
      ...(budget === undefined ? {} : { budget }),
    }),
  ignoresCap: gathering.ignoresCap,
  acceptsEither: gathering.acceptsEither,
  takesLastTrial: ({ start, c, shrink, budget, cap }) =>
    mutant.takesLastTrial({
      start: minOf(start, constant(cap ?? 10)),
      ...(c === undefined ? {} : { c }),
      ...(shrink === undefined ? {} : { shrink }),
      ...(budget === undefined ? {} : { budget }),
    }),
})

const aiming = (rule: typeof hardlyMoves) => ({ rule, known: true })
const unaimed = {
  aimsAtInfimum: aiming(gathering.aimsAtInfimum),
  absoluteExcess: aiming(gathering.absoluteExcess),
  twiceTheStep: aiming(gathering.twiceTheStep),
}

prove(spsPlusDistance, unaimed)
prove(spsPlusSum, unaimed)
prove(spsPlusRate, { hardlyMoves })

const spsLike = (of: (scale: number) => typeof hardlyMoves): AdaptiveStep => ({
  rule: ({ scale }) => of(scale),
  tau: tauOfSps,
})

prove(adaptiveSum, {
  adaSpsRootForgotten: spsLike(gathering.adaSpsRootForgotten),
  adaSpsGapSquared: spsLike(gathering.adaSpsGapSquared),
  hardlyMoves: spsLike(() => hardlyMoves),
})
prove(adaptiveMonotone, {
  adaSpsGrows: spsLike(gathering.adaSpsGrows),
  searchItself: { rule: ({ cap }) => adaptiveSearch(cap), tau: tauOfSls },
})
prove(adaSpsBounds, {
  adaSpsDecreasingSum: spsLike(gathering.adaSpsDecreasingSum),
  adaSpsExcludesCurrent: spsLike(gathering.adaSpsExcludesCurrent),
  adaSpsRootForgotten: spsLike(gathering.adaSpsRootForgotten),
})

prove(liOrabonaConvex, { rootForgotten, decaysTwice })
prove(liOrabonaSmooth, { rootForgotten, decaysTwice })
prove(liOrabonaMonotone, { forgets, fades })
prove(liOrabonaPast, { includesCurrent, forgets })
prove(currentGradientClimbs, { pastAlone, normOutsideTheSum })
