import type { Json } from '../../../spec/vocabulary/json.js'
import { encodeNumber } from '../../../spec/vocabulary/number.js'
import type { Batch, Vector } from '../../problem/oracle.js'
import { baselineCourse } from './baselineCourse.js'
import type { TwoLevelSetting } from './bilevelCourse.js'
import type { Course, Happening } from './course.js'
import { descentCourse } from './descentCourse.js'
import type { OneLevel } from './experiment.js'
import { type Plan, printedMethod } from './plan.js'
import type { Problem } from './problem.js'
import { replicaCourse } from './replicaCourse.js'

/** How often which operand decided, and how often it failed for which reason, both by their printed form. */
export interface Tally {
  readonly decided: { readonly [operand: string]: number }
  readonly failures: { readonly [reason: string]: number }
}

/** A run as far as it has come: plain data, so that it can be saved and gone on with. */
export interface RunProgress {
  /** The result lines so far, each a JSON object. */
  readonly lines: ReadonlyArray<string>
  readonly tally: Tally
  /**
   * How many seconds the iterations before each recorded one took, without what is measured for the record. They differ between equal
   * runs, so that no line holds them.
   */
  readonly times: ReadonlyArray<number>
  /** How many all of them took so far. */
  readonly spent: number
  /** The state to go on from; null once the run is finished. */
  readonly state: Json
}

/** What all runs of an experiment on an objective share. */
export interface OneLevelSetting {
  readonly experiment: OneLevel
  readonly problem: Problem
  readonly start: Vector
  readonly batches: ReadonlyArray<Batch>
}

/** What all runs of an experiment share. */
export type Setting = OneLevelSetting | TwoLevelSetting

const defaultFields: ReadonlyArray<string> = ['value', 'step']

const more = (
  counts: { readonly [key: string]: number },
  key: string | null,
): { readonly [key: string]: number } =>
  key === null ? counts : { ...counts, [key]: (counts[key] ?? 0) + 1 }

const tallied = (tally: Tally, { decided, failed }: Happening): Tally => ({
  decided: more(tally.decided, decided),
  failures: more(tally.failures, failed),
})

/** The last line of a run. It holds nothing that differs between equal runs. */
const summary = (plan: Plan, course: Course, tally: Tally): string =>
  JSON.stringify({
    run: plan.name,
    summary: {
      family: plan.family,
      startingStep: plan.startingStep === null ? null : encodeNumber(plan.startingStep),
      ...(plan.pair === null
        ? {}
        : { pair: Object.fromEntries(Object.entries(plan.pair).map(([n, x]) => [n, encodeNumber(x)])) }),
      ...printedMethod(plan.method),
      ...course.standing(),
      decided: tally.decided,
      failures: tally.failures,
    },
  })

/** The run of a plan from its start, or from where it was saved; null if the saved state does not fit it. */
const courseOf = ({ method }: Plan, setting: Setting, saved: Json): Course | null => {
  if ('judged' in setting) {
    if (!('levels' in method)) return null
    return method.levels === 'both' ? method.course(setting, saved) : baselineCourse(method, setting, saved)
  }
  const {
    experiment: { draws },
    problem,
    start,
    batches,
  } = setting
  if ('controller' in method)
    return replicaCourse(
      method,
      { problem, start, draws: draws !== undefined && 'batch' in draws ? draws : null },
      saved,
    )
  return 'levels' in method ? null : descentCourse(method, { problem, start, batches }, saved)
}

/**
 * Executes one run, from the beginning or from where it was saved. Between iterations `interrupted` is asked; if it says
 * so, the run ends early with a state to go on from.
 *
 * @param clock - the time in seconds, by which iterations are timed.
 * @throws Error if the saved state does not fit the run.
 */
export const execute = (
  plan: Plan,
  setting: Setting,
  saved: RunProgress | null,
  between: (iteration: number, progress: () => RunProgress) => 'go on' | 'interrupt',
  clock: () => number = () => performance.now() / 1000,
): RunProgress => {
  const { experiment } = setting
  const every = experiment.record?.every ?? 1
  const fields: ReadonlyArray<string> = experiment.record?.fields ?? defaultFields
  const lines = [...(saved?.lines ?? [])]
  const times = [...(saved?.times ?? [])]
  let spent = saved?.spent ?? 0
  let tally: Tally = saved?.tally ?? { decided: {}, failures: {} }
  const begun = courseOf(plan, setting, saved?.state ?? null)
  if (begun === null) throw new Error(`the saved state of "${plan.name}" does not fit the run`)
  let course = begun
  while (course.k < experiment.iterations && !course.ended) {
    const { k } = course
    const [before, began] = [spent, clock()]
    const { next, happening } = course.advance()
    spent += clock() - began
    course = next
    tally = tallied(tally, happening)
    if (k % every === 0) {
      const recorded = fields.map((f) => [f, happening.field(f)])
      times.push(before)
      lines.push(JSON.stringify({ run: plan.name, k, ...Object.fromEntries(recorded) }))
    }
    const progress = (): RunProgress => ({
      lines: [...lines],
      times: [...times],
      spent,
      tally,
      state: next.save(),
    })
    const over = next.k >= experiment.iterations || next.ended
    if (between(next.k, progress) === 'interrupt' && !over) return progress()
  }
  return { lines: [...lines, summary(plan, course, tally)], times, spent, tally, state: null }
}
