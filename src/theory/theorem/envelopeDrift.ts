import fc from 'fast-check'
import { constant } from '../../rule/atom/constant.js'
import { polyak } from '../../rule/atom/polyak.js'
import { maxOf } from '../../rule/combine/max.js'
import { minOf } from '../../rule/combine/min.js'
import { generalEnvelope } from '../../rule/derived/generalEnvelope.js'
import type { Rule } from '../../rule/rule.js'
import { compared, equal, unmet } from '../card/evidence.js'
import type { Statement } from '../card/statement.js'
import { rowsWorld } from '../world/rows.js'
import { square } from '../world/scalar.js'
import { everyPath, expectation } from '../world/tree.js'
import type { SolvedWorld } from '../world/world.js'
import { DIGITS, lengthOf } from './rate.js'

/** Two parabolas $\frac a2(x \mp b)^2$, a start, and an envelope $[r\gamma, \gamma]$. */
interface DriftCase {
  readonly a: number
  readonly b: number
  readonly r: number
  readonly gamma: number
  readonly start: number
}

/** The first parabola's bound is so loose that its ratio is the greatest that the envelope lets through. */
const parabolas = ({ a, b, r, start }: DriftCase): SolvedWorld =>
  rowsWorld(
    'two parabolas',
    {
      h: square,
      components: [b, -b].map((s) => ({
        terms: [{ a: [1], s, w: a }],
        loose: s > 0 ? (8 * a * b * b) / r : 0,
      })),
      centre: [0],
      ridge: 0,
    },
    [start],
  )

/** $c$ with which the ratio of a parabola with a tight bound is $r\gamma$. */
const lowConstant = ({ a, r, gamma }: DriftCase): number => 1 / (2 * a * r * gamma)

/** A rule whose step is $\gamma$ on the first parabola and $r\gamma$ on the second. */
export type Drifting = (given: DriftCase) => Rule

/** P24: T-D. */
export const drift: Statement<Drifting, DriftCase> = {
  id: 'P24.drift',
  says: '$\\mathbb E x_K - p = (1 - \\frac{1+r}2 a\\gamma)^K (x_0 - p)$ with $p = \\frac{1-r}{1+r} b \\ne 0 = x^*$: the mean leaves the minimiser, by $\\frac{1-r}2 ab\\gamma$ in its first step, and tends to $p$',
  kind: 'expectation',
  evidence: ['D', 'V'],
  slack: '1e-9 of $b$',
  hypotheses: [
    {
      says: '$f = \\frac12(f_1 + f_2)$, $f_{1,2}(x) = \\frac a2(x \\mp b)^2$; $\\gamma \\le 1/(2a)$; the step is $\\gamma$ on $f_1$ and $r\\gamma$ on $f_2$',
      holds: ({ a, gamma, r }) => gamma * a <= 1 / 2 && r < 1,
    },
  ],
  cases: fc
    .record({
      a: fc.integer({ min: -4, max: 4 }).map((e) => 2 ** e),
      b: fc.integer({ min: -3, max: 3 }).map((e) => 2 ** e),
      r: fc.constantFrom(1 / 2, 1 / 4, 1 / 8, 3 / 4),
      share: fc.constantFrom(1, 1 / 2, 1 / 4),
      start: fc.oneof(
        fc.constant(0),
        fc.integer({ min: -8, max: 8 }).map((i) => i / 8),
      ),
    })
    .map(({ a, b, r, share, start }) => ({ a, b, r, gamma: share / (2 * a), start: start * b })),
  show: ({ a, b, r, gamma, start }) => ({ a, b, r, gamma, start }),
  subjects: {
    "an envelope of Polyak's step": (given) =>
      generalEnvelope({ lower: given.r * given.gamma, upper: given.gamma, exponent: 0 })(
        polyak({ c: lowConstant(given) }),
      ),
    'minimum and maximum of steps': (given) =>
      minOf(maxOf(constant(given.r * given.gamma), polyak({ c: lowConstant(given) })), constant(given.gamma)),
  },
  evaluate: (rule, given) => {
    const { a, b, r, gamma, start } = given
    const paths = everyPath(parabolas(given), rule(given), 7)
    if (paths === null) return unmet('finite points', 'a point that is not finite')
    const limit = (b * (1 - r)) / (1 + r)
    let apart = start - limit
    return compared(
      Array.from({ length: lengthOf(paths) }, (_, k) => {
        apart *= 1 - (a * gamma * (1 + r)) / 2
        const met = expectation(paths, (moments) => moments[k]?.next[0] ?? Number.NaN)
        return equal(`the mean of x_${k + 1}`, met, limit + apart, DIGITS * b)
      }),
    )
  },
  mutants: ['predictable', 'withoutLower', 'withoutUpper'],
}
