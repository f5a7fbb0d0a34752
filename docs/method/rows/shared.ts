/** What many rows have in common. */
import { constant } from 'steplaw'

/** A constant step that keeps the bench stable. */
export const step = constant(0.01)

export const STRONGLY_CONVEX =
  '$g(x, \\cdot)$ is strongly convex and smooth, so that $y^*(x)$ is one point and $H$ is invertible.'
export const LIPSCHITZ =
  '$\\nabla f$ and the second derivatives of $g$ are Lipschitz: the estimate is then as wrong as $y$ and $v$ are, times a constant.'
export const NO_RATE = 'Rates of the source are stated there and not asserted here.'

export const T = { symbol: 'T', says: 'the number of lower steps' }
export const N = { symbol: 'N', says: 'the number of terms of the series' }
export const I = { symbol: 'I', says: 'the most conjugate gradients' }

export const BY_ESTIMATOR = {
  has: 'with a certified estimator',
  says: 'Every record has the hypergradient with what its estimator measured on the way. Wrapped by `certified` an estimator adds both residuals and, where the constants of the problem are known and nothing was drawn, a proven bound on its error, for at most one gradient of each level and one Hessian product more.',
} as const

export const OF_PARTS = {
  has: 'residuals',
  says: 'Every record has the hypergradient with what its estimator measured on the way, and no bound. To have one, write the method as `bilevelDescent` with the same estimator wrapped by `certified`, or ask `hypergradient` at a point.',
} as const

export const NO_BOUND = (why: string) => ({ has: 'no', says: why }) as const

export const ESTIMATOR_FAILS =
  'Where the estimator fails, or the value or the estimate is not finite, $x$ stays, the run goes on, and the record says why.'
