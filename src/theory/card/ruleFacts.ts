import * as O from 'fp-ts/lib/Option.js'
import type { CompleteClaim } from '../../../spec/law/claimRows.js'
import type { RuleExpr } from '../../../spec/vocabulary/ruleRows.js'
import type { Rule } from '../../rule/rule.js'

/**
 * What is known of a rule before it runs.
 *
 * @category Theorems
 * @since 0.1.0
 */
export interface RuleFacts {
  /** What is claimed of it. */
  readonly claims: ReadonlyArray<CompleteClaim>
  /** What it is, where it is an expression of the standard. */
  readonly expr: O.Option<RuleExpr>
  /**
   * The greatest $c$ that is known to satisfy $c\,\gamma\,|\varphi'(0)| \le \varphi(0) - \ell$ on every ray; none where nothing is
   * known, and a theorem that needs one measures it on the run.
   */
  readonly certificate: O.Option<number>
}

const least = (all: ReadonlyArray<number | null>): number | null =>
  all.reduce((a, b) => (a === null || b === null ? null : Math.min(a, b)), Number.POSITIVE_INFINITY)

const greatest = (all: ReadonlyArray<number | null>): number | null =>
  all.reduce((a, b) => (a === null ? b : b === null ? a : Math.max(a, b)), null)

/** The certificate that follows from an expression: a search and a Polyak step have one, and combinators keep or weaken it. */
const ofExpr = (expr: RuleExpr): number | null => {
  switch (expr.rule) {
    case 'never':
      return Number.POSITIVE_INFINITY
    case 'polyak':
    case 'spsSafe':
      return expr.target === 'lowerBound' ? expr.c : null
    case 'armijo':
      return expr.slack === 0 ? expr.c : null
    case 'goldstein':
      return expr.c
    case 'min':
      return greatest(expr.of.map(ofExpr))
    case 'max':
    case 'orElse':
      return least(expr.of.map(ofExpr))
    case 'periodic':
      return least([ofExpr(expr.first), ofExpr(expr.rest)])
    case 'envelope':
      return greatest([ofExpr(expr.upper), least([ofExpr(expr.lower), ofExpr(expr.proposal)])])
    case 'scale': {
      const of = ofExpr(expr.of)
      return of === null ? null : of / expr.by
    }
    case 'runningMin':
      return ofExpr(expr.of)
    default:
      return null
  }
}

const ofClaim = (claim: CompleteClaim): number | null => {
  if (claim.claim === 'polyak') return claim.c
  return claim.claim === 'armijo' && claim.slack === 0 ? claim.c : null
}

/**
 * What is known of a rule: from its expression and from what is claimed of it.
 *
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { spsMax } from 'steplaw'
 * import { ruleFacts } from 'steplaw/theory'
 * import * as O from 'fp-ts/lib/Option.js'
 *
 * ruleFacts(spsMax({ c: 0.5, cap: 2 }), []).certificate // => O.some(0.5)
 * ```
 */
export const ruleFacts = (rule: Rule, claims: ReadonlyArray<CompleteClaim>): RuleFacts => ({
  claims,
  expr: rule.expr,
  certificate: O.fromNullable(
    greatest([...claims.map(ofClaim), O.isSome(rule.expr) ? ofExpr(rule.expr.value) : null]),
  ),
})
