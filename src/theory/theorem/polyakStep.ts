import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import { dyadic } from '../../../spec/law/arbitrary/number.js'
import type { DirectionExpr } from '../../../spec/vocabulary/direction.js'
import { gamma } from '../../numeric/index.js'
import { compileDirection } from '../../optimizer/direction/compile.js'
import { polyak } from '../../rule/atom/polyak.js'
import { spsB } from '../../rule/derived/spsB.js'
import { spsMax } from '../../rule/derived/spsMax.js'
import { takeStep } from '../../rule/ray.js'
import type { Rule } from '../../rule/rule.js'
import type { Card } from '../card/card.js'
import { type Comparison, compared, equal, must } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Hypothesis, Statement } from '../card/statement.js'
import { journeys } from '../world/journeys.js'
import { quadraticWorlds } from '../world/quadratic.js'
import { descending, leastScale, type Moment, travel } from '../world/travel.js'
import { type Journey, type SolvedWorld, showJourney } from '../world/world.js'
import { between, type Capped, magnitudes } from './parameter.js'
import { directions } from './preconditioned.js'

/** What rounding may do to $\|g\|^2$: the computed gradient against the exact one, and the sum of squares. */
export const squareError = ({ gg, gradientError }: Moment): number =>
  2 * Math.sqrt(gg) * gradientError * (1 + gamma(4)) + gradientError * gradientError + gamma(5) * gg

/**
 * $\min\{a_{\min}/(2cL), h\} \le \gamma \le \min\{(f - \ell)/(c|\varphi'(0)|), h\}$ for the cap $h$ of iteration $k$, both sides
 * multiplied by $c|\varphi'(0)|$; $a_{\min} = 1$ along steepest descent.
 */
const polyakBounds =
  (c: number, capOf: (k: number) => number) =>
  (m: Moment): ReadonlyArray<Comparison> => {
    const cap = capOf(m.k)
    const at = `k = ${m.k}`
    if (m.step === null) return [must(`${at}: a step on every ray that descends`, false)]
    const scaled = m.step * c * -m.slope
    const least = Math.min(cap * c * -m.slope, (leastScale(m) * -m.slope) / (2 * m.L))
    return [
      { at: `at most the cap, ${at}`, observed: m.step, bound: cap, slack: 0 },
      {
        at: `at most the ratio, ${at}`,
        observed: scaled,
        bound: m.gap,
        slack: m.error + gamma(6) * scaled,
      },
      {
        at: `at least the bound of smoothness, ${at}`,
        observed: least,
        bound: scaled,
        slack: m.error + squareError(m) / (2 * m.L) + gamma(8) * scaled,
      },
    ]
  }

/** A capped Polyak step, and its cap in iteration k. */
export interface CappedStep {
  readonly rule: (p: Capped) => Rule
  readonly capAt: (cap: number, k: number) => number
}

/** The cap is the same in every iteration. */
export const fixedCap = (rule: CappedStep['rule']): CappedStep => ({ rule, capAt: (cap) => cap })

interface PolyakCase extends Capped {
  readonly journey: Journey<SolvedWorld>
}

const smooth: Hypothesis<PolyakCase> = {
  says: 'every $f_i$ is $L_i$-smooth, and $\\ell_i \\le \\inf f_i$',
  holds: ({ journey: { world } }) => world.looseness.every((loose) => loose >= 0),
}

const counted =
  'counted: 40 roundings of the value in the gap, the squared norm (through $\\|g\\|^2 \\le 2L(f - \\inf f)$), and 6 of the formula'

export const polyakInterval: Statement<CappedStep, PolyakCase> = {
  id: 'P1.bounds',
  says: '$\\min\\{\\frac1{2cL_S}, \\gamma_b\\} \\le \\gamma_k \\le \\min\\{\\frac{f_S(x_k) - \\ell_S}{c\\|g_k\\|^2}, \\gamma_b\\}$',
  kind: 'path',
  evidence: ['D', 'V'],
  hypotheses: [smooth],
  slack: counted,
  cases: fc.record({ journey: journeys(quadraticWorlds()), c: between(1 / 8, 4), cap: magnitudes() }),
  show: ({ journey, c, cap }) => ({ ...showJourney(journey), c, cap }),
  subjects: {
    spsMax: fixedCap(spsMax),
    spsB: {
      rule: ({ c, cap }) => spsB({ c, initial: cap, exponent: 1 }),
      capAt: (cap, k) => cap / (k + 1),
    },
  },
  evaluate: ({ rule, capAt }, { journey, c, cap }) =>
    compared(descending(travel(journey, rule({ c, cap }))).flatMap(polyakBounds(c, (k) => capAt(cap, k)))),
  mutants: ['invertedScaling', 'withoutCap', 'lossForGap', 'oneRayBehind', 'paddedNorm'],
}

