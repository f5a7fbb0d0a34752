import fc from 'fast-check'
import type { Json } from '../../../spec/vocabulary/json.js'
import type { Estimator } from '../../bilevel/hypergradient/hypergradient.js'
import { pow } from '../../numeric/index.js'
import type { Rule } from '../../rule/rule.js'
import { type Comparison, type Evidence, holds, ratio, violation } from './evidence.js'
import type { RuleFacts } from './ruleFacts.js'
import type { Statement } from './statement.js'

/**
 * How long a statement is tried, and from where.
 *
 * @category Theorems
 * @since 0.1.0
 */
export interface StatementTrial {
  readonly runs: number
  readonly seed?: number
  readonly path?: string
}

/**
 * Whom a statement is tried on: one of its own subjects by name, a rule with what is known of it, or an estimator of a
 * hypergradient.
 *
 * @category Theorems
 * @since 0.1.0
 */
export type Tried =
  | string
  | { readonly rule: Rule; readonly facts: RuleFacts }
  | { readonly estimator: Estimator }

/**
 * The sharpest case that was seen: observed over bound, and where.
 *
 * @category Theorems
 * @since 0.1.0
 */
export interface Sharpest {
  readonly ratio: number
  readonly at: string
  readonly given: Json
  /** With the seed, replays it. */
  readonly path: string
}

/**
 * What became of a statement: not refuted in so many cases that satisfied its hypotheses, refuted by a case (shrunk), or never
 * applicable. What is not refuted is not proven: a fault that shows on a share $p$ of the cases is missed with
 * probability $(1-p)^n$, so that with probability 0.95 one that shows on a share of `visible` or more would have been seen.
 *
 * @category Theorems
 * @since 0.1.0
 */
export type Verdict =
  | {
      readonly verdict: 'not refuted'
      readonly runs: number
      /** The cases that satisfied every hypothesis. */
      readonly applied: number
      readonly visible: number
      readonly sharpest: Sharpest | null
      readonly seed: number
    }
  | {
      readonly verdict: 'refuted'
      readonly runs: number
      readonly seed: number
      readonly path: string
      readonly given: Json
      readonly found: Comparison | string
    }
  | {
      readonly verdict: 'does not apply'
      readonly runs: number
      readonly seed: number
      readonly hypothesis: string
      readonly seen: string
    }

/**
 * A statement whose types are its own affair: what reports, tests and docs handle.
 *
 * @category Theorems
 * @since 0.1.0
 */
export interface Sealed
  extends Pick<Statement<unknown, unknown>, 'id' | 'says' | 'kind' | 'evidence' | 'slack' | 'mutants'> {
  readonly hypotheses: ReadonlyArray<string>
  readonly subjects: ReadonlyArray<string>
  /** Whether a rule of a user's own can be put to it. */
  readonly ofRules: boolean
  /** Whether an estimator of a user's own can be put to it. */
  readonly ofEstimators: boolean
  /** Whether it may be asserted: derived or checked, and not only remembered. */
  readonly asserted: boolean
  readonly try: (tried: Tried, trial: StatementTrial) => Verdict
  /** Comparisons on drawn cases, for a picture. */
  readonly sample: (subject: string, cases: number, seed: number) => ReadonlyArray<Comparison>
}

/** What a subject makes of a case: the hypotheses first; what throws is a violation in words. */
export const evidenceOf = <S, C>(statement: Statement<S, C>, subject: S, given: C): Evidence | string => {
  const missing = statement.hypotheses.find((h) => !h.holds(given))
  if (missing !== undefined) return { _tag: 'Unmet', hypothesis: missing.says, seen: 'a case without it' }
  try {
    return statement.evaluate(subject, given)
  } catch (error) {
    return error instanceof Error ? `threw ${error.name}: ${error.message}` : `threw ${String(error)}`
  }
}

/** The worst of what fails; null where all holds. */
export const failureOf = (evidence: Evidence | string): Comparison | string | null => {
  if (typeof evidence === 'string') return evidence
  if (evidence._tag === 'Unmet') return null
  const failed = evidence.comparisons.filter((c) => !holds(c))
  return failed.reduce<Comparison | null>(
    (worst, c) => (worst === null || violation(c) > violation(worst) ? c : worst),
    null,
  )
}

