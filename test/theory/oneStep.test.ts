import { type armijo, constant, type Rule } from 'steplaw'
import { asDrawn, type Certified, searched } from '../../src/theory/theorem/certified.js'
import { contracts, descendsInDistance } from '../../src/theory/theorem/oneStep.js'
import * as mutant from './mutants.js'
import { prove } from './prove.js'

const search =
  (of: (p: Parameters<typeof armijo>[0]) => Rule, budget: number): Certified['rule'] =>
  ({ c, cap }) =>
    of({ c, budget, start: constant(cap) })

const uncertified: { readonly [name: string]: Certified } = {
  constant: asDrawn(({ cap }) => constant(cap)),
  invertedScaling: asDrawn(mutant.invertedScaling),
  oneRayBehind: asDrawn(mutant.oneRayBehind),
  plainDecrease: searched(search(mutant.plainDecrease, 100)),
  takesFirstTrial: searched(search(mutant.takesFirstTrial, 100)),
  takesLastTrial: searched(search(mutant.takesLastTrial, 3)),
}

prove(contracts, uncertified)
prove(descendsInDistance, uncertified)
