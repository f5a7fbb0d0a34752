import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import { gamma } from '../../numeric/index.js'
import { spsPlus } from '../../rule/derived/spsPlus.js'
import type { Rule } from '../../rule/rule.js'
import type { Card } from '../card/card.js'
import { type Comparison, compared, must, unmet } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Hypothesis, Statement } from '../card/statement.js'
import { journeys } from '../world/journeys.js'
import { quadraticWorlds } from '../world/quadratic.js'
import { distance2, type SolvedMoment, travelBeside } from '../world/travel.js'
import { depthOf, everyPath, expectation } from '../world/tree.js'
import { everyComponent, excess, type Journey, type SolvedWorld, showJourney } from '../world/world.js'
import { stepSlack } from './certified.js'
import { wellConditioned } from './conditioned.js'

/** The world, which now declares the value of each component at the minimiser. */
const declaringSolution = (world: SolvedWorld): SolvedWorld => {
  const values = world.L.map((_, i) => world.objective.value(world.minimiser, Int32Array.of(i)))
  const meanOf = (batch: ArrayLike<number>): number =>
    Array.from(batch).reduce((s, i) => s + (values[i] ?? Number.NaN), 0) / batch.length
  return {
    ...world,
    objective: {
      ...world.objective,
      solutionValue: (batch) => O.some(meanOf(batch ?? everyComponent(world))),
    },
  }
}

const worlds: fc.Arbitrary<SolvedWorld> = quadraticWorlds().map(declaringSolution)

/** A rule that is claimed to aim at the value at a solution; a stranger's is seen to do so, or not. */
export interface Aiming {
  readonly rule: Rule
  readonly known: boolean
}

const aiming = (rule: Rule): Aiming => ({ rule, known: true })

const convex: Hypothesis<Journey<SolvedWorld>> = {
  says: 'every $f_i$ is convex, and $f_i(x^*)$ is declared',
  holds: ({ world }) => world.convex,
}

const PAID = '$\\gamma_k\\|g_k\\|^2 \\le (f_S(x_k) - f_S(x^*))_+$'

/** $a_k = (f_S(x_k) - f_S(x^*))_+$ through the gaps, which do not cancel against constants. */
const excessAt = (m: SolvedMoment): number => Math.max(0, m.gap - m.atSolution.gap)

/** What rounding may do to the squared distance in one step, the value at the solution included. */
const slackAt = ({ world }: Journey<SolvedWorld>, m: SolvedMoment): number => {
  const next = world.place(m.next, m.batch)
  return stepSlack(m, m.step ?? 0, m.error + next.error + m.atSolution.error)
}

/** The first iteration on which a stranger's step is longer than what it is paid by. */
const unpaid = ({ known }: Aiming, moments: ReadonlyArray<SolvedMoment>): SolvedMoment | undefined =>
  known
    ? undefined
    : moments.find((m) => (m.step ?? 0) * m.gg * (1 - gamma(4)) > excessAt(m) + m.error + m.atSolution.error)

const common = {
  kind: 'path',
  evidence: ['D', 'V'],
  cases: journeys(worlds),
  show: showJourney,
  subjects: { spsPlus: aiming(spsPlus()) },
  ofRule: (rule: Rule): Aiming => ({ rule, known: false }),
  hypotheses: [convex, { says: PAID, holds: () => true }],
  slack: 'counted: 64 roundings of the update and the distances, 40 of each value, 12 of the gradient',
} as const

type Bounds = (
  journey: Journey<SolvedWorld>,
  moments: ReadonlyArray<SolvedMoment>,
) => ReadonlyArray<Comparison>

const onRuns =
  (bounds: Bounds): Statement<Aiming, Journey<SolvedWorld>>['evaluate'] =>
  (subject, journey) => {
    const moments = travelBeside(journey, subject.rule)
    const longer = unpaid(subject, moments)
    return longer === undefined
      ? compared(bounds(journey, moments))
      : unmet(PAID, `a step of ${longer.step} in iteration ${longer.k}`)
  }

export const spsPlusDistance: Statement<Aiming, Journey<SolvedWorld>> = {
  ...common,
  id: 'P14.distance',
  says: '$D_{k+1}^2 \\le D_k^2 - \\gamma_k (f_S(x_k) - f_S(x^*))_+$ on every path, which is $D_k^2 - (f_S(x_k) - f_S(x^*))_+^2/\\|g_k\\|^2$ for SPS+: the distance never grows, with interpolation or without',
  evaluate: onRuns((journey, moments) =>
    moments.map((m) => {
      const at = `k = ${m.k}`
      if (m.step === null) return must(`${at}: a failure leaves the point`, m.next === m.x)
      return {
        at,
        observed: m.nextDistance2,
        bound: m.distance2 - m.step * excessAt(m),
        slack: slackAt(journey, m),
      }
    }),
  ),
  mutants: ['aimsAtInfimum', 'absoluteExcess', 'twiceTheStep'],
}

