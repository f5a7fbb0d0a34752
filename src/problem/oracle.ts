import type { Option } from 'fp-ts/lib/Option.js'

/**
 * A point or a direction: $d$ doubles. Treated as immutable everywhere outside `runtime`.
 *
 * @category Problems
 * @since 0.1.0
 */
export type Vector = Float64Array

/**
 * The components an evaluation averages over, as indices (repeats count). `null` means all of them.
 *
 * @category Problems
 * @since 0.1.0
 */
export type Batch = Int32Array | null

/**
 * A value together with its gradient.
 *
 * @category Problems
 * @since 0.1.0
 */
export interface ValueAndGradient {
  readonly value: number
  readonly gradient: Vector
}

/**
 * What is known of a problem in closed form. A fact that is absent is unknown, never zero.
 * `L` and `mu` are those of the whole objective; `componentL`, `componentMu` of each component.
 *
 * @category Problems
 * @since 0.1.0
 */
export interface Facts {
  readonly L?: number
  readonly mu?: number
  readonly componentL?: ReadonlyArray<number>
  readonly componentMu?: ReadonlyArray<number>
  /** The infimum of the objective. */
  readonly minimum?: number
  /** A minimiser of the objective. */
  readonly minimiser?: Vector
  /** The infimum of each component. */
  readonly componentMinimum?: ReadonlyArray<number>
  readonly convex?: boolean
}

/**
 * A finite sum $f(x) = \frac1n \sum_i f_i(x)$ with its derivative. On a batch $S$ the value is
 * $f_S(x) = \frac{1}{|S|} \sum_{i \in S} f_i(x)$.
 *
 * @category Problems
 * @since 0.1.0
 */
export interface Objective {
  readonly name: string
  /** $d$, the length of a point. */
  readonly dimension: number
  /** $n$, the number of components. */
  readonly components: number
  readonly value: (x: Vector, batch: Batch) => number
  readonly valueAndGradient: (x: Vector, batch: Batch) => ValueAndGradient
  /** The mean over the batch of the declared lower bounds of its components. */
  readonly lowerBound: (batch: Batch) => number
  /** The mean over the batch of the component values at a solution, where they are declared. */
  readonly solutionValue: (batch: Batch) => Option<number>
  readonly facts: Facts
}
