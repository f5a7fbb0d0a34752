import { sequenceS } from 'fp-ts/lib/Apply.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as NEA from 'fp-ts/lib/NonEmptyArray.js'
import * as RA from 'fp-ts/lib/ReadonlyArray.js'
import { type Claim, type CompleteClaim, claim } from '../../../spec/law/claimRows.js'
import { decodeWith, type Invalid, invalid } from '../../../spec/vocabulary/invalid.js'
import { isObject } from '../../../spec/vocabulary/strict.js'
import type { Rule } from '../../rule/rule.js'
import { ruleOf, type Subject } from './subject.js'

/**
 * A rule and what is claimed of it: what a module exports for `steplaw check`.
 *
 * @category Laws
 * @since 0.1.0
 */
export interface Candidate {
  readonly rule: Subject
  /** None by default. */
  readonly claims?: ReadonlyArray<Claim>
}

type Result<A> = E.Either<NEA.NonEmptyArray<Invalid>, A>

/** Errors are gathered, not the first alone. */
const validation = E.getApplicativeValidation(NEA.getSemigroup<Invalid>())

const isNew =
  (all: ReadonlyArray<unknown>) =>
  (i: number, made: CompleteClaim): Result<CompleteClaim> => {
    const first = all.findIndex((other) => isObject(other) && other.claim === made.claim)
    return first === i
      ? E.right(made)
      : E.left([invalid(`claims[${i}].claim`, made.claim, `each claim once, and claims[${first}] makes it`)])
  }

/** Reads a list of claims: each known, each of its fields in its domain, none made twice. */
export const claimsOf = (u: unknown): Result<ReadonlyArray<CompleteClaim>> => {
  if (!Array.isArray(u)) return E.left([invalid('claims', u, 'a list of claims')])
  const all: ReadonlyArray<unknown> = u
  return pipe(
    all,
    RA.traverseWithIndex(validation)((i, one) =>
      pipe(
        decodeWith(claim, `claims[${i}]`)(one),
        E.flatMap((made) => isNew(all)(i, made)),
      ),
    ),
  )
}

/** A rule itself, of which nothing is claimed. */
const isBare = (u: { readonly [key: string]: unknown }): boolean =>
  !('claims' in u) && (typeof u.rule === 'string' || typeof u.step === 'function')

const nothingElse = (others: { readonly [key: string]: unknown }): Result<unknown> =>
  pipe(
    Object.entries(others),
    RA.traverse(validation)(([key, value]) =>
      E.left(NEA.of(invalid(key, value, 'no such field (a rule with claims has rule, claims)'))),
    ),
  )

/**
 * Reads a rule with claims, or a rule alone, of which nothing is claimed.
 *
 * @category Laws
 * @since 0.1.0
 * @example
 * ```ts
 * import { candidateOf } from 'steplaw/laws'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const read = candidateOf({ rule: { rule: 'polyak' }, claims: [{ claim: 'equivariant' }] })
 * E.isRight(read) && read.right.claims // => [{ claim: 'equivariant' }]
 * E.isLeft(candidateOf({ rule: { rule: 'polyak' }, claim: [] })) // => true
 * ```
 */
export const candidateOf = (
  u: unknown,
): Result<{ readonly rule: Rule; readonly claims: ReadonlyArray<CompleteClaim> }> => {
  if (!isObject(u) || isBare(u)) return E.map((rule: Rule) => ({ rule, claims: [] }))(ruleOf(u))
  const { rule, claims = [], ...others } = u
  return pipe(
    sequenceS(validation)({ rule: ruleOf(rule), claims: claimsOf(claims), others: nothingElse(others) }),
    E.map((read) => ({ rule: read.rule, claims: read.claims })),
  )
}
