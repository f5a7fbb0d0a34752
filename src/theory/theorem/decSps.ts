import fc from 'fast-check'
import { gamma } from '../../numeric/index.js'
import { decSps } from '../../rule/derived/decSps.js'
import type { Rule } from '../../rule/rule.js'
import type { Card } from '../card/card.js'
import { compared } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Hypothesis, Statement } from '../card/statement.js'
import { journeys } from '../world/journeys.js'
import { quadraticWorlds } from '../world/quadratic.js'
import { type Moment, type SolvedMoment, travel, travelBeside } from '../world/travel.js'
import { type Journey, type SolvedWorld, showJourney } from '../world/world.js'
import { cAt, type Decreasing } from './closedForm.js'
import { between, magnitudes } from './parameter.js'

type Subject = (p: Decreasing) => Rule

interface DecSpsCase extends Decreasing {
  readonly journey: Journey<SolvedWorld>
}

/** The iterations before the first without a positive step: at a stationary batch there is nothing to say. */
const stepping = <M extends Moment>(
  moments: ReadonlyArray<M>,
): ReadonlyArray<M & { readonly step: number }> => {
  const steps = moments.flatMap((m) => (m.step !== null && m.step > 0 ? [{ ...m, step: m.step }] : []))
  const end = steps.findIndex(({ k }, i) => k !== i)
  return end < 0 ? steps : steps.slice(0, end)
}

const cases = (
  least: number,
  options: Parameters<typeof quadraticWorlds>[0] = {},
): fc.Arbitrary<DecSpsCase> =>
  fc.record({ journey: journeys(quadraticWorlds(options)), c0: between(least, 4), cap: magnitudes() })

const bounded: Hypothesis<DecSpsCase> = {
  says: 'every $f_i$ is $L_i$-smooth, and $\\ell_i \\le \\inf f_i$; up to the first gap that is not positive',
  holds: ({ journey: { world } }) => world.looseness.every((loose) => loose >= 0),
}

const common = {
  kind: 'path',
  evidence: ['D', 'V'],
  show: ({ journey, c0, cap }: DecSpsCase) => ({ ...showJourney(journey), c0, cap }),
  subjects: { decSps },
} as const

export const decSpsBounds: Statement<Subject, DecSpsCase> = {
  ...common,
  id: 'P11.bounds',
  says: '$\\min\\{\\frac1{2L_{\\max}}, c_0\\gamma_b\\}/c_k \\le \\gamma_k \\le c_0\\gamma_b/c_k$ with $c_k = c_0\\sqrt{k+1}$',
  hypotheses: [bounded],
  slack: '8 roundings of $c_k$ and the quotient; the relative error of a gap and a squared norm so far',
  cases: cases(1 / 4),
  evaluate: (of, { journey, c0, cap }) => {
    const largest = Math.max(...journey.world.L)
    // How far below 1/(2L) rounding may have put the least ratio: relative to the gap and to the squared norm.
    let below = gamma(8)
    return compared(
      stepping(travel(journey, of({ c0, cap }))).flatMap((m) => {
        const lost =
          2 * m.gradientError * Math.sqrt(m.gg) + m.gradientError * m.gradientError + gamma(8) * m.gg
        below = Math.max(below, (2 * m.L * m.error + lost) / m.gg)
        const scaled = m.step * cAt(c0, m.k)
        return [
          { at: `above, k = ${m.k}`, observed: scaled, bound: c0 * cap, slack: gamma(8) * scaled },
          {
            at: `below, k = ${m.k}`,
            observed: Math.min(1 / (2 * largest), c0 * cap),
            bound: scaled,
            slack: gamma(8) * scaled + below / (2 * largest),
          },
        ]
      }),
    )
  },
  mutants: ['counterAhead', 'rootOfIndex'],
}

export const decSpsMonotone: Statement<Subject, DecSpsCase> = {
  ...common,
  id: 'P11.monotone',
  says: '$\\gamma_k \\le \\gamma_{k-1}$',
  hypotheses: [{ says: 'up to the first gap that is not positive', holds: () => true }],
  slack: 'none: quotients round monotonically',
  cases: cases(1 / 4),
  ofRule: (rule) => () => rule,
  evaluate: (of, { journey, c0, cap }) =>
    compared(
      stepping(travel(journey, of({ c0, cap }))).map(({ step }, k, all) => ({
        at: `k = ${k}`,
        observed: step,
        bound: all[k - 1]?.step ?? Number.POSITIVE_INFINITY,
        slack: 0,
      })),
    ),
  mutants: ['withoutRunningMin'],
}

