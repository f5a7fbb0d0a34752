import fc from 'fast-check'
import { maxOf, minOf, type Ray, type Rule, rayOf, takeSteps } from 'steplaw'
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

/** The two operations of the lattice, so that a law can be put to a mutant as well. */
export interface Lattice {
  readonly join: (a: Rule, b: Rule) => Rule
  readonly meet: (a: Rule, b: Rule) => Rule
}

export const ours: Lattice = { join: (a, b) => maxOf(a, b), meet: (a, b) => minOf(a, b) }

/** Whether a property is falsified within a run of the suite. */
export const falsified = <T>(property: fc.IProperty<T>, numRuns = 2000): boolean =>
  fc.check(property, { numRuns }).failed
