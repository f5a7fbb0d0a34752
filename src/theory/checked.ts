import * as O from 'fp-ts/lib/Option.js'
import type { RayCase } from '../../spec/conformance/case.js'
import type { Answer, RuleKit } from '../../spec/law/kit.js'
import type { Json } from '../../spec/vocabulary/json.js'
import { runSync } from '../program/interpret.js'
import { ruleKit } from '../rule/kit.js'
import { observe } from '../rule/observation.js'
import type { Outcome } from '../rule/outcome.js'
import { memoised } from '../rule/ray.js'
import { rayOf } from '../rule/rayCase.js'
import { operandAt, type Rule } from '../rule/rule.js'

/** More samples than this of one ray are a search that does not end. */
const patience = 10_000

/** A user's own rule, among built-in ones: it has no operands and no expression. */
const isOwn = (rule: Rule): boolean => rule.operands.length === 0 && O.isNone(rule.expr)

/** What the library mends silently: a user's rule that returned NaN or a negative number, which is taken for a failure. */
const faultOf = (rule: Rule, outcome: Outcome): string | undefined =>
  outcome._tag === 'Fail' &&
  outcome.because.some(({ reason, path }) => reason === 'notAStep' && isOwn(operandAt(rule, path)))
    ? 'NaN or a negative number, returned as a step'
    : undefined

const ask = (rule: Rule, state: Json, given: RayCase): Answer => {
  const { phi = () => Number.NaN, ...ray } = rayOf(given)
  // Frozen, so that a rule which writes to it says so at once, and does not mislead its company.
  const observation = Object.freeze(observe(ray))
  let samples = 0
  const { value, probed } = runSync(memoised(rule.step(state, observation)), ({ at }) => {
    samples += 1
    if (samples > patience)
      throw new RangeError(`the rule asked for more than ${patience} samples of one ray`)
    return { value: phi(at), slope: O.none }
  })
  const [next, outcome] = value
  const fault = faultOf(rule, outcome)
  return {
    state: next,
    step: outcome._tag === 'Step' ? outcome.step : null,
    probed,
    ...(fault === undefined ? {} : { fault }),
  }
}

/**
 * This library's rules as a suspicious reader sees them: as {@link ruleKit}, but a rule of a user's own that changes what it is
 * given, does not stop asking, or returns no step is found out, and none can spoil the next case.
 */
export const checkedKit: RuleKit<Rule> = {
  ...ruleKit,
  init: (rule) => structuredClone(rule.init),
  ask,
}
