import { type Answer, answers } from './kit.js'
import { equation, type Law, unequal } from './law.js'

/** The other algebra of rules: fallback is a monoid, scaling an action on the lattice, and `max` selects. */
export const actionLaws: ReadonlyArray<Law> = [
  {
    id: 'orElse.associative',
    clause: 'rule.orElse',
    statement:
      '$(a \\mathbin{/} b) \\mathbin{/} c = a \\mathbin{/} (b \\mathbin{/} c)$, where $/$ is `orElse`',
    source: 'the first of a list does not depend on how it is grouped',
    violation: equation(({ orElse }, a, b, c) => [orElse(orElse(a, b), c), orElse(a, orElse(b, c))]),
    kills: ['orElse.halvesFirst'],
  },
  {
    id: 'orElse.unit',
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
    kills: ['orElse.isMin', 'orElse.halvesSecond'],
  },
  {
    id: 'scale.overMax',
    clause: 'rule.scale',
    statement: '$s \\max(a, b) = \\max(s a, s b)$, bit for bit',
    source: 'IEEE 754: multiplication by a positive number rounds monotonically',
    violation: equation(({ scale, max }, a, b, _c, s) => [
      scale(s, max(a, b)),
      max(scale(s, a), scale(s, b)),
    ]),
    kills: ['scale.mendsFailure'],
  },
  {
    id: 'scale.overMin',
    clause: 'rule.scale',
    statement: '$s \\min(a, b) = \\min(s a, s b)$, bit for bit',
    source: 'IEEE 754: multiplication by a positive number rounds monotonically',
    violation: equation(({ scale, min }, a, b, _c, s) => [
      scale(s, min(a, b)),
      min(scale(s, a), scale(s, b)),
    ]),
    kills: ['scale.mendsFailure'],
  },
  {
    id: 'scale.unit',
    clause: 'rule.scale',
    statement: '$1 a = a$',
    source: 'IEEE 754: multiplication by one is exact',
    violation: equation(({ scale }, a) => [scale(1, a), a]),
    kills: ['scale.mendsFailure'],
  },
  {
    id: 'max.selects',
    clause: 'rule.max',
    statement:
      'On every ray $\\max(a, b)$ is the outcome of $a$ or that of $b$, so what holds of both steps holds of it',
    source: 'the join of a chain is one of the two',
    violation: (kit, a, { b, rays }) => {
      const company = kit.compile(b)
      // In an open loop: each ray says what was executed, so that all three rules see the same.
      const same = rays.map((ray) => ({ executed: null, ...ray }))
      const one = answers(kit, a, same)
      const two = answers(kit, company, same)
      const joined = answers(kit, kit.max(a, company), same)
      const chosen = joined.map(({ step }, i): Answer => {
        const first = one[i] ?? { state: null, step: null, probed: [] }
        return step === two[i]?.step ? (two[i] ?? first) : first
      })
      return unequal(joined, chosen)
    },
    kills: ['max.halvesSecond'],
  },
]
