import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js'
import { laws } from '../../../spec/law/catalogue.js'
import type { Claim } from '../../../spec/law/claimRows.js'
import { claimedLaws, exampleClaims, notEveryRule } from '../../../spec/law/claims.js'
import { type Judgement, judge } from '../../../spec/law/judge.js'
import type { Law } from '../../../spec/law/law.js'
import { type Invalid, invalid, showInvalid } from '../../../spec/vocabulary/invalid.js'
import type { Json } from '../../../spec/vocabulary/json.js'
import type { Rule } from '../../rule/rule.js'
import { claimsOf } from './candidate.js'
import { checkedKit } from './checked.js'
import { type CheckOptions, faultsOf, type TrialOptions } from './options.js'
import { ruleOf, type Subject } from './subject.js'

/**
 * A law that was not put to a rule, because nothing says that it should hold.
 *
 * @category Laws
 * @since 0.1.0
 */
export interface NotClaimed {
  readonly law: string
  readonly verdict: 'not claimed'
  readonly reason: string
}

/**
 * What became of one law when a rule was checked.
 *
 * @category Laws
 * @since 0.1.0
 */
export type Finding = Judgement | NotClaimed

/** Throws what is wrong, if something is. */
const accepted = <A>(read: E.Either<ReadonlyArray<Invalid>, A>): A => {
  if (E.isLeft(read)) throw new RangeError(read.left.map(showInvalid).join('; '))
  return read.right
}

/**
 * The laws that a rule is put to: those of every rule, and those of what is claimed.
 *
 * @throws RangeError if a claim is unknown or a field of it is outside its domain.
 * @category Laws
 * @since 0.1.0
 * @example
 * ```ts
 * import { lawsFor } from 'steplaw/laws'
 *
 * lawsFor([{ claim: 'polyak', c: 1 }]).map(({ id }) => id).slice(-2) // => ['machine.probesOnce', 'polyak.gap']
 * ```
 */
export const lawsFor = (claims: ReadonlyArray<Claim>): ReadonlyArray<Law> => accepted(chosenLaws(claims))

/** The laws of every rule and of what is claimed, or the one of them that was asked for. */
export const chosenLaws = (
  claims: ReadonlyArray<Claim>,
  only?: string,
): E.Either<NonEmptyArray<Invalid>, ReadonlyArray<Law>> =>
  pipe(
    claimsOf(claims),
    E.map((read) => [...laws, ...read.flatMap(claimedLaws)]),
    E.flatMap((all): E.Either<NonEmptyArray<Invalid>, ReadonlyArray<Law>> => {
      const chosen = all.filter(({ id }) => only === undefined || id === only)
      const unclaimed = notClaimed(claims).some(({ law }) => law === only)
      const expected = unclaimed
        ? 'a law of every rule, or of a claim that is made of this one'
        : 'the id of a law of rules'
      return chosen.length > 0 ? E.right(chosen) : E.left([invalid('only', only, expected)])
    }),
  )

/** A subject and options as they are given in a program, read: the rule, and the laws that it is put to. */
export const trialOf = (
  subject: Subject,
  { claims = [], only, ...trial }: CheckOptions,
): { readonly rule: Rule; readonly laws: ReadonlyArray<Law>; readonly trial: TrialOptions } => {
  const faults = faultsOf(trial)
  return {
    trial: accepted(faults.length === 0 ? E.right(trial) : E.left(faults)),
    rule: accepted(ruleOf(subject)),
    laws: accepted(chosenLaws(claims, only)),
  }
}

/**
 * The laws that are not put to a rule of which no more is claimed, each with the reason.
 *
 * @category Laws
 * @since 0.1.0
 * @example
 * ```ts
 * import { notClaimed } from 'steplaw/laws'
 *
 * notClaimed([]).find(({ law }) => law === 'bounded')?.reason // => 'only an envelope or a schedule has bounds'
 * ```
 */
export const notClaimed = (claims: ReadonlyArray<Claim>): ReadonlyArray<NotClaimed> =>
  exampleClaims
    .filter((example) => claims.every((made) => made.claim !== example.claim))
    .flatMap((example) =>
      claimedLaws(example).map(({ id }) => ({
        law: id,
        verdict: 'not claimed' as const,
        reason: notEveryRule[example.claim],
      })),
    )

/**
 * Puts a rule to one law.
 *
 * @param onCase - told each case before it is tried, as JSON.
 * @category Laws
 * @since 0.1.0
 * @example
 * ```ts
 * import { checkLaw, lawsFor } from 'steplaw/laws'
 * import { constant } from 'steplaw'
 *
 * lawsFor([]).map((law) => checkLaw(constant(1), law, { runs: 20 }).verdict).includes('refuted') // => false
 * ```
 */
export const checkLaw = (
  rule: Rule,
  law: Law,
  options: TrialOptions = {},
  onCase?: (given: Json) => void,
): Judgement => judge(checkedKit, law, { ...options, rule, ...(onCase === undefined ? {} : { onCase }) })

/**
 * Puts a rule to the laws of every rule and to those of what is claimed of it, and says of the others that they were not
 * claimed. Nothing is thrown for a rule that breaks a law, throws, or keeps hidden state: it is what is found.
 *
 * What is not refuted is not proven: a fault that shows on a share $p$ of the cases is missed with probability
 * $(1-p)^{\mathrm{runs}}$. A rule that never returns is never judged: {@link checkLaw} runs in the caller's thread. `steplaw check`
 * has a time limit.
 *
 * @throws RangeError if the subject is not a rule, or a claim or an option is nonsense; the message names the field.
 * @category Laws
 * @since 0.1.0
 * @example
 * ```ts
 * import { checkRule } from 'steplaw/laws'
 *
 * // Polyak's step, with the loss taken for the gap.
 * const mine = ({ value, slope }: { value: number; slope: number }) =>
 *   Number.isFinite(value) && slope < 0 && Number.isFinite(slope) ? Math.max(value, 0) / -slope : null
 * const findings = checkRule(mine, { claims: [{ claim: 'polyak', c: 1 }] })
 * findings.filter(({ verdict }) => verdict === 'refuted').map(({ law }) => law) // => ['polyak.gap']
 * ```
 */
export const checkRule = (subject: Subject, options: CheckOptions = {}): ReadonlyArray<Finding> => {
  const { rule, laws: chosen, trial } = trialOf(subject, options)
  return [
    ...chosen.map((law) => checkLaw(rule, law, trial)),
    ...(options.only === undefined ? notClaimed(options.claims ?? []) : []),
  ]
}
