import type * as t from 'io-ts'
import { count, finite, nonNegative } from './field.js'
import {
  among,
  anyNumber,
  index,
  listOf,
  matrix,
  number,
  oneOf,
  or,
  record,
  someOf,
  tag,
  vector,
} from './shape.js'

/** The bounds that rules see for $f$ and for $g$. */
const lowerBounds = or(record('lowerBounds', { upper: or(anyNumber, 0), lower: or(anyNumber, 0) }), {
  upper: 0,
  lower: 0,
})

const labels = listOf(index, 'an array of labels')
const signs = listOf(among(1, -1), 'an array of 1 and -1')

const lower = record('a component of g', { H: matrix, B: matrix, c: vector })
const upper = record('a component of f', { P: matrix, S: matrix, R: matrix, p: vector, r: vector })

/** The bilevel problems of version 1 (the standard, chapter Bilevel problems): one record per name. */
export const bilevelProblems = {
  quadraticBilevel: record('quadraticBilevel', {
    problem: tag('quadraticBilevel'),
    lower: someOf(lower, 'a non-empty array of components {H, B, c}'),
    upper: someOf(upper, 'a non-empty array of components {P, S, R, p, r}'),
    lowerBounds,
  }),
  shiftedPotential: record('shiftedPotential', {
    problem: tag('shiftedPotential'),
    H0: matrix,
    s: number(finite()),
    W: matrix,
    b: vector,
    target: vector,
    rho: number(finite(0)),
    lowerBounds,
  }),
  ridgeHyper: record('ridgeHyper', {
    problem: tag('ridgeHyper'),
    X: matrix,
    b: vector,
    Xv: matrix,
    bv: vector,
    penalty: among('scalar', 'perFeature'),
    lowerBounds,
  }),
  logisticHyper: record('logisticHyper', {
    problem: tag('logisticHyper'),
    A: matrix,
    y: signs,
    Av: matrix,
    yv: signs,
    lowerBounds,
  }),
  dataCleaning: record('dataCleaning', {
    problem: tag('dataCleaning'),
    A: matrix,
    labels,
    classes: number(count()),
    l2: number(nonNegative()),
    Av: matrix,
    labelsV: labels,
    lowerBounds,
  }),
  ablo: record('ablo', {
    problem: tag('ablo'),
    tasks: someOf(
      record('a task', { a: number(finite()), b: number(finite()) }),
      'a non-empty array of tasks {a, b}',
    ),
    linearBeyond: number(nonNegative()),
    lowerBounds,
  }),
}

const shape = oneOf('problem', 'a bilevel problem', bilevelProblems)

/**
 * The codec of bilevel problems with their data written out (the standard, chapter Bilevel problems). Whether matrices and
 * vectors fit each other is checked by whoever builds the problem.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { bilevelProblemExpr, decodeWith, showInvalid } from 'steplaw/spec'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const ridge = { problem: 'ridgeHyper', X: [[1]], b: [2], Xv: [[1]], bv: [1], penalty: 'scalar' }
 * const read = bilevelProblemExpr.decode(ridge)
 * E.isRight(read) ? read.right.lowerBounds : null // => { upper: 0, lower: 0 }
 *
 * const wrong = decodeWith(bilevelProblemExpr, 'problem')({ ...ridge, penalty: 'l2' })
 * E.isLeft(wrong) ? wrong.left.map(showInvalid) : [] // => ['problem.penalty: got "l2", expected "scalar" or "perFeature"']
 * ```
 */
export const bilevelProblemExpr = shape.codec

/**
 * A bilevel problem as data. {@link bilevelProblemExpr} is its codec.
 *
 * @category Standard
 * @since 0.1.0
 */
export type BilevelProblemExpr = t.TypeOf<typeof bilevelProblemExpr>
