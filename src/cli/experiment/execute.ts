import type { Json } from '../../../spec/vocabulary/json.js'
import { encodeNumber } from '../../../spec/vocabulary/number.js'
import { checkpoint, restore } from '../../optimizer/checkpoint.js'
import { printedDirection } from '../../optimizer/direction/compile.js'
import { iterate } from '../../optimizer/driver.js'
import { type DescentState, descentInit, type IterationRecord } from '../../optimizer/iteration.js'
import { answerWith } from '../../optimizer/request.js'
import type { Batch, Vector } from '../../problem/oracle.js'
import { reasons } from '../../rule/outcome.js'
import { operandAt, show } from '../../rule/rule.js'
import type { Experiment, RecordField } from './experiment.js'
import type { Plan } from './plan.js'
import type { Problem, Score } from './problem.js'

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
const fieldOf = (
  field: RecordField,
  record: IterationRecord,
  before: DescentState,
  { objective, test }: Problem,
): Json => {
  const { outcome } = record
  switch (field) {
    case 'value':
      return encodeNumber(record.value)
    case 'step':
      return outcome._tag === 'Step' ? encodeNumber(outcome.step) : null
    case 'because':
      return outcome._tag === 'Step'
        ? outcome.because
        : outcome.because.map(({ path, reason }) => ({ path, reason: reasons[reason] }))
    case 'probes':
      return record.probed.length
    case 'evaluations':
      return { values: before.counts.values, gradients: before.counts.gradients }
    case 'x':
      return Array.from(record.x, encodeNumber)
    case 'gradientNorm':
      return encodeNumber(record.gradientNorm)
    case 'train':
      return encodeNumber(objective.value(record.x, null))
    case 'test':
      return test === null ? null : scored(test(record.x))
  }
}

const more = (
  counts: { readonly [key: string]: number },
  key: string,
): { readonly [key: string]: number } => ({
  ...counts,
  [key]: (counts[key] ?? 0) + 1,
})

const tallied = (tally: Tally, plan: Plan, { outcome }: IterationRecord): Tally =>
  outcome._tag === 'Step'
    ? { ...tally, decided: more(tally.decided, show(operandAt(plan.rule, outcome.because))) }
    : { ...tally, failures: more(tally.failures, reasons[outcome.because[0].reason]) }

/** The last line of a run. It holds nothing that differs between equal runs. */
const summary = (plan: Plan, { problem }: Setting, { x, k, counts }: DescentState, tally: Tally): string =>
  JSON.stringify({
    run: plan.name,
    summary: {
      family: plan.family,
      startingStep: plan.startingStep === null ? null : encodeNumber(plan.startingStep),
      rule: show(plan.rule),
      direction: printedDirection(plan.direction),
      dimension: x.length,
      rows: { train: problem.rows.train, validation: problem.rows.validation, test: problem.rows.test },
      iterations: k,
      train: encodeNumber(problem.objective.value(x, null)),
      ...(problem.validation === null ? {} : { validation: scored(problem.validation(x)) }),
      ...(problem.test === null ? {} : { test: scored(problem.test(x)) }),
      evaluations: { values: counts.values, gradients: counts.gradients },
      decided: tally.decided,
      failures: tally.failures,
    },
  })

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
  const { experiment, problem, start, batches } = setting
  const { every = 1, fields = defaultFields } = experiment.record ?? {}
  const method = { rule: plan.rule, direction: plan.direction }
  const lines = [...(saved?.lines ?? [])]
  let tally: Tally = saved?.tally ?? { decided: {}, failures: {} }
  let state = descentInit(method, start)
  if (saved !== null) {
    const restored = restore(method, start.length)(saved.state)
    if (restored._tag === 'Left') throw new Error(`the saved state of "${plan.name}" does not fit the run`)
    state = restored.right
  }
  const run = iterate(answerWith(problem.objective), {
    ...method,
    start,
    from: state,
    batches: (k) => batches[k] ?? null,
  })
  while (state.k < experiment.iterations) {
    const before = state
    const iterate = run.next().value
    state = iterate.state
    tally = tallied(tally, plan, iterate.record)
    if (before.k % every === 0) {
      const recorded = fields.map((f) => [f, fieldOf(f, iterate.record, before, problem)])
      lines.push(JSON.stringify({ run: plan.name, k: before.k, ...Object.fromEntries(recorded) }))
    }
    const progress = (): RunProgress => ({ lines: [...lines], tally, state: checkpoint(state) })
    if (between(state.k, progress) === 'interrupt' && state.k < experiment.iterations) return progress()
  }
  return { lines: [...lines, summary(plan, setting, state, tally)], tally, state: null }
}
