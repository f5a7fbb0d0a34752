import { descent, direction, noiseless, weight } from '../../src/theory/theorem/bilevel/penaltyDirection.js'
import { bounds, certificate, closedForm, growing } from '../../src/theory/theorem/bilevel/penaltyGap.js'
import { momentumMutants, penalisedMutants, penaltyMutants, weightMutants } from './mutantsPenalty.js'
import { prove } from './prove.js'

const only = <S>(
  all: { readonly [name: string]: S },
  names: ReadonlyArray<string>,
): { readonly [name: string]: S } =>
  Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)))

prove(bounds, only(penalisedMutants, bounds.mutants))
prove(closedForm, only(penalisedMutants, closedForm.mutants))
prove(growing, only(penalisedMutants, growing.mutants))
prove(certificate, only(penalisedMutants, certificate.mutants))
prove(direction, only(penaltyMutants, direction.mutants))
prove(descent, only(penaltyMutants, descent.mutants))
prove(noiseless, momentumMutants)
prove(weight, weightMutants)
