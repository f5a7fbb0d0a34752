import fc from 'fast-check'
import type { RayCase } from '../conformance/case.js'
import type { RuleExpr } from '../vocabulary/ruleRows.js'
import { rayArbitrary } from './arbitrary/ray.js'
import { on, remembering } from './draws.js'
import { type Answer, answers, type RuleKit } from './kit.js'
import { equation, type Law, open, unequal, type Violation } from './law.js'

const exact = { of: 'rule', hypotheses: '', slack: '' } as const

const everyOther = (first: RuleExpr, rest: RuleExpr): RuleExpr => ({
  rule: 'periodic',
  period: 2,
  first,
  rest,
})
const infinite: RuleExpr = { rule: 'constant', step: Number.POSITIVE_INFINITY }

/** Decides every other ray under `max`, beginning with the first. */
const loud = everyOther(infinite, { rule: 'never' })
/** Decides every other ray under `min`, beginning with the first. */
const silent = everyOther({ rule: 'never' }, infinite)

const several = fc.array(rayArbitrary(), { minLength: 2, maxLength: 5 })

/** On the rays where the other rule does not decide, a rule in company gives what it gives alone. */
const remembers = <R>(
  kit: RuleKit<R>,
  combine: (a: R, b: R) => R,
  a: R,
  rays: ReadonlyArray<RayCase>,
  other: RuleExpr,
): Violation | null => {
  const between = (_: unknown, k: number): boolean => k % 2 === 1
  const seen = open(rays)
  return unequal(
    answers(kit, combine(kit.compile(other), a), seen).filter(between),
    answers(kit, a, seen).filter(between),
  )
}

/** The other algebra of rules: fallback is a monoid, scaling an action on the lattice, and `max` selects. */
export const actionLaws: ReadonlyArray<Law> = [
  {
    id: 'orElse.associative',
    ...exact,
    ...on(['a', 'b', 'c', 'rays']),
    why: 'A list of fallbacks can be grouped and named at will.',
    clause: 'rule.orElse',
    statement:
      '$(a \\mathbin{/} b) \\mathbin{/} c = a \\mathbin{/} (b \\mathbin{/} c)$, where $/$ is `orElse`',
    source: 'the first of a list does not depend on how it is grouped',
    violation: equation(({ orElse }, a, b, c) => [orElse(orElse(a, b), c), orElse(a, orElse(b, c))]),
    mutants: ['orElse.halvesFirst'],
  },
  {
    id: 'orElse.unit',
    ...exact,
    ...on(['a', 'rays']),
    why: 'A rule that always fails costs a list of fallbacks nothing, at either end.',
    clause: 'rule.orElse',
    statement: '$\\bot \\mathbin{/} a = a \\mathbin{/} \\bot = a$',
    source: 'a rule that always fails is never the first that does not',
    violation: (kit, a, given) => {
      const never = kit.compile({ rule: 'never' })
      const alone = answers(kit, a, given.rays)
      return (
        unequal(answers(kit, kit.orElse(never, a), given.rays), alone) ??
        unequal(answers(kit, kit.orElse(a, never), given.rays), alone)
      )
    },
    mutants: ['orElse.isMin', 'orElse.halvesSecond'],
  },
  {
    id: 'scale.overMax',
    ...exact,
    ...on(['a', 'b', 'rays', 'factor']),
    why: 'A learning rate multiplied onto a composed rule is the rule composed of the multiplied ones, to the last bit: there is nothing to decide about the order.',
    clause: 'rule.scale',
    statement: '$s\\,\\max(a, b) = \\max(s a, s b)$, bit for bit',
    source: 'IEEE 754: multiplication by a positive number rounds monotonically',
    violation: equation(({ scale, max }, a, b, _c, s) => [
      scale(s, max(a, b)),
      max(scale(s, a), scale(s, b)),
    ]),
    mutants: ['scale.mendsFailure'],
  },
  {
    id: 'scale.overMin',
    ...exact,
    ...on(['a', 'b', 'rays', 'factor']),
    why: 'The same for caps: `scale` inside or outside an envelope gives the same run.',
    clause: 'rule.scale',
    statement: '$s\\,\\min(a, b) = \\min(s a, s b)$, bit for bit',
    source: 'IEEE 754: multiplication by a positive number rounds monotonically',
    violation: equation(({ scale, min }, a, b, _c, s) => [
      scale(s, min(a, b)),
      min(scale(s, a), scale(s, b)),
    ]),
    mutants: ['scale.mendsFailure'],
  },
  {
    id: 'scale.unit',
    ...exact,
    ...on(['a', 'rays']),
    why: 'Multiplying by one changes nothing, failures included.',
    clause: 'rule.scale',
    statement: '$1 a = a$',
    source: 'IEEE 754: multiplication by one is exact',
    violation: equation(({ scale }, a) => [scale(1, a), a]),
    mutants: ['scale.mendsFailure'],
  },
  {
    id: 'max.selects',
    ...exact,
    ...on(['a', 'b', 'rays']),
    why: 'It carries certificates: what is known of the step of each operand on this ray, Armijo’s inequality say, is known of the step of the envelope.',
    clause: 'rule.max',
    statement:
      'On every ray $\\max(a, b)$ is the outcome of $a$ or that of $b$, so what holds of both steps holds of it',
    source: 'the join of a chain is one of the two',
    violation: (kit, a, { b, rays }) => {
      const company = kit.compile(b)
      const same = open(rays)
      const one = answers(kit, a, same)
      const two = answers(kit, company, same)
      const joined = answers(kit, kit.max(a, company), same)
      const chosen = joined.map(({ step }, i): Answer => {
        const first = one[i] ?? { state: null, step: null, probed: [] }
        return step === two[i]?.step ? (two[i] ?? first) : first
      })
      return unequal(joined, chosen)
    },
    mutants: ['max.halvesSecond'],
  },
  {
    id: 'max.remembers',
    ...exact,
    ...on(['a', 'rays'], { rays: several }),
    why: 'A rule that loses must go on watching: a search that restarts from the step before it lost, or a mean that misses half of the rays, is another rule.',
    clause: 'rule.max',
    statement:
      'Under $\\max$ with a rule that is $\\infty$ on every other ray and fails between, $a$ gives on the rays between what it gives alone',
    source: 'every operand is asked on every ray, and its state advances whichever decides',
    violation: (kit, a, { rays }) =>
      remembers(kit, kit.max, a, rays, loud) ?? remembers(kit, kit.max, kit.compile(remembering), rays, loud),
    mutants: ['max.loserSleeps'],
  },
  {
    id: 'min.remembers',
    ...exact,
    ...on(['a', 'rays'], { rays: several }),
    why: 'The same under a cap: where the cap decides, the rule beneath it still sees the ray.',
    clause: 'rule.min',
    statement:
      'Under $\\min$ with a rule that fails on every other ray and is $\\infty$ between, $a$ gives on the rays between what it gives alone',
    source: 'every operand is asked on every ray, and its state advances whichever decides',
    violation: (kit, a, { rays }) =>
      remembers(kit, kit.min, a, rays, silent) ??
      remembers(kit, kit.min, kit.compile(remembering), rays, silent),
    mutants: ['min.loserSleeps'],
  },
]
