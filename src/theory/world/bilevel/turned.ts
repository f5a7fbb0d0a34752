import type { BilevelProblem } from '../../../bilevel/problem/problem.js'
import type { Batch, Vector } from '../../../problem/oracle.js'
import { type Rows, times, timesTransposed } from './matrix.js'

/**
 * The same problem in other coordinates of $y$: for an orthogonal $Q$ the functions are $f(x, Qy)$ and $g(x, Qy)$. Its facts are left out.
 */
export const turned = (problem: BilevelProblem, Q: Rows): BilevelProblem => {
  const m = problem.dimension.y
  const forth = (y: Vector): Vector => times(Q, y)
  const back = (g: Vector): Vector => timesTransposed(Q, g, m)
  const level = (f: BilevelProblem['upper']): BilevelProblem['upper'] => ({
    ...f,
    value: (x, y, batch) => f.value(x, forth(y), batch),
    gradient: (x, y, batch, of) => {
      const found = f.gradient(x, forth(y), batch, of)
      return found.y === undefined ? found : { ...found, y: back(found.y) }
    },
  })
  const { hessianVector, crossVector } = problem.lower
  return {
    ...problem,
    upper: level(problem.upper),
    lower: {
      ...level(problem.lower),
      hessianVector: (x, y, v, batch: Batch) => back(hessianVector(x, forth(y), forth(v), batch)),
      crossVector: (x, y, v, batch: Batch) => crossVector(x, forth(y), forth(v), batch),
    },
    facts: {},
  }
}

/** The reflection across the hyperplane orthogonal to $v$, times a permutation by one place. */
export const orthogonal = (v: ReadonlyArray<number>, turn: boolean): Rows => {
  const square = v.reduce((s, vi) => s + vi * vi, 0)
  const rows = v.map((vi, i) =>
    v.map((vj, j) => (i === j ? 1 : 0) - (square === 0 ? 0 : (2 * vi * vj) / square)),
  )
  const [first, ...rest] = rows
  return turn && first !== undefined ? [...rest, first] : rows
}
