import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import { dog } from '../../rule/atom/dog.js'
import { dowg } from '../../rule/atom/dowg.js'
import type { Rule } from '../../rule/rule.js'
import type { Card } from '../card/card.js'
import { type Comparison, compared, unmet } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Statement } from '../card/statement.js'
import { convexWorlds } from '../world/every.js'
import { journeys } from '../world/journeys.js'
import { distance2, type SolvedMoment, travelBeside } from '../world/travel.js'
import { type Journey, type SolvedWorld, showJourney } from '../world/world.js'
import { DIGITS, enduring } from './rate.js'

/** A step of the longest way travelled over gathered gradients. */
interface Travelling {
  readonly rule: (repsilon: number) => Rule
  /** $r_\varepsilon$; none where it is the length of the first move. */
  readonly repsilon: (asked: number) => O.Option<number>
}

/** A journey and where the distance begins. */
interface TravelCase {
  readonly journey: Journey<SolvedWorld>
  readonly repsilon: number
}

const cases: fc.Arbitrary<TravelCase> = fc.record({
  journey: fc.oneof(
    { weight: 2, arbitrary: enduring(convexWorlds({ interpolating: true })) },
    enduring(convexWorlds()),
    journeys(convexWorlds(), { length: 24 }),
  ),
  repsilon: fc.integer({ min: -8, max: 2 }).map((e) => 2 ** e),
})

/** $\sum_k r_k^p (f_S(x_k) - f_S(x^*)) \le r_K(2 d_K + r_K)\sqrt{\sum_k r_k^{2p-2} \|g_k\|^2}$ for $p = 1, 2$, at every $K$. */
const regrets = (
  moments: ReadonlyArray<SolvedMoment>,
  start: Float64Array,
  repsilon: number,
  p: 1 | 2,
): ReadonlyArray<Comparison> => {
  let [r, far, gathered, sum, size] = [repsilon, 0, 0, 0, 0]
  return moments.map((m) => {
    const weight = p === 1 ? r : r * r
    gathered += (p === 1 ? 1 : r * r) * m.gg
    sum += weight * (m.gap - m.atSolution.gap)
    size += weight * (Math.abs(m.gap) + m.atSolution.gap)
    r = Math.max(r, Math.sqrt(distance2(m.next, start)))
    far = Math.max(far, Math.sqrt(m.distance2), Math.sqrt(m.nextDistance2))
    const bound = r * (2 * far + r) * Math.sqrt(gathered)
    return { at: `K = ${m.k + 1}`, observed: sum, bound, slack: DIGITS * (bound + size) }
  })
}

const evaluate =
  (p: 1 | 2): Statement<Travelling, TravelCase>['evaluate'] =>
  (subject, { journey, repsilon: asked }) => {
    const moments = travelBeside(journey, subject.rule(asked))
    const begun = moments.filter(({ gg }) => gg > 0)
    const [first] = begun
    const repsilon = O.getOrElse(() =>
      first === undefined ? asked : (first.step ?? 0) * Math.sqrt(first.gg),
    )(subject.repsilon(asked))
    if (!(repsilon > 0)) return unmet('a first move', `one of length ${repsilon}`)
    return compared(regrets(begun, journey.world.start, repsilon, p))
  }

const common = {
  kind: 'path',
  evidence: ['D', 'V'],
  slack: '1e-9 of all that is added',
  hypotheses: [
    {
      says: 'every $f_i$ is convex; no padding ($\\varepsilon = 0$)',
      holds: ({ journey }: TravelCase) => journey.world.convex,
    },
  ],
  cases,
  show: ({ journey, repsilon }: TravelCase) => ({ ...showJourney(journey), repsilon }),
  ofRule: (rule: Rule): Travelling => ({ rule: () => rule, repsilon: () => O.none }),
} as const

/** P18: DoG. */
export const dogRegret: Statement<Travelling, TravelCase> = {
  ...common,
  id: 'P18.dog',
  says: '$\\sum_{k<K} r_k (f_S(x_k) - f_S(x^*)) \\le r_K(2 d_K + r_K)\\sqrt{\\sum_{k<K}\\|g_k\\|^2}$ with $r_k = \\max\\{r_\\varepsilon, \\max_{j \\le k}\\|x_j - x_0\\|\\}$, $d_K = \\max_{k \\le K} D_k$',
  subjects: { dog: { rule: (repsilon) => dog({ repsilon }), repsilon: O.some } },
  evaluate: evaluate(1),
  mutants: ['rootForgotten', 'neverMoves', 'tenth'],
}

/** P18: DoWG. */
export const dowgRegret: Statement<Travelling, TravelCase> = {
  ...common,
  id: 'P18.dowg',
  says: '$\\sum_{k<K} r_k^2 (f_S(x_k) - f_S(x^*)) \\le r_K(2 d_K + r_K)\\sqrt{\\sum_{k<K} r_k^2\\|g_k\\|^2}$',
  subjects: { dowg: { rule: (repsilon) => dowg({ repsilon }), repsilon: O.some } },
  evaluate: evaluate(2),
  mutants: ['rootForgotten', 'neverMoves', 'tenth'],
}

export const travelledDistance: Card = {
  id: 'P18',
  title: 'DoG and DoWG need no rate',
  about:
    'Steps of the longest way travelled over the root of the gathered gradients have a regret, weighted by that way, that is bounded by ways and gradients alone: no smoothness, no curvature, no interpolation. On single batches it is a bound on the regret of every path; with all of $f$ in every step, one on the weighted average of the gaps.',
  proof:
    'With $\\gamma_k = r_k/\\sqrt{G_k}$: $r_k\\langle g_k, x_k - x^*\\rangle = \\frac12\\sqrt{G_k}(D_k^2 - D_{k+1}^2) + \\frac12 r_k^2\\|g_k\\|^2/\\sqrt{G_k}$. Sum by parts, as $G_k$ grows: the first terms add up to at most $r_K \\cdot 2 d_K\\sqrt{G_{K-1}}$, since $D_j - D_K \\le \\|x_j - x_K\\| \\le 2r_K$; the second to $r_K^2\\sqrt{G_{K-1}}$. For DoWG put $r_k g_k$ for $g_k$.',
  sources: ['ivgi2023', 'khaled2023'],
  statements: [seal(dogRegret), seal(dowgRegret)],
}
