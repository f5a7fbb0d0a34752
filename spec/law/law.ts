import type { RayCase } from '../conformance/case.js'
import type { Json } from '../vocabulary/json.js'
import { encodeNumber } from '../vocabulary/number.js'
import type { RuleExpr } from '../vocabulary/ruleRows.js'
import { type Answer, answers, type RuleKit } from './kit.js'

/**
 * What a law is tried on: three rules as data, rays, and a power of two. A law uses what it needs of it.
 *
 * @category Laws
 * @since 0.1.0
 */
export interface Given {
  readonly a: RuleExpr
  readonly b: RuleExpr
  readonly c: RuleExpr
  readonly rays: ReadonlyArray<RayCase>
  readonly factor: number
}

/**
 * Two sides that a law says are equal, and are not.
 *
 * @category Laws
 * @since 0.1.0
 */
export interface Violation {
  readonly left: Json
  readonly right: Json
}

/**
 * A law of rules as a value: what it says, where it comes from, and a function that finds it violated or not. It holds
 * exactly, in doubles, for every rule; `a` is the rule under test, the others in `given` are its company.
 *
 * @category Laws
 * @since 0.1.0
 */
export interface Law {
  /** Stable: reports and claims refer to it. */
  readonly id: string
  /** The clause of the standard that it makes precise. */
  readonly clause: string
  /** In words and formulas. */
  readonly statement: string
  /** Where it comes from. */
  readonly source: string
  /** Null where it holds. */
  readonly violation: <R>(kit: RuleKit<R>, a: R, given: Given) => Violation | null
  /** The ids of the mutants that it must kill. */
  readonly kills: ReadonlyArray<string>
}

const steps = (given: ReadonlyArray<Answer>): Json =>
  given.map(({ step }) => (step === null ? null : encodeNumber(step)))

/** The violation of an equation between answers: steps count, and `-0` is not told from `0`; states and probes do not. */
export const unequal = (left: ReadonlyArray<Answer>, right: ReadonlyArray<Answer>): Violation | null =>
  left.length === right.length && left.every(({ step }, i) => step === right[i]?.step)
    ? null
    : { left: steps(left), right: steps(right) }

/** The law that two rules made of the rule under test and its company give the same outcomes on every sequence of rays. */
export const equation =
  (sides: <R>(kit: RuleKit<R>, a: R, b: R, c: R, factor: number) => readonly [R, R]): Law['violation'] =>
  (kit, a, { b, c, rays, factor }) => {
    const [left, right] = sides(kit, a, kit.compile(b), kit.compile(c), factor)
    return unequal(answers(kit, left, rays), answers(kit, right, rays))
  }
