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
  /** What the numbers are called; by default those of training on one objective. */
  readonly terms?: Terms
  /** Which figures are drawn; by default all that there is something to draw in. */
  readonly figures?: ReadonlyArray<FigureName>
}

/** The figures of a report. */
export const figureNames = ['loss', 'accuracy', 'step', 'sensitivity', 'heat'] as const
export type FigureName = (typeof figureNames)[number]

/** What the numbers of a report are called. */
export interface Terms {
  /** The loss that a run makes small, over all rows. */
  readonly whole: string
  /** The heading of its column. */
  readonly column: string
  /** What evaluations are counted of, on an axis. */
  readonly cost: string
  /** How they are counted, as a part of a sentence. */
  readonly counting: string
  /** The loss by which the ends of runs are compared: that one, or the one on test rows. */
  readonly compare: 'train' | 'test'
  /** What that loss is called. */
  readonly end: string
}

/** Training on one objective. */
export const training: Terms = {
  whole: 'loss on the whole training set',
  column: 'final train loss',
  cost: 'evaluations on training batches',
  counting: 'evaluations on training batches; one function or one gradient evaluation on one batch counts 1',
  compare: 'train',
  end: 'training loss',
}

/** Two levels: the lower one is trained, the upper one judges it. */
export const twoLevels: Terms = {
  whole: 'loss on all validation rows',
  column: 'final validation loss',
  cost: 'gradients, or what costs as much',
  counting:
    'evaluations on batches of either level in units of one gradient; a product with second derivatives counts 1, a function a third',
  compare: 'test',
  end: 'test loss',
}

/** The results as the runner wrote them. */
export interface RawResults {
  /** The name of the file that holds `text`; no folders in it. */
  readonly file: string
  /** The folder of the file beside the page, if it does not lie there itself. */
  readonly folder?: string
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
  /** A method of two levels in a few lines, which tables abridge to the room they have: the raw results have the whole. */
  readonly outline?: ReadonlyArray<string>
  /** The direction as a printed expression. */
  readonly direction: string
  /** The knob that is swept within the family; `null` where the rule has none. */
  readonly startingStep: number | null
  /** The two knobs that are swept within the family, by name, if there are two. */
  readonly pair?: ReadonlyArray<readonly [name: string, value: number]>
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
  /** The share of right labels on test rows, where it was measured. */
  readonly accuracy?: number
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
  /** Products with second derivatives, where the method makes such. */
  readonly productEvaluations?: number
  /** What all evaluations cost, if that is not the number of functions and gradients. */
  readonly cost?: number
  readonly failures: number
  /** How often which operand of the rule decided. */
  readonly decided: ReadonlyArray<{ readonly operand: string; readonly count: number }>
  readonly iterations: number
}
