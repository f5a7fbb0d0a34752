import fc from 'fast-check'
import { gamma } from '../../numeric/index.js'
import { adaSls } from '../../rule/atom/adaSls.js'
import { adaSps } from '../../rule/atom/adaSps.js'
import { armijo } from '../../rule/atom/armijo.js'
import { constant } from '../../rule/atom/constant.js'
import type { Rule } from '../../rule/rule.js'
import type { Card } from '../card/card.js'
import { compared } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Hypothesis, Statement } from '../card/statement.js'
import { journeys } from '../world/journeys.js'
import { quadraticWorlds } from '../world/quadratic.js'
import { type SolvedMoment, travelBeside } from '../world/travel.js'
import { type Journey, type SolvedWorld, showJourney } from '../world/world.js'
import { wellConditioned, wholeFor } from './conditioned.js'
import { between, magnitudes } from './parameter.js'

/** The constants of AdaSPS and AdaSLS. */
export interface AdaptiveParameters {
  readonly scale: number
  /** The first trial of the search. */
  readonly cap: number
}

interface AdaptiveCase extends AdaptiveParameters {
  readonly journey: Journey<SolvedWorld>
}

/** Armijo's constant of the search, and by how much it shrinks. */
const RHO = 0.5
const SHRINK = 0.5

/** A step with a memory of what there was to gain, and its $\tau$. */
export interface AdaptiveStep {
  readonly rule: (p: AdaptiveParameters) => Rule
  /** From the first step and gap, $D^2$ and $L_{\max}$. */
  readonly tau: (
    p: AdaptiveParameters,
    seen: { readonly step: number; readonly gap: number; readonly D2: number; readonly L: number },
  ) => number
}

/** $c_p L_{\max} D^2 + 1/c_p$ with $c_p = c/\sqrt{h_0}$. */
export const tauOfSps: AdaptiveStep['tau'] = ({ scale }, { gap, D2, L }) => {
  const c = scale / Math.sqrt(gap)
  return c * L * D2 + 1 / c
}

/** $(\frac{c_l D^2}{2\gamma_{\min}} + \frac1{c_l})/\sqrt\rho$ with $c_l = c/\sqrt{\tilde\gamma_0\|g_0\|^2}$; the first step is $\tilde\gamma_0/c$. */
export const tauOfSls: AdaptiveStep['tau'] = ({ scale, cap }, { step, gap: squared, D2, L }) => {
  const c = scale / Math.sqrt(scale * step * squared)
  const least = Math.min(cap, (2 * SHRINK * (1 - RHO)) / L)
  return ((c * D2) / (2 * least) + 1 / c) / Math.sqrt(RHO)
}

/** The search of AdaSLS. */
export const adaptiveSearch = (cap: number): Rule => armijo({ start: constant(cap), c: RHO, shrink: SHRINK })

const sps: AdaptiveStep = { rule: ({ scale }) => adaSps({ scale }), tau: tauOfSps }

const sls: AdaptiveStep = {
  rule: ({ scale, cap }) => adaSls({ scale, search: adaptiveSearch(cap) }),
  tau: tauOfSls,
}

/**
 * The iterations before the first that takes no step, and before the first at which rounding leaves fewer than ten digits of
 * the gap or of the gradient.
 */
const readable = (
  moments: ReadonlyArray<SolvedMoment>,
): ReadonlyArray<SolvedMoment & { readonly step: number }> => {
  const found: Array<SolvedMoment & { readonly step: number }> = []
  for (const m of moments) {
    const { step } = m
    if (step === null || !(step > 0) || m.error > 1e-10 * m.gap || m.gradientError > 1e-10 * Math.sqrt(m.gg))
      break
    found.push({ ...m, step })
  }
  return found
}

const convex: Hypothesis<AdaptiveCase> = {
  says: 'every $f_i$ is convex and $L_i$-smooth, and $\\ell_i \\le \\inf f_i$; up to the first gap of which rounding leaves fewer than ten digits',
  holds: ({ journey: { world } }) => world.convex && world.looseness.every((loose) => loose >= 0),
}

const common = {
  kind: 'path',
  evidence: ['D', 'V'],
  show: ({ journey, scale, cap }: AdaptiveCase) => ({ ...showJourney(journey), scale, cap }),
  subjects: { adaSps: sps, adaSls: sls },
} as const

