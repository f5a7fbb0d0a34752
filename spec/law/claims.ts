import { armijoLaws } from './claim/armijo.js'
import { equivariantLaws } from './claim/equivariant.js'
import { polyakLaws } from './claim/polyak.js'
import { boundedLaws, nonIncreasingLaws, predictableLaws, recoversLaws, totalLaws } from './claim/shape.js'
import type { ClaimTag, CompleteClaim } from './claimRows.js'
import type { Law } from './law.js'

/**
 * The laws of a claim.
 *
 * @category Laws
 * @since 0.1.0
 * @example
 * ```ts
 * import { claimedLaws } from 'steplaw/laws'
 *
 * claimedLaws({ claim: 'polyak', c: 2 }).map(({ id }) => id) // => ['polyak.gap']
 * ```
 */
export const claimedLaws = (claim: CompleteClaim): ReadonlyArray<Law> => {
  switch (claim.claim) {
    case 'armijo':
      return armijoLaws(claim)
    case 'polyak':
      return polyakLaws(claim)
    case 'equivariant':
      return equivariantLaws
    case 'bounded':
      return boundedLaws(claim)
    case 'nonIncreasing':
      return nonIncreasingLaws
    case 'predictable':
      return predictableLaws
    case 'total':
      return totalLaws
    case 'recovers':
      return recoversLaws
  }
}

/** Why a claim is not made of every rule. */
export const notEveryRule: { readonly [T in ClaimTag]: string } = {
  armijo: 'only a search promises sufficient decrease',
  polyak: 'only a step bounded by the gap has it',
  equivariant: 'a rule with a size of its own, such as constant or power, has it not',
  bounded: 'only an envelope or a schedule has bounds',
  nonIncreasing: 'most rules may lengthen their step again',
  predictable: 'a rule that looks at its ray has it not',
  total: 'a search may fail, and so does whatever needs a bound that is not declared',
  recovers: 'a rule may end a run on purpose',
}

/** One claim of each kind, for catalogues and tests of the laws themselves. */
export const exampleClaims: ReadonlyArray<CompleteClaim> = [
  { claim: 'armijo', c: 0.25, shrink: 0.5, slack: 0, budget: 6 },
  { claim: 'polyak', c: 2 },
  { claim: 'equivariant' },
  { claim: 'bounded', low: 0.5, high: 2 },
  { claim: 'nonIncreasing' },
  { claim: 'predictable' },
  { claim: 'total' },
  { claim: 'recovers' },
]
