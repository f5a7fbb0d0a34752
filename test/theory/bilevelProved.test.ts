import { accuracy, machine, proved } from '../../src/theory/theorem/bilevel/certifiedDescent.js'
import { affine, smooth } from '../../src/theory/theorem/bilevel/lookAhead.js'
import { lookMutants, provedMutants } from './mutantsProved.js'
import { prove } from './prove.js'

const only = <S>(
  all: { readonly [name: string]: S },
  names: ReadonlyArray<string>,
): { readonly [name: string]: S } =>
  Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)))

prove(accuracy, only(provedMutants, accuracy.mutants))
prove(proved, only(provedMutants, proved.mutants))
prove(machine, only(provedMutants, machine.mutants))
prove(affine, lookMutants)
prove(smooth, lookMutants)
