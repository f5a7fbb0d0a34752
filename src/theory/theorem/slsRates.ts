import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import { armijo } from '../../rule/atom/armijo.js'
import { constant } from '../../rule/atom/constant.js'
import { sls } from '../../rule/derived/sls.js'
import type { Card } from '../card/card.js'
import { compared, unmet } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Hypothesis, Statement } from '../card/statement.js'
import { convexWorlds, stronglyConvexWorlds } from '../world/every.js'
import { journeys } from '../world/journeys.js'
import { travelBeside } from '../world/travel.js'
import { type Journey, type SolvedWorld, showJourney } from '../world/world.js'
import { type Certified, measuredCertificate, searched, stepSlack } from './certified.js'
import { between } from './parameter.js'
import {
  averageRate,
  type Bounded,
  certifiedSteps,
  distanceRate,
  fromInfima,
  greatestL,
  inExpectation,
  interpolation,
  inUnits,
  type RateCase,
  rateCases,
  rateStatement,
  sampled,
} from './rate.js'

const interval =
  (shrink: number): Bounded['constants'] =>
  ({ world, c, cap }) =>
    O.some({ c, low: Math.min(cap, (2 * shrink * (1 - c)) / greatestL(world)), high: cap })

/** Searches from a greatest step; the constant of a case is Armijo's. */
export const searches: { readonly [name: string]: Bounded } = {
  'sls, restart': {
    rule: ({ c, cap }) => sls({ c, shrink: 0.75, initial: cap, reset: 'restart' }),
    constants: interval(0.75),
  },
  'sls, keep': {
    rule: ({ c, cap }) => sls({ c, shrink: 0.5, initial: cap, reset: 'keep' }),
    constants: interval(0.5),
  },
  'sls, capped': {
    rule: ({ c, cap }) => sls({ c, shrink: 0.5, initial: cap / 2, reset: 'capped', growth: 2, cap }),
    constants: interval(0.5),
  },
  armijo: {
    rule: ({ c, cap }) => armijo({ c, shrink: 0.5, start: constant(cap) }),
    constants: interval(0.5),
  },
}

const faulty: Statement<Bounded, RateCase>['mutants'] = ['takesFirstTrial', 'neverAccepts', 'hundred']

/** P9: Theorem 1. */
export const searchStronglyConvex: Statement<Bounded, RateCase> = {
  ...rateStatement,
  id: 'P9.distance',
  says: '$\\mathbb E D_k^2 \\le (1 - \\bar\\mu\\alpha)^k D_0^2$ with $\\alpha = \\min\\{\\gamma_{\\max}, 2\\beta(1-c)/L_{\\max}\\}$: for $c = \\frac12$, $\\max\\{1 - \\bar\\mu\\beta/L_{\\max},\\, 1 - \\bar\\mu\\gamma_{\\max}\\}^k D_0^2$',
  hypotheses: [sampled, interpolation, certifiedSteps('$c \\ge \\frac12$')],
  subjects: searches,
  cases: rateCases(
    stronglyConvexWorlds({ interpolating: true }),
    fc.oneof(fc.constant(1 / 2), between(1 / 2, 7 / 8)),
    inUnits(0, 5),
    fc.constantFrom(1, 1 / 8),
  ),
  evaluate: inExpectation(distanceRate, fromInfima, (c) => c >= 1 / 2),
  mutants: faulty,
}

/** P9: Theorem 2. */
export const searchConvex: Statement<Bounded, RateCase> = {
  ...rateStatement,
  id: 'P9.average',
  says: '$\\mathbb E f(\\bar x_K) - f^* \\le \\frac{c}{2c-1} \\max\\left\\{\\frac{L_{\\max}}{2\\beta(1-c)}, \\frac1{\\gamma_{\\max}}\\right\\} \\frac{D_0^2}K$: for $c = \\frac23$, $\\max\\{3L_{\\max}/\\beta, 2/\\gamma_{\\max}\\} D_0^2/K$',
  hypotheses: [sampled, interpolation, certifiedSteps('$c > \\frac12$')],
  subjects: searches,
  cases: rateCases(
    convexWorlds({ interpolating: true }),
    fc.oneof(fc.constant(2 / 3), between(9 / 16, 7 / 8)),
    inUnits(0, 5),
    fc.constantFrom(1, 1 / 8),
  ),
  evaluate: inExpectation(averageRate, fromInfima, (c) => c > 1 / 2),
  mutants: ['takesFirstTrial', 'hundred'],
}

