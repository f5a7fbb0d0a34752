import { free, stuck } from '../../src/theory/theorem/bilevel/counterExample.js'
import { bias, moments, sizeOfExact, unbiased, variance } from '../../src/theory/theorem/bilevel/debiasing.js'
import { balance, budget } from '../../src/theory/theorem/bilevel/energy.js'
import { least, monotone } from '../../src/theory/theorem/bilevel/exactProbability.js'
import type { LoopMethod } from '../../src/theory/theorem/bilevel/loop.js'
import { adaptiveMutants, chooserMutants, loopMutants } from './mutantsBilevelMethods.js'
import { prove } from './prove.js'

const only = <S>(all: { readonly [name: string]: S }, names: ReadonlyArray<string>): { [name: string]: S } =>
  Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)))

const loops: { readonly [name: string]: LoopMethod } = loopMutants

for (const statement of [unbiased, variance, bias, sizeOfExact])
  prove(statement, only(loops, statement.mutants))
for (const statement of [balance, budget]) prove(statement, only(loops, statement.mutants))
prove(stuck, { ...only(loops, stuck.mutants), takenAtTheStart: loopMutants.startAlone })
prove(free, { ...only(loops, free.mutants), takenAtTheStart: loopMutants.startAlone })
prove(moments, only(adaptiveMutants, moments.mutants))
prove(least, only(chooserMutants, least.mutants))
prove(monotone, only(chooserMutants, monotone.mutants))
