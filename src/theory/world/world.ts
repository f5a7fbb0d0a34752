import type { Option } from 'fp-ts/lib/Option.js'
import type { Json } from '../../../spec/vocabulary/json.js'
import type { Objective, Vector } from '../../problem/oracle.js'

/**
 * What holds at a point on a batch $S$, in closed form, and how far doubles may be from it.
 *
 * @category Theorems
 * @since 0.1.0
 */
export interface Place {
  /** $f_S(x) - \ell_S$, computed without cancellation. */
  readonly gap: number
  /** How far a computed value minus a computed bound, or `gap`, may be from $f_S(x) - \ell_S$. */
  readonly error: number
  /** How far, in norm, the computed gradient may be from the exact one. */
  readonly gradientError: number
  /** A bound on the norm of the exact gradient. */
  readonly gradientSize: number
}

/**
 * A finite sum whose constants are known: what theorems are tried on.
 *
 * @category Theorems
 * @since 0.1.0
 */
export interface World {
  readonly family: string
  /** The numbers it is made of: with the family, all that is needed to make it again. */
  readonly data: Json
  readonly objective: Objective
  /** A point to start from. */
  readonly start: Vector
  /** $L_i$: the gradient of $f_i$ is Lipschitz with this constant. */
  readonly L: ReadonlyArray<number>
  /** $\mu_i$: $f_i$ is strongly convex with this constant; 0 where it is merely convex or not convex. */
  readonly mu: ReadonlyArray<number>
  /** Every component is convex. */
  readonly convex: boolean
  /** $\inf f_i - \ell_i \ge 0$: by how much the declared bounds are loose. */
  readonly looseness: ReadonlyArray<number>
  /** $\mu > 0$ with $\|\nabla f\|^2 \ge 2\mu(f - \inf f)$, where one is known. */
  readonly polyakLojasiewicz: Option<number>
  readonly place: (x: Vector, batch: ReadonlyArray<number>) => Place
}

/**
 * A {@link World} of which a minimiser is known.
 *
 * @category Theorems
 * @since 0.1.0
 */
export interface SolvedWorld extends World {
  /** A minimiser $x^*$ of the sum, each coordinate within a few units in its last place. */
  readonly minimiser: Vector
  /** It minimises every component. */
  readonly interpolates: boolean
}

/**
 * A world and the batch of every iteration.
 *
 * @category Theorems
 * @since 0.1.0
 */
export interface Journey<W extends World = World> {
  readonly world: W
  readonly batches: ReadonlyArray<ReadonlyArray<number>>
}

/** A journey as data. */
export const showJourney = ({ world, batches }: Journey): { readonly [key: string]: Json } => ({
  problem: { family: world.family, data: world.data, start: Array.from(world.start) },
  batches,
})

/** The mean of some numbers. */
export const mean = (values: ReadonlyArray<number>): number =>
  values.reduce((s, v) => s + v, 0) / values.length

/** Every component once. */
export const everyComponent = ({ L }: World): ReadonlyArray<number> => L.map((_, i) => i)

/** $\sigma_B^2 = \frac1n \sum_i f_i(x^*) - \ell_i$. */
export const excess = (world: SolvedWorld): number => world.place(world.minimiser, everyComponent(world)).gap

/** $\sigma^2 = \frac1n \sum_i f_i(x^*) - \inf f_i$. */
export const interpolationGap = (world: SolvedWorld): number =>
  Math.max(0, excess(world) - mean(world.looseness))
