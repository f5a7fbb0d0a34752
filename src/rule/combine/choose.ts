import { isNonEmpty } from 'fp-ts/lib/Array.js'
import { type Failed, fail, failedUnder, nth, type Outcome, rank, under } from '../outcome.js'

/** The failure of a combinator whose operands failed: all their reasons, each under its operand. */
const failedBy = (outcomes: ReadonlyArray<Outcome>): Failed => {
  const reasons = outcomes.flatMap((o, i) => (o._tag === 'Fail' ? failedUnder(i, o) : []))
  // It is asked only where an operand failed, so that there is a reason.
  return isNonEmpty(reasons) ? { _tag: 'Fail', because: reasons } : fail('never')
}

/** The first outcome that no later one is better than. */
const best = (outcomes: ReadonlyArray<Outcome>, better: (a: number, b: number) => boolean): Outcome => {
  const chosen = outcomes.reduce((at, o, i) => (better(rank(o), rank(nth(outcomes, at))) ? i : at), 0)
  return under(chosen, nth(outcomes, chosen))
}

const stepped = (o: Outcome): boolean => o._tag === 'Step'

/** The join of the chain: the greatest outcome, the leftmost of equals; a failure if all fail. */
export const greatest = (outcomes: ReadonlyArray<Outcome>): Outcome =>
  outcomes.some(stepped) ? best(outcomes, (a, b) => a > b) : failedBy(outcomes)

/** The meet of the chain: the least outcome, the leftmost of equals; a failure if any fails. */
export const least = (outcomes: ReadonlyArray<Outcome>): Outcome =>
  outcomes.every(stepped) ? best(outcomes, (a, b) => a < b) : failedBy(outcomes)

/** The first outcome that is a step. */
export const first = (outcomes: ReadonlyArray<Outcome>): Outcome => {
  const index = outcomes.findIndex(stepped)
  return index < 0 ? failedBy(outcomes) : under(index, nth(outcomes, index))
}

/** Applies a formula to steps; fails as soon as one of them fails. The result is the combinator's own. */
export const onSteps =
  (formula: (steps: ReadonlyArray<number>) => Outcome) =>
  (outcomes: ReadonlyArray<Outcome>): Outcome =>
    outcomes.every(stepped) ? formula(outcomes.map(rank)) : failedBy(outcomes)
