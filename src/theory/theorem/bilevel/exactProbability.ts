import fc from 'fast-check'
import { type OptimalQParams, optimalQ } from '../../../bilevel/method/optimalQ.js'
import { pow } from '../../../numeric/index.js'
import type { Card } from '../../card/card.js'
import { type Comparison, compared } from '../../card/evidence.js'
import { seal } from '../../card/seal.js'
import type { Statement } from '../../card/statement.js'

/** What chooses a probability. */
export type Chooser = (weighed: OptimalQParams) => number

interface Weighed {
  readonly costs: OptimalQParams
  /** What is added to $D^2$, $C_d$ and $C_r$ to compare. */
  readonly more: number
}

/** Expected time, but for a constant. */
const time = ({ exponent, deterministic, random, D2, V2 }: OptimalQParams, q: number): number =>
  (deterministic + q * random) * pow(V2 + (1 / q - 1) * D2, exponent)

const SLACK = 1e-12

const common = {
  kind: 'algebra',
  evidence: ['D*'],
  hypotheses: [
    {
      says: '$0 < D^2 \\le V^2$, $C_d > 0$, $C_r \\ge 0$, $p > 0$',
      holds: ({ costs: { D2, V2 } }: Weighed) => D2 > 0 && D2 <= V2,
    },
  ],
  cases: fc.record({
    costs: fc
      .record({
        exponent: fc.constantFrom(1 / 2, 1, 3 / 2, 2),
        deterministic: fc.integer({ min: 1, max: 16 }),
        random: fc.integer({ min: 1, max: 64 }),
        V2: fc.integer({ min: 1, max: 64 }),
        share: fc.integer({ min: 1, max: 64 }),
      })
      .map(({ share, V2, ...rest }) => ({ ...rest, V2, D2: (V2 * share) / 64 })),
    more: fc.integer({ min: 1, max: 16 }),
  }),
  show: ({ costs, more }: Weighed) => ({ ...costs, more }),
  subjects: { optimalQ },
} as const

/** Probabilities to compare with. */
const GRID = Array.from({ length: 400 }, (_, i) => (i + 1) / 400)

export const least: Statement<Chooser, Weighed> = {
  ...common,
  id: 'B15.least',
  says: '$q^* \\in (0, 1]$, and no $q$ of a grid has a smaller $(C_d + q C_r) (V^2 + (1/q - 1) D^2)^p$',
  slack: '1e-12 of the time',
  evaluate: (choose, { costs }) => {
    const q = choose(costs)
    const best = Math.min(...GRID.map((p) => time(costs, p)))
    return compared([
      { at: 'at most 1', observed: q, bound: 1, slack: 0 },
      { at: 'above 0', observed: q > 0 ? 0 : 1, bound: 0, slack: 0 },
      { at: 'time', observed: time(costs, q), bound: best, slack: SLACK * best },
    ])
  },
  mutants: ['anotherExponent', 'tenthOfTheVariance', 'unclipped'],
}

export const monotone: Statement<Chooser, Weighed> = {
  ...common,
  id: 'B15.monotone',
  says: '$q^*$ does not fall with $D^2$ or $C_d$, nor rise with $C_r$',
  slack: '1e-12',
  evaluate: (choose, { costs, more }) => {
    const q = choose(costs)
    const D2 = Math.min(costs.V2, costs.D2 + (more * costs.V2) / 64)
    const compare = (at: string, low: number, high: number): Comparison => ({
      at,
      observed: low,
      bound: high,
      slack: SLACK,
    })
    return compared([
      compare('D2', q, choose({ ...costs, D2 })),
      compare('deterministic cost', q, choose({ ...costs, deterministic: costs.deterministic + more })),
      compare('random cost', choose({ ...costs, random: costs.random + more }), q),
    ])
  },
  mutants: ['costsExchanged', 'differenceForTheVariance'],
}

export const probability15: Card = {
  id: 'B15',
  title: 'How often an exact gradient is worth its cost',
  about:
    'A rare exact pass is cheap and noisy, a frequent one dear and quiet. The time to an accuracy is the cost of an iteration times a power of the second moment, and the best probability is one root of a quadratic. Two public implementations differ in the power, $p = 2$ and $p = 1/2$: each is best for its own measure of time, so that the power is a parameter here.',
  proof:
    'The logarithmic derivative of the time has the sign of $C_r (V^2 - D^2) q^2 + (1 - p) C_r D^2 q - p C_d D^2$, which is negative at 0 and, with $D^2 \\le V^2$, has one positive root; beyond 1 the time falls all the way to $q = 1$. Implicit differentiation gives the signs.',
  sources: ['likhosherstov2021'],
  statements: [seal(least), seal(monotone)],
}
