import type { Json } from '../../../spec/vocabulary/json.js'
import { encodeNumber } from '../../../spec/vocabulary/number.js'
import { checkpoint, restore } from '../../optimizer/checkpoint.js'
import { printedDirection } from '../../optimizer/direction/compile.js'
import { iterate } from '../../optimizer/driver.js'
import { type DescentState, descentInit, type IterationRecord } from '../../optimizer/iteration.js'
import { type Method, partsOf } from '../../optimizer/method.js'
import { answerWith } from '../../optimizer/request.js'
import { printedWrapper } from '../../optimizer/wrapper/compile.js'
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

/** An output of a wrapper; null where it has none of the name. */
const encoded = (u: number | Vector | undefined): Json => {
  if (u === undefined) return null
  return typeof u === 'number' ? encodeNumber(u) : Array.from(u, encodeNumber)
}

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
    default:
      return encoded(record.outputs[field])
  }
}

const more = (
  counts: { readonly [key: string]: number },
  key: string,
): { readonly [key: string]: number } => ({
  ...counts,
  [key]: (counts[key] ?? 0) + 1,
})

const tallied = (tally: Tally, { method: { rule } }: Plan, { outcome }: IterationRecord): Tally => {
  if (outcome._tag === 'Step')
    return rule === undefined
      ? tally
      : { ...tally, decided: more(tally.decided, show(operandAt(rule, outcome.because))) }
  const { reason } = outcome.because[0]
  return reason === 'noRule' ? tally : { ...tally, failures: more(tally.failures, reasons[reason]) }
}

/** The method as printed expressions; null where there is none. */
export const printedMethod = (method: Method): { readonly [piece: string]: string | null } => {
  const { base, wrapper } = partsOf(method)
  return {
    rule: base === null ? null : show(base.rule),
    direction: base === null ? null : printedDirection(base.direction),
    ...(wrapper === null ? {} : { wrapper: printedWrapper(wrapper) }),
  }
}

/** The averaged point of a run, where its wrapper makes one. */
const averageOf = ({ method: { wrapper } }: Plan, state: DescentState): Vector | null => {
  const found = wrapper?.outputs(state.wrapper).average
  return typeof found === 'object' ? found : null
}

/** The last line of a run. It holds nothing that differs between equal runs. */
const summary = (plan: Plan, { problem }: Setting, state: DescentState, tally: Tally): string => {
  const { x, k, counts } = state
  const average = averageOf(plan, state)
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
  const { method } = plan
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