/** The same with slacks summed over a run. */
const accumulated = (journey: Journey<SolvedWorld>, moments: ReadonlyArray<SolvedMoment>): number =>
  2 * moments.reduce((s, m) => s + slackAt(journey, m), 0)

export const spsPlusSum: Statement<Aiming, Journey<SolvedWorld>> = {
  ...common,
  id: 'P14.sum',
  says: '$\\sum_{k<K} \\gamma_k^2\\|g_k\\|^2 \\le D_0^2$, which is $\\sum_k (f_S(x_k) - f_S(x^*))_+^2/\\|g_k\\|^2$ for SPS+',
  evaluate: onRuns((journey, moments) => {
    let sum = 0
    return moments.map((m, k) => {
      sum += (m.step ?? 0) * (m.step ?? 0) * m.gg
      return {
        at: `K = ${k + 1}`,
        observed: sum,
        bound: moments[0]?.distance2 ?? 0,
        slack: accumulated(journey, moments.slice(0, k + 1)),
      }
    })
  }),
  mutants: ['aimsAtInfimum', 'absoluteExcess', 'twiceTheStep'],
}

/** A rule for a world: here of SPS+, or of a fault of it. */
type Rated = Rule

export const spsPlusRate: Statement<Rated, SolvedWorld> = {
  id: 'P14.rate',
  says: '$\\mathbb E f(\\bar x_K) - f^* \\le \\frac1K\\sum_{k<K} \\mathbb E f(x_k) - f^* \\le G D_0/\\sqrt K$, where $\\|g_k\\| \\le G$ on every path',
  kind: 'expectation',
  evidence: ['D', 'V'],
  hypotheses: [
    {
      says: 'every $f_i$ is convex, and $f_i(x^*)$ is declared; single samples, drawn uniformly',
      holds: ({ convex }) => convex,
    },
  ],
  slack: '1e-9 of the bound and of the interpolation gap: sums of at most 256 leaves',
  cases: fc.oneof({ weight: 2, arbitrary: wellConditioned().map(declaringSolution) }, worlds),
  show: (world) => ({ problem: { family: world.family, data: world.data, start: Array.from(world.start) } }),
  subjects: { spsPlus: spsPlus() },
  evaluate: (rule, world) => {
    const paths = everyPath(world, rule, depthOf(world.L.length))
    if (paths === null) return unmet('finite points', 'a point that is not finite')
    const G = Math.sqrt(Math.max(0, ...paths.flatMap(({ moments }) => moments.map(({ gg }) => gg))))
    const D = Math.sqrt(distance2(world.start, world.minimiser))
    const atSolution = excess(world)
    const all = everyComponent(world)
    let sum = 0
    return compared(
      Array.from({ length: paths[0]?.moments.length ?? 0 }, (_, k) => {
        sum += expectation(paths, (moments) => {
          const m = moments[k]
          return m === undefined ? Number.NaN : world.place(m.x, all).gap - atSolution
        })
        const K = k + 1
        const bound = (G * D) / Math.sqrt(K)
        return { at: `K = ${K}`, observed: sum / K, bound, slack: 1e-9 * (bound + atSolution) }
      }),
    )
  },
  mutants: ['hardlyMoves'],
}

export const spsPlusCard: Card = {
  id: 'P14',
  title: 'SPS+ never moves away from the solution',
  about:
    'Aiming at the value that the batch has *at the solution*, and not at its own infimum, makes the distance to the solution fall on every path, without interpolation and without smoothness. What is moved in all is bounded by the first distance, and the rate of subgradient descent follows. The price is to know $f_i(x^*)$; aiming at $\\inf f_i$ instead is the commonest fault and breaks all three.',
  proof:
    '$D_{k+1}^2 = D_k^2 - 2\\gamma\\langle g, x - x^*\\rangle + \\gamma^2\\|g\\|^2 \\le D_k^2 - 2\\gamma a + \\gamma a$ with $a = (f_S(x) - f_S(x^*))_+$, by convexity. Telescope; $\\frac1K\\sum a_k \\le (\\frac1K\\sum a_k^2)^{1/2}$.',
  sources: ['garrigos2023'],
  statements: [seal(spsPlusDistance), seal(spsPlusSum), seal(spsPlusRate)],
  unverified:
    'With momentum the same target is said to give $O(1/\\sqrt t)$ at any time for smooth functions.',
}
