import fc from 'fast-check'
import { slsB } from '../../rule/derived/slsB.js'
import { spsB } from '../../rule/derived/spsB.js'
import type { Rule } from '../../rule/rule.js'
import type { Card } from '../card/card.js'
import { type Comparison, compared, unmet } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Statement } from '../card/statement.js'
import { convexWorlds } from '../world/every.js'
import { distance2 } from '../world/travel.js'
import { depthOf, everyPath, type Path } from '../world/tree.js'
import { everyComponent, excess, interpolationGap, type SolvedWorld } from '../world/world.js'
import { between } from './parameter.js'
import {
  DIGITS,
  expectedGap,
  FEW,
  greatestL,
  inUnits,
  lengthOf,
  type RateCase,
  rateCases,
  sampled,
  showRate,
} from './rate.js'

/** A rule below the cap $\gamma_{b,k} = \gamma_{b,0}/\sqrt{k+1}$ that takes it whole once it is at most $\tau$. */
interface Capping {
  readonly rule: (given: RateCase) => Rule
  /** $c$, as made from the drawn one. */
  readonly tau: (given: RateCase) => number
  /** What a step before the collapse may cost. */
  readonly noise: (world: SolvedWorld) => number
}

/** From [1/2, 4] to [1/2, 15/16]. */
const searchConstant = (c: number): number => (c + 3.5) / 8

const capping: { readonly [name: string]: Capping } = {
  spsB: {
    rule: ({ c, cap }) => spsB({ c, initial: cap }),
    tau: ({ world, c }) => 1 / (2 * greatestL(world) * Math.max(1, c)),
    noise: excess,
  },
  slsB: {
    rule: ({ c, cap }) => slsB({ c: searchConstant(c), shrink: 0.75, initial: cap }),
    tau: ({ world, c }) => Math.min(2 * (1 - searchConstant(c)), 1 / 2) / greatestL(world),
    noise: interpolationGap,
  },
}

const inequality = (
  { tau, noise }: Capping,
  given: RateCase,
  paths: ReadonlyArray<Path>,
): ReadonlyArray<Comparison> => {
  const { world, cap } = given
  const least = tau(given)
  const L = greatestL(world)
  const sigma2 = interpolationGap(world)
  const rounded = L * world.minimiser.reduce((s, x) => s + x * x, 0)
  const { error } = world.place(world.minimiser, everyComponent(world))
  const start = distance2(world.start, world.minimiser)
  let bound = start
  let sum = 0
  return Array.from({ length: lengthOf(paths) }, (_, k) => {
    const weight = cap / Math.sqrt(k + 1)
    const collapsed = weight <= least
    bound += collapsed ? 2 * L * sigma2 * weight * weight : 2 * Math.max(0, noise(world)) * weight
    sum += collapsed ? weight * expectedGap(world, paths, k) : 0
    return {
      at: `K = ${k + 1}`,
      observed: sum,
      bound,
      slack:
        DIGITS * (bound + weight * (Math.abs(excess(world)) + DIGITS * rounded)) + 8 * (k + 1) * cap * error,
    }
  })
}

/** P13: (1.9). */
export const vanishingRate: Statement<Capping, RateCase> = {
  id: 'P13.weighted',
  says: '$\\sum_{k_1 \\le k < K} \\gamma_{b,k}\\, \\mathbb E[f(x_k) - f^*] \\le D_0^2 + 2\\sigma_B^2 \\sum_{k<k_1} \\gamma_{b,k} + 2L_{\\max}\\sigma^2 \\sum_{k_1 \\le k<K} \\gamma_{b,k}^2$ with $k_1 = \\min\\{k: \\gamma_{b,k} \\le \\tau\\}$, $\\tau = 1/(2L_{\\max}\\max\\{1, c\\})$ for SPSB, $\\min\\{2(1-c), \\frac12\\}/L_{\\max}$ for SLSB; SLSB has $\\sigma^2$ for $\\sigma_B^2$',
  kind: 'expectation',
  evidence: ['D', 'V'],
  slack: '1e-9 of the bound: sums of at most 32 leaves',
  hypotheses: [
    sampled,
    { says: '$\\gamma_{b,k} = \\gamma_{b,0}/\\sqrt{k+1}$, $c \\ge \\frac12$', holds: ({ c }) => c >= 1 / 2 },
  ],
  cases: rateCases(
    fc.oneof({ weight: 3, arbitrary: convexWorlds({ interpolating: false }) }, convexWorlds()),
    fc.oneof(fc.constant(1 / 2), fc.constant(1), between(1 / 2, 4)),
    fc.oneof(inUnits(-9, -4), inUnits(-3, 0)),
  ),
  show: showRate,
  subjects: capping,
  evaluate: (subject, given) => {
    const { world } = given
    const paths = everyPath(world, subject.rule(given), depthOf(world.L.length, 24, FEW))
    if (paths === null) return unmet('finite points', 'a point that is not finite')
    return compared(inequality(subject, given, paths))
  },
  mutants: ['withoutCap', 'hundred'],
}

export const vanishingCap: Card = {
  id: 'P13',
  title: 'SPSB and SLSB converge without interpolation',
  about:
    'A cap that falls like $1/\\sqrt k$ makes adaptive steps converge to the minimiser although the components disagree, at the rate $\\log K/\\sqrt K$; before the cap is short enough the steps are adaptive, and cost no more than their noise.',
  proof:
    'Once $\\gamma_{b,k} \\le \\tau$ both rules take the cap itself (P12), which does not depend on the sample: $\\mathbb E D_{k+1}^2 \\le \\mathbb E D_k^2 - 2\\gamma(1 - L_{\\max}\\gamma)\\,\\mathbb E[f - f^*] + 2L_{\\max}\\gamma^2\\sigma^2$ with $\\gamma \\le 1/2L_{\\max}$. Before that, P4 without its negative term. Telescope. The bound on the weighted sum is one on its average, and by Jensen on the weighted mean of the iterates.',
  sources: ['fan2023'],
  statements: [seal(vanishingRate)],
  unverified:
    'The constants of the published theorems could not be confirmed; the statement here is derived for the same rules.',
}
