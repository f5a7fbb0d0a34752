import fc from 'fast-check'
import { gamma, pow } from '../../numeric/index.js'
import { adagradNorm } from '../../rule/atom/adagradNorm.js'
import { liOrabona } from '../../rule/derived/liOrabona.js'
import { type Ray, takeStep, takeSteps } from '../../rule/ray.js'
import type { Rule } from '../../rule/rule.js'
import type { Card } from '../card/card.js'
import { type Comparison, compared, equal, must } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Hypothesis, Statement } from '../card/statement.js'
import { journeys, wholeJourneys } from '../world/journeys.js'
import { quadraticWorlds } from '../world/quadratic.js'
import { distance2, type Moment, travel, travelBeside } from '../world/travel.js'
import { type Journey, type SolvedWorld, showJourney } from '../world/world.js'
import { wellConditioned, wholeFor } from './conditioned.js'
import { between, magnitudes } from './parameter.js'
import { rankOf } from './rays.js'

/** $\eta_t = \alpha/(\beta + \sum_{s<t}\|g_s\|^2)^{1/2+\epsilon}$. */
export interface Gathering {
  readonly alpha: number
  readonly beta: number
  readonly epsilon: number
}

type Subject = (p: Gathering) => Rule

interface GatheringCase extends Gathering {
  readonly journey: Journey<SolvedWorld>
}

const show = ({ journey, alpha, beta, epsilon }: GatheringCase) => ({
  ...showJourney(journey),
  alpha,
  beta,
  epsilon,
})

const epsilons = (): fc.Arbitrary<number> => fc.constantFrom(0, 1 / 8, 1 / 4)

/** Of the mean of all components: the mean of their constants. */
const smoothness = ({ world: { L } }: Journey<SolvedWorld>): number => L.reduce((s, x) => s + x, 0) / L.length

/** Where $\beta$ must begin for $\alpha M = \text{share} \cdot \beta^{1/2+\epsilon}$. */
const cases = (greatest: number): fc.Arbitrary<GatheringCase> =>
  fc
    .record({
      journey: fc.oneof(
        { weight: 2, arbitrary: wellConditioned().map(wholeFor(24)) },
        { weight: 1, arbitrary: wholeJourneys(quadraticWorlds()) },
      ),
      length: fc.oneof({ weight: 2, arbitrary: between(1, 8) }, { weight: 1, arbitrary: magnitudes() }),
      share: between(1 / 8, greatest),
      epsilon: epsilons(),
    })
    .map(({ journey, length, share, epsilon }) => {
      // The scale is a length: in units of the way to the minimiser, where there is one to go.
      const D = Math.sqrt(distance2(journey.world.start, journey.world.minimiser))
      const alpha = length * (D > 0 ? D : 1)
      return {
        journey,
        alpha,
        beta: pow((alpha * smoothness(journey)) / share, 1 / (1 / 2 + epsilon)),
        epsilon,
      }
    })

const room = (times: number, of: number): Hypothesis<GatheringCase> => ({
  says: `$${times === 1 ? '' : times}\\alpha M ${times === 1 ? '<' : '\\le'} ${of === 1 ? '' : of}\\beta^{1/2+\\epsilon}$, full gradients of an $M$-smooth function`,
  holds: ({ journey, alpha, beta, epsilon }) =>
    times * alpha * smoothness(journey) <= of * pow(beta, 1 / 2 + epsilon) * (1 + 1e-12),
})

const common = {
  kind: 'path',
  evidence: ['D', 'V'],
  slack: '1e-9 of what is added',
  show,
  subjects: { liOrabona },
} as const

/** The gap of the whole sum: its value less its minimum, each batch being everything. */
const gapOf = (m: Moment & { readonly atSolution: { readonly gap: number } }): number =>
  m.gap - m.atSolution.gap