/** The share of cases on which a fault must show to be seen in `n` of them with probability 0.95. */
const visibleIn = (n: number): number => (n === 0 ? 1 : 1 - pow(0.05, 1 / n))

/** What is gathered while cases are tried. */
interface Tally<C> {
  drawn: number
  applied: number
  lacking: { readonly hypothesis: string; readonly seen: string } | null
  sharpest: { readonly ratio: number; readonly at: string; readonly given: C; readonly run: number } | null
}

const count = <C>(tally: Tally<C>, evidence: Evidence | string, given: C): void => {
  const run = tally.drawn
  tally.drawn += 1
  if (typeof evidence === 'string') return
  if (evidence._tag === 'Unmet') {
    tally.lacking ??= { hypothesis: evidence.hypothesis, seen: evidence.seen }
    return
  }
  tally.applied += 1
  for (const c of evidence.comparisons) {
    const r = ratio(c)
    if (r !== null && holds(c) && r > (tally.sharpest?.ratio ?? 0))
      tally.sharpest = { ratio: r, at: c.at, given, run }
  }
}

/** Closes over the types of a statement. */
export const seal = <S, C>(statement: Statement<S, C>): Sealed => {
  const { id, says, kind, evidence, slack, mutants, hypotheses, subjects, ofRule, ofEstimator, cases, show } =
    statement
  const subjectOf = (tried: Tried): S => {
    if (typeof tried !== 'string' && 'estimator' in tried) {
      if (ofEstimator === undefined)
        throw new RangeError(`theorem: ${id} is not about an estimator of one's own`)
      return ofEstimator(tried.estimator)
    }
    if (typeof tried !== 'string') {
      if (ofRule === undefined) throw new RangeError(`theorem: ${id} is not about a rule of one's own`)
      return ofRule(tried.rule, tried.facts)
    }
    const found = subjects[tried]
    if (found === undefined)
      throw new RangeError(`subject: got ${tried}, expected one of ${Object.keys(subjects).join(', ')}`)
    return found
  }
  return {
    id,
    says,
    kind,
    evidence,
    slack,
    mutants,
    hypotheses: hypotheses.map((h) => h.says),
    subjects: Object.keys(subjects),
    ofRules: ofRule !== undefined,
    ofEstimators: ofEstimator !== undefined,
    asserted: evidence.some((tag) => tag === 'D' || tag === 'D*' || tag === 'V'),
    try: (tried, { runs, ...from }) => {
      const subject = subjectOf(tried)
      const tally: Tally<C> = { drawn: 0, applied: 0, lacking: null, sharpest: null }
      const result = fc.check(
        fc.property(cases, (given) => {
          const evidence = evidenceOf(statement, subject, given)
          count(tally, evidence, given)
          return failureOf(evidence) === null
        }),
        { numRuns: runs, ...from },
      )
      const { seed, counterexample } = result
      if (result.failed && counterexample !== null) {
        const [given] = counterexample
        const found = failureOf(evidenceOf(statement, subject, given))
        return {
          verdict: 'refuted',
          runs: result.numRuns,
          seed,
          path: result.counterexamplePath ?? '',
          given: show(given),
          found: found ?? 'it did not show again: the subject keeps hidden state',
        }
      }
      const { applied, lacking, sharpest } = tally
      if (applied === 0 && lacking !== null)
        return { verdict: 'does not apply', runs: result.numRuns, seed, ...lacking }
      return {
        verdict: 'not refuted',
        runs: result.numRuns,
        applied,
        visible: visibleIn(applied),
        sharpest:
          sharpest === null
            ? null
            : {
                ratio: sharpest.ratio,
                at: sharpest.at,
                given: show(sharpest.given),
                path: String(sharpest.run),
              },
        seed,
      }
    },
    sample: (name, count, seed) =>
      fc.sample(cases, { numRuns: count, seed }).flatMap((given) => {
        const evidence = evidenceOf(statement, subjectOf(name), given)
        return typeof evidence === 'string' || evidence._tag === 'Unmet' ? [] : evidence.comparisons
      }),
  }
}
