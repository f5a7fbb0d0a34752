import type fc from 'fast-check'
import type { RayCase } from '../../../spec/conformance/case.js'
import { givenArbitrary } from '../../../spec/law/draws.js'
import type { RuleKit } from '../../../spec/law/kit.js'
import { answers } from '../../../spec/law/kit.js'
import { latticeLaws } from '../../../spec/law/lattice.js'
import { type Given, open } from '../../../spec/law/law.js'
import { ruleExpr } from '../../../spec/vocabulary/ruleExpr.js'
import { ruleKit } from '../../rule/kit.js'
import type { Rule } from '../../rule/rule.js'
import type { Card } from '../card/card.js'
import { type Comparison, compared, must } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Statement } from '../card/statement.js'
import { rankOf, showRays } from './rays.js'

/** How rules are combined: that of a library, or a faulty one. */
export type Lattice = RuleKit<Rule>

const show = ({ a, b, c, rays }: Given) => ({
  a: ruleExpr.encode(a),
  b: ruleExpr.encode(b),
  c: ruleExpr.encode(c),
  rays: showRays(rays),
})

const cases: fc.Arbitrary<Given> = givenArbitrary()

/** The laws of the standard whose ids are given, put to a kit: one source for both. */
const lawsOf = (
  id: string,
  says: string,
  names: ReadonlyArray<string>,
  mutants: ReadonlyArray<string>,
): Statement<Lattice, Given> => {
  const laws = latticeLaws.filter(({ id: law }) => names.includes(law.slice('lattice.'.length)))
  if (laws.length !== names.length) throw new RangeError(`laws: ${names.join(', ')}, not all are known`)
  return {
    id: `L5.${id}`,
    says,
    kind: 'algebra',
    evidence: ['D', 'V'],
    slack: 'none: bit for bit',
    hypotheses: [],
    cases,
    show,
    subjects: { steplaw: ruleKit },
    evaluate: (kit, given) =>
      compared(
        laws.map((law) => must(law.statement, law.violation(kit, kit.compile(given.a), given) === null)),
      ),
    mutants,
  }
}

export const commutative = lawsOf(
  'commutative',
  'The greater and the lesser of two rules do not depend on the order in which they are written.',
  ['max.commutative', 'min.commutative'],
  ['max.first', 'min.first'],
)

export const associative = lawsOf(
  'associative',
  'Nor on how three are bracketed.',
  ['max.associative', 'min.associative'],
  ['max.halvesSecond', 'min.halvesSecond'],
)

export const idempotentLattice = lawsOf(
  'idempotent',
  'A rule in its own company is itself: $\\max(a, a) = \\min(a, a) = a$.',
  ['max.idempotent', 'min.idempotent'],
  ['max.doubles', 'min.halvesSecond'],
)

export const absorptive = lawsOf(
  'absorptive',
  '$\\max(a, \\min(a, b)) = a = \\min(a, \\max(a, b))$.',
  ['absorption.max', 'absorption.min'],
  ['max.second', 'min.isMax'],
)

export const distributive = lawsOf(
  'distributive',
  '$\\min(a, \\max(b, c)) = \\max(\\min(a, b), \\min(a, c))$, and with both exchanged.',
  ['distributive.min', 'distributive.max'],
  ['max.halvesSecond', 'min.ignoresFailure'],
)

export const boundedLattice = lawsOf(
  'bounded',
  'Failure is below every rule and the step $\\infty$ above.',
  ['max.unit', 'max.top', 'min.unit', 'min.bottom'],
  ['max.isMin', 'min.ignoresFailure'],
)

/** The steps of rules asked apart on the same rays, all they read given, and what a combination of them answers. */
const apart = (kit: Lattice, rule: Rule, rays: ReadonlyArray<RayCase>): ReadonlyArray<number> =>
  answers(kit, rule, open(rays)).map(({ step }) => rankOf(step))

export const ordered: Statement<Lattice, Given> = {
  id: 'L5.order',
  says: 'The order is the one of steps: $\\min(a, b) \\le a \\le \\max(a, b)$ on every ray, and $a \\le b$ everywhere gives $\\max(a, c) \\le \\max(b, c)$; a failure is below every step.',
  kind: 'algebra',
  evidence: ['D', 'V'],
  slack: 'none: bit for bit',
  hypotheses: [],
  cases,
  show,
  subjects: { steplaw: ruleKit },
  evaluate: (kit, { a, b, c, rays }) => {
    const of = (rule: Rule): ReadonlyArray<number> => apart(kit, rule, rays)
    const [x, y, z] = [kit.compile(a), kit.compile(b), kit.compile(c)]
    const below = (at: string, left: Rule, right: Rule): ReadonlyArray<Comparison> => {
      const bounds = of(right)
      return of(left).map((observed, k) => ({
        at: `${at}, ray ${k}`,
        observed,
        bound: bounds[k] ?? Number.NaN,
        slack: 0,
      }))
    }
    // Of any two rules the lesser is below the greater: the hypothesis a <= b by construction.
    const [low, high] = [kit.min(x, y), kit.max(x, y)]
    return compared([
      ...below('min below its first', low, x),
      ...below('max above its first', x, high),
      ...below('max keeps the order', kit.max(low, z), kit.max(high, z)),
      ...below('min keeps the order', kit.min(low, z), kit.min(high, z)),
    ])
  },
  mutants: ['max.isMin', 'max.second', 'min.isMax'],
}

export const latticeCard: Card = {
  id: 'L5',
  title: 'Rules under min and max are a distributive lattice',
  about:
    'Whoever composes rules may rearrange them as sums and products are rearranged: caps move inside and outside, lists need no brackets, a rule taken out into a constant means what it meant. It needs a decision on failures, here that they are below every step, and that both operands are always asked.',
  proof:
    'Outcomes are a chain, with failure at its bottom; functions into a chain, ordered pointwise, are a distributive lattice, and asking every operand on every ray makes states follow rays alone.',
  sources: ['davey2002'],
  statements: [
    seal(commutative),
    seal(associative),
    seal(idempotentLattice),
    seal(absorptive),
    seal(distributive),
    seal(boundedLattice),
    seal(ordered),
  ],
}
