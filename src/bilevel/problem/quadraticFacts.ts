import {
  plus,
  product,
  type RowMajor,
  spectralNorm,
  symmetrised,
  tabulate,
  times,
  transposed,
  transposedTimes,
} from '../../numeric/dense.js'
import { positiveDefiniteSolver, symmetricEigenvalues } from '../../numeric/linear.js'
import { dot } from '../../numeric/sum.js'
import type { Vector } from '../../problem/oracle.js'
import type { BilevelFacts } from './problem.js'

/** $g = \frac12 y^\top H y + y^\top (Bx + c)$ and $f = \frac12 y^\top P y + x^\top S y + \frac12 x^\top R x + p^\top y + r^\top x$. */
export interface QuadraticMeans {
  readonly H: RowMajor
  readonly B: RowMajor
  readonly c: Vector
  readonly P: RowMajor
  readonly S: RowMajor
  readonly R: RowMajor
  readonly p: Vector
  readonly r: Vector
}

const added = (...[first, ...rest]: readonly [Vector, ...ReadonlyArray<Vector>]): Vector =>
  first.map((v, i) => rest.reduce((s, w) => s + (w[i] ?? 0), v))

const negated = (v: Vector): Vector => v.map((vi) => -vi)

/** What follows from $H^{-1}$: $y^*$, $F$, $\nabla F$ and the constant $\nabla^2 F$. */
const solved = ({ B, c, P, S, R, p, r }: QuadraticMeans, inverse: (b: Vector) => Vector) => {
  const [m, n] = [B.rows, B.columns]
  const lowerSolution = (x: Vector): Vector => negated(inverse(added(times(B, x), c)))
  const value = (x: Vector): number => {
    const y = lowerSolution(x)
    return dot(y, times(P, y)) / 2 + dot(x, times(S, y)) + dot(x, times(R, x)) / 2 + dot(p, y) + dot(r, x)
  }
  const gradient = (x: Vector): Vector => {
    const y = lowerSolution(x)
    const v = inverse(added(times(P, y), transposedTimes(S, x), p))
    return added(times(S, y), times(R, x), r, negated(transposedTimes(B, v)))
  }
  // The columns of dy*/dx = -H^{-1} B.
  const columns = Array.from({ length: n }, (_, j) =>
    negated(inverse(Float64Array.from({ length: m }, (_, i) => B.values[i * n + j] ?? 0))),
  )
  const Y = tabulate(m, n, (i, j) => columns[j]?.[i] ?? 0)
  const SY = product(S, Y)
  const curved = product(transposed(Y), product(P, Y))
  const hessian = symmetrised(plus(plus(R, curved), plus(SY, transposed(SY))))
  return { lowerSolution, value, gradient, hessian }
}

/** $\nabla^2 F$, which is constant; none where $H$ is not positive definite. */
export const hypergradientHessian = (means: QuadraticMeans): RowMajor | null => {
  const inverse = positiveDefiniteSolver(means.H.values, means.H.rows)
  return inverse === null ? null : solved(means, inverse).hessian
}

/** All that is known of a quadratic over a quadratic. */
export const quadraticFacts = (means: QuadraticMeans): BilevelFacts => {
  const { H, B, P, S } = means
  const [m, n] = [B.rows, B.columns]
  const ofH = symmetricEigenvalues(H.values, m)
  const ofP = symmetricEigenvalues(P.values, m)
  const [mu = 0, L = 0, low = 0, high = 0] = [ofH[0], ofH[m - 1], ofP[0], ofP[m - 1]]
  const constants = {
    L: Math.max(L, -mu),
    crossNorm: spectralNorm(B),
    crossLipschitz: 0,
    inverseHessianLipschitz: 0,
    upperLipschitzX: spectralNorm(S),
    upperLipschitzY: Math.max(high, -low),
    upperConvex: low >= 0,
  }
  const inverse = mu > 0 ? positiveDefiniteSolver(H.values, m) : null
  if (inverse === null) return constants
  const { lowerSolution, value, gradient, hessian } = solved(means, inverse)
  const minimiser = positiveDefiniteSolver(hessian.values, n)?.(negated(gradient(new Float64Array(n))))
  return {
    mu,
    ...constants,
    lowerSolution,
    value,
    gradient,
    ...(minimiser === undefined ? {} : { minimiser, minimum: value(minimiser) }),
  }
}
