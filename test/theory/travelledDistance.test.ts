import * as O from 'fp-ts/lib/Option.js'
import type { Rule } from 'steplaw'
import { dogRegret, dowgRegret } from '../../src/theory/theorem/travelledDistance.js'
import { neverAccepts, rootForgotten, tenth } from './faultySteps.js'
import { prove } from './prove.js'

const from = (of: (repsilon: number) => Rule) => ({ rule: of, repsilon: O.some })

const wrong = {
  rootForgotten: from(rootForgotten),
  neverMoves: from(neverAccepts),
  tenth: from(tenth),
}

prove(dogRegret, wrong)
prove(dowgRegret, wrong)
