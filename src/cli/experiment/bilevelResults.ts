import * as t from 'io-ts'
import { double } from '../../../spec/vocabulary/number.js'
import { type ReportData, type RunReport, type TracePoint, twoLevels } from '../report/index.js'
import type { TwoLevels } from './experiment.js'
import { counts, lastLines, nameOf, parsed, score, sharedSettings, sum } from './lines.js'
import type { SavedRun } from './store.js'

const evaluated = t.type({
  upperValues: t.number,
  upperGradients: t.number,
  lowerValues: t.number,
  lowerGradients: t.number,
  hessianProducts: t.number,
  crossProducts: t.number,
  gradientUnits: double,
})

const summaryLine = t.type({
  run: t.string,
  summary: t.intersection([
    t.type({
      family: t.string,
      startingStep: t.union([t.null, double]),
      dimension: t.type({ x: t.number, y: t.number }),
      rows: t.type({ train: t.number, validation: t.number, test: t.number }),
      iterations: t.number,
      validation: score,
      evaluations: evaluated,
      decided: counts,
      failures: counts,
    }),
    t.partial({
      test: score,
      method: t.string,
      baseline: t.string,
      rule: t.string,
      upper: t.string,
      lower: t.string,
      hypergradient: t.string,
      pair: t.record(t.string, double),
    }),
  ]),
})

type SummaryLine = t.TypeOf<typeof summaryLine>

const iterateLine = t.intersection([
  t.type({ k: t.number }),
  t.partial({
    value: double,
    step: t.union([t.null, double]),
    validation: score,
    test: score,
    evaluations: evaluated,
  }),
])

const traceOf = (lines: ReadonlyArray<string>): ReadonlyArray<TracePoint> =>
  lines
    .flatMap((line) => parsed(iterateLine, line))
    .map(({ k, value, step, validation, test, evaluations }) => ({
      k,
      value: value ?? Number.NaN,
      train: validation?.loss ?? null,
      step: step ?? null,
      evaluations: evaluations?.gradientUnits ?? k,
      ...(test?.accuracy === undefined ? {} : { accuracy: test.accuracy }),
    }))

type Summary = SummaryLine['summary']

/** The heading a run stands under: what chooses its steps at the upper level, or that there is none. */
const groupOf = ({ baseline, upper }: Summary): string => {
  if (baseline !== undefined) return 'One level'
  if (upper === undefined) return 'Other methods'
  return /^(constant|power)\b/.test(upper) ? 'Fixed steps' : 'Step rules'
}

/** The name of a method with a rule at each level and its estimator; a line for each level. */
const outlineOf = ({ method, upper, lower, hypergradient }: Summary): ReadonlyArray<string> | null => {
  if (method === undefined) return null
  if (upper === undefined || lower === undefined || hypergradient === undefined) return [method]
  return [`${method.replace(/\{.*/, '')}, ${hypergradient}`, `upper: ${upper}`, `lower: ${lower}`]
}

/** What decided, where that is the whole rule of the upper level. */
const decider = (operand: string, { upper }: Summary): string =>
  upper === operand || upper?.startsWith(`${operand} along `) || upper?.startsWith(`${operand}, `)
    ? 'the upper rule'
    : operand

const runReport = ({ run, summary }: SummaryLine, { lines, seconds }: SavedRun): RunReport => {
  const { evaluations: spent, pair } = summary
  const outline = outlineOf(summary)
  return {
    name: run,
    group: groupOf(summary),
    family: summary.family,
    rule: summary.method ?? summary.rule ?? '',
    ...(outline === null ? {} : { outline }),
    direction: 'two levels',
    startingStep: summary.startingStep,
    ...(pair === undefined ? {} : { pair: Object.entries(pair) }),
    trace: traceOf(lines),
    summary: {
      train: summary.validation.loss,
      testLoss: summary.test?.loss ?? null,
      testAccuracy: summary.test?.accuracy ?? null,
      functionEvaluations: spent.upperValues + spent.lowerValues,
      gradientEvaluations: spent.upperGradients + spent.lowerGradients,
      productEvaluations: spent.hessianProducts + spent.crossProducts,
      cost: spent.gradientUnits,
      failures: sum(Object.values(summary.failures)),
      decided: Object.entries(summary.decided).map(([operand, count]) => ({
        operand: decider(operand, summary),
        count,
      })),
      iterations: summary.iterations,
    },
    seconds,
  }
}

const problemSettings = (
  { problem }: TwoLevels,
  first: SummaryLine | undefined,
): ReadonlyArray<readonly [string, string]> => {
  const name = 'module' in problem ? problem.module : problem.problem
  const shared = [
    ['problem', 'l2' in problem ? `${name}, l2 = ${problem.l2}` : name] as const,
    ...('data' in problem ? [['data', nameOf(problem.data)] as const] : []),
    ...('relabel' in problem && problem.relabel !== undefined
      ? [['labels drawn anew', `${100 * problem.relabel.share} %, seed ${problem.relabel.seed}`] as const]
      : []),
  ]
  if (first === undefined) return shared
  const { rows, dimension } = first.summary
  return [
    ...shared,
    ['rows', `${rows.train} to train, ${rows.validation} to validate, ${rows.test} to test`],
    ['parameters', `${dimension.x} above, ${dimension.y} below`],
  ]
}

/** What the report of an experiment on two levels is made of, as far as it is special. */
export const twoLevelsData = (
  experiment: TwoLevels,
  runs: ReadonlyArray<SavedRun>,
): Pick<ReportData, 'settings' | 'runs' | 'terms'> => {
  const summarised = lastLines(runs, summaryLine)
  const tested = summarised.some(({ line }) => line.summary.test !== undefined)
  return {
    settings: [...problemSettings(experiment, summarised[0]?.line), ...sharedSettings(experiment)],
    runs: summarised.map(({ run, line }) => runReport(line, run)),
    terms: tested ? twoLevels : { ...twoLevels, compare: 'train', end: 'validation loss' },
  }
}
