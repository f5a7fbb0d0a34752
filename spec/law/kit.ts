import type { Option } from 'fp-ts/lib/Option.js'
import type { RayCase } from '../conformance/case.js'
import type { Json } from '../vocabulary/json.js'
import type { RuleExpr } from '../vocabulary/ruleRows.js'

/**
 * What a rule answers on one ray: its next state, its step (null for a failure), the distinct steps it probed.
 *
 * @category Laws
 * @since 0.1.0
 */
export interface Answer {
  readonly state: Json
  readonly step: number | null
  readonly probed: ReadonlyArray<number>
  /** What the library had to mend: a rule that returned NaN, say, though its outcome is a failure. In words. */
  readonly fault?: string
}

/**
 * Whoever is under test: how a library compiles rule expressions, combines rules of its own type `R`, and asks them.
 * Laws are judged through this and know nothing else, so that any library's rules can be put to them.
 *
 * @category Laws
 * @since 0.1.0
 */
export interface RuleKit<R> {
  readonly compile: (expr: RuleExpr) => R
  readonly max: (a: R, b: R) => R
  readonly min: (a: R, b: R) => R
  readonly orElse: (a: R, b: R) => R
  readonly scale: (by: number, a: R) => R
  /** The state before the first ray. */
  readonly init: (rule: R) => Json
  /** Asks once. The ray says everything, `k` and `executed` included. */
  readonly ask: (rule: R, state: Json, ray: RayCase) => Answer
  /** The library's $\varphi(a)$ on a ray, in the doubles that its searches see. */
  readonly phi: (ray: RayCase, a: number) => number
  /** Reads a state that was written as JSON; none if it is not a state of the rule. */
  readonly load: (rule: R, saved: unknown) => Option<Json>
}

/**
 * Asks a rule on one ray after the other in a closed loop: its state is carried on, `k` counts the rays, and `executed` is
 * the latest finite positive step, unless a ray says otherwise.
 *
 * @param between - what happens to the state from one ray to the next; nothing by default.
 * @category Laws
 * @since 0.1.0
 * @example
 * ```ts
 * import { ruleKit } from 'steplaw'
 * import { answers } from 'steplaw/laws'
 *
 * const ray = { value: 1, slope: -1 }
 * const doubling = ruleKit.compile({ rule: 'last', initial: 1, factor: 2 })
 * answers(ruleKit, doubling, [ray, ray, ray]).map(({ step }) => step) // => [1, 2, 4]
 * ```
 */
export const answers = <R>(
  kit: RuleKit<R>,
  rule: R,
  rays: ReadonlyArray<RayCase>,
  between: (state: Json) => Json = (state) => state,
): ReadonlyArray<Answer> => {
  const given: Array<Answer> = []
  let state = kit.init(rule)
  let executed: number | null = null
  for (const [k, ray] of rays.entries()) {
    const here: RayCase = { k, executed, ...ray }
    const answer = kit.ask(rule, state, here)
    given.push(answer)
    state = between(answer.state)
    const { step } = answer
    executed = step !== null && step > 0 && step < Number.POSITIVE_INFINITY ? step : (here.executed ?? null)
  }
  return given
}
