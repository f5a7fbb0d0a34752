import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import { polyak } from '../../rule/atom/polyak.js'
import type { Rule } from '../../rule/rule.js'
import type { Card } from '../card/card.js'
import { type Comparison, compared, unmet } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Hypothesis, Statement } from '../card/statement.js'
import { convexWorlds, stronglyConvexWorlds } from '../world/every.js'
import { wholeJourneys } from '../world/journeys.js'
import { polyakLojasiewiczWorlds } from '../world/nonConvex.js'
import { quadraticWorlds } from '../world/quadratic.js'
import { type SolvedMoment, travelBeside } from '../world/travel.js'
import { type Journey, type SolvedWorld, showJourney } from '../world/world.js'
import { stepSlack } from './certified.js'
import { between } from './parameter.js'
import { DIGITS, tightly } from './rate.js'

/** Polyak's step with a constant; none where it is to be seen on the run. */
interface Exact {
  readonly rule: (c: number) => Rule
  readonly c: (asked: number) => O.Option<number>
}

interface WholeCase {
  readonly journey: Journey<SolvedWorld>
  readonly c: number
}

const polyaks: { readonly [name: string]: Exact } = { polyak: { rule: (c) => polyak({ c }), c: O.some } }

/** Worlds whose declared bounds are the infima, which one point attains: then the bound of the sum is $f^*$. */
const exactly = (worlds: fc.Arbitrary<SolvedWorld>): fc.Arbitrary<SolvedWorld> =>
  worlds.filter(({ interpolates }) => interpolates).map(tightly)

const cases = (worlds: fc.Arbitrary<SolvedWorld>, c: fc.Arbitrary<number>): fc.Arbitrary<WholeCase> =>
  fc.record({ journey: wholeJourneys(exactly(worlds)), c })

const exactBound: Hypothesis<WholeCase> = {
  says: 'all of $f$ in every step, $\\ell = f^*$, and $f^*$ attained',
  holds: ({ journey: { world, batches } }) =>
    world.interpolates &&
    world.looseness.every((l) => l === 0) &&
    batches.every((b) => b.length === world.L.length),
}

const convex: Hypothesis<WholeCase> = {
  says: '$f$ is convex and $L$-smooth',
  holds: ({ journey }) => journey.world.convex,
}

const isPolyak = (c: string): Hypothesis<WholeCase> => ({
  says: `$\\gamma_k = (f(x_k) - f^*)/(c\\|g_k\\|^2)$ with ${c}`,
  holds: () => true,
})

/** Whether a run took Polyak's steps with this constant, to six digits, where the gap is not rounding. */
const takesPolyaks = (moments: ReadonlyArray<SolvedMoment>, c: number): boolean =>
  moments.some(({ gg }) => gg > 0) &&
  moments.every(
    ({ step, gap, gg, error }) =>
      gg === 0 || error > 1e-6 * gap || Math.abs(((step ?? 0) * c * gg) / gap - 1) < 1e-6,
  )

type Bound = (moments: ReadonlyArray<SolvedMoment>, given: WholeCase) => ReadonlyArray<Comparison>

const onRun =
  (bound: Bound): Statement<Exact, WholeCase>['evaluate'] =>
  ({ rule, c }, given) => {
    const moments = travelBeside(given.journey, rule(given.c))
    if (O.isNone(c(given.c)) && !takesPolyaks(moments, given.c))
      return unmet(`$\\gamma_k = (f(x_k) - f^*)/(c\\|g_k\\|^2)$`, 'another step')
    return compared(bound(moments, given))
  }

/** One inequality for the next squared distance. */
const everyDistance =
  (bound: (m: SolvedMoment) => number): Bound =>
  (moments, { journey, c }) =>
    moments.flatMap((m) =>
      m.step === null || m.gg === 0
        ? []
        : [
            {
              at: `k = ${m.k}`,
              observed: m.nextDistance2,
              bound: bound(m),
              slack:
                stepSlack(m, m.step, 2 * m.error + journey.world.place(m.next, m.batch).error) +
                // An error of the gap is one of the step, and near the minimiser it is all of it.
                ((2 * m.error) / (c * m.gg)) * (Math.sqrt(m.gg * m.distance2) + m.step * m.gg + m.error / c),
            },
          ],
    )

