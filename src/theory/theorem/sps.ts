import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import { spsB } from '../../rule/derived/spsB.js'
import { spsMax } from '../../rule/derived/spsMax.js'
import type { Card } from '../card/card.js'
import { seal } from '../card/seal.js'
import type { Statement } from '../card/statement.js'
import { convexWorlds, stronglyConvexWorlds } from '../world/every.js'
import { illScaledWorlds } from '../world/illScaled.js'
import type { SolvedWorld } from '../world/world.js'
import { between } from './parameter.js'
import {
  averageRate,
  type Bounded,
  certifiedSteps,
  distanceRate,
  fromBounds,
  greatestL,
  inExpectation,
  interpolation,
  inUnits,
  type RateCase,
  rateCases,
  rateStatement,
  sampled,
  tightly,
} from './rate.js'

/** The interval of a capped Polyak step. */
const polyakInterval: Bounded['constants'] = ({ world, c, cap }) =>
  O.some({ c, low: Math.min(1 / (2 * c * greatestL(world)), cap), high: cap })

const subjects: { readonly [name: string]: Bounded } = {
  spsMax: { rule: spsMax, constants: polyakInterval },
  'spsB without decay': {
    rule: ({ c, cap }) => spsB({ c, initial: cap, exponent: 0 }),
    constants: polyakInterval,
  },
}

/** Many small constants, where the bounds are sharp. */
const constantsFrom = (least: number): fc.Arbitrary<number> =>
  fc.oneof(fc.constant(Math.max(least, 1 / 2)), fc.constant(1), between(least, 4))

/** Small caps show the noise, on worlds that do not interpolate. */
const noisy = (worlds: fc.Arbitrary<SolvedWorld>, least: number): fc.Arbitrary<RateCase> =>
  rateCases(worlds, constantsFrom(least), inUnits(-7, 1))

/** Large caps, and units that nobody would choose, show steps that are too short or too long. */
const noiseless = (worlds: fc.Arbitrary<SolvedWorld>, least: number): fc.Arbitrary<RateCase> =>
  rateCases(worlds, constantsFrom(least), inUnits(0, 3), fc.constantFrom(1, 1 / 8)).map((given) => ({
    ...given,
    world: tightly(given.world),
  }))

/** P5: Theorem 3.1. */
export const stronglyConvex: Statement<Bounded, RateCase> = {
  ...rateStatement,
  id: 'P5.distance',
  says: '$\\mathbb E D_k^2 \\le (1 - \\bar\\mu\\alpha)^k D_0^2 + 2\\gamma_b\\sigma_B^2 \\sum_{j<k} (1 - \\bar\\mu\\alpha)^j$, at most $\\ldots + 2\\gamma_b\\sigma_B^2/(\\bar\\mu\\alpha)$',
  hypotheses: [sampled, certifiedSteps('$c \\ge \\frac12$')],
  subjects,
  cases: noisy(stronglyConvexWorlds({ interpolating: false }), 1 / 2),
  evaluate: inExpectation(distanceRate, fromBounds, (c) => c >= 1 / 2),
  mutants: ['withoutCap', 'constant', 'hundred'],
}

/** P5 with interpolation. */
export const interpolatedDistance: Statement<Bounded, RateCase> = {
  ...rateStatement,
  id: 'P5.interpolation',
  says: 'With one minimiser for all and $\\ell_i = \\inf f_i$: $\\mathbb E D_k^2 \\le (1 - \\bar\\mu\\alpha)^k D_0^2$; for $c = \\frac12$ and no cap $(1 - \\bar\\mu/L_{\\max})^k D_0^2$',
  hypotheses: [sampled, interpolation, certifiedSteps('$c \\ge \\frac12$')],
  subjects,
  cases: noiseless(
    fc.oneof(stronglyConvexWorlds({ interpolating: true }), {
      weight: 2,
      arbitrary: illScaledWorlds({ interpolating: true }),
    }),
    1 / 2,
  ),
  evaluate: inExpectation(distanceRate, fromBounds, (c) => c >= 1 / 2),
  mutants: ['normNotSquared', 'constant', 'hundred'],
}

/** P6: Theorem 3.4. */
export const merelyConvex: Statement<Bounded, RateCase> = {
  ...rateStatement,
  id: 'P6.average',
  says: '$\\mathbb E f(\\bar x_K) - f^* \\le \\frac{c}{2c-1}\\left(\\frac{D_0^2}{\\alpha K} + \\Bigl(\\frac{2\\gamma_b}\\alpha - 2 + \\frac1c\\Bigr)\\sigma_B^2\\right)$; with $c = 1$, $\\frac{D_0^2}{\\alpha K} + \\bigl(\\frac{2\\gamma_b}\\alpha - 1\\bigr)\\sigma_B^2$',
  hypotheses: [sampled, certifiedSteps('$c > \\frac12$')],
  subjects,
  cases: noisy(convexWorlds({ interpolating: false }), 9 / 16),
  evaluate: inExpectation(averageRate, fromBounds, (c) => c > 1 / 2),
  mutants: ['withoutCap', 'constant', 'hundred'],
}

/** P6 with interpolation. */
export const interpolatedAverage: Statement<Bounded, RateCase> = {
  ...rateStatement,
  id: 'P6.interpolation',
  says: 'With one minimiser for all and $\\ell_i = \\inf f_i$: $\\mathbb E f(\\bar x_K) - f^* \\le \\frac{c}{(2c-1)\\alpha} \\frac{D_0^2}K$; for $c = 1$ and no cap $2L_{\\max} D_0^2/K$',
  hypotheses: [sampled, interpolation, certifiedSteps('$c > \\frac12$')],
  subjects,
  cases: noiseless(
    fc.oneof(convexWorlds({ interpolating: true }), {
      weight: 2,
      arbitrary: illScaledWorlds({ interpolating: true }),
    }),
    9 / 16,
  ),
  evaluate: inExpectation(averageRate, fromBounds, (c) => c > 1 / 2),
  mutants: ['normNotSquared', 'constant', 'hundred'],
}

export const spsStronglyConvex: Card = {
  id: 'P5',
  title: 'SPS on strongly convex functions',
  about:
    'Stochastic Polyak steps converge linearly to a ball whose radius is set by the interpolation gap, and all the way where one point minimises every component.',
  proof: 'Take expectations in P3 with $\\alpha \\le \\gamma_k \\le \\gamma_b$, and unroll.',
  sources: ['loizou2021'],
  statements: [seal(stronglyConvex), seal(interpolatedDistance)],
}

export const spsConvex: Card = {
  id: 'P6',
  title: 'SPS on convex functions',
  about:
    'The average iterate of stochastic Polyak steps converges at the rate $1/K$ up to the interpolation gap. The term of the gap is smaller than the published $2\\gamma_b\\sigma^2/\\alpha$: what the step gains by the gap itself is subtracted.',
  proof:
    'Take expectations in P4: in $-\\gamma(2 - \\frac1c)(f_S(x_k) - \\ell_S) + 2\\gamma(f_S(x^*) - \\ell_S)$ the first step is at least $\\alpha$, the second at most $\\gamma_b$; split $f_S(x_k) - \\ell_S$ at $f_S(x^*)$, telescope, and use Jensen.',
  sources: ['loizou2021'],
  statements: [seal(merelyConvex), seal(interpolatedAverage)],
  unverified:
    'The published theorems for functions with the inequality of Polyak and Łojasiewicz and for smooth functions with bounded growth of the noise are remembered only and are not asserted.',
}
