import type fc from 'fast-check'
import type { Json } from '../../../spec/vocabulary/json.js'
import type { Estimator } from '../../bilevel/hypergradient/hypergradient.js'
import type { Rule } from '../../rule/rule.js'
import type { Evidence } from './evidence.js'
import type { RuleFacts } from './ruleFacts.js'

/**
 * Where a statement comes from: `D` derived from first principles, `D*` derived for a slightly different form than the paper's,
 * `V` checked numerically on random problems, `S` read in the source, `B` in secondary summaries, `M` from memory.
 * Only what is `D`, `D*` or `V` is asserted.
 *
 * @category Theorems
 * @since 0.1.0
 */
export type EvidenceTag = 'D' | 'D*' | 'V' | 'S' | 'B' | 'M'

/**
 * What a theorem supposes, as a predicate on what is declared of a case.
 *
 * @category Theorems
 * @since 0.1.0
 */
export interface Hypothesis<C> {
  readonly says: string
  readonly holds: (given: C) => boolean
}

/**
 * What a statement is about, and how it is read off a case: `S` is what it speaks of (a rule made from parameters, a search, a
 * clamp), `C` what it is tried on.
 *
 * @category Theorems
 * @since 0.1.0
 */
export interface Statement<S, C> {
  /** The card's id and a word: `'P3.contraction'`. Stable: reports and counterexamples refer to it. */
  readonly id: string
  /** Words and TeX. */
  readonly says: string
  /** Pathwise, in expectation (by enumeration of every sequence of samples), or an identity of an algebra. */
  readonly kind: 'path' | 'expectation' | 'algebra'
  readonly evidence: ReadonlyArray<EvidenceTag>
  readonly hypotheses: ReadonlyArray<Hypothesis<C>>
  /** What is allowed for rounding, and how it is counted. */
  readonly slack: string
  readonly cases: fc.Arbitrary<C>
  /** A case as data, to be shown. */
  readonly show: (given: C) => Json
  /** What it is stated of, by name. */
  readonly subjects: { readonly [name: string]: S }
  readonly evaluate: (subject: S, given: C) => Evidence
  /** A rule of a user's own as a subject, with what is known of it; left out where the statement is not about a rule. */
  readonly ofRule?: (rule: Rule, facts: RuleFacts) => S
  /** An estimator of a user's own as a subject; left out where the statement is not about a hypergradient. */
  readonly ofEstimator?: (estimator: Estimator) => S
  /** The names of the mutants that it must kill. */
  readonly mutants: ReadonlyArray<string>
}
