import type { RunReport, Terms, TracePoint } from './data.js'
import type { Point } from './series.js'

/** What losses and accuracies are drawn against. */
export interface Against {
  /** Of an iteration; null where it is not known. */
  readonly at: (point: TracePoint) => number | null
  /** Of the end of a run. */
  readonly end: (run: RunReport) => number | null
  /** On the axis. */
  readonly label: string
  /** As a part of a sentence. */
  readonly words: string
  /** Where nothing is. */
  readonly start: string
}

/** What a run has cost at its end. */
export const costOf = ({ cost, functionEvaluations, gradientEvaluations }: RunReport['summary']): number =>
  cost ?? functionEvaluations + gradientEvaluations

/** Evaluations. */
export const againstCost = (terms: Terms): Against => ({
  at: ({ evaluations }) => evaluations,
  end: ({ summary }) => costOf(summary),
  label: terms.cost,
  words: `the number of ${terms.counting}`,
  start: 'at no evaluations',
})

/** Wall-clock time. */
export const againstTime: Against = {
  at: ({ seconds }) => seconds ?? null,
  end: ({ iterating }) => iterating ?? null,
  label: 'seconds',
  words:
    'the seconds that the iterations took, without what is measured for this report; times differ from run to run, and several runs ' +
    'share the machine',
  start: 'at no time',
}

/** Whether the iterations of some runs were timed. */
export const hasTimes = (runs: ReadonlyArray<RunReport>): boolean =>
  runs.some(({ trace }) => trace.some(({ seconds }) => seconds !== undefined))

/** A quantity of the iterations where both are known, in order; with the value at the end, if the run went on after the last. */
export const lineOf = (
  run: RunReport,
  { at, end }: Against,
  of: (point: TracePoint) => number | null,
  last: number | null,
): ReadonlyArray<Point> => {
  const points = run.trace.flatMap((point) => {
    const [x, y] = [at(point), of(point)]
    return x === null || y === null ? [] : [{ x, y }]
  })
  const [spent, seen] = [end(run), points[points.length - 1]?.x ?? 0]
  return last !== null && spent !== null && spent > seen ? [...points, { x: spent, y: last }] : points
}
