import * as O from 'fp-ts/lib/Option.js'
import type { RayCase } from '../../../spec/conformance/case.js'
import type { Answer, RuleKit } from '../../../spec/law/kit.js'
import type { Json } from '../../../spec/vocabulary/json.js'
import { ruleKit } from '../../rule/kit.js'
import { type Observation, observe, type Sample, type Search } from '../../rule/observation.js'
import type { Outcome, Step } from '../../rule/outcome.js'
import { rayOf } from '../../rule/rayCase.js'
import { operandAt, type Rule } from '../../rule/rule.js'

/** More samples than this of one ray are a search that does not end. */
const patience = 10_000

/** A user's own rule, among built-in ones: it has no operands and no expression. */
const isOwn = (rule: Rule): boolean => rule.operands.length === 0 && O.isNone(rule.expr)

/** What a driver gives for that which costs something to a rule that does not say that it reads it. */
const unread = {
  gg: Number.NaN,
  dd: Number.NaN,
  travelled: Number.NaN,
  alignment: Number.NaN,
  secant: O.none,
}

const unreadBy = ({ reads }: Rule): ReadonlyArray<[string, unknown]> =>
  Object.entries(unread).filter(([key]) => !reads.some((reading) => reading === key))

/** The observation as a driver gives it; `missed` gathers what is asked of it nevertheless. */
const asRead = (rule: Rule, observation: Observation, missed: Set<string>): Observation => {
  const absent = unreadBy(rule).map(([key, value]) => {
    const get = (): unknown => {
      missed.add(key)
      return value
    }
    return [key, { enumerable: true, get }] as const
  })
  return Object.defineProperties({ ...observation }, Object.fromEntries(absent))
}

/** What the library mends silently: a user's rule that returned NaN or a negative number, which is taken for a failure. */
const faultOf = (rule: Rule, outcome: Outcome, missed: ReadonlySet<string>): string | undefined => {
  if (outcome._tag === 'Step') return undefined
  const culprit = outcome.because.some(
    ({ reason, path }) => reason === 'notAStep' && isOwn(operandAt(rule, path)),
  )
  if (!culprit) return undefined
  const why = missed.size === 0 ? '' : `; it used ${[...missed].join(', ')}, which its "reads" does not name`
  return `NaN or a negative number, returned as a step${why}`
}

/** Answers a search, each step once, as long as there is patience. */
const search = <A>(asking: Search<A>, sampleAt: (a: number) => Sample): readonly [A, ReadonlyArray<Step>] => {
  const known = new Map<Step, Sample>()
  let here = asking
  for (let asked = 0; here._tag === 'Ask'; asked++) {
    if (asked === patience)
      throw new RangeError(`the rule asked for more than ${patience} samples of one ray`)
    const { at } = here.question
    const sample = known.get(at) ?? sampleAt(at)
    known.set(at, sample)
    here = here.next(sample)
  }
  return [here.value, [...known.keys()]]
}

const ask = (rule: Rule, state: Json, given: RayCase): Answer => {
  const { phi = () => Number.NaN, dphi = () => Number.NaN, ...ray } = rayOf(given)
  const sampleAt = (a: number): Sample => ({ value: phi(a), slope: O.some(dphi(a)) })
  // Frozen, so that a rule which writes to it says so at once, and does not mislead its company.
  const missed = new Set<string>()
  const observation = Object.freeze(asRead(rule, observe(ray), missed))
  const [[next, outcome], probed] = search(rule.step(state, observation), sampleAt)
  const fault = faultOf(rule, outcome, missed)
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
