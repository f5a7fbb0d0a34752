import { type ReportData, type RunReport, training } from './data.js'
import { formatCount, formatLoss, formatPercent, formatSeconds } from './format.js'

/** A column of the table of results; the terminal and the page show the same ones. */
export interface Column {
  readonly head: string
  /** Numbers are set flush right, expressions may be broken over lines. */
  readonly kind: 'name' | 'expression' | 'number'
  /** The lines of a cell. */
  readonly cell: (run: RunReport) => ReadonlyArray<string>
}

/** Consecutive runs of one group and one direction. */
export interface Section {
  readonly group: string
  /** `null` where all runs of the report have the same. */
  readonly direction: string | null
  readonly runs: ReadonlyArray<RunReport>
}

/** The runs cut where the group or the direction changes. */
export const sections = ({ runs }: ReportData): ReadonlyArray<Section> => {
  const several = new Set(runs.map(({ direction }) => direction)).size > 1
  const cuts = runs.flatMap((run, i) => {
    const previous = runs[i - 1]
    return run.group !== previous?.group || run.direction !== previous.direction ? [i] : []
  })
  return cuts.flatMap((from, i) => {
    const members = runs.slice(from, cuts[i + 1])
    return members
      .slice(0, 1)
      .map(({ group, direction }) => ({ group, direction: several ? direction : null, runs: members }))
  })
}

const number = (head: string, cell: (run: RunReport) => string): Column => ({
  head,
  kind: 'number',
  cell: (run) => [cell(run)],
})

/** How often which operand of the rule decided. */
export const decided = ({ rule, summary }: RunReport): ReadonlyArray<string> =>
  summary.decided.length === 0
    ? ['–']
    : summary.decided.map(
        ({ operand, count }) => `${formatCount(count)}\u{a0}×\u{a0}${operand === rule ? 'itself' : operand}`,
      )

/** Which columns there is room for. */
export type ColumnSet = 'full' | 'brief' | 'narrow'

/**
 * The columns for a batch. Tests, failures and times are shown where there are any; the brief set has no test loss; the
 * narrow one no expressions.
 */
export const columns = ({ runs, terms = training }: ReportData, set: ColumnSet): ReadonlyArray<Column> => {
  const evaluations = set === 'full' ? 'evaluations' : 'evals'
  const all: ReadonlyArray<Column> = [
    { head: 'run', kind: 'name', cell: ({ name }) => [name] },
    { head: 'rule', kind: 'expression', cell: ({ rule, outline }) => outline ?? [rule] },
    number(terms.column, ({ summary }) => formatLoss(summary.train)),
    ...(set === 'full' && runs.some(({ summary }) => summary.testLoss !== null)
      ? [number('test loss', ({ summary }) => formatLoss(summary.testLoss))]
      : []),
    ...(runs.some(({ summary }) => summary.testAccuracy !== null)
      ? [number('test accuracy', ({ summary }) => formatPercent(summary.testAccuracy))]
      : []),
    number(`function ${evaluations}`, ({ summary }) => formatCount(summary.functionEvaluations)),
    number(`gradient ${evaluations}`, ({ summary }) => formatCount(summary.gradientEvaluations)),
    ...(runs.some(({ summary }) => summary.productEvaluations !== undefined)
      ? [number('second-order products', ({ summary }) => formatCount(summary.productEvaluations ?? 0))]
      : []),
    ...(runs.some(({ summary }) => summary.failures > 0)
      ? [number('failures', ({ summary }) => formatCount(summary.failures))]
      : []),
    { head: 'decided by', kind: 'expression', cell: decided },
    ...(runs.some(({ seconds }) => seconds !== null)
      ? [number('time', ({ seconds }) => formatSeconds(seconds))]
      : []),
  ]
  return set === 'narrow' ? all.filter(({ kind }) => kind !== 'expression') : all
}
