import * as E from 'fp-ts/lib/Either.js'
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js'
import type * as t from 'io-ts'
import { brief, decodeWith, type Invalid, invalid } from '../../../spec/vocabulary/invalid.js'
import { isJson, type Json } from '../../../spec/vocabulary/json.js'
import { ruleExpr } from '../../../spec/vocabulary/ruleExpr.js'
import type { RuleTag } from '../../../spec/vocabulary/ruleRows.js'
import { isObject } from '../../../spec/vocabulary/strict.js'
import { compile } from '../../rule/compile.js'
import { rule } from '../../rule/custom.js'
import { allReadings, type Observation, type Reading } from '../../rule/observation.js'
import type { Rule } from '../../rule/rule.js'

/**
 * A rule of a user's own as {@link rule} takes it, its name left out if need be.
 *
 * @category Laws
 * @since 0.1.0
 */
export interface RuleDescription {
  readonly name?: string
  readonly init: Json
  readonly reads?: ReadonlyArray<Reading>
  readonly state?: t.Mixed
  /** The next state and the step. */
  step(state: Json, observation: Observation): readonly [Json, number | null]
}

/**
 * What can be put to the laws: a rule, a rule expression (fields that have a default may be left out), a description, or a
 * pure function of an observation, for a rule without memory.
 *
 * @category Laws
 * @since 0.1.0
 */
export type Subject =
  | Rule
  | { readonly rule: RuleTag; readonly [field: string]: unknown }
  | RuleDescription
  | ((observation: Observation) => number | null)

type Callable = (...given: ReadonlyArray<unknown>) => unknown

const isCallable = (u: unknown): u is Callable => typeof u === 'function'

const isRule = (u: unknown): u is Rule =>
  isObject(u) && isCallable(u.step) && Array.isArray(u.operands) && isObject(u.state) && 'init' in u

const isCodec = (u: unknown): u is t.Type<Json, Json, unknown> =>
  isObject(u) && [u.is, u.validate, u.decode, u.encode].every(isCallable)

const isReading = (u: unknown): u is Reading => allReadings.some((reading) => reading === u)

const isReadings = (u: unknown): u is ReadonlyArray<Reading> => Array.isArray(u) && u.every(isReading)

/** What a user's function gave instead of what was expected. */
const returned = (u: unknown, expected: string): TypeError => {
  const what = isObject(u) && isCallable(u.then) ? 'a promise' : brief(u)
  return new TypeError(`the rule returned ${what}, expected ${expected}`)
}

/** What a user's function returned, if it is an answer. An error of ours would hide whose it is. */
const answer = (u: unknown): number | null => {
  if (u === null || typeof u === 'number') return u
  throw returned(u, 'a number, or null for no step')
}

const ofFunction = (f: Callable): Rule =>
  rule<null>({
    name: f.name === '' || f.name === 'rule' || f.name === 'default' ? 'function' : f.name,
    init: null,
    step: (state, observation) => [state, answer(f(observation))],
  })

const ofDescription = (
  u: { readonly [key: string]: unknown },
  step: Callable,
  init: Json,
): E.Either<NonEmptyArray<Invalid>, Rule> => {
  const { name = 'rule', reads = allReadings, state } = u
  if (typeof name !== 'string') return E.left([invalid('rule.name', name, 'a string')])
  if (!isReadings(reads)) return E.left([invalid('rule.reads', reads, `a list of ${allReadings.join(', ')}`)])
  if (state !== undefined && !isCodec(state))
    return E.left([invalid('rule.state', state, 'an io-ts codec of the state')])
  return E.right(
    rule<Json>({
      name,
      init,
      reads,
      ...(state === undefined ? {} : { state }),
      step: (before, observation) => {
        const pair = step.call(u, before, observation)
        if (!Array.isArray(pair) || pair.length !== 2) throw returned(pair, '[state, step]')
        const [next, size]: ReadonlyArray<unknown> = pair
        if (!isJson(next)) throw returned(next, 'a state in JSON: no NaN, Infinity, -0, undefined, class')
        return [next, answer(size)]
      },
    }),
  )
}

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
    if ('init' in u && isJson(u.init)) return ofDescription(u, u.step, u.init)
    return E.left([invalid('rule.init', u.init, 'a JSON value: the state before the first ray')])
  }
  return E.left([
    invalid('rule', u, 'a rule, a rule expression, { init, step }, or a function of an observation'),
  ])
}