/** P9b: without interpolation. */
export const searchNoisy: Statement<Bounded, RateCase> = {
  ...rateStatement,
  id: 'P9b.average',
  says: '$\\mathbb E f(\\bar x_K) - f^* \\le \\frac{c}{2c-1}\\left(\\frac{D_0^2}{\\alpha K} + \\Bigl(\\frac{2\\gamma_{\\max}}\\alpha - 2 + \\frac1c\\Bigr)\\sigma^2\\right)$',
  hypotheses: [sampled, certifiedSteps('$c > \\frac12$')],
  subjects: searches,
  cases: rateCases(convexWorlds({ interpolating: false }), between(9 / 16, 7 / 8), inUnits(1, 7)),
  evaluate: inExpectation(averageRate, fromInfima, (c) => c > 1 / 2),
  mutants: ['takesFirstTrial', 'hundred'],
}

/** A journey, a constant from which a search takes its own, and a first trial. */
interface PathCase {
  readonly journey: Journey<SolvedWorld>
  readonly c: number
  readonly cap: number
}

const interpolates: Hypothesis<PathCase> = {
  says: 'every $f_i$ is convex, and one point minimises them all',
  holds: ({ journey: { world } }) => world.convex && world.interpolates,
}

const CERTIFIED = '$c\\,\\gamma_k\\|g_k\\|^2 \\le f_S(x_k) - \\inf f_S$ with $c \\ge \\frac12$'

/** P9: every step contracts, on every path. */
export const searchContracts: Statement<Certified, PathCase> = {
  id: 'P9.contraction',
  says: '$D_{k+1}^2 \\le (1 - \\mu_S\\gamma_k) D_k^2$ on every path',
  kind: 'path',
  evidence: ['D', 'V'],
  slack: 'counted: 64 roundings of the update and the distances, those of each value and of the gradient',
  hypotheses: [interpolates, { says: CERTIFIED, holds: () => true }],
  cases: fc
    .record({
      journey: journeys(convexWorlds({ interpolating: true })),
      c: between(1 / 2, 4),
      cap: inUnits(0, 5),
    })
    .map((given) => ({ ...given, cap: given.cap / greatestL(given.journey.world) })),
  show: ({ journey, c, cap }) => ({ ...showJourney(journey), c, cap }),
  subjects: {
    'sls, restart': searched(({ c, cap }) => sls({ c, initial: cap, reset: 'restart' })),
    'sls, grow': searched(({ c, cap }) => sls({ c, shrink: 0.5, initial: cap, reset: 'grow', growth: 2 })),
  },
  // A certificate that is known of a rule counts from its bound, which may lie below the infimum.
  ofRule: (rule) => ({ rule: () => rule, c: () => O.none }),
  evaluate: ({ rule, c: known }, { journey, c: drawn, cap }) => {
    const { world } = journey
    const moments = travelBeside(journey, rule({ c: drawn, cap }))
    const tight = moments.map((m) => ({ ...m, gap: fromInfima.gap(world, m) }))
    const c = O.getOrElse(() => measuredCertificate(tight))(known(drawn))
    if (c < 1 / 2) return unmet(CERTIFIED, `c = ${c}`)
    return compared(
      moments.flatMap((m) =>
        m.step === null
          ? []
          : [
              {
                at: `k = ${m.k}`,
                observed: m.nextDistance2,
                bound: (1 - m.mu * m.step) * m.distance2,
                slack: stepSlack(m, m.step, m.error + world.place(m.next, m.batch).error),
              },
            ],
      ),
    )
  },
  mutants: ['constant', 'plainDecrease', 'takesFirstTrial', 'takesLastTrial'],
}

export const slsInterpolated: Card = {
  id: 'P9',
  title: 'Stochastic line search under interpolation',
  about:
    'Where one point minimises every component a line search on single samples converges like gradient descent: linearly on strongly convex functions, at the rate $1/K$ on convex ones, with no step size to be known. A greatest step below the curvature only slows it.',
  proof:
    "P3 and P4 without their noise, as $f_S(x^*) = \\inf f_S$, and the search's own bounds: $\\alpha \\le \\gamma_k$, where backtracking by $\\beta$ costs the factor $\\beta$, and $c\\,\\gamma_k\\|g_k\\|^2 \\le f_S(x_k) - \\inf f_S$. The same batch may serve search and step.",
  sources: ['vaswani2019'],
  statements: [seal(searchStronglyConvex), seal(searchConvex), seal(searchContracts)],
  unverified:
    'The published rate for functions that are not convex but whose gradients grow together, and those of the extragradient method with a Lipschitz search.',
}

export const slsNoisy: Card = {
  id: 'P9b',
  title: 'Stochastic line search without interpolation',
  about:
    'What is left where the components disagree: the rate $1/K$ to a neighbourhood whose size is the interpolation gap times the ratio of the greatest step to the least.',
  proof: 'As for P6, with $\\inf f_i$ for the declared bound: a search needs none.',
  sources: ['vaswani2019'],
  statements: [seal(searchNoisy)],
}
