import { constant } from 'steplaw'
import { nonConvexSearches, stationary } from '../../src/theory/theorem/nonConvexSearch.js'
import { hundred, neverAccepts } from './faultySteps.js'
import { takesFirstTrial } from './mutants.js'
import { prove } from './prove.js'

const { armijo } = nonConvexSearches
if (armijo === undefined) throw new Error('no subject to imitate')

prove(stationary, {
  takesFirstTrial: {
    ...armijo,
    rule: ({ c, first }) => takesFirstTrial({ c, budget: 100, start: constant(first) }),
  },
  neverMoves: { ...armijo, rule: neverAccepts },
  hundred: { ...armijo, rule: hundred },
})
