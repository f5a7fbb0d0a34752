import fc from 'fast-check'
import { type Ray, type Rule, rayOf, takeSteps } from 'steplaw'
import { rayArbitrary, ruleExprArbitrary } from 'steplaw/laws'
import type { RuleExpr } from 'steplaw/spec'

/** Rules are generated as data and compiled inside the property, so that counterexamples can be read. */
export const expr = (): fc.Arbitrary<RuleExpr> => ruleExprArbitrary()

/** A few rays in a row: states matter from the second on. */
export const rays = (): fc.Arbitrary<ReadonlyArray<Ray>> =>
  fc.array(rayArbitrary(), { minLength: 1, maxLength: 5 }).map((cases) => cases.map(rayOf))

/** What two equal rules agree on: the outcomes on a sequence of rays. */
export const outcomes = (rule: Rule, on: ReadonlyArray<Ray>): ReadonlyArray<number | null> =>
  takeSteps(rule, on).map(({ step }) => step)

/** Whether two rules give the same outcomes, `===` on steps. */
export const agree = (a: Rule, b: Rule, on: ReadonlyArray<Ray>): boolean => {
  const left = outcomes(a, on)
  const right = outcomes(b, on)
  return left.every((step, i) => step === right[i])
}
