import { done } from '../program/program.js'
import { descends, type Observation, probe, probeSlope, type Search } from './observation.js'
import { fail, nth, type Outcome, type Step, step } from './outcome.js'

/** What a search makes of one sample: the trial is the step, or here is the next one. */
type Verdict = 'accepted' | { readonly a: number; readonly trial: Trial }

/** One trial of a search at a step $a$: where it may go on (for evaluation ahead of need), and what a sample says. */
export type Trial = (a: Step) => {
  readonly next: ReadonlyArray<number>
  /** The slope is NaN unless the search wants slopes. */
  readonly judge: (value: number, slope: number) => Verdict
}

type Answer = Search<readonly [null, Outcome]>

const steps = (xs: ReadonlyArray<number>): ReadonlyArray<Step> =>
  xs.map(step).flatMap((o) => (o._tag === 'Step' ? [o.step] : []))

/**
 * A search from the outcome of its first operand, at most `cap`, by at most `budget` trials. It fails on a ray that does not
 * descend, from a start that is no positive finite step, where a trial is 0, and where the budget ends.
 */
export const searchFrom = (
  observation: Observation,
  outcomes: ReadonlyArray<Outcome>,
  {
    budget,
    cap = Number.POSITIVE_INFINITY,
    want = 'value',
  }: { readonly budget: number; readonly cap?: number; readonly want?: 'value' | 'slope' },
  first: Trial,
): Answer => {
  const answer = (outcome: Outcome): Answer => done([null, outcome])
  const tryAt = (at: Outcome, trial: Trial, left: number): Answer => {
    if (at._tag === 'Fail') return answer(at)
    if (left === 0) return answer(fail('budgetExhausted'))
    if (at.step === 0) return answer(fail('stepUnderflow'))
    const { next, judge } = trial(at.step)
    const decide = (value: number, slope: number): Answer => {
      const verdict = judge(value, slope)
      return verdict === 'accepted' ? answer(at) : tryAt(step(verdict.a), verdict.trial, left - 1)
    }
    return want === 'slope'
      ? probeSlope(at.step, decide, steps(next))
      : probe(at.step, (value) => decide(value, Number.NaN), steps(next))
  }
  const start = nth(outcomes, 0)
  if (!descends(observation)) return answer(fail('noDescent'))
  if (start._tag === 'Fail' || start.step === 0 || start.step === Number.POSITIVE_INFINITY)
    return answer(fail('startUnusable'))
  return tryAt(step(Math.min(start.step, cap)), first, budget)
}