const common = {
  kind: 'path',
  evidence: ['D', 'V'],
  slack: 'counted: 64 roundings of the update and the distances, those of each value and of the gradient',
  show: ({ journey, c }: WholeCase) => ({ ...showJourney(journey), c }),
  subjects: polyaks,
  ofRule: (rule: Rule): Exact => ({ rule: () => rule, c: () => O.none }),
} as const

const wrong = ['normNotSquared', 'longer', 'plainRatio'] as const

/** P7: Fejér monotonicity. */
export const fejer: Statement<Exact, WholeCase> = {
  ...common,
  id: 'P7.fejer',
  says: '$D_{k+1}^2 \\le D_k^2 - (f(x_k) - f^*)^2/\\|g_k\\|^2$ for $c = 1$; in general $D_k^2 - (2 - \\frac1c)(f(x_k) - f^*)^2/(c\\|g_k\\|^2)$',
  hypotheses: [convex, exactBound, isPolyak('$c \\ge \\frac12$')],
  cases: cases(convexWorlds({ interpolating: true }), fc.oneof(fc.constant(1), between(1 / 2, 2))),
  evaluate: ({ rule, c }, given) =>
    onRun((moments) =>
      everyDistance(
        (m) => m.distance2 - (m.gg === 0 ? 0 : ((2 - 1 / given.c) * m.gap * m.gap) / (given.c * m.gg)),
      )(moments, given),
    )({ rule, c }, given),
  mutants: [...wrong, 'oneRayBehind'],
}

/** P7: the rate of the average gap. */
export const averageGap: Statement<Exact, WholeCase> = {
  ...common,
  id: 'P7.average',
  says: '$\\frac1K \\sum_{k<K} f(x_k) - f^* \\le 2L D_0^2/K$ for $c = 1$',
  slack: '1e-9 of the bound',
  hypotheses: [convex, exactBound, isPolyak('$c = 1$')],
  cases: cases(convexWorlds({ interpolating: true }), fc.constant(1)),
  evaluate: onRun((moments) => {
    let sum = 0
    return moments.map((m, k) => {
      sum += m.gap
      const bound = (2 * m.L * (moments[0]?.distance2 ?? 0)) / (k + 1)
      return { at: `K = ${k + 1}`, observed: sum / (k + 1), bound, slack: DIGITS * bound + m.error }
    })
  }),
  mutants: ['neverMoves', 'longer'],
}

/** P7: linear convergence with the whole step. */
export const linearWhole: Statement<Exact, WholeCase> = {
  ...common,
  id: 'P7.linear',
  says: '$D_{k+1}^2 \\le (1 - \\frac{3\\mu}{4L}) D_k^2$ for $c = 1$',
  hypotheses: [convex, exactBound, isPolyak('$c = 1$')],
  cases: cases(stronglyConvexWorlds({ interpolating: true }), fc.constant(1)),
  evaluate: onRun(everyDistance((m) => (1 - (0.75 * m.mu) / m.L) * m.distance2)),
  mutants: wrong,
}

/** P7: linear convergence with the doubled step. */
export const linearDoubled: Statement<Exact, WholeCase> = {
  ...common,
  id: 'P7.doubled',
  says: '$D_{k+1}^2 \\le (1 - \\frac\\mu L) D_k^2$ for $c = \\frac12$',
  hypotheses: [convex, exactBound, isPolyak('$c = \\frac12$')],
  cases: cases(stronglyConvexWorlds({ interpolating: true }), fc.constant(1 / 2)),
  evaluate: onRun(everyDistance((m) => (1 - m.mu / m.L) * m.distance2)),
  mutants: [...wrong, 'oneRayBehind'],
}

