import * as E from 'fp-ts/lib/Either.js'
import type { Claim } from '../../spec/law/claimRows.js'
import { type Invalid, invalid, showInvalid } from '../../spec/vocabulary/invalid.js'
import type { Rule } from '../rule/rule.js'
import type { Card } from './card/card.js'
import { type RuleFacts, ruleFacts } from './card/ruleFacts.js'
import type { Sealed, Verdict } from './card/seal.js'
import { cards } from './catalogue.js'
import { claimsOf } from './check/candidate.js'
import { faultsOf } from './check/options.js'
import { ruleOf, type Subject } from './check/subject.js'

/**
 * Which theorems are tried, how long, and from where.
 *
 * @category Theorems
 * @since 0.1.0
 */
export interface VerifyOptions {
  /** The id of a card (`'P8'`) or of a statement (`'P8.bounds'`); every one by default. */
  readonly theorem?: string
  /** Generated problems for each statement; 100 by default. */
  readonly problems?: number
  /** An integer of 32 bits; fresh by default. */
  readonly seed?: number
  /** The path of a finding, to replay it with its seed; with the id of one statement. */
  readonly path?: string
  /** What is claimed of a rule besides what its expression tells. None by default. */
  readonly claims?: ReadonlyArray<Claim>
}

/**
 * What became of one statement.
 *
 * @category Theorems
 * @since 0.1.0
 */
export type TheoremFinding = {
  readonly card: string
  readonly statement: string
  readonly subject: string
} & (
  | Verdict
  /** It is not about a single step rule. */
  | { readonly verdict: 'not about a rule' }
)

type Result<A> = E.Either<ReadonlyArray<Invalid>, A>

/** The statements that an id names, with their cards. */
export const chosenStatements = (
  theorem?: string,
): Result<ReadonlyArray<{ readonly card: Card; readonly statement: Sealed }>> => {
  const all = cards.flatMap((card) => card.statements.map((statement) => ({ card, statement })))
  const chosen = all.filter(
    ({ card, statement }) => theorem === undefined || card.id === theorem || statement.id === theorem,
  )
  return chosen.length > 0
    ? E.right(chosen)
    : E.left([invalid('theorem', theorem, `the id of a theorem: ${cards.map(({ id }) => id).join(', ')}`)])
}

/** What is wrong with options, as far as it can be seen without the rule. */
export const faultsOfVerify = ({ theorem, problems, seed, path }: VerifyOptions): ReadonlyArray<Invalid> => [
  ...faultsOf({
    ...(seed === undefined ? {} : { seed }),
    ...(path === undefined ? {} : { path }),
  }),
  ...(problems === undefined || (Number.isSafeInteger(problems) && problems >= 1)
    ? []
    : [invalid('problems', problems, 'an integer >= 1')]),
  ...(path === undefined || (theorem?.includes('.') === true && seed !== undefined)
    ? []
    : [invalid('path', path, 'the id of one statement and a seed with it')]),
]

const accepted = <A>(read: Result<A>): A => {
  if (E.isLeft(read)) throw new RangeError(read.left.map(showInvalid).join('; '))
  return read.right
}

const DEFAULT_PROBLEMS = 100

/** How long to try, and from where. */
export const trialOf = ({ problems = DEFAULT_PROBLEMS, seed, path }: VerifyOptions) => ({
  runs: path === undefined ? problems : 1,
  ...(seed === undefined ? {} : { seed }),
  ...(path === undefined ? {} : { path }),
})

/** The statements that options choose; nonsense is refused. */
export const chosenFor = (
  options: VerifyOptions,
): ReadonlyArray<{ readonly card: Card; readonly statement: Sealed }> => {
  const wrong = faultsOfVerify(options)
  if (wrong.length > 0) accepted(E.left(wrong))
  return accepted(chosenStatements(options.theorem))
}

/**
 * Tries the theorems on what they are stated of: the rules and methods of this library.
 *
 * @returns one finding for each statement and subject.
 * @throws RangeError if an option is nonsense; the message names the field.
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { verifyTheorems } from 'steplaw/theory'
 *
 * const found = verifyTheorems({ theorem: 'P3', problems: 20 })
 * found.every(({ verdict }) => verdict === 'not refuted') // => true
 * ```
 */
export const verifyTheorems = (options: Omit<VerifyOptions, 'claims'> = {}): ReadonlyArray<TheoremFinding> =>
  chosenFor(options)
    .filter(({ statement }) => statement.asserted)
    .flatMap(({ card, statement }) =>
      statement.subjects.map((subject) => ({
        card: card.id,
        statement: statement.id,
        subject,
        ...statement.try(subject, trialOf(options)),
      })),
    )

/** What is known of a rule that someone gives. */
const known = (
  subject: Subject,
  claims: ReadonlyArray<Claim>,
): { readonly rule: Rule; readonly facts: RuleFacts } => {
  const rule = accepted(ruleOf(subject))
  return { rule, facts: ruleFacts(rule, accepted(claimsOf(claims))) }
}

/**
 * Which of the theorems hold for a rule, empirically? Each statement is tried on generated problems with known constants, where
 * its hypotheses hold of the rule as far as one can see. A statement is then *not refuted* in so many problems, *refuted*
 * by one (shrunk, replayable), or *does not apply*, with the hypothesis that fails.
 *
 * Not refuted is not proven. A finding says how many problems satisfied the hypotheses and how frequent a fault must be in order
 * to be seen in so many.
 *
 * Cost: about a second for each hundred problems of each statement.
 *
 * @param subject - a rule, a rule expression, a description or a function, as for `checkRule`.
 * @throws RangeError if the subject is not a rule, or an option is nonsense; the message names the field.
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { verifyRule } from 'steplaw/theory'
 *
 * // A Polyak step that forgets the half: it may overshoot.
 * const [found] = verifyRule({ rule: 'polyak', c: 0.25 }, { theorem: 'P3', problems: 20 })
 * found?.verdict // => 'does not apply'
 * ```
 */
export const verifyRule = (subject: Subject, options: VerifyOptions = {}): ReadonlyArray<TheoremFinding> => {
  const { claims = [], ...others } = options
  const tried = known(subject, claims)
  return chosenFor(others)
    .filter(({ statement }) => statement.asserted)
    .map(({ card, statement }) => {
      const head = { card: card.id, statement: statement.id, subject: tried.rule.name }
      return statement.ofRules
        ? { ...head, ...statement.try(tried, trialOf(others)) }
        : { ...head, verdict: 'not about a rule' as const }
    })
}
