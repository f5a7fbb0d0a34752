import * as t from 'io-ts'
import { double } from './number.js'
import { strict, tagged } from './strict.js'

const vector = t.readonlyArray(double, 'an array of numbers')
const matrix = t.readonlyArray(vector, 'an array of rows')
const index = t.refinement(t.number, (n) => Number.isSafeInteger(n) && n >= 0, 'an integer >= 0')
const label = t.refinement(t.number, (n) => n === 1 || n === -1, '1 or -1')
const weight = t.refinement(t.number, (n) => Number.isFinite(n) && n >= 0, 'a finite number >= 0')

/** What every objective may declare. */
const bounds = { lowerBounds: vector, solutionValues: vector }

/**
 * The codec of objectives with their data written out (the standard, chapter Objectives). Shapes are checked by whoever builds
 * the objective.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { objectiveExpr } from 'steplaw/spec'
 *
 * objectiveExpr.decode({ objective: 'leastSquares', A: [[1, 0]], y: [2] })._tag // => 'Right'
 * objectiveExpr.decode({ objective: 'logistic', A: [[1, 0]], y: [0] })._tag // => 'Left'
 * ```
 */
export const objectiveExpr = tagged('objective', 'an objective', {
  quadratic: strict(
    'quadratic',
    { objective: t.literal('quadratic'), A: t.readonlyArray(matrix, 'an array of matrices'), b: matrix },
    { k: vector, ...bounds },
  ),
  leastSquares: strict(
    'leastSquares',
    { objective: t.literal('leastSquares'), A: matrix, y: vector },
    bounds,
  ),
  logistic: strict(
    'logistic',
    { objective: t.literal('logistic'), A: matrix, y: t.readonlyArray(label, 'an array of 1 and -1') },
    { l2: weight, ...bounds },
  ),
  softmax: strict(
    'softmax',
    {
      objective: t.literal('softmax'),
      A: matrix,
      labels: t.readonlyArray(index, 'an array of labels'),
      classes: index,
    },
    { l2: weight, ...bounds },
  ),
})

/**
 * An objective as data.
 *
 * @category Standard
 * @since 0.1.0
 */
export type ObjectiveExpr = t.TypeOf<typeof objectiveExpr>
