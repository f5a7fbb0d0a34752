import { complementary, projection } from '../../src/theory/theorem/bilevel/barrier.js'
import type { BarrierMethod } from '../../src/theory/theorem/bilevel/barrierMethod.js'
import { eachStep, summed } from '../../src/theory/theorem/bilevel/constrainedDescent.js'
import { sandwich } from '../../src/theory/theorem/bilevel/gap.js'
import { barrierMutants } from './mutantsBarrier.js'
import { prove } from './prove.js'

const only = (names: ReadonlyArray<string>): { readonly [name: string]: BarrierMethod } =>
  Object.fromEntries(Object.entries(barrierMutants).filter(([name]) => names.includes(name)))

prove(complementary, only(complementary.mutants))
prove(projection, only(projection.mutants))
prove(sandwich, only(sandwich.mutants))
prove(eachStep, only(eachStep.mutants))
prove(summed, only(summed.mutants))