/** P7: one step suffices on a parabola. */
export const parabola: Statement<Exact, WholeCase> = {
  ...common,
  id: 'P7.parabola',
  says: '$x_1 = x^*$ for $c = \\frac12$ and a quadratic of one variable',
  hypotheses: [exactBound, isPolyak('$c = \\frac12$')],
  cases: cases(
    quadraticWorlds({ interpolating: true }).filter(({ minimiser }) => minimiser.length === 1),
    fc.constant(1 / 2),
  ),
  evaluate: onRun((moments, { journey }) =>
    moments.slice(0, 1).map((m) => ({
      at: 'k = 0',
      observed: m.nextDistance2,
      bound: 0,
      slack: stepSlack(m, m.step ?? 0, 4 * m.error + journey.world.place(m.next, m.batch).error),
    })),
  ),
  mutants: [...wrong, 'withoutBound'],
}

/** $c$ in units of $L/4\mu$, which must be above 1; 2 is the best. */
const units = fc.oneof(fc.constant(2), between(17 / 16, 4))

/** P7: the inequality of Polyak and Łojasiewicz instead of convexity. */
export const dominated: Statement<Exact, WholeCase> = {
  ...common,
  id: 'P7.dominated',
  says: '$f(x_{k+1}) - f^* \\le \\left(1 - \\frac1c\\Bigl(1 - \\frac{L}{4c\\mu}\\Bigr)\\right)(f(x_k) - f^*)$ for $c > \\frac{L}{4\\mu}$; the best is $1 - \\frac\\mu L$, for $c = \\frac{L}{2\\mu}$',
  slack: 'the errors of both values, and 1e-9 of the gap',
  hypotheses: [
    {
      says: '$f$ is $L$-smooth with $\\|\\nabla f\\|^2 \\ge 2\\mu(f - f^*)$',
      holds: ({ journey }) => O.isSome(journey.world.polyakLojasiewicz),
    },
    exactBound,
    isPolyak('$c > L/4\\mu$'),
  ],
  cases: fc.tuple(wholeJourneys(exactly(polyakLojasiewiczWorlds())), units).map(([journey, unit]) => {
    const { L, polyakLojasiewicz } = journey.world
    const mu = O.getOrElse(() => 1)(polyakLojasiewicz)
    return { journey, c: (unit * L.reduce((s, l) => s + l, 0)) / L.length / (4 * mu) }
  }),
  evaluate: onRun((moments, { journey: { world }, c }) => {
    const mu = O.getOrElse(() => 0)(world.polyakLojasiewicz)
    return moments.map((m) => {
      const next = world.place(m.next, m.batch)
      const bound = (1 - (1 - m.L / (4 * c * mu)) / c) * m.gap
      return {
        at: `k = ${m.k}`,
        observed: next.gap,
        bound,
        slack: DIGITS * m.gap + 16 * m.error + next.error,
      }
    })
  }),
  mutants: ['neverMoves', 'longer', 'plainRatio'],
}

export const deterministicPolyak: Card = {
  id: 'P7',
  title: "Polyak's step with the exact minimum",
  about:
    'Without sampling, and with the minimum known, the oldest of adaptive steps attains the rates of gradient descent without knowing $L$ or $\\mu$: the distance never grows, the average gap falls like $1/K$, linearly on strongly convex functions, and a parabola takes one step. It needs no convexity either where the gradient dominates the gap.',
  proof:
    'Expand the distance and minimise over the step: what is gained is $(f - f^*)^2/\\|g\\|^2$, at least $(f - f^*)/2L$. With $\\mu$: $f - f^* \\ge \\frac\\mu2 D^2$ or, for the doubled step, $\\langle g, x - x^*\\rangle \\ge f - f^* + \\frac\\mu2 D^2$. Under the inequality of Polyak and Łojasiewicz, the descent lemma with $\\|g\\|^2 \\ge 2\\mu(f - f^*)$.',
  sources: ['polyak1969', 'polyak1987', 'karimi2016', 'loizou2021'],
  statements: [
    seal(fejer),
    seal(averageGap),
    seal(linearWhole),
    seal(linearDoubled),
    seal(parabola),
    seal(dominated),
  ],
}
