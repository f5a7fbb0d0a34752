import { sls } from 'steplaw'
import {
  adaSpsClosed,
  decSpsClosed,
  idleBatches,
  keptSearch,
  smoothedClosed,
  smoothedOnRuns,
} from '../../src/theory/theorem/closedForm.js'
import {
  decSpsBounds,
  decSpsMonotone,
  decSpsStaysNear,
  decSpsTelescopes,
} from '../../src/theory/theorem/decSps.js'
import * as mutant from './mutants.js'
import * as gathering from './mutantsGathering.js'
import { prove } from './prove.js'

const {
  answersBeforeUpdate,
  capUnscaled,
  counterAhead,
  growsFromRatio,
  minimumOfSteps,
  rootOfIndex,
  withoutGrowth,
  withoutRunningMin,
} = mutant

prove(decSpsClosed, {
  withoutRunningMin,
  minimumOfSteps,
  counterAhead,
  rootOfIndex,
  capUnscaled,
  answersBeforeUpdate,
})
prove(adaSpsClosed, {
  adaSpsGrows: gathering.adaSpsGrows,
  adaSpsDecreasingSum: gathering.adaSpsDecreasingSum,
  adaSpsExcludesCurrent: gathering.adaSpsExcludesCurrent,
})
prove(smoothedClosed, { growsFromRatio, withoutGrowth })
prove(smoothedOnRuns, { growsFromRatio, withoutGrowth })
prove(idleBatches, {
  absorbingZero: (initial) => mutant.absorbingZero({ growth: 2, initial, c: 1 }),
  absorbingMinimum: (cap) => mutant.absorbingMinimum({ c0: 1, cap }),
})
prove(keptSearch, {
  // Option 1 of the search's own code, growth, is its default.
  growsByDefault: (p) => sls({ ...p, reset: 'grow', growth: 2 }),
  restartsOnceAnEpoch: (p) => sls({ ...p, reset: 'periodic', period: 4 }),
})

prove(decSpsBounds, { counterAhead, rootOfIndex })
prove(decSpsMonotone, { withoutRunningMin })
prove(decSpsTelescopes, { withoutRunningMin })
prove(decSpsStaysNear, { answersBeforeUpdate })