export const liOrabonaConvex: Statement<Subject, GatheringCase> = {
  ...common,
  id: 'P16.convex',
  says: '$F_T \\le \\frac{D^2}\\alpha (\\beta + 2MF_T)^{1/2+\\epsilon}$ with $F_T = \\sum_{t \\le T} f(x_t) - f^*$; for $\\epsilon = 0$: $f(\\bar x_T) - f^* \\le \\frac1T\\bigl[\\frac{2MD^4}{\\alpha^2} + \\frac{D^2\\sqrt\\beta}\\alpha\\bigr]$',
  hypotheses: [{ says: '$f$ is convex', holds: ({ journey }) => journey.world.convex }, room(2, 1)],
  cases: cases(1 / 2),
  evaluate: (of, { journey, ...p }) => {
    const moments = travelBeside(journey, of(p))
    const { alpha, beta, epsilon } = p
    const M = smoothness(journey)
    const D2 = moments[0]?.distance2 ?? 0
    let F = 0
    let size = 0
    return compared(
      moments.flatMap((m, k): ReadonlyArray<Comparison> => {
        F += gapOf(m)
        size += m.gap + m.atSolution.gap
        const sum = (D2 / alpha) * pow(beta + 2 * M * Math.max(F, 0), 1 / 2 + epsilon)
        const implicit = { at: `the sum, T = ${k + 1}`, observed: F, bound: sum, slack: 1e-9 * (size + sum) }
        if (epsilon !== 0) return [implicit]
        const explicit = (2 * M * D2 * D2) / (alpha * alpha) + (D2 * Math.sqrt(beta)) / alpha
        return [
          implicit,
          {
            at: `explicit, T = ${k + 1}`,
            observed: F / (k + 1),
            bound: explicit / (k + 1),
            slack: 1e-9 * (size + explicit),
          },
        ]
      }),
    )
  },
  mutants: ['rootForgotten', 'decaysTwice'],
}

export const liOrabonaSmooth: Statement<Subject, GatheringCase> = {
  ...common,
  id: 'P16.gradients',
  says: '$S_T \\le \\frac Q\\alpha(\\beta + S_T)^{1/2+\\epsilon}$ with $S_T = \\sum_{t \\le T}\\|g_t\\|^2$ and $Q = (f_1 - f^*)/(1 - \\frac{\\alpha M}{2\\beta^{1/2+\\epsilon}})$, convex or not; for $\\epsilon = 0$: $S_T \\le (Q/\\alpha)^2 + (Q/\\alpha)\\sqrt\\beta$',
  hypotheses: [room(1, 2)],
  cases: cases(15 / 8),
  evaluate: (of, { journey, ...p }) => {
    const moments = travelBeside(journey, of(p))
    const { alpha, beta, epsilon } = p
    const [first] = moments
    if (first === undefined) return compared([])
    const M = smoothness(journey)
    const share = 1 - (alpha * M) / (2 * pow(beta, 1 / 2 + epsilon))
    const Q = gapOf(first) / share
    // What rounding does to the difference of values in front.
    const most = Q + (first.error + first.atSolution.error) / share
    const explicitly = (q: number): number => (q / alpha) * (q / alpha) + (q / alpha) * Math.sqrt(beta)
    let S = 0
    return compared(
      moments.flatMap((m, k): ReadonlyArray<Comparison> => {
        S += m.gg
        const root = pow(beta + S, 1 / 2 + epsilon) / alpha
        const implicit = {
          at: `the sum, T = ${k + 1}`,
          observed: S,
          bound: Q * root,
          slack: (most - Q) * root + 1e-9 * (S + Q * root),
        }
        if (epsilon !== 0) return [implicit]
        const bound = explicitly(Q)
        return [
          implicit,
          {
            at: `explicit, T = ${k + 1}`,
            observed: S,
            bound,
            slack: explicitly(most) - bound + 1e-9 * (S + bound),
          },
        ]
      }),
    )
  },
  mutants: ['rootForgotten', 'decaysTwice'],
}

