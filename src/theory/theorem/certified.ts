import * as O from 'fp-ts/lib/Option.js'
import { gamma } from '../../numeric/index.js'
import type { Rule } from '../../rule/rule.js'
import type { RuleFacts } from '../card/ruleFacts.js'
import type { Moment, SolvedMoment } from '../world/travel.js'

/**
 * A rule with $c\,\gamma\,|\varphi'(0)| \le f_S - \ell_S$ on every ray, made from a cap and a drawn constant: what Polyak steps and
 * searches have in common, and all that the theorems on distances need of them.
 */
export interface Certified {
  readonly rule: (p: { readonly c: number; readonly cap: number }) => Rule
  /** The constant it has, made from the one that was drawn; none where it is to be measured on the run. */
  readonly c: (drawn: number) => O.Option<number>
}

/** The certificate is the drawn constant. */
export const asDrawn = (rule: Certified['rule']): Certified => ({ rule, c: O.some })

/** For a search, whose constant is below 1: from [1/2, 4] to [1/2, 15/16]. */
export const searched = (rule: Certified['rule']): Certified => ({
  rule: ({ c, cap }) => rule({ c: (c + 3.5) / 8, cap }),
  c: (drawn) => O.some((drawn + 3.5) / 8),
})

/** A rule of a user's own: what is known of it, or what is seen. */
export const own = (rule: Rule, { certificate }: RuleFacts): Certified => ({
  rule: () => rule,
  c: () => certificate,
})

/** The greatest $c$ with $c\,\gamma\,\|g\|^2 \le f_S - \ell_S$ on every iteration of a run, rounded down; infinite for a rule that never steps. */
export const measuredCertificate = (moments: ReadonlyArray<Moment>): number =>
  moments.reduce(
    (least, { step, slope, gap, error }) =>
      step === null || step === 0 || !(slope < 0)
        ? least
        : Math.min(least, (Math.max(0, gap - error) / (step * -slope)) * (1 - gamma(4))),
    Number.POSITIVE_INFINITY,
  )

/**
 * What rounding may do to one step of length `step`: the update (2 roundings a coordinate), the distances and the formula (64
 * in all, on the squared sum of what enters), and the errors of gap and gradient, which count twice each.
 */
export const stepSlack = (m: SolvedMoment, step: number, error: number): number => {
  const moved = step * Math.sqrt(m.gg)
  const D = Math.sqrt(m.distance2)
  const reach = D + moved + m.x.reduce((s, x) => s + Math.abs(x), 0)
  return (
    gamma(64) * (reach * reach + step * (Math.abs(m.gap) + m.atSolution.gap)) +
    2 * step * (error + m.atSolution.error + m.gradientError * D)
  )
}
