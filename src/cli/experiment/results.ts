import * as t from 'io-ts'
import { double, encodeNumber } from '../../../spec/vocabulary/number.js'
import type { ReportData, RunReport, TracePoint } from '../report/index.js'
import { twoLevelsData } from './bilevelResults.js'
import type { Experiment, OneLevel } from './experiment.js'
import { counts, lastLines, nameOf, parsed, score, sharedSettings, spentIn, sum, timed } from './lines.js'
import type { Words } from './source.js'
import type { SavedRun } from './store.js'

const summaryLine = t.type({
  run: t.string,
  summary: t.intersection([
    t.type({
      family: t.string,
      startingStep: t.union([t.null, double]),
      rule: t.union([t.null, t.string]),
      direction: t.union([t.null, t.string]),
      dimension: t.number,
      rows: t.type({ train: t.number, validation: t.number, test: t.number }),
      iterations: t.number,
      train: double,
      evaluations: t.type({ values: t.number, gradients: t.number }),
      decided: counts,
      failures: counts,
    }),
    t.partial({ test: score, wrapper: t.string }),
  ]),
})

type SummaryLine = t.TypeOf<typeof summaryLine>

const iterateLine = t.intersection([
  t.type({ k: t.number }),
  t.partial({
    value: double,
    step: t.union([t.null, double]),
    train: double,
    evaluations: t.type({ values: t.number, gradients: t.number }),
  }),
])

const traceOf = (run: SavedRun): ReadonlyArray<TracePoint> =>
  timed(run).flatMap(({ line, seconds }) =>
    parsed(iterateLine, line).map(({ k, value, step, train, evaluations }) => ({
      k,
      value: value ?? Number.NaN,
      train: train ?? null,
      step: step ?? null,
      evaluations: evaluations === undefined ? k : evaluations.values + evaluations.gradients,
      ...(seconds === null ? {} : { seconds }),
    })),
  )

/** The heading a run stands under: its direction, and whether a rule chooses its steps, or a wrapper does. */
const groupOf = ({ rule, direction, wrapper }: SummaryLine['summary']): string => {
  if (rule === null || direction === null) return 'Without rules'
  if (wrapper !== undefined) return 'Under wrappers'
  if (rule.startsWith('replicas{')) return 'Replicas'
  const fixed = rule.startsWith('constant{')
  const along = direction.replace(/\{.*/, '')
  if (along === 'steepest') return fixed ? 'Constant steps' : 'Step rules'
  return `${fixed ? 'Constant steps' : 'Step rules'} along ${along}`
}

const methodText = ({ rule, wrapper }: SummaryLine['summary']): string =>
  rule === null || wrapper === undefined ? (rule ?? wrapper ?? '') : `${wrapper} around ${rule}`

const runReport = ({ run, summary }: SummaryLine, saved: SavedRun): RunReport => ({
  name: run,
  group: groupOf(summary),
  family: summary.family,
  rule: methodText(summary),
  direction: summary.direction ?? 'the gradient',
  startingStep: summary.startingStep,
  trace: traceOf(saved),
  summary: {
    train: summary.train,
    testLoss: summary.test?.loss ?? null,
    testAccuracy: summary.test?.accuracy ?? null,
    functionEvaluations: summary.evaluations.values,
    gradientEvaluations: summary.evaluations.gradients,
    failures: sum(Object.values(summary.failures)),
    decided: Object.entries(summary.decided).map(([operand, count]) => ({ operand, count })),
    iterations: summary.iterations,
  },
  seconds: saved.seconds,
  ...spentIn(saved),
})

/** The first settings of an experiment on an objective. */
const objectiveSettings = (
  { objective }: OneLevel,
  first: SummaryLine | undefined,
): ReadonlyArray<readonly [string, string]> => {
  const rows = first?.summary.rows
  const name = 'module' in objective ? objective.module : objective.objective
  return [
    ['objective', 'l2' in objective && objective.l2 !== undefined ? `${name}, l2 = ${objective.l2}` : name],
    ...('data' in objective ? [['data', nameOf(objective.data)] as const] : []),
    ...(rows === undefined ? [] : [['rows', `${rows.train} to train, ${rows.test} to test`] as const]),
    ...(first === undefined ? [] : [['parameters', String(first.summary.dimension)] as const]),
  ]
}

const oneLevelData = (experiment: OneLevel, runs: ReadonlyArray<SavedRun>) => {
  const summarised = lastLines(runs, summaryLine)
  return {
    settings: [...objectiveSettings(experiment, summarised[0]?.line), ...sharedSettings(experiment)],
    runs: summarised.map(({ run, line }) => runReport(line, run)),
  }
}

/** The lines of finished runs, as `results.jsonl` holds them. */
export const resultsText = (runs: ReadonlyArray<SavedRun>): string =>
  runs.flatMap(({ lines }) => lines.map((line) => `${line}\n`)).join('')

/** What the report and the table are made of. */
export const reportData = (
  words: Words,
  experiment: Experiment,
  runs: ReadonlyArray<SavedRun>,
): ReportData => ({
  ...words,
  ...('problem' in experiment ? twoLevelsData(experiment, runs) : oneLevelData(experiment, runs)),
  raw: { file: 'results.jsonl', text: resultsText(runs) },
})

/** Wall-clock times, kept apart from results because they differ from run to run. */
export const timingText = (
  names: ReadonlyArray<string>,
  runs: ReadonlyArray<SavedRun>,
  total: number,
  threads: number,
): string => {
  const rounded = (seconds: number): number => Math.round(1000 * seconds) / 1000
  const each = names.map((run, i) => ({
    run,
    seconds: encodeNumber(rounded(runs[i]?.seconds ?? Number.NaN)),
  }))
  return `${JSON.stringify({ seconds: rounded(total), threads, node: process.version, runs: each }, null, 2)}\n`
}