export const adaptiveSum: Statement<AdaptiveStep, AdaptiveCase> = {
  ...common,
  id: 'P15.sum',
  says: '$A \\le \\tau\\sqrt{A + B}$ after every iteration, with $A = \\sum f_S(x_s) - f_S(x^*)$ and $B = \\sum f_S(x^*) - \\ell_S$: hence $A \\le \\tau^2 + \\tau\\sqrt B$; $\\tau = c_p L_{\\max} D^2 + \\frac1{c_p}$ for AdaSPS and $(\\frac{c_l D^2}{2\\gamma_{\\min}} + \\frac1{c_l})/\\sqrt\\rho$ for AdaSLS, $D = \\max_s D_s$',
  hypotheses: [convex],
  slack: '1e-9 of what is added',
  cases: fc.record({
    journey: fc.oneof(
      { weight: 2, arbitrary: wellConditioned().map(wholeFor(24)) },
      { weight: 1, arbitrary: journeys(quadraticWorlds()) },
    ),
    scale: between(1 / 4, 1),
    cap: magnitudes(),
  }),
  evaluate: ({ rule, tau }, { journey, scale, cap }) => {
    const { world } = journey
    const L = Math.max(...world.L)
    const moments = readable(travelBeside(journey, rule({ scale, cap })))
    const [first] = moments
    if (first === undefined) return compared([])
    const searches = tau === tauOfSls
    const gap = searches ? first.gg : first.value - world.objective.lowerBound(Int32Array.from(first.batch))
    let A = 0
    let sum = 0
    let D2 = 0
    let size = 0
    return compared(
      moments.map((m, k) => {
        A += m.gap - m.atSolution.gap
        sum += m.gap
        D2 = Math.max(D2, m.distance2)
        size += m.gap + m.atSolution.gap
        const bound = tau({ scale, cap }, { step: first.step, gap, D2, L }) * Math.sqrt(sum)
        return { at: `T = ${k + 1}`, observed: A, bound, slack: 1e-9 * (bound + size) }
      }),
    )
  },
  mutants: ['adaSpsRootForgotten', 'adaSpsGapSquared', 'hardlyMoves'],
}

export const adaptiveMonotone: Statement<AdaptiveStep, AdaptiveCase> = {
  ...common,
  id: 'P15.monotone',
  says: '$\\eta_t \\le \\eta_{t-1}$: the steps never grow, without a schedule',
  hypotheses: [{ says: 'iterations that step', holds: () => true }],
  slack: 'none: bit for bit',
  cases: fc.record({ journey: journeys(quadraticWorlds()), scale: between(1 / 4, 4), cap: magnitudes() }),
  evaluate: ({ rule }, { journey, scale, cap }) =>
    compared(
      travelBeside(journey, rule({ scale, cap }))
        .flatMap(({ step, k }) => (step !== null && step > 0 ? [{ step, k }] : []))
        .map(({ step, k }, i, all) => ({
          at: `k = ${k}`,
          observed: step,
          bound: all[i - 1]?.step ?? Number.POSITIVE_INFINITY,
          slack: 0,
        })),
    ),
  mutants: ['adaSpsGrows', 'searchItself'],
}

export const adaSpsBounds: Statement<AdaptiveStep, AdaptiveCase> = {
  ...common,
  id: 'P15.bounds',
  says: '$\\frac1{2c_pL_{\\max}\\sqrt{S_t}} \\le \\eta_t \\le \\frac{f_S(x_t) - \\ell_S}{c_p\\|g_t\\|^2\\sqrt{S_t}}$ for AdaSPS, $S_t = \\sum_{s \\le t} f_S(x_s) - \\ell_S$',
  hypotheses: [convex],
  slack: '1e-9 relative',
  cases: fc.record({ journey: journeys(quadraticWorlds()), scale: between(1 / 4, 4), cap: magnitudes() }),
  subjects: { adaSps: sps },
  evaluate: ({ rule }, { journey, scale, cap }) => {
    const { world } = journey
    const L = Math.max(...world.L)
    const moments = readable(travelBeside(journey, rule({ scale, cap })))
    const [first] = moments
    if (first === undefined) return compared([])
    const c = scale / Math.sqrt(first.gap)
    let sum = 0
    return compared(
      moments.flatMap((m) => {
        sum += m.gap
        const scaled = m.step * c * Math.sqrt(sum)
        return [
          {
            at: `below, k = ${m.k}`,
            observed: 1 / (2 * L),
            bound: scaled,
            slack: 1e-9 * scaled,
          },
          {
            at: `above, k = ${m.k}`,
            observed: scaled * m.gg,
            bound: m.gap,
            slack: (1e-9 + gamma(9)) * m.gap,
          },
        ]
      }),
    )
  },
  mutants: ['adaSpsDecreasingSum', 'adaSpsExcludesCurrent', 'adaSpsRootForgotten'],
}

export const adaptiveCard: Card = {
  id: 'P15',
  title: 'AdaSPS and AdaSLS pay with what they have gained',
  about:
    'Dividing a Polyak step or an accepted search by the root of what there has been to gain makes the sum of the excesses at most $\\tau^2 + \\tau\\sqrt B$: bounded with interpolation, of order $\\sqrt T$ without, and nobody has to say which. The steps decrease by themselves.',
  proof:
    'Divide $D_{t+1}^2 \\le D_t^2 - 2\\eta_t(f_S(x_t) - f_S(x^*)) + \\eta_t^2\\|g_t\\|^2$ by $2\\eta_t$, which decreases, and sum: $A \\le \\frac{D^2}{2\\eta_T} + \\frac12\\sum\\eta_t\\|g_t\\|^2$. The first is bounded by the lower bound of $\\eta_T$, the second by $\\sum h_t/\\sqrt{S_t} \\le 2\\sqrt{S_T}$. Then $x^2 \\le \\tau^2(x + B)$ gives $x \\le \\tau^2 + \\tau\\sqrt B$.',
  sources: ['jiang2023'],
  statements: [seal(adaptiveSum), seal(adaptiveMonotone), seal(adaSpsBounds)],
  unverified:
    'The paper states the rate in expectation with $\\tau_p = 2c_pLD^2 + 1/c_p$, which is looser than what is derived here; extensions to non-convex functions exist.',
}
