import {
  derivativeOfLoop,
  memoryIsFree,
  reverseIsForward,
  sameAsSeries,
} from '../../src/theory/theorem/bilevel/unrolled.js'
import {
  backwards,
  cotangentMovedFirst,
  hessianAfterTheStep,
  implicitInstead,
  inSinglePrecision,
  oneStepBack,
  otherOrder,
  upperBeforeTheLast,
} from './mutantsBilevel.js'
import { prove } from './prove.js'

prove(sameAsSeries, { oneStepBack, cotangentMovedFirst, upperBeforeTheLast })
prove(reverseIsForward, { oneStepBack, hessianAfterTheStep, cotangentMovedFirst })
prove(derivativeOfLoop, { oneStepBack, implicitInstead, cotangentMovedFirst })
prove(memoryIsFree, { inSinglePrecision, otherOrder, backwards })