interface Aimed {
  readonly value: number
  readonly slope: number
  readonly lowerBound: number
  readonly c: number
}

export const polyakGap: Statement<(p: Capped) => Rule, Aimed> = {
  id: 'P1.gap',
  says: "$c\\gamma|\\varphi'(0)|$ is the positive part of the gap: a bound that is too high stops, and never climbs or fails",
  kind: 'path',
  evidence: ['D', 'V'],
  hypotheses: [{ says: 'the ray descends', holds: ({ slope }) => slope < 0 }],
  slack: '4 roundings; a gap of dyadic numbers is exact',
  cases: fc.record({
    value: dyadic(),
    slope: magnitudes().map((s) => -s),
    lowerBound: dyadic(),
    c: between(1 / 8, 4),
  }),
  show: ({ value, slope, lowerBound, c }) => ({ value, slope, lowerBound, c }),
  subjects: { spsMax, polyak: ({ c }) => polyak({ c }) },
  evaluate: (rule, { value, slope, lowerBound, c }) => {
    const ray = { value, slope, lowerBound: O.some(lowerBound) }
    const { step } = takeStep(rule({ c, cap: Number.POSITIVE_INFINITY }), ray)
    const gap = Math.max(value - lowerBound, 0)
    return compared([equal('the gap', (step ?? Number.NaN) * c * -slope, gap, gamma(4) * gap)])
  },
  mutants: ['uphill', 'absoluteGap', 'invertedScaling', 'paddedNorm'],
}

interface Preconditioned extends PolyakCase {
  readonly direction: DirectionExpr
}

export const polyakPreconditioned: Statement<(p: Capped) => Rule, Preconditioned> = {
  id: 'P1.preconditioned',
  says: '$\\min\\{\\frac{a_{\\min}}{2cL_S}, \\gamma_b\\} \\le \\gamma_k \\le \\min\\{\\frac{f_S(x_k) - \\ell_S}{c\\|g_k\\|_{A^{-1}}^2}, \\gamma_b\\}$ along $-A^{-1}g$, $A$ diagonal and positive',
  kind: 'path',
  evidence: ['D', 'V'],
  hypotheses: [smooth],
  slack: `${counted}, with 2 of the scale`,
  cases: fc.record({
    journey: journeys(quadraticWorlds()),
    direction: directions,
    c: between(1 / 8, 4),
    cap: magnitudes(),
  }),
  show: ({ journey, direction, c, cap }) => ({ ...showJourney(journey), direction, c, cap }),
  subjects: { spsMax },
  evaluate: (of, { journey, direction, c, cap }) =>
    compared(
      descending(travel(journey, of({ c, cap }), compileDirection(direction))).flatMap(
        polyakBounds(c, () => cap),
      ),
    ),
  mutants: ['normOfDirection', 'normOfGradient', 'invertedScaling'],
}

export const polyakCard: Card = {
  id: 'P1',
  title: "Polyak's step lies between the bound of smoothness and the gap",
  about:
    'The step is never longer than what the gap pays for, and never shorter than a fixed share of $1/L$, although it knows no $L$: the first makes it safe, the second makes it converge. A cap cuts both. A declared bound above the value stops the run, and never sends it uphill.',
  proof:
    '$\\|\\nabla f_S\\|^2 \\le 2L_S(f_S - \\inf f_S) \\le 2L_S(f_S - \\ell_S)$ for the lower bound; the upper one is the formula.',
  sources: ['polyak1969', 'loizou2021', 'vaswani2020'],
  statements: [seal(polyakInterval), seal(polyakGap), seal(polyakPreconditioned)],
}
