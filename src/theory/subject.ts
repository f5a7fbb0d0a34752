import * as E from 'fp-ts/lib/Either.js'
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js'
import { decodeWith, type Invalid, invalid } from '../../spec/vocabulary/invalid.js'
import { isJson, type Json } from '../../spec/vocabulary/json.js'
import { ruleExpr } from '../../spec/vocabulary/ruleExpr.js'
import type { RuleExpr } from '../../spec/vocabulary/ruleRows.js'
import { isObject } from '../../spec/vocabulary/strict.js'
import { compile } from '../rule/compile.js'
import { type OwnRule, rule } from '../rule/custom.js'
import type { Observation } from '../rule/observation.js'
import type { Rule } from '../rule/rule.js'

/**
 * What can be put to the laws: a rule, a rule as data, the description that {@link rule} takes, or a pure function of an
 * observation, for a rule without memory.
 *
 * @category Laws
 * @since 0.1.0
 */
export type Subject = Rule | RuleExpr | OwnRule<Json> | ((observation: Observation) => number | null)

type Callable = (...given: ReadonlyArray<unknown>) => unknown

const isCallable = (u: unknown): u is Callable => typeof u === 'function'

const isRule = (u: unknown): u is Rule =>
  isObject(u) && isCallable(u.step) && Array.isArray(u.operands) && isObject(u.state) && 'init' in u

/** What a user's function returned, if it is an answer. An error of ours would hide whose it is. */
const answer = (u: unknown): number | null => {
  if (u === null || typeof u === 'number') return u
  throw new TypeError(
    `the rule returned ${u === undefined ? 'undefined' : JSON.stringify(u)}, expected a number or null`,
  )
}

const ofFunction = (f: Callable): Rule =>
  rule<null>({
    name: f.name === '' || f.name === 'rule' ? 'function' : f.name,
    init: null,
    step: (state, observation) => [state, answer(f(observation))],
  })

const ofDescription = (u: { readonly [key: string]: unknown }, step: Callable): Rule =>
  rule<Json>({
    name: typeof u.name === 'string' ? u.name : 'rule',
    init: isJson(u.init) ? u.init : null,
    step: (state, observation) => {
      const pair = step(state, observation)
      if (!Array.isArray(pair) || pair.length !== 2)
        throw new TypeError(`the rule returned ${JSON.stringify(pair)}, expected [state, step]`)
      const [next, size]: ReadonlyArray<unknown> = pair
      if (!isJson(next)) throw new TypeError('the state that the rule returned is not JSON')
      return [next, answer(size)]
    },
  })

/**
 * Reads what can be put to the laws as a rule.
 *
 * @category Laws
 * @since 0.1.0
 * @example
 * ```ts
 * import { ruleOf } from 'steplaw/laws'
 * import { show } from 'steplaw'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const read = ruleOf({ rule: 'polyak' })
 * E.isRight(read) && show(read.right) // => 'polyak'
 * E.isLeft(ruleOf({ rule: 'polyak', c: -1 })) // => true
 * ```
 */
export const ruleOf = (u: unknown): E.Either<NonEmptyArray<Invalid>, Rule> => {
  if (isRule(u)) return E.right(u)
  if (isCallable(u)) return E.right(ofFunction(u))
  if (isObject(u) && 'rule' in u) {
    const read = decodeWith(ruleExpr, 'rule')(u)
    return E.isLeft(read) ? read : E.right(compile(read.right))
  }
  if (isObject(u) && isCallable(u.step)) {
    if ('init' in u && isJson(u.init)) return E.right(ofDescription(u, u.step))
    return E.left([invalid('rule.init', u.init, 'a JSON value: the state before the first ray')])
  }
  return E.left([
    invalid('rule', u, 'a rule, a rule expression, { init, step }, or a function of an observation'),
  ])
}
