import fc from 'fast-check'
import { encodeNumber } from '../../vocabulary/number.js'
import { raysOf } from '../arbitrary/ray.js'
import type { ClaimFields } from '../claimRows.js'
import { on } from '../draws.js'
import { answers } from '../kit.js'
import type { Law } from '../law.js'
import { descends, gamma, gap, searched, tame } from '../ray.js'

/** The inequality on which the theory of stochastic Polyak steps rests. */
export const polyakLaws = ({ c }: ClaimFields<'polyak'>): ReadonlyArray<Law> => [
  {
    id: 'polyak.gap',
    of: 'polyak',
    clause: 'rule.polyak',
    statement:
      "$c\\,\\gamma\\,|\\varphi'(0)| \\le \\max(\\varphi(0) - \\ell, 0)$, and no step where the ray does not descend or declares no $\\ell$",
    why: 'Every step with this bound contracts the distance to a common minimiser for $c \\ge \\frac12$, whatever else it does. A scaling that reaches the gradient before its norm is taken inverts it.',
    source: 'Loizou et al. 2021, Lemma 3',
    hypotheses: 'the quotient does not overflow',
    slack: 'four roundings',
    ...on(['a', 'rays'], {
      a: fc.constantFrom(
        { rule: 'polyak', c, target: 'lowerBound' } as const,
        {
          rule: 'min',
          of: [
            { rule: 'polyak', c, target: 'lowerBound' },
            { rule: 'constant', step: 8 },
          ],
        } as const,
      ),
      rays: raysOf(searched().filter(tame)),
    }),
    violation: (kit, a, { rays }) => {
      for (const [i, { step }] of answers(kit, a, rays).entries()) {
        const ray = rays[i]
        if (ray === undefined || step === null) continue
        const above = gap(ray)
        if (!descends(ray) || above === null)
          return { left: encodeNumber(step), right: 'a failure: no descent, or no lower bound' }
        const most = Math.max(above, 0)
        const moved = c * step * -ray.slope
        // Below the least normal double a product loses more than its last bit.
        if (!(moved <= most * (1 + gamma(4)) + 2 ** -1022))
          return { left: { moved: encodeNumber(moved) }, right: { 'at most': encodeNumber(most) } }
      }
      return null
    },
    mutants: ['polyak.inverted', 'polyak.absoluteGap', 'polyak.lossForGap', 'polyak.oneRayBehind'],
  },
]
