import type { BilevelProblemExpr } from '../../../spec/vocabulary/bilevelProblem.js'
import { ablo } from './ablo.js'
import { dataCleaning } from './dataCleaning.js'
import { logisticHyper } from './logisticHyper.js'
import type { BilevelProblem } from './problem.js'
import { quadraticBilevel } from './quadratic.js'
import { ridgeHyper } from './ridgeHyper.js'
import { shiftedPotential } from './shiftedPotential.js'

/**
 * The bilevel problem that a case writes out (the standard, chapter Bilevel problems).
 *
 * @throws `RangeError` naming the field, if shapes do not fit or data are not finite.
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { bilevelProblemOf } from 'steplaw/bilevel'
 *
 * const problem = bilevelProblemOf({
 *   problem: 'ablo',
 *   tasks: [{ a: 1, b: 2 }],
 *   linearBeyond: 5,
 *   lowerBounds: { upper: 0, lower: 0 },
 * })
 * problem.upper.value(Float64Array.of(0), Float64Array.of(0), null) // => 2
 * ```
 */
export const bilevelProblemOf = (expr: BilevelProblemExpr): BilevelProblem => {
  switch (expr.problem) {
    case 'quadraticBilevel':
      return quadraticBilevel(expr)
    case 'shiftedPotential':
      return shiftedPotential(expr)
    case 'ridgeHyper':
      return ridgeHyper(expr)
    case 'logisticHyper':
      return logisticHyper(expr)
    case 'dataCleaning':
      return dataCleaning(expr)
    case 'ablo':
      return ablo(expr)
  }
}
