import type { Json } from '../../../../spec/vocabulary/json.js'
import type { Pair } from '../../../bilevel/oracle.js'
import type { BilevelFacts, BilevelProblem } from '../../../bilevel/problem/problem.js'
import type { QuadraticBilevel } from '../../../bilevel/problem/quadratic.js'
import type { Vector } from '../../../problem/oracle.js'
import type { Rows } from './matrix.js'

/**
 * Constants that bounds on the error of a hypergradient are made of.
 *
 * @category Theorems
 * @since 0.1.0
 */
export type BilevelConstants = Required<
  Pick<
    BilevelFacts,
    | 'mu'
    | 'L'
    | 'crossNorm'
    | 'crossLipschitz'
    | 'inverseHessianLipschitz'
    | 'upperLipschitzX'
    | 'upperLipschitzY'
  >
>

/**
 * A bilevel problem whose lower solution, value and hypergradient are known in closed form: what theorems about two levels are
 * tried on. Its oracle is those formulas and shares no code with the autodiff.
 *
 * @category Theorems
 * @since 0.1.0
 */
export interface BilevelWorld {
  readonly family: string
  /** The numbers it is made of: with the family, all that is needed to make it again. */
  readonly data: Json
  readonly problem: BilevelProblem
  /** A point to start from. */
  readonly start: Pair
  /** $g$ is quadratic in $(x, y)$, so that $H$ and $J$ are constant. */
  readonly quadratic: boolean
  /** $y^*(x)$. */
  readonly lowerSolution: (x: Vector) => Vector
  /** $F(x) = f(x, y^*(x))$. */
  readonly value: (x: Vector) => number
  /** $\nabla F(x)$. */
  readonly gradient: (x: Vector) => Vector
}

/**
 * A {@link BilevelWorld} with constants that hold everywhere.
 *
 * @category Theorems
 * @since 0.1.0
 */
export interface BoundedBilevelWorld extends BilevelWorld {
  readonly constants: BilevelConstants
  /** $\nabla F$ is Lipschitz with this constant. */
  readonly smoothness: number
}

/**
 * A quadratic over a quadratic: $F$ is a quadratic too.
 *
 * @category Theorems
 * @since 0.1.0
 */
export interface QuadraticBilevelWorld extends BoundedBilevelWorld {
  /** $\nabla^2 F = R + Y'^\top P Y' + S Y' + (S Y')^\top$ with $Y' = -H^{-1} B$. */
  readonly hessian: Rows
  /** The means of the components. */
  readonly mean: {
    readonly H: Rows
    readonly B: Rows
    readonly c: Vector
    readonly P: Rows
    readonly S: Rows
    readonly R: Rows
    readonly p: Vector
    readonly r: Vector
  }
  /** The components of each level, as `quadraticBilevel` takes them. */
  readonly components: QuadraticBilevel
  /** $H^{-1} w$. */
  readonly solve: (w: Vector) => Vector
  /** Strong convexity of $F$; at most 0 where it is not strongly convex. */
  readonly convexity: number
  /** The minimiser and the minimum of $F$, where it is strongly convex. */
  readonly best: { readonly x: Vector; readonly value: number } | null
}

/** A world as data. */
export const showBilevelWorld = ({
  family,
  data,
  start,
}: BilevelWorld): { readonly [key: string]: Json } => ({
  family,
  data,
  start: { x: Array.from(start.x), y: Array.from(start.y) },
})