export const liOrabonaMonotone: Statement<Subject, GatheringCase> = {
  ...common,
  id: 'P16.monotone',
  says: '$\\eta_{t+1} \\le \\eta_t \\le \\alpha/\\beta^{1/2+\\epsilon}$ on every path',
  hypotheses: [],
  slack: 'none from step to step; 1e-15 relative against the first bound',
  cases: fc.record({
    journey: journeys(quadraticWorlds()),
    alpha: magnitudes(),
    beta: magnitudes(),
    epsilon: epsilons(),
  }),
  evaluate: (of, { journey, ...p }) => {
    const first = p.alpha / pow(p.beta, 1 / 2 + p.epsilon)
    return compared(
      travel(journey, of(p)).map(({ step, k }, i, all): Comparison => {
        const at = `k = ${k}`
        if (step === null) return must(`${at}: a step`, false)
        const before = all[i - 1]?.step
        return { at, observed: step, bound: before ?? first, slack: before === undefined ? 1e-15 * first : 0 }
      }),
    )
  },
  mutants: ['forgets', 'fades'],
}

/** Observations, and what the last of them may be instead. */
interface Perturbed extends Gathering {
  readonly squares: ReadonlyArray<number>
  readonly instead: number
}

/** A parabola whose slope is given: a step that is computed from it or searched along it shows that it was seen. */
const gathered = (gg: number): Ray => ({
  value: 3,
  slope: -gg,
  gg,
  phi: (a) => 3 - gg * a + 4 * a * a,
})

export const liOrabonaPast: Statement<Subject, Perturbed> = {
  id: 'P16.past',
  says: '$\\eta_t$ does not depend on $g_t$: with another last sample the step is the same, so that $\\mathbb E_t[\\eta_t g_t] = \\eta_t\\nabla f(x_t)$',
  kind: 'path',
  evidence: ['D', 'V'],
  hypotheses: [],
  slack: 'none: bit for bit',
  cases: fc.record({
    squares: fc.array(magnitudes(), { minLength: 1, maxLength: 6 }),
    instead: magnitudes(),
    alpha: magnitudes(),
    beta: magnitudes(),
    epsilon: epsilons(),
  }),
  show: ({ squares, instead, alpha, beta, epsilon }) => ({ squares, instead, alpha, beta, epsilon }),
  subjects: { liOrabona },
  ofRule: (rule) => () => rule,
  evaluate: (of, { squares, instead, ...p }) => {
    const lastOf = (all: ReadonlyArray<number>): number => {
      const taken = takeSteps(of(p), all.map(gathered))
      return rankOf(taken[taken.length - 1]?.step ?? null)
    }
    return compared([equal('the last step', lastOf(squares), lastOf([...squares.slice(0, -1), instead]))])
  },
  mutants: ['includesCurrent', 'forgets'],
}

/** A gradient that is $a$ with probability $p$ and $-b$ otherwise. */
interface Biased {
  readonly a: number
  readonly b: number
  readonly p: number
  readonly alpha: number
  readonly beta: number
}

