/** What the page of a method of two levels is made of. */
import type { Measurement } from './measure.js'

/** A default, as it is written in the source, and why it is this. */
export interface Default {
  readonly field: string
  readonly value: string
  readonly from: string
}

/** A method as a row: what the template cannot find out by itself. */
export interface MethodRow {
  /** The name it is exported by. */
  readonly name: string
  readonly title: string
  /** The problem that it solves. */
  readonly solves: string
  readonly assumes: ReadonlyArray<string>
  /** How an iteration goes: text with formulas. */
  readonly iteration: string
  /** The same in a few words: how $y$ moves, and along what $x$ moves. */
  readonly updates: { readonly lower: string; readonly upper: string }
  /** What must be given. */
  readonly required: string
  readonly defaults: ReadonlyArray<Default>
  readonly cost: readonly [Measurement, ...ReadonlyArray<Measurement>]
  /** What it knows of its own error. */
  readonly certificate: {
    readonly has: 'a proven bound' | 'with a certified estimator' | 'residuals' | 'no'
    readonly says: string
  }
  readonly failures: ReadonlyArray<string>
  /** Keys of the bibliography. */
  readonly sources: ReadonlyArray<string>
  /** Clauses of the standard; of the parts, where it is a choice of parts. */
  readonly clauses: ReadonlyArray<string>
  /** Cards of theorems. */
  readonly theorems: ReadonlyArray<string>
}
