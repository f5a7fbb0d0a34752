import { concat, type NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js'
import { type Failed, fail, failedUnder, type Outcome, type Reason, rank, under } from '../outcome.js'

/** The failure of a combinator whose operands failed: all their reasons, each under its operand. */
const failedBy = (outcomes: ReadonlyArray<Outcome>): Failed => {
  const because = outcomes.reduce<NonEmptyArray<Reason> | undefined>((reasons, outcome, i) => {
    if (outcome._tag === 'Step') return reasons
    const more = failedUnder(i, outcome)
    return reasons === undefined ? more : concat(more)(reasons)
  }, undefined)
  return because === undefined ? fail('never') : { _tag: 'Fail', because }
}

/** The first outcome that no later one is better than. */
const best = (
  outcomes: ReadonlyArray<Outcome>,
  better: (a: number, b: number) => boolean,
): Outcome | undefined => {
  let chosen: { readonly outcome: Outcome; readonly index: number } | undefined
  for (const [index, outcome] of outcomes.entries())
    if (chosen === undefined || better(rank(outcome), rank(chosen.outcome))) chosen = { outcome, index }
  return chosen === undefined ? undefined : under(chosen.index, chosen.outcome)
}

/** The join of the chain: the greatest outcome, the leftmost of equals; a failure if all fail. */
export const greatest = (outcomes: ReadonlyArray<Outcome>): Outcome =>
  outcomes.some((o) => o._tag === 'Step')
    ? (best(outcomes, (a, b) => a > b) ?? fail('never'))
    : failedBy(outcomes)

/** The meet of the chain: the least outcome, the leftmost of equals; a failure if any fails. */
export const least = (outcomes: ReadonlyArray<Outcome>): Outcome =>
  outcomes.every((o) => o._tag === 'Step')
    ? (best(outcomes, (a, b) => a < b) ?? fail('never'))
    : failedBy(outcomes)

/** The first outcome that is a step. */
export const first = (outcomes: ReadonlyArray<Outcome>): Outcome => {
  const index = outcomes.findIndex((o) => o._tag === 'Step')
  const outcome = outcomes[index]
  return outcome === undefined ? failedBy(outcomes) : under(index, outcome)
}

/** Applies a formula to steps; fails as soon as one of them fails. The result is the combinator's own. */
export const onSteps =
  (formula: (steps: ReadonlyArray<number>) => Outcome) =>
  (outcomes: ReadonlyArray<Outcome>): Outcome =>
    outcomes.every((o) => o._tag === 'Step') ? formula(outcomes.map(rank)) : failedBy(outcomes)
