import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import { armijo } from '../../rule/atom/armijo.js'
import { constant } from '../../rule/atom/constant.js'
import { polyak } from '../../rule/atom/polyak.js'
import { power } from '../../rule/atom/power.js'
import { maxOf } from '../../rule/combine/max.js'
import { minOf } from '../../rule/combine/min.js'
import { decSps } from '../../rule/derived/decSps.js'
import { sls } from '../../rule/derived/sls.js'
import { spsB } from '../../rule/derived/spsB.js'
import { spsMax } from '../../rule/derived/spsMax.js'
import { spsSmooth } from '../../rule/derived/spsSmooth.js'
import type { Card } from '../card/card.js'
import { compared, must, unmet } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Hypothesis, Statement } from '../card/statement.js'
import { journeys } from '../world/journeys.js'
import { quadraticWorlds } from '../world/quadratic.js'
import { type SolvedMoment, travelBeside } from '../world/travel.js'
import { type Journey, type SolvedWorld, showJourney } from '../world/world.js'
import { asDrawn, type Certified, measuredCertificate, own, searched, stepSlack } from './certified.js'
import { between, magnitudes } from './parameter.js'

/** A journey, a constant and a cap. */
export interface CappedCase {
  readonly journey: Journey<SolvedWorld>
  readonly c: number
  readonly cap: number
}

const cases: fc.Arbitrary<CappedCase> = fc.record({
  journey: journeys(quadraticWorlds()),
  c: between(1 / 2, 4),
  cap: magnitudes(),
})

const convex: Hypothesis<CappedCase> = {
  says: 'every $f_i$ is convex, and $\\ell_i \\le \\inf f_i$',
  holds: ({ journey }) => journey.world.convex,
}

type OneStep = (m: SolvedMoment, step: number, c: number) => number

const contraction: OneStep = (m, step) => (1 - m.mu * step) * m.distance2 + 2 * step * m.atSolution.gap

const convexStep: OneStep = (m, step, c) =>
  m.distance2 - step * (2 - 1 / c) * m.gap + 2 * step * m.atSolution.gap

const CERTIFIED = '$c\\,\\gamma_k \\|g_k\\|^2 \\le f_S(x_k) - \\ell_S$ with $c \\ge \\frac12$'

/** A bound of the next squared distance, on every iteration that stepped; a failure leaves the point. */
const everyStep =
  (bound: OneStep): Statement<Certified, CappedCase>['evaluate'] =>
  ({ rule, c: known }, { journey, c: drawn, cap }) => {
    const moments = travelBeside(journey, rule({ c: drawn, cap }))
    const c = O.getOrElse(() => measuredCertificate(moments))(known(drawn))
    if (c < 1 / 2) return unmet(CERTIFIED, `c = ${c}`)
    return compared(
      moments.map((m) => {
        const at = `k = ${m.k}`
        if (m.step === null) return must(`${at}: a failure leaves the point`, m.next === m.x)
        const next = journey.world.place(m.next, m.batch)
        return {
          at,
          observed: m.nextDistance2,
          bound: bound(m, m.step, c),
          slack: stepSlack(m, m.step, m.error + next.error),
        }
      }),
    )
  }

/** Polyak steps, searches, their greater and their lesser. */
export const certified: { readonly [name: string]: Certified } = {
  spsMax: asDrawn(spsMax),
  spsB: asDrawn(({ c, cap }) => spsB({ c, initial: cap })),
  spsSmooth: asDrawn(({ c, cap }) => spsSmooth({ c, growth: 2, initial: cap })),
  decSps: asDrawn(({ c, cap }) => decSps({ c0: c, cap })),
  'sls, keep': searched(({ c, cap }) => sls({ c, initial: cap, reset: 'keep' })),
  'sls, grow': searched(({ c, cap }) => sls({ c, shrink: 0.5, initial: cap, reset: 'grow', growth: 2 })),
  'sls with few trials': searched(({ c, cap }) =>
    sls({ c, shrink: 0.5, initial: cap, reset: 'restart', budget: 3 }),
  ),
  'the greater of two': searched(({ c, cap }) =>
    maxOf(polyak({ c }), armijo({ c, start: power({ initial: cap, exponent: 0.5 }) })),
  ),
  'the lesser of two': searched(({ c, cap }) => minOf(polyak({ c }), armijo({ c, start: constant(cap) }))),
}

const counted = 'counted: 64 roundings of the update and the distances, 40 of each value, 12 of the gradient'

const common = {
  kind: 'path',
  evidence: ['D', 'V'],
  slack: counted,
  cases,
  show: ({ journey, c, cap }: CappedCase) => ({ ...showJourney(journey), c, cap }),
  subjects: certified,
  ofRule: own,
} as const

/** P3: one step contracts. */
export const contracts: Statement<Certified, CappedCase> = {
  ...common,
  id: 'P3.contraction',
  says: '$D_{k+1}^2 \\le (1 - \\mu_S \\gamma_k) D_k^2 + 2\\gamma_k (f_S(x^*) - \\ell_S)$',
  hypotheses: [convex, { says: CERTIFIED, holds: () => true }],
  evaluate: everyStep(contraction),
  mutants: [
    'constant',
    'invertedScaling',
    'oneRayBehind',
    'plainDecrease',
    'takesFirstTrial',
    'takesLastTrial',
  ],
}

/** P4: one step in the convex case. */
export const descendsInDistance: Statement<Certified, CappedCase> = {
  ...common,
  id: 'P4.distance',
  says: '$D_{k+1}^2 \\le D_k^2 - \\gamma_k (2 - \\frac1c)(f_S(x_k) - \\ell_S) + 2\\gamma_k (f_S(x^*) - \\ell_S)$',
  hypotheses: [convex, { says: CERTIFIED, holds: () => true }],
  evaluate: everyStep(convexStep),
  mutants: [
    'constant',
    'invertedScaling',
    'oneRayBehind',
    'plainDecrease',
    'takesFirstTrial',
    'takesLastTrial',
  ],
}

export const contraction3: Card = {
  id: 'P3',
  title: 'One certified step contracts the distance',
  about:
    'A step whose length is certified by the gap, $\\gamma\\|g\\|^2 \\le 2(f_S - \\ell_S)$, can not overshoot: the squared distance to a minimiser shrinks by the factor $1 - \\mu_S\\gamma$, up to what the batch has left to gain at the minimiser. Polyak steps and Armijo searches with $c \\ge \\frac12$ are certified, and so are their maximum and minimum.',
  proof:
    'Expand $\\|x - \\gamma g - x^*\\|^2$, use $\\langle g, x - x^* \\rangle \\ge f_S(x) - f_S(x^*) + \\frac{\\mu_S}2 D^2$, and bound $\\gamma^2\\|g\\|^2$ by $2\\gamma(f_S - \\ell_S)$.',
  sources: ['loizou2021'],
  statements: [seal(contracts)],
}

export const convexDistance4: Card = {
  id: 'P4',
  title: 'One certified step on a convex function',
  about:
    'The step pays for itself: what it gains in distance is at least $(2 - \\frac1c)$ times the step times the gap, less what the batch has left to gain at the minimiser. Summed over a run it gives every rate of the family.',
  proof: 'As for P3, without strong convexity, and with $\\gamma\\|g\\|^2 \\le (f_S - \\ell_S)/c$.',
  sources: ['loizou2021', 'vaswani2019'],
  statements: [seal(descendsInDistance)],
}
