import fc from 'fast-check'
import type { RuleExpr } from '../../vocabulary/ruleRows.js'
import { raysOf } from '../arbitrary/ray.js'
import { on } from '../draws.js'
import { answers } from '../kit.js'
import { differ, type Law } from '../law.js'
import { inUnits, searched, tame } from '../ray.js'

/** Rules without a size of their own: no constants, no schedules, no slack. */
const unitless: fc.Arbitrary<RuleExpr> = fc.letrec<{ rule: RuleExpr }>((tie) => {
  const polyak = fc
    .constantFrom(0.25, 0.5, 1, 2)
    .map((c): RuleExpr => ({ rule: 'polyak', c, target: 'lowerBound' }))
  const rule = tie('rule')
  return {
    rule: fc.oneof(
      { maxDepth: 2 },
      polyak,
      polyak.map((start): RuleExpr => ({ rule: 'armijo', start, c: 0.5, shrink: 0.5, budget: 20, slack: 0 })),
      rule.map((of): RuleExpr => ({ rule: 'runningMin', of })),
      fc.tuple(rule, rule).map((of): RuleExpr => ({ rule: 'max', of })),
      fc.tuple(rule, rule).map((of): RuleExpr => ({ rule: 'min', of })),
      rule.map((of): RuleExpr => ({ rule: 'scale', by: 0.75, of })),
    ),
  }
}).rule

const law = (
  id: string,
  statement: string,
  why: string,
  units: (factor: number) => { readonly size: number; readonly units: number },
  mutants: ReadonlyArray<string>,
): Law => ({
  id: `equivariant.${id}`,
  of: 'equivariant',
  clause: 'rule',
  statement,
  why,
  source: 'dimensional analysis: a step has the unit of a length over that of the direction',
  hypotheses: '$s$ a power of two; nothing overflows or underflows',
  slack: '',
  ...on(['a', 'rays', 'factor'], { a: unitless, rays: raysOf(searched().filter(tame)) }),
  violation: (kit, a, { rays, factor }) => {
    const { size, units: loss } = units(factor)
    const here = answers(kit, a, rays)
    const there = answers(
      kit,
      a,
      rays.map((ray) => inUnits(ray, { size, units: loss })),
    )
    return differ(
      there,
      here.map(({ step }) => (step === null ? null : step / size)),
    )
  },
  mutants,
})

/** A rule without a size of its own gives the same step in other units. */
export const equivariantLaws: ReadonlyArray<Law> = [
  law(
    'direction',
    'With the direction $s p$ for $p$, that is $\\varphi(s\\,\\cdot)$ for $\\varphi$, the step is $1/s$ of what it was, bit for bit',
    'Whoever rescales a preconditioner must end at the same point. An epsilon added to a squared norm “for stability” has a unit.',
    (size) => ({ size, units: 1 }),
    ['polyak.padded', 'polyak.hiddenCap'],
  ),
  law(
    'loss',
    'With $s f$ for $f$ along the same direction the step is the same, bit for bit',
    'A loss in other units, a mean for a sum, must not change the run.',
    (units) => ({ size: 1, units }),
    ['polyak.padded', 'polyak.gradientNorm'],
  ),
  law(
    'objective',
    'With $s f$ for $f$ along steepest descent, where the direction is multiplied too, the step is $1/s$ of what it was, bit for bit',
    'The two together: what one sees when the objective is rescaled under plain gradient descent.',
    (s) => ({ size: s, units: s }),
    ['polyak.padded', 'polyak.hiddenCap'],
  ),
]
