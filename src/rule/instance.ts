import type { BoundedDistributiveLattice } from 'fp-ts/lib/BoundedDistributiveLattice.js'
import type { Monoid } from 'fp-ts/lib/Monoid.js'
import { constant } from './atom/constant.js'
import { never } from './atom/never.js'
import { max } from './combine/max.js'
import { min } from './combine/min.js'
import { orElse } from './combine/orElse.js'
import type { Rule } from './rule.js'

/** The top of the lattice: a step no rule exceeds. */
const top: Rule = constant(Number.POSITIVE_INFINITY)

/**
 * Rules form a bounded distributive lattice: `join` is {@link maxOf}, `meet` is {@link minOf}, `zero` is {@link never},
 * `one` is `constant(Infinity)`. Two rules are equal when they give the same outcomes on every sequence of rays; the laws
 * hold exactly, in IEEE doubles, without exclusions.
 *
 * @category Combinators
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant, ruleLattice, takeStep } from 'steplaw'
 *
 * const { join, meet, zero } = ruleLattice
 * takeStep(meet(join(constant(1), constant(3)), join(zero, constant(2))), { value: 1, slope: -1 }).step // => 2
 * ```
 */
export const ruleLattice: BoundedDistributiveLattice<Rule> = {
  join: (a, b) => max(b)(a),
  meet: (a, b) => min(b)(a),
  zero: never,
  one: top,
}

/**
 * The monoid of {@link max}, whose unit is {@link never}.
 *
 * @category Combinators
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant, maxMonoid, takeStep } from 'steplaw'
 * import { concatAll } from 'fp-ts/lib/Monoid.js'
 *
 * takeStep(concatAll(maxMonoid)([constant(1), constant(2)]), { value: 1, slope: -1 }).step // => 2
 * ```
 */
export const maxMonoid: Monoid<Rule> = { concat: ruleLattice.join, empty: never }

/**
 * The monoid of {@link min}, whose unit is `constant(Infinity)`.
 *
 * @category Combinators
 * @since 0.1.0
 * @example
 * ```ts
 * import { minMonoid, takeStep } from 'steplaw'
 * import { concatAll } from 'fp-ts/lib/Monoid.js'
 *
 * takeStep(concatAll(minMonoid)([]), { value: 1, slope: -1 }).step // => Infinity
 * ```
 */
export const minMonoid: Monoid<Rule> = { concat: ruleLattice.meet, empty: top }

/**
 * The monoid of {@link orElse}, whose unit is {@link never}.
 *
 * @category Combinators
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant, never, orElseMonoid, takeStep } from 'steplaw'
 *
 * takeStep(orElseMonoid.concat(never, constant(2)), { value: 1, slope: -1 }).step // => 2
 * ```
 */
export const orElseMonoid: Monoid<Rule> = { concat: (a, b) => orElse(b)(a), empty: never }
