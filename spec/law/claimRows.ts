import type * as t from 'io-ts'
import { vocabularyCodec } from '../vocabulary/codec.js'
import { count, nonNegative, openUnit, positive, stepSize } from '../vocabulary/field.js'
import type { Json } from '../vocabulary/json.js'
import type { Complete, Params } from '../vocabulary/row.js'

/** The claims that can be made of a rule, one row each: what is not true of every rule but can be tested of one. */
export const claimRows = {
  armijo: { c: openUnit(), shrink: openUnit(), slack: nonNegative(0), budget: count(100) },
  polyak: { c: positive() },
  equivariant: {},
  bounded: { low: stepSize(), high: stepSize() },
  nonIncreasing: {},
  predictable: {},
  total: {},
  recovers: {},
} as const

type ClaimRows = typeof claimRows

/**
 * The name of a claim.
 *
 * @category Laws
 * @since 0.1.0
 */
export type ClaimTag = keyof ClaimRows

/** The fields of the claim `T`, complete. */
export type ClaimFields<T extends ClaimTag> = Complete<ClaimRows[T], never>

/**
 * A claim about a rule, as data: `{ claim: 'armijo', c: 0.1, shrink: 0.5 }`. Fields that have a default may be left out.
 *
 * - `armijo` `{c, shrink, slack = 0, budget = 100}`: it backtracks to sufficient decrease.
 * - `polyak` `{c}`: its step is at most the gap to the lower bound over $c\\,|\\varphi'(0)|$.
 * - `equivariant`: it has no size of its own; in other units it gives the same step in those units.
 * - `bounded` `{low, high}`: its steps lie in an interval.
 * - `nonIncreasing`: no step exceeds an earlier positive one.
 * - `predictable`: its step does not depend on the ray that it is taken on.
 * - `total`: it does not fail where the ray descends.
 * - `recovers`: a ray without a gap does not silence it afterwards.
 *
 * @category Laws
 * @since 0.1.0
 */
export type Claim = {
  readonly [T in ClaimTag]: { readonly claim: T } & Params<ClaimRows[T], never>
}[ClaimTag]

/**
 * A claim with its defaults filled in.
 *
 * @category Laws
 * @since 0.1.0
 */
export type CompleteClaim = {
  readonly [T in ClaimTag]: { readonly claim: T } & ClaimFields<T>
}[ClaimTag]

/**
 * The codec of claims. It refuses unknown claims, unknown fields and values outside their domain, and fills in defaults.
 *
 * @category Laws
 * @since 0.1.0
 * @example
 * ```ts
 * import { claim } from 'steplaw/laws'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * claim.decode({ claim: 'armijo', c: 0.1, shrink: 0.5 }) // => E.right({ claim: 'armijo', c: 0.1, shrink: 0.5, slack: 0, budget: 100 })
 * E.isLeft(claim.decode({ claim: 'armijo', c: 2, shrink: 0.5 })) // => true
 * ```
 */
export const claim: t.Type<CompleteClaim, Json, unknown> = vocabularyCodec('claim', 'a claim', claimRows)