/** $\max_k D_k^2$ over a run, its end included. */
const radius2 = (moments: ReadonlyArray<SolvedMoment>): number =>
  Math.max(0, ...moments.flatMap((m) => [m.distance2, m.nextDistance2]))

export const decSpsTelescopes: Statement<Subject, DecSpsCase> = {
  ...common,
  id: 'P11.sum',
  says: '$\\sum_{k<K} (2 - \\frac1{c_k})(f_S(x_k) - f_S(x^*)) \\le \\frac{\\max_k D_k^2}{\\gamma_{K-1}} + \\sum_{k<K} \\frac{f_S(x^*) - \\ell_S}{c_k}$ after every iteration',
  hypotheses: [
    bounded,
    {
      says: 'every $f_i$ is convex, and $c_0 \\ge 1$',
      holds: ({ journey, c0 }) => journey.world.convex && c0 >= 1,
    },
  ],
  slack: '1e-9 of what is added, and the errors of the values',
  cases: cases(1),
  evaluate: (of, { journey, c0, cap }) => {
    let left = 0
    let right = 0
    let size = 0
    const moments = stepping(travelBeside(journey, of({ c0, cap })))
    return compared(
      moments.map((m, k) => {
        const c = cAt(c0, m.k)
        // f_S(x_k) - f_S(x*) through the gaps, which do not cancel against k.
        left += (2 - 1 / c) * (m.gap - m.atSolution.gap)
        right += m.atSolution.gap / c
        size +=
          2 * (Math.abs(m.gap) + m.atSolution.gap) +
          (m.error + journey.world.place(m.next, m.batch).error) * 1e9
        const D2 = radius2(moments.slice(0, k + 1))
        return {
          at: `K = ${k + 1}`,
          observed: left,
          bound: D2 / m.step + right,
          slack: 1e-9 * (size + D2 / m.step),
        }
      }),
    )
  },
  mutants: ['withoutRunningMin'],
}

export const decSpsStaysNear: Statement<Subject, DecSpsCase> = {
  ...common,
  id: 'P11.bounded',
  says: '$D_k^2 \\le \\max\\{D_0^2, 2 s_{\\max} \\max(1/\\mu_{\\min}, \\gamma_b)\\}$ with $s_{\\max} = \\max_i f_i(x^*) - \\ell_i$',
  hypotheses: [
    bounded,
    {
      says: 'every $f_i$ is strongly convex, and $c_0 \\ge \\frac12$',
      holds: ({ journey, c0 }) => journey.world.mu.every((mu) => mu > 0) && c0 >= 1 / 2,
    },
  ],
  slack: '1e-9 relative, and the rounding of the point itself',
  cases: cases(1 / 2, { stronglyConvex: true }),
  evaluate: (of, { journey, c0, cap }) => {
    const { world } = journey
    const moments = travelBeside(journey, of({ c0, cap }))
    const excess = world.L.map((_, i) => world.place(world.minimiser, [i]).gap)
    const bound = Math.max(
      moments[0]?.distance2 ?? 0,
      2 * Math.max(...excess) * Math.max(1 / Math.min(...world.mu), cap),
    )
    const size = Math.max(...world.minimiser.map(Math.abs), ...world.start.map(Math.abs))
    return compared(
      moments.map((m) => ({
        at: `k = ${m.k + 1}`,
        observed: m.nextDistance2,
        bound,
        slack: 1e-9 * bound + 1e-18 * size * size,
      })),
    )
  },
  mutants: ['answersBeforeUpdate'],
}

export const decSpsCard: Card = {
  id: 'P11',
  title: 'DecSPS decays, keeps its bounds and stays near',
  about:
    'A Polyak step that may only fall, behind $c_k = c_0\\sqrt{k+1}$: its size is known up to a constant, its steps decrease on every path, the sum over a run is bounded by the interpolation gap, and on strongly convex functions the iterates never leave a ball. Together these give $O(1/\\sqrt K)$ without interpolation and without a step size to choose.',
  proof:
    'The closed form of L6 gives bounds and monotony. For the sum divide the one-step inequality P4 by $\\gamma_k$ and use $1/\\gamma_k - 1/\\gamma_{k-1} \\ge 0$ in front of $D_k^2$. For the ball: P3 shrinks every distance beyond it.',
  sources: ['orvieto2022'],
  statements: [seal(decSpsBounds), seal(decSpsMonotone), seal(decSpsTelescopes), seal(decSpsStaysNear)],
  unverified:
    'The paper states the rate $\\mathbb E f(\\bar x_K) - f^* \\le (2\\tilde L D^2 + 2\\sigma_B^2)/\\sqrt K$ under iterates assumed bounded; it follows from the sum here.',
}
