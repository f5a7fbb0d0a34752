import { type armijo, constant, type Rule } from 'steplaw'
import { type Certified, searched } from '../../src/theory/theorem/certified.js'
import type { RateCase } from '../../src/theory/theorem/rate.js'
import {
  searchContracts,
  searchConvex,
  searches,
  searchNoisy,
  searchStronglyConvex,
} from '../../src/theory/theorem/slsRates.js'
import {
  interpolatedAverage,
  interpolatedDistance,
  merelyConvex,
  stronglyConvex,
} from '../../src/theory/theorem/sps.js'
import { hundred, neverAccepts, normNotSquared } from './faultySteps.js'
import * as mutant from './mutants.js'
import { prove } from './prove.js'

/** A rule with another's promise. */
const claimed = <S extends { readonly rule: unknown }>(like: S | undefined, rule: S['rule']): S => {
  if (like === undefined) throw new Error('no subject to imitate')
  return { ...like, rule }
}

const sps = stronglyConvex.subjects.spsMax

const withoutCap = claimed(sps, mutant.withoutCap)
const constantStep = claimed(sps, ({ cap }) => constant(16 * cap))
const wrongUnits = { normNotSquared: claimed(sps, normNotSquared), hundred: claimed(sps, hundred) }

prove(stronglyConvex, { withoutCap, constant: constantStep, hundred: wrongUnits.hundred })
prove(interpolatedDistance, { ...wrongUnits, constant: constantStep })
prove(merelyConvex, { withoutCap, constant: constantStep, hundred: wrongUnits.hundred })
prove(interpolatedAverage, { ...wrongUnits, constant: constantStep })

const search =
  (of: (p: Parameters<typeof armijo>[0]) => Rule, budget: number) =>
  ({ c, cap }: Pick<RateCase, 'c' | 'cap'>): Rule =>
    of({ c, budget, start: constant(cap) })

const astray = {
  takesFirstTrial: claimed(searches.armijo, search(mutant.takesFirstTrial, 100)),
  hundred: claimed(searches.armijo, hundred),
}

prove(searchStronglyConvex, { ...astray, neverAccepts: claimed(searches.armijo, neverAccepts) })
prove(searchConvex, astray)
prove(searchNoisy, astray)

const uncertified: { readonly [name: string]: Certified } = {
  constant: searched(({ cap }) => constant(cap)),
  plainDecrease: searched(search(mutant.plainDecrease, 100)),
  takesFirstTrial: searched(search(mutant.takesFirstTrial, 100)),
  takesLastTrial: searched(search(mutant.takesLastTrial, 3)),
}

prove(searchContracts, uncertified)
