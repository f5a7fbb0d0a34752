import type { EstimatorExpr } from '../../../spec/vocabulary/estimator.js'
import { constant } from '../../rule/atom/constant.js'
import { conjugateGradients } from '../hypergradient/cg.js'
import { direct, exact } from '../hypergradient/dense.js'
import { firstOrder } from '../hypergradient/firstOrder.js'
import type { Estimator } from '../hypergradient/hypergradient.js'
import { neumann } from '../hypergradient/neumann.js'
import { oneStepDifference } from '../hypergradient/oneStepDifference.js'
import { penaltyGradient } from '../hypergradient/penalty.js'
import { unrolled } from '../hypergradient/unrolled.js'

/**
 * The estimator that an expression of the standard names.
 *
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { compileEstimator } from 'steplaw/bilevel'
 *
 * compileEstimator({ estimator: 'neumann', terms: 3, step: 0.5 }).name // => 'neumann'
 * ```
 */
export const compileEstimator = (expr: EstimatorExpr): Estimator => {
  switch (expr.estimator) {
    case 'exact':
      return exact()
    case 'direct':
      return direct()
    case 'cg':
      return conjugateGradients(expr)
    case 'neumann':
      return neumann(expr)
    case 'unrolled':
      return unrolled()
    case 'firstOrder':
      return firstOrder()
    case 'oneStepDifference':
      return oneStepDifference(expr)
    case 'penaltyGradient': {
      const { lambda, step, tolerance, budget } = expr
      return penaltyGradient({ lambda, inner: { rule: constant(step), tolerance, budget } })
    }
  }
}
