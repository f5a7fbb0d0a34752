import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { type BilevelDraw, noDraw } from '../../../bilevel/draw.js'
import type { Estimator, Hypergradient } from '../../../bilevel/hypergradient/hypergradient.js'
import { type InnerPath, run } from '../../../bilevel/hypergradient/path.js'
import type { Pair } from '../../../bilevel/oracle.js'
import { answerBilevel, type BilevelProblem } from '../../../bilevel/problem/problem.js'
import { norm } from '../../../numeric/index.js'
import type { Vector } from '../../../problem/oracle.js'
import { runSync } from '../../../program/interpret.js'
import { distance } from '../../world/bilevel/matrix.js'

/** An estimator of a hypergradient made for a problem, that may do so many iterations, or sum so many terms. */
export type Recipe = (problem: BilevelProblem, work: number) => Estimator

/** An estimator under test, and whether it promises to solve its linear system. */
export interface Solver {
  readonly recipe: Recipe
  /** What promises nothing is held to it only where it did. */
  readonly solves: boolean
}

export const ownSolver = (estimator: Estimator): Solver => ({ recipe: () => estimator, solves: false })

/** A share of $\|\nabla_y f\|$ that a system solved to rounding does not leave. */
export const SOLVED = 1e-10

export const solver = (recipe: Recipe): Solver => ({ recipe, solves: true })

/** $1/L$ as a problem declares it. */
export const reciprocalOfL = ({ facts: { L = 1 } }: BilevelProblem): number => 1 / L

/** Where an estimate is taken: at $y$ after some steps of the inner loop. */
export interface At extends Pair {
  readonly steps?: ReadonlyArray<number>
  readonly v?: Vector
  readonly draw?: BilevelDraw
}

const pathOf = ({ y, steps = [], draw = noDraw }: At): InnerPath => ({
  start: y,
  steps,
  batch: draw.lower,
  states: [],
})

/** $y_D$. */
export const innerLoop = (problem: BilevelProblem, at: At): Vector =>
  runSync(run(at.x, pathOf(at)), answerBilevel(problem))

/** What an estimator finds; a failure is thrown, and refutes. */
export const estimateAt = (problem: BilevelProblem, estimator: Estimator, at: At): Hypergradient => {
  const found = runSync(
    estimator.estimate({
      x: at.x,
      y: innerLoop(problem, at),
      v: O.fromNullable(at.v),
      path: O.some(pathOf(at)),
      draw: at.draw ?? noDraw,
    }),
    answerBilevel(problem),
  )
  if (E.isLeft(found)) throw new Error(`no hypergradient: ${found.left.message}`)
  return found.right
}

const missing = (): never => {
  throw new Error('a problem without a gradient')
}

/** $\nabla_x f$ and $\nabla_y f$ on all components. */
export const upperSlopes = (problem: BilevelProblem, { x, y }: Pair): Pair => {
  const f = problem.upper.gradient(x, y, null, 'both')
  return { x: f.x ?? missing(), y: f.y ?? missing() }
}

/** $\nabla_y g$ on all components. */
export const lowerSlope = (problem: BilevelProblem, { x, y }: Pair): Vector =>
  problem.lower.gradient(x, y, null, 'y').y ?? missing()

/** The $v$ of an estimate; not a number where there is none. */
export const solutionOf = ({ v }: Hypergradient): Vector =>
  O.isSome(v) ? v.value : Float64Array.of(Number.NaN)

/** $\|Hv - \nabla_y f\|$, with 0 for a $v$ that there is not. */
export const linearResidual = (problem: BilevelProblem, x: Vector, { y, v }: Hypergradient): number => {
  const b = upperSlopes(problem, { x, y }).y
  return O.isNone(v) ? norm(b) : distance(problem.lower.hessianVector(x, y, v.value, null), b)
}

/** The unit vectors of $y$. */
export const units = (m: number): ReadonlyArray<Vector> =>
  Array.from({ length: m }, (_, i) => Float64Array.from({ length: m }, (_, j) => (i === j ? 1 : 0)))

/** What is added to make a hypergradient at a place, and one: what rounding is a share of. */
export const sizeOf = (problem: BilevelProblem, { x, y }: Pair): number => {
  const f = upperSlopes(problem, { x, y })
  const { mu = 1 } = problem.facts
  const J = units(y.length).reduce((s, e) => s + norm(problem.lower.crossVector(x, y, e, null)), 0)
  return 1 + norm(x) + norm(y) + norm(f.x) + ((1 + J) * norm(f.y)) / mu
}

/** Rounding, as a share of what is added: the condition numbers here are below 1000. */
export const DIGITS = 1e-10

/** How that is said. */
export const ROUNDING = '1e-10 of one and of what is added to make a hypergradient'
