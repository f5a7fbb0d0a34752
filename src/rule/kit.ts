import * as O from 'fp-ts/lib/Option.js'
import type { RuleKit } from '../../spec/law/kit.js'
import { maxOf } from './combine/max.js'
import { minOf } from './combine/min.js'
import { orElseOf } from './combine/orElse.js'
import { scale } from './combine/scale.js'
import { compile } from './compile.js'
import { takeStep } from './ray.js'
import { phi, rayOf } from './rayCase.js'
import type { Rule } from './rule.js'

/**
 * This library's rules as the laws see them.
 *
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { polyak, ruleKit } from 'steplaw'
 *
 * ruleKit.ask(polyak(), ruleKit.init(polyak()), { value: 3, slope: -4 }).step // => 0.75
 * ```
 */
export const ruleKit: RuleKit<Rule> = {
  compile,
  max: (a, b) => maxOf(a, b),
  min: (a, b) => minOf(a, b),
  orElse: (a, b) => orElseOf(a, b),
  scale: (by, a) => scale(by)(a),
  init: (rule) => rule.init,
  ask: (rule, state, ray) => {
    const { state: next, step, probed } = takeStep(rule, rayOf(ray), state)
    return { state: next, step, probed }
  },
  phi: (ray, a) => phi(ray, ray.phi)(a),
  load: (rule, saved) => O.fromEither(rule.state.decode(saved)),
}
