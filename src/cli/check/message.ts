import type { Judgement } from '../../../spec/law/judge.js'
import type { Json } from '../../../spec/vocabulary/json.js'
import type { NotClaimed } from '../../theory/check/check.js'
import type { TrialOptions } from '../../theory/check/options.js'
import type { Reference } from '../module.js'

/** What a worker is started with. */
export interface CheckInput {
  readonly reference: Reference
  /** The id of the one law to be tried; all that are to hold otherwise. */
  readonly only: string | undefined
}

/** What a worker is sent: which of its laws to try. */
export interface CheckJob {
  readonly index: number
  readonly trial: TrialOptions
}

/** What a module turned out to hold. */
export interface Loaded {
  /** The rule, printed. */
  readonly rule: string
  /** What is claimed of it, printed. */
  readonly claims: ReadonlyArray<string>
  /** The ids of the laws to be tried. */
  readonly laws: ReadonlyArray<string>
  readonly notClaimed: ReadonlyArray<NotClaimed>
}

/** What a worker sends. */
export type CheckReport =
  /** It runs; what comes next is the module. */
  | { readonly report: 'started' }
  | { readonly report: 'loaded'; readonly loaded: Loaded }
  /** There is nothing to check, for these reasons. */
  | { readonly report: 'unfit'; readonly errors: ReadonlyArray<string> }
  /** The case that is tried next. */
  | { readonly report: 'case'; readonly given: Json }
  | { readonly report: 'judged'; readonly judgement: Judgement }