export const currentGradientClimbs: Statement<(g: Pick<Biased, 'alpha' | 'beta'>) => Rule, Biased> = {
  id: 'P16b.uphill',
  says: 'With the current gradient in the sum the expected step can point uphill: for $g = a$ with probability $p < \\frac12$ and $g = -b$ otherwise, $pa > (1-p)b$, the mean gradient is positive and $\\mathbb E[\\eta(g)g] \\le \\alpha\\bigl[p - (1-p)(1 - \\frac\\beta{2b^2})\\bigr] < 0$',
  kind: 'expectation',
  evidence: ['D', 'V'],
  hypotheses: [
    {
      says: '$p < \\frac12$, $pa > (1-p)b$ and $(1-p)\\beta < (1-2p)\\,2b^2$',
      holds: ({ a, b, p, beta }) =>
        p < 1 / 2 && p * a > (1 - p) * b && (1 - p) * beta < (1 - 2 * p) * 2 * b * b,
    },
  ],
  slack: 'counted: 32 roundings of numbers up to $\\alpha$',
  cases: fc
    .record({
      b: magnitudes(),
      p: between(1 / 16, 7 / 16),
      above: between(17 / 16, 8),
      small: fc.constantFrom(0, 1 / 64, 1 / 4),
      alpha: magnitudes(),
    })
    .map(({ b, p, above, small, alpha }) => ({
      a: (above * (1 - p) * b) / p,
      b,
      p,
      alpha,
      beta: (small * (1 - 2 * p) * 2 * b * b) / (1 - p),
    })),
  show: ({ a, b, p, alpha, beta }) => ({ a, b, p, alpha, beta }),
  subjects: {
    'adagradNorm with the current gradient': ({ alpha, beta }) =>
      adagradNorm({ alpha, beta, includeCurrent: true }),
  },
  evaluate: (of, { a, b, p, ...parameters }) => {
    const { alpha, beta } = parameters
    const eta = (g: number): number => takeStep(of(parameters), gathered(g * g)).step ?? Number.NaN
    return compared([
      { at: 'the mean gradient is positive', observed: (1 - p) * b, bound: p * a, slack: 0 },
      {
        at: 'the expected step',
        observed: p * eta(a) * a - (1 - p) * eta(b) * b,
        bound: Math.min(alpha * (p - (1 - p) * (1 - beta / (2 * b * b))), 0),
        slack: gamma(32) * alpha,
      },
    ])
  },
  mutants: ['pastAlone', 'normOutsideTheSum'],
}

export const liOrabonaCard: Card = {
  id: 'P16',
  title: 'Steps from past gradients alone',
  about:
    "AdaGrad's step with the sum ending one gradient early is a schedule as far as the current sample is concerned: the expected step points downhill, and smoothness alone, known up to $2\\alpha M \\le \\beta^{1/2+\\epsilon}$, gives explicit bounds.",
  proof:
    'Convex: $D_{t+1}^2 \\le D_t^2 - 2\\eta_t(f - f^*) + \\eta_t^2\\|g\\|^2$ with $\\|g\\|^2 \\le 2M(f - f^*)$ and $\\eta_t M \\le \\frac12$; the steps decrease, so that $\\eta_T F_T \\le D^2$, and $\\eta_T$ is at least $\\alpha/(\\beta + 2MF_T)^{1/2+\\epsilon}$. Otherwise the descent lemma gives $\\sum\\eta_t\\|g_t\\|^2 \\le Q$.',
  sources: ['li2019', 'ward2019'],
  statements: [seal(liOrabonaConvex), seal(liOrabonaSmooth), seal(liOrabonaMonotone), seal(liOrabonaPast)],
  unverified:
    'Almost sure convergence for $\\epsilon \\in (0, \\frac12]$, and the rates with noise under $4\\alpha M < \\beta^{1/2+\\epsilon}$ (convex) and $2\\alpha M < \\beta^{1/2+\\epsilon}$, are remembered of the paper with constants that were not confirmed.',
}

export const currentGradientCard: Card = {
  id: 'P16b',
  title: 'A step that has seen its own gradient can point uphill',
  about:
    'Where the current gradient enters the step, as in AdaGrad, large gradients are taken with small steps: rare large gradients one way lose against frequent small ones the other way, and the expected step goes against the gradient of the mean.',
  proof:
    'As $\\beta \\to 0$ the first step is $\\alpha g/|g|$, whose mean is $\\alpha(2p - 1) < 0$ while the mean gradient is $pa - (1-p)b > 0$. For $\\beta > 0$: $b/\\sqrt{\\beta + b^2} \\ge 1 - \\beta/(2b^2)$.',
  sources: ['li2019', 'ward2019'],
  negative: true,
  statements: [seal(currentGradientClimbs)],
}
