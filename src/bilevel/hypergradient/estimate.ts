import type * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import type { Vector } from '../../problem/oracle.js'
import { runSync } from '../../program/interpret.js'
import { chain } from '../../program/program.js'
import { type BilevelDraw, noDraw } from '../draw.js'
import type { BilevelOracle, Pair } from '../oracle.js'
import { answerBilevel, type BilevelFacts, type BilevelProblem } from '../problem/problem.js'
import { certified } from './certificate.js'
import type { Estimator, Hypergradient, Unsolved } from './hypergradient.js'
import { retrace } from './path.js'

/**
 * Where {@link hypergradient} is taken.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface HypergradientOptions extends Pair {
  /** The solution of an earlier linear system, for estimators that start warm. */
  readonly v?: Vector
  /** Inner steps to make from `y` first, by their lengths $a_t$; none by default. */
  readonly steps?: ReadonlyArray<number>
  /** The batches; all components by default. */
  readonly draw?: BilevelDraw
  /** The constants of the problem, where it does not declare them. */
  readonly facts?: BilevelFacts
}

/**
 * A hypergradient with its whole certificate: the inner residual, the linear residual, and where the constants of the problem are
 * known a proven bound on the error.
 *
 * @param problem - a {@link BilevelProblem}, or a {@link BilevelOracle}.
 * @returns the estimate, or why there is none.
 * @throws as the estimator does.
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { direct, hypergradient, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[1]], p: [-2], r: [0.25] }],
 * })
 * // y = 1 is 1/2 away from y*(0); the gradient there is 3/2.
 * const found = hypergradient(problem, direct(), { x: Float64Array.of(0), y: Float64Array.of(1) })
 * found._tag === 'Right' && found.right.gradient // => Float64Array.of(1.75)
 * found._tag === 'Right' && found.right.certificate.errorBound // => { _tag: 'Some', value: 0.75 }
 * ```
 */
export const hypergradient = (
  problem: BilevelProblem | BilevelOracle,
  estimator: Estimator,
  { x, y, v, steps = [], draw = noDraw, facts }: HypergradientOptions,
): E.Either<Unsolved, Hypergradient> => {
  const oracle = typeof problem === 'function' ? problem : answerBilevel(problem)
  const known = facts ?? (typeof problem === 'function' ? {} : problem.facts)
  const path = { start: y, steps, batch: draw.lower, states: [] }
  const program = chain(retrace(path, x, y, 0, steps.length), (yD) =>
    certified(estimator, known).estimate({ x, y: yD, v: O.fromNullable(v), path: O.some(path), draw }),
  )
  return runSync(program, oracle)
}
