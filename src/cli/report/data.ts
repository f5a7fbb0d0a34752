/**
 * What a report is made of: plain data, as the runner of a batch collects it. Losses may be NaN or infinite (a run that
 * diverged), steps may be infinite; the report shows such values as what they are.
 */
export interface ReportData {
  readonly title: string
  /** What was done, one paragraph an entry. */
  readonly description: ReadonlyArray<string>
  /** What all runs have in common, as pairs of a name and a value. */
  readonly settings: ReadonlyArray<readonly [name: string, value: string]>
  readonly runs: ReadonlyArray<RunReport>
  readonly raw: RawResults
}

/** The results as the runner wrote them. */
export interface RawResults {
  /** The name of the file beside the page that holds `text`; no folders in it. */
  readonly file: string
  readonly text: string
}

/** One optimisation run. */
export interface RunReport {
  /** The name in pictures and tables; names of one report should differ. */
  readonly name: string
  /** The heading under which the run is shown together with others, such as `Constant steps`. */
  readonly group: string
  /** Runs of one family differ only in their starting step: they are one line in the picture of sensitivity. */
  readonly family: string
  /** The rule as a printed expression. */
  readonly rule: string
  /** The direction as a printed expression. */
  readonly direction: string
  /** The knob that is swept within the family; `null` where the rule has none. */
  readonly startingStep: number | null
  readonly trace: ReadonlyArray<TracePoint>
  readonly summary: RunSummary
  /** Wall-clock time in seconds, `null` where it was not taken. */
  readonly seconds: number | null
}

/** One iteration of a run. */
export interface TracePoint {
  /** The number of the iteration, from 0. */
  readonly k: number
  /** Loss on the batch of this iteration. */
  readonly value: number
  /** Loss on the whole training set, `null` where it was not measured. */
  readonly train: number | null
  /** The step that the rule gave, `null` for a failure. */
  readonly step: number | null
  /** Function and gradient evaluations on training batches so far; one of either on one batch counts 1. */
  readonly evaluations: number
}

/** The outcome of a run. */
export interface RunSummary {
  /** Final loss on the whole training set. */
  readonly train: number
  /** `null` where nothing was kept for the test. */
  readonly testLoss: number | null
  /** In [0, 1]; `null` likewise, and for problems without classes. */
  readonly testAccuracy: number | null
  readonly functionEvaluations: number
  readonly gradientEvaluations: number
  readonly failures: number
  /** How often which operand of the rule decided. */
  readonly decided: ReadonlyArray<{ readonly operand: string; readonly count: number }>
  readonly iterations: number
}
