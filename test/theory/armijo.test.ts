import {
  armijoBacktracks,
  armijoBounds,
  armijoDecrease,
  armijoGap,
  armijoTrials,
  slackLengthens,
} from '../../src/theory/theorem/armijo.js'
import {
  preconditionedBounds,
  preconditionedDecrease,
  slackAlongRuns,
} from '../../src/theory/theorem/preconditioned.js'
import * as mutant from './mutants.js'
import { prove } from './prove.js'

const {
  acceptsNaN,
  decreaseByGradient,
  frozenTarget,
  oneTrialMore,
  plainDecrease,
  shrinksFirst,
  shrinksOnceMore,
  slackSubtracted,
  takesFirstTrial,
  takesLastTrial,
  takesTinyStep,
} = mutant

prove(armijoBounds, { frozenTarget, shrinksOnceMore, takesTinyStep })
prove(armijoDecrease, { plainDecrease, takesLastTrial, takesFirstTrial })
prove(armijoGap, { plainDecrease, takesLastTrial, takesFirstTrial })
prove(armijoBacktracks, { frozenTarget, shrinksFirst, shrinksOnceMore, oneTrialMore })
prove(armijoTrials, { acceptsNaN, slackSubtracted, plainDecrease, takesLastTrial })
prove(slackLengthens, { slackSubtracted })
prove(preconditionedBounds, { decreaseByGradient, frozenTarget, shrinksOnceMore })
prove(preconditionedDecrease, { decreaseByGradient, plainDecrease, slackSubtracted })
prove(slackAlongRuns, { slackSubtracted })
