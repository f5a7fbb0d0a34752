import * as O from 'fp-ts/lib/Option.js'
import type { Observation, Reading } from '../observation.js'
import type { Rule } from '../rule.js'

/**
 * A rule that sees another observation: `contramap(f)(rule)` asks `rule` on `f(observation)`. Probes are not changed.
 *
 * Contravariant: `contramap(f)(contramap(g)(r))` asks `r` on `g(f(observation))`. It has no expression in the standard.
 *
 * Cost: that of the rule and of `f`.
 *
 * Laws: `machine.*`. Theorems: none.
 *
 * @param f - a pure function of observations.
 * @param reads - what `f` reads beyond what the rule reads.
 * @category Combinators
 * @since 0.1.0
 * @example
 * ```ts
 * import { contramap, polyak, takeStep } from 'steplaw'
 * import * as O from 'fp-ts/lib/Option.js'
 *
 * // A lower bound that the problem does not declare.
 * const bounded = contramap((o) => ({ ...o, lowerBound: O.some(1) }))(polyak())
 * takeStep(bounded, { value: 3, slope: -4 }).step // => 0.5
 * ```
 */
export const contramap =
  (f: (observation: Observation) => Observation, reads: ReadonlyArray<Reading> = []) =>
  (rule: Rule): Rule => ({
    ...rule,
    name: `contramap(${rule.name})`,
    expr: O.none,
    reads: [...new Set([...rule.reads, ...reads])],
    step: (state, observation) => rule.step(state, f(observation)),
  })
