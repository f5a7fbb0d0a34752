import type { Json } from '../../../spec/vocabulary/json.js'
import { encodeNumber } from '../../../spec/vocabulary/number.js'
import { printedDirection } from '../../optimizer/direction/compile.js'
import { partsOf } from '../../optimizer/method.js'
import { printedWrapper } from '../../optimizer/wrapper/compile.js'
import type { Batch, Vector } from '../../problem/oracle.js'
import { show } from '../../rule/rule.js'
import type { Course, Happening } from './course.js'
import { descentCourse } from './descentCourse.js'
import type { Experiment, RecordField } from './experiment.js'
import type { Plan } from './plan.js'
import type { Problem, Score } from './problem.js'
import { printedReplicas, replicaCourse } from './replicaCourse.js'

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
  /** The state to go on from; null once the run is finished. */
  readonly state: Json
}

/** What all runs of an experiment share. */
export interface Setting {
  readonly experiment: Experiment
  readonly problem: Problem
  readonly start: Vector
  readonly batches: ReadonlyArray<Batch>
}

const defaultFields: ReadonlyArray<RecordField> = ['value', 'step']

const scored = (score: Score): Json => ({
  loss: encodeNumber(score.loss),
  ...(score.accuracy === null ? {} : { accuracy: encodeNumber(score.accuracy) }),
})

/** The outputs of a record by field, computed only where they are asked for. */
const fieldOf = (field: RecordField, { x, counts, field: own }: Happening, problem: Problem): Json => {
  switch (field) {
    case 'evaluations':
      return { values: counts.values, gradients: counts.gradients }
    case 'train':
      return encodeNumber(problem.objective.value(x, null))
    case 'test':
      return problem.test === null ? null : scored(problem.test(x))
    default:
      return own(field)
  }
}

const more = (
  counts: { readonly [key: string]: number },
  key: string | null,
): { readonly [key: string]: number } =>
  key === null ? counts : { ...counts, [key]: (counts[key] ?? 0) + 1 }

const tallied = (tally: Tally, { decided, failed }: Happening): Tally => ({
  decided: more(tally.decided, decided),
  failures: more(tally.failures, failed),
})

/** The method as printed expressions; null where there is none. */
export const printedMethod = (method: Plan['method']): { readonly [piece: string]: string | null } => {
  if ('controller' in method) return { rule: printedReplicas(method), direction: 'steepest' }
  const { base, wrapper } = partsOf(method)
  return {
    rule: base === null ? null : show(base.rule),
    direction: base === null ? null : printedDirection(base.direction),
    ...(wrapper === null ? {} : { wrapper: printedWrapper(wrapper) }),
  }
}

/** The last line of a run. It holds nothing that differs between equal runs. */
const summary = (plan: Plan, { problem }: Setting, course: Course, tally: Tally): string => {
  const { x, k, counts, average } = course
  return JSON.stringify({
    run: plan.name,
    summary: {
      family: plan.family,
      startingStep: plan.startingStep === null ? null : encodeNumber(plan.startingStep),
      ...printedMethod(plan.method),
      dimension: x.length,
      rows: { train: problem.rows.train, validation: problem.rows.validation, test: problem.rows.test },
      iterations: k,
      train: encodeNumber(problem.objective.value(x, null)),
      ...(problem.validation === null ? {} : { validation: scored(problem.validation(x)) }),
      ...(problem.test === null ? {} : { test: scored(problem.test(x)) }),
      ...(average === null
        ? {}
        : {
            average: {
              train: encodeNumber(problem.objective.value(average, null)),
              ...(problem.test === null ? {} : { test: scored(problem.test(average)) }),
            },
          }),
      evaluations: { values: counts.values, gradients: counts.gradients },
      decided: tally.decided,
      failures: tally.failures,
    },
  })
}

/** The run of a plan from its start, or from where it was saved; null if the saved state does not fit it. */
const courseOf = (
  { method }: Plan,
  { experiment: { draws }, problem: { objective }, start, batches }: Setting,
  saved: Json,
): Course | null =>
  'controller' in method
    ? replicaCourse(
        method,
        { objective, start, draws: draws !== undefined && 'batch' in draws ? draws : null },
        saved,
      )
    : descentCourse(method, { objective, start, batches }, saved)

/**
 * Executes one run, from the beginning or from where it was saved. Between iterations `interrupted` is asked; if it says
 * so, the run ends early with a state to go on from.
 *
 * @throws Error if the saved state does not fit the run.
 */
export const execute = (
  plan: Plan,
  setting: Setting,
  saved: RunProgress | null,
  between: (iteration: number, progress: () => RunProgress) => 'go on' | 'interrupt',
): RunProgress => {
  const { experiment, problem } = setting
  const { every = 1, fields = defaultFields } = experiment.record ?? {}
  const lines = [...(saved?.lines ?? [])]
  let tally: Tally = saved?.tally ?? { decided: {}, failures: {} }
  const begun = courseOf(plan, setting, saved?.state ?? null)
  if (begun === null) throw new Error(`the saved state of "${plan.name}" does not fit the run`)
  let course = begun
  while (course.k < experiment.iterations) {
    const { k } = course
    const { next, happening } = course.advance()
    course = next
    tally = tallied(tally, happening)
    if (k % every === 0) {
      const recorded = fields.map((f) => [f, fieldOf(f, happening, problem)])
      lines.push(JSON.stringify({ run: plan.name, k, ...Object.fromEntries(recorded) }))
    }
    const progress = (): RunProgress => ({ lines: [...lines], tally, state: next.save() })
    if (between(next.k, progress) === 'interrupt' && next.k < experiment.iterations) return progress()
  }
  return { lines: [...lines, summary(plan, setting, course, tally)], tally, state: null }
}
