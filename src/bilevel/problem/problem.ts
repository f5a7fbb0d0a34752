import type { Batch, Vector } from '../../problem/oracle.js'
import type { BilevelOracle } from '../oracle.js'

/**
 * What is known of a bilevel problem in closed form. A fact that is absent is unknown, never zero.
 *
 * Norms of matrices are spectral; the constants hold for every $x$ and $y$ that a run may visit.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface BilevelFacts {
  /** $g(x, \cdot)$ is $\mu$-strongly convex. */
  readonly mu?: number
  /** $\nabla_y g(x, \cdot)$ is $L$-Lipschitz. */
  readonly L?: number
  /** $\|J\| = \|\nabla_{xy}^2 g\|$. */
  readonly crossNorm?: number
  /** The Lipschitz constant in $y$ of $J$; 0 where $g$ is quadratic. */
  readonly crossLipschitz?: number
  /** The Lipschitz constant in $y$ of $H^{-1}$; 0 where $g$ is quadratic in $y$, at most that of $H$ over $\mu^2$. */
  readonly inverseHessianLipschitz?: number
  /** The Lipschitz constant in $y$ of $\nabla_x f$. */
  readonly upperLipschitzX?: number
  /** The Lipschitz constant in $y$ of $\nabla_y f$. */
  readonly upperLipschitzY?: number
  /** Whether $f(x, \cdot)$ is convex. */
  readonly upperConvex?: boolean
  /** The constants above where they depend on $x$: what holds at one for all $y$. */
  readonly constantsAt?: (x: Vector) => BilevelConstants
  /** $y^*(x) = \operatorname{argmin}_y g(x, y)$; of several solutions one that $f$ prefers, so that $F$ is the optimistic one. */
  readonly lowerSolution?: (x: Vector) => Vector
  /** $F(x) = f(x, y^*(x))$. */
  readonly value?: (x: Vector) => number
  /** $\nabla F(x)$. */
  readonly gradient?: (x: Vector) => Vector
  /** A minimiser of $F$. */
  readonly minimiser?: Vector
  /** The infimum of $F$. */
  readonly minimum?: number
}

/**
 * All constants that a proven bound on the error of a hypergradient takes.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export type BilevelConstants = Required<
  Pick<
    BilevelFacts,
    | 'mu'
    | 'L'
    | 'upperLipschitzY'
    | 'upperLipschitzX'
    | 'inverseHessianLipschitz'
    | 'crossLipschitz'
    | 'crossNorm'
  >
>

/**
 * One function of a bilevel problem, a mean over components (or one component, whatever it is).
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface LevelFunction {
  /** The number of components that a batch may name. */
  readonly components: number
  readonly value: (x: Vector, y: Vector, batch: Batch) => number
  readonly gradient: (
    x: Vector,
    y: Vector,
    batch: Batch,
    of: 'x' | 'y' | 'both',
  ) => { readonly value: number; readonly x?: Vector; readonly y?: Vector }
  /** The mean over the batch of the declared lower bounds of its components. */
  readonly lowerBound: (batch: Batch) => number
}

/**
 * $\min_x f(x, y^*(x))$ with $y^*(x) = \operatorname{argmin}_y g(x, y)$, $x \in \mathbb R^n$, $y \in \mathbb R^m$: both
 * functions with their gradients, and the products of the second derivatives of $g$ that an implicit gradient wants.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface BilevelProblem {
  readonly name: string
  /** $n$ and $m$. */
  readonly dimension: { readonly x: number; readonly y: number }
  readonly upper: LevelFunction
  readonly lower: LevelFunction & {
    /** $\nabla_{yy}^2 g(x, y)\, v$. */
    readonly hessianVector: (x: Vector, y: Vector, v: Vector, batch: Batch) => Vector
    /** $\nabla_x \langle \nabla_y g(x, y), v \rangle$. */
    readonly crossVector: (x: Vector, y: Vector, v: Vector, batch: Batch) => Vector
  }
  /**
   * Whether every component is a task: it has a lower problem of its own on itself alone, and the upper value is the mean over the
   * tasks.
   */
  readonly tasks: boolean
  readonly facts: BilevelFacts
}

/**
 * The oracle of a problem.
 *
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { answerBilevel, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const oracle = answerBilevel(
 *   quadraticBilevel({
 *     lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *     upper: [{ P: [[1]], S: [[1]], R: [[1]], p: [-2], r: [0.25] }],
 *   }),
 * )
 * const at = { x: Float64Array.of(0), y: Float64Array.of(1), batch: null }
 * oracle({ ...at, want: 'hessian', v: Float64Array.of(3) }).product // => Float64Array.of(6)
 * ```
 */
export const answerBilevel =
  ({ upper, lower }: BilevelProblem): BilevelOracle =>
  (request) => {
    const { x, y, batch } = request
    switch (request.want) {
      case 'value': {
        const level = request.level === 'upper' ? upper : lower
        return { value: level.value(x, y, batch) }
      }
      case 'gradient': {
        const level = request.level === 'upper' ? upper : lower
        return { ...level.gradient(x, y, batch, request.in), lowerBound: level.lowerBound(batch) }
      }
      case 'hessian':
        return { product: lower.hessianVector(x, y, request.v, batch) }
      case 'cross':
        return { product: lower.crossVector(x, y, request.v, batch) }
    }
  }
