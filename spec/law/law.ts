import type fc from 'fast-check'
import type { RayCase } from '../conformance/case.js'
import type { Json } from '../vocabulary/json.js'
import { encodeNumber } from '../vocabulary/number.js'
import type { RuleExpr } from '../vocabulary/ruleRows.js'
import type { ClaimTag } from './claimRows.js'
import { type Answer, answers, type RuleKit } from './kit.js'

/**
 * What a law is tried on: the rule under test and two in its company as data, rays, and a power of two.
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
 * Two sides that a law says are equal, and are not; or what was found, and what was to be found.
 *
 * @category Laws
 * @since 0.1.0
 */
export interface Violation {
  readonly left: Json
  readonly right: Json
}

/**
 * A law of rules as a value: what it says, where it comes from, on what it is tried, and a function that finds it violated
 * or not. `a` is the rule under test, the others in `given` are its company.
 *
 * @category Laws
 * @since 0.1.0
 */
export interface Law {
  /** Stable: reports, claims and counterexamples refer to it. */
  readonly id: string
  /**
   * Whose law it is: of every rule, of a word of the vocabulary (the rule under test is then given by the law), or of the
   * rules for which the claim of that name is made.
   */
  readonly of: 'rule' | 'vocabulary' | ClaimTag
  /** The clause of the standard that it makes precise. */
  readonly clause: string
  /** In words and formulas. */
  readonly statement: string
  /** Why it matters: what goes wrong without it. */
  readonly why: string
  /** Where it comes from. */
  readonly source: string
  /** What the rays and rules it is tried on have in common; empty where it holds on all. */
  readonly hypotheses: string
  /** What is allowed for rounding, and how it is counted; empty where both sides agree in every bit. */
  readonly slack: string
  /** The generator. Where no rule is under test, `a` is drawn such that the law speaks of it. */
  readonly given: fc.Arbitrary<Given>
  /** The parts of {@link Given} that it looks at. */
  readonly varies: ReadonlyArray<keyof Given>
  /** Null where it holds. */
  readonly violation: <R>(kit: RuleKit<R>, a: R, given: Given) => Violation | null
  /** The ids of the mutants that it must kill. */
  readonly mutants: ReadonlyArray<string>
}

const steps = (given: ReadonlyArray<Answer>): Json =>
  given.map(({ step }) => (step === null ? null : encodeNumber(step)))

/** The violation of an equation between answers: steps count, and `-0` is not told from `0`; states and probes do not. */
export const unequal = (left: ReadonlyArray<Answer>, right: ReadonlyArray<Answer>): Violation | null =>
  left.length === right.length && left.every(({ step }, i) => step === right[i]?.step)
    ? null
    : { left: steps(left), right: steps(right) }

/** As {@link unequal}, where the right side is computed and not asked. */
export const differ = (left: ReadonlyArray<Answer>, right: ReadonlyArray<number | null>): Violation | null =>
  unequal(
    left,
    right.map((step) => ({ state: null, step, probed: [] })),
  )

/** The rays with all that a closed loop would fill in, so that rules asked apart see the same. */
export const open = (rays: ReadonlyArray<RayCase>): ReadonlyArray<RayCase> =>
  rays.map((ray, k) => ({ k, executed: null, ...ray }))

/** The law that two rules made of the rule under test and its company give the same outcomes on every sequence of rays. */
export const equation =
  (sides: <R>(kit: RuleKit<R>, a: R, b: R, c: R, factor: number) => readonly [R, R]): Law['violation'] =>
  (kit, a, { b, c, rays, factor }) => {
    const [left, right] = sides(kit, a, kit.compile(b), kit.compile(c), factor)
    return unequal(answers(kit, left, rays), answers(kit, right, rays))
  }
