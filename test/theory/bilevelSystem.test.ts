import { finiteTermination, krylovBounds, krylovResidual } from '../../src/theory/theorem/bilevel/cg.js'
import {
  errorBound,
  exactError,
  independentBatches,
  meanOverDepth,
  type Series,
  type TruncatedSeries,
} from '../../src/theory/theorem/bilevel/series.js'
import {
  betaInverted,
  crossOfTheUpper,
  deepestOnly,
  firstTermWithoutTheStep,
  neverTheFirst,
  oneTermMore,
  oneTermShort,
  penultimate,
  reporting,
  residualBefore,
  residualOfZero,
  sameBatchInAll,
  steepest,
  withoutTheCount,
  withoutTheStep,
} from './mutantsBilevel.js'
import { prove } from './prove.js'

const of = (series: Series): TruncatedSeries => ({ series, steps: () => [] })

prove(exactError, {
  oneTermShort: of(oneTermShort),
  oneTermMore: of(oneTermMore),
  firstTermWithoutTheStep: of(firstTermWithoutTheStep),
  withoutTheStep: of(withoutTheStep),
})
prove(errorBound, {
  oneTermShort: of(oneTermShort),
  firstTermWithoutTheStep: of(firstTermWithoutTheStep),
  withoutTheStep: of(withoutTheStep),
})
prove(meanOverDepth, { deepestOnly, neverTheFirst, withoutTheCount })
prove(independentBatches, { sameBatchInAll, crossOfTheUpper, neverTheFirst })

prove(krylovBounds, { penultimate, betaInverted, residualOfZero })
prove(krylovResidual, {
  residualBefore,
  squaredResidual: reporting((r) => r * r),
  residualOfZero,
})
prove(finiteTermination, { penultimate, steepest, residualOfZero })
