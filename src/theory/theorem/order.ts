import fc from 'fast-check'
import type { RayCase } from '../../../spec/conformance/case.js'
import { parabola } from '../../../spec/law/ray.js'
import { gamma } from '../../numeric/index.js'
import { armijo } from '../../rule/atom/armijo.js'
import { constant } from '../../rule/atom/constant.js'
import { polyak } from '../../rule/atom/polyak.js'
import { spsSafe } from '../../rule/atom/spsSafe.js'
import { decSps } from '../../rule/derived/decSps.js'
import { spsB } from '../../rule/derived/spsB.js'
import { spsMax } from '../../rule/derived/spsMax.js'
import { spsSmooth } from '../../rule/derived/spsSmooth.js'
import { takeSteps } from '../../rule/ray.js'
import { rayOf } from '../../rule/rayCase.js'
import type { Rule } from '../../rule/rule.js'
import type { Card } from '../card/card.js'
import { compared } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Statement } from '../card/statement.js'
import { between, magnitudes } from './parameter.js'
import { rankOf, showRays } from './rays.js'

/** What rules are made from to be compared. */
export interface OrderParameters {
  readonly c: number
  /** At least 1: a greater constant is `more` times `c`. */
  readonly more: number
  readonly size: number
}

/** Two rules of which one is claimed to take the shorter step, whatever the ray. */
export interface Pair {
  readonly shorter: (p: OrderParameters) => Rule
  readonly longer: (p: OrderParameters) => Rule
}

interface OrderCase extends OrderParameters {
  readonly rays: ReadonlyArray<RayCase>
}

/** From (0, 4] into (0, 1): for a search. */
const below1 = (c: number): number => c / (c + 1)

const searchBy =
  (of: (p: Parameters<typeof armijo>[0]) => Rule): Pair['shorter'] =>
  ({ c, size }) =>
    of({ c: below1(c), start: constant(size) })

/** A search and the Polyak step with the same constant. */
export const searchBelowRatio = (of: (p: Parameters<typeof armijo>[0]) => Rule): Pair => ({
  shorter: searchBy(of),
  longer: ({ c }) => polyak({ c: below1(c) }),
})

/** A capped Polyak step with the greater constant and one with the lesser. */
export const byConstant = (of: (p: { readonly c: number; readonly cap: number }) => Rule): Pair => ({
  shorter: ({ c, more, size }) => of({ c: more * c, cap: size }),
  longer: ({ c, size }) => of({ c, cap: size }),
})

/** A Polyak step under a schedule and one under its first cap. */
export const scheduled = (of: (p: { readonly c: number; readonly initial: number }) => Rule): Pair => ({
  shorter: ({ c, size }) => of({ c, initial: size }),
  longer: ({ c, size }) => spsMax({ c, cap: size }),
})

export const ruleOrder: Statement<Pair, OrderCase> = {
  id: 'P2.order',
  says: 'Asked on the same rays: $\\text{SPSB} \\le \\text{SPS}_{\\max}$ under the cap it begins with, $\\text{Armijo}(c) \\le \\text{Polyak}(c)$, $\\text{SPS}_{\\text{safe}}$, the smoothed step and DecSPS are at most the Polyak step, and a greater $c$ gives a shorter Polyak step and a shorter search',
  kind: 'path',
  evidence: ['D', 'V'],
  hypotheses: [{ says: '$\\varphi$ is a parabola and $\\ell$ at most its minimum', holds: () => true }],
  slack: "8 roundings of value and bound, over $c|\\varphi'(0)|$, and 8 of the formula",
  cases: fc.record({
    rays: fc.array(parabola(), { minLength: 1, maxLength: 5 }),
    c: between(1 / 8, 4),
    more: between(1, 4),
    size: magnitudes(),
  }),
  show: ({ rays, c, more, size }) => ({ rays: showRays(rays), c, more, size }),
  subjects: {
    'spsB below spsMax': scheduled(spsB),
    'armijo below polyak': searchBelowRatio(armijo),
    'spsSafe below polyak': {
      shorter: ({ c, size }) => spsSafe({ c, floor: size }),
      longer: ({ c }) => polyak({ c }),
    },
    'spsSmooth below polyak': {
      shorter: ({ c, more, size }) => spsSmooth({ c, growth: more, initial: size }),
      longer: ({ c }) => polyak({ c }),
    },
    'decSps below polyak': {
      shorter: ({ c, size }) => decSps({ c0: c, cap: size }),
      longer: ({ c }) => polyak({ c }),
    },
    'polyak with greater c': byConstant(spsMax),
    'armijo with greater c': {
      shorter: ({ c, more, size }) => armijo({ c: below1(more * c), start: constant(size) }),
      longer: ({ c, size }) => armijo({ c: below1(c), start: constant(size) }),
    },
  },
  evaluate: ({ shorter, longer }, { rays, ...p }) => {
    const asked = rays.map(rayOf)
    const greater = takeSteps(longer(p), asked)
    return compared(
      takeSteps(shorter(p), asked).map(({ step }, k) => {
        const bound = rankOf(greater[k]?.step ?? null)
        const { value = Number.NaN, slope = Number.NaN, lowerBound } = rays[k] ?? {}
        const size = Math.abs(value) + Math.abs(lowerBound ?? 0)
        return {
          at: `ray ${k}`,
          observed: rankOf(step),
          bound,
          slack: gamma(8) * (Math.max(bound, 0) + size / (below1(p.c) * -slope)),
        }
      }),
    )
  },
  mutants: ['invertedScaling', 'withoutCap', 'plainDecrease', 'takesFirstTrial'],
}

export const orderCard: Card = {
  id: 'P2',
  title: 'Which rule takes the shorter step',
  about:
    'At the same point the rules of the family are ordered, whatever the function: what is proven of a longer step for want of overshooting holds of the shorter one, and a constant $c$ can be read as caution.',
  proof:
    "Each is the other with one more operand under a minimum, a greater denominator, or a harder test; an accepted trial has $c\\gamma|\\varphi'(0)| \\le \\varphi(0) - \\varphi(\\gamma) \\le \\varphi(0) - \\ell$.",
  sources: ['loizou2021', 'vaswani2019', 'oikonomou2025'],
  statements: [seal(ruleOrder)],
}
