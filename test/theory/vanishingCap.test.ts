import { vanishingRate } from '../../src/theory/theorem/vanishingCap.js'
import { hundred } from './faultySteps.js'
import * as mutant from './mutants.js'
import { prove } from './prove.js'

const like = vanishingRate.subjects.spsB
if (like === undefined) throw new Error('no subject to imitate')

prove(vanishingRate, {
  withoutCap: { ...like, rule: mutant.withoutCap },
  hundred: { ...like, rule: hundred },
})
