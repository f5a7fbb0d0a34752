import { constant } from 'steplaw'
import { biased } from '../../src/theory/theorem/biasedGradient.js'
import { hundred, neverAccepts } from './faultySteps.js'
import { prove } from './prove.js'

prove(biased, {
  hundred,
  neverMoves: neverAccepts,
  smoothnessForgotten: ({ upper }) => constant(16 * upper),
})
