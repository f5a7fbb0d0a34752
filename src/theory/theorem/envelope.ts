import fc from 'fast-check'
import type { RayCase } from '../../../spec/conformance/case.js'
import { ruleExprArbitrary } from '../../../spec/law/arbitrary/ruleExpr.js'
import { ruleExpr } from '../../../spec/vocabulary/ruleExpr.js'
import type { RuleExpr } from '../../../spec/vocabulary/ruleRows.js'
import { envelope } from '../../rule/combine/envelope.js'
import { maxOf } from '../../rule/combine/max.js'
import { minOf } from '../../rule/combine/min.js'
import { compile } from '../../rule/compile.js'
import type { Rule } from '../../rule/rule.js'
import type { Card } from '../card/card.js'
import { compared } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Statement } from '../card/statement.js'
import {
  composition,
  duality,
  type Envelope,
  exact,
  homogeneous,
  idempotent,
  intersection,
  lipschitz,
  monotone,
  orderOfBounds,
} from './clamp.js'
import { anyRays, sameSteps, showRays, stepsOn } from './rays.js'

/** Three rules as data, and rays to ask them on. */
interface RulesCase {
  readonly lower: RuleExpr
  readonly proposal: RuleExpr
  readonly upper: RuleExpr
  readonly rays: ReadonlyArray<RayCase>
}

const common = {
  kind: 'algebra',
  evidence: ['D', 'V'],
  slack: exact,
  hypotheses: [],
  cases: fc.record({
    lower: ruleExprArbitrary(),
    proposal: ruleExprArbitrary(),
    upper: ruleExprArbitrary(),
    rays: anyRays(),
  }),
  show: ({ lower, proposal, upper, rays }: RulesCase) => ({
    lower: ruleExpr.encode(lower),
    proposal: ruleExpr.encode(proposal),
    upper: ruleExpr.encode(upper),
    rays: showRays(rays),
  }),
  subjects: { envelope },
} as const

const compiled = ({
  lower,
  proposal,
  upper,
}: RulesCase): { readonly lower: Rule; readonly proposal: Rule; readonly upper: Rule } => ({
  lower: compile(lower),
  proposal: compile(proposal),
  upper: compile(upper),
})

export const idempotentOnRules: Statement<Envelope, RulesCase> = {
  ...common,
  id: 'L1.rules',
  says: 'An envelope of rules is idempotent on any rays: bounds that carry a state are asked twice and answer alike.',
  evaluate: (of, given) => {
    const parts = compiled(given)
    const once = of(parts)
    return compared(
      sameSteps('twice', stepsOn(of({ ...parts, proposal: once }), given.rays), stepsOn(once, given.rays)),
    )
  },
  mutants: ['padded'],
}

export const minOfMax: Statement<Envelope, RulesCase> = {
  ...common,
  id: 'L2.rules',
  says: 'An envelope of rules is $\\min(\\max(\\text{lower}, \\text{proposal}), \\text{upper})$, failures included, on any rays.',
  evaluate: (of, given) => {
    const { lower, proposal, upper } = compiled(given)
    return compared(
      sameSteps(
        'by min and max',
        stepsOn(of({ lower, proposal, upper }), given.rays),
        stepsOn(minOf(maxOf(lower, proposal), upper), given.rays),
      ),
    )
  },
  mutants: ['lowWins', 'failurePasses'],
}

export const clampCard: Card = {
  id: 'L1',
  title: 'A clamp forgets what it has done, and does not amplify',
  about:
    'Keeping a proposal between two bounds, $\\mathrm{env}(l, x, h) = \\min(\\max(l, x), h)$, is idempotent, monotone in each argument, moves by no more than its proposal, and does not depend on the units of the step. A noisy proposal stays as noisy as it was, and a bound can be applied wherever it is convenient.',
  proof:
    'Minimum and maximum of two numbers select, are monotone, move by no more than what they are given, and commute with multiplication by a positive number; so does what is made of them.',
  sources: ['davey2002', 'fan2023'],
  statements: [seal(idempotent), seal(monotone), seal(lipschitz), seal(homogeneous), seal(idempotentOnRules)],
}

export const clampOrder: Card = {
  id: 'L2',
  title: 'The order of floor and cap matters only where they cross',
  about:
    'While $l \\le h$ it does not matter whether the floor or the cap is applied first. Where they cross they can not both be kept: here the cap wins, which is what keeps a step short; other libraries answer otherwise, or not at all. A failed proposal is replaced by the floor and not passed on.',
  proof:
    'Distributivity: $\\min(\\max(l, x), h) = \\max(\\min(l, h), \\min(x, h))$, and $\\min(l, h) = l$ while $l \\le h$.',
  sources: ['davey2002'],
  statements: [seal(orderOfBounds), seal(minOfMax)],
}

export const clampComposition: Card = {
  id: 'L3',
  title: 'Clamps compose to a clamp',
  about:
    'One clamp inside another is a clamp, by the inner bounds clamped by the outer ones; where the intervals overlap that is the clamp to their intersection, in either order. So envelopes from different layers of a program can be merged.',
  proof:
    "A clamp is monotone and continuous: it maps the interval $[l', h']$ onto the interval between the images of its ends, and fixes what lies in both.",
  sources: ['davey2002'],
  statements: [seal(composition), seal(intersection)],
}

export const clampDuality: Card = {
  id: 'L4',
  title: 'A clamp of the step is a clamp of its inverse',
  about:
    'Bounding the step below is bounding its inverse, an estimate of curvature, above. Rules that think in curvature and rules that think in steps are bounded alike.',
  proof: 'The inverse reverses the order of the positive numbers, and so exchanges minimum and maximum.',
  sources: ['davey2002'],
  statements: [seal(duality)],
}
