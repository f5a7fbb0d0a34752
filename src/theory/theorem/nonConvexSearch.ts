import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import { armijo } from '../../rule/atom/armijo.js'
import { constant } from '../../rule/atom/constant.js'
import { sls } from '../../rule/derived/sls.js'
import type { Rule } from '../../rule/rule.js'
import type { Card } from '../card/card.js'
import { type Comparison, compared, unmet } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Statement } from '../card/statement.js'
import { convexWorlds, smoothWorlds } from '../world/every.js'
import { wholeJourneys } from '../world/journeys.js'
import { nonConvexWorlds, polyakLojasiewiczWorlds } from '../world/nonConvex.js'
import { type Moment, travel } from '../world/travel.js'
import { everyComponent, type Journey, mean, type SolvedWorld, showJourney } from '../world/world.js'
import { between } from './parameter.js'
import { DIGITS, inUnits } from './rate.js'

interface SearchCase {
  readonly journey: Journey<SolvedWorld>
  readonly c: number
  /** The first trial. */
  readonly first: number
}

/** A search with its constant and its least step, or a rule of which both are known or seen. */
interface Searching {
  readonly rule: (given: SearchCase) => Rule
  readonly c: (drawn: number) => O.Option<number>
  readonly least: (given: SearchCase, L: number) => O.Option<number>
}

const search = (shrink: number, rule: (given: SearchCase) => Rule): Searching => ({
  rule,
  c: O.some,
  least: ({ c, first }, L) => O.some(Math.min(first, (2 * shrink * (1 - c)) / L)),
})

/** Searches that begin at the first trial, or where the last one ended. */
export const nonConvexSearches: { readonly [name: string]: Searching } = {
  armijo: search(0.5, ({ c, first }) => armijo({ c, shrink: 0.5, start: constant(first) })),
  'sls, keep': search(0.75, ({ c, first }) => sls({ c, shrink: 0.75, initial: first, reset: 'keep' })),
}

const DECREASE = '$f(x_{k+1}) \\le f(x_k) - c\\,\\gamma_k\\|g_k\\|^2$'

/** Whether every step decreases the value as much as the constant says, up to the errors of both values. */
const decreases = (world: SolvedWorld, moments: ReadonlyArray<Moment>, c: number): boolean =>
  moments.every((m) => {
    const next = world.place(m.next, m.batch)
    return next.gap <= m.gap - c * (m.step ?? 0) * m.gg + 2 * (m.error + next.error)
  })

/** The sum of squared gradients, of which the least is at most the mean. */
const gathered = (
  moments: ReadonlyArray<Moment>,
  gap: number,
  c: number,
  least: number,
): ReadonlyArray<Comparison> => {
  let sum = 0
  let errors = 0
  return moments.map((m) => {
    sum += m.gg
    errors +=
      m.error / (c * least) + 2 * m.gradientError * Math.sqrt(m.gg) + m.gradientError * m.gradientError
    const bound = gap / (c * least)
    return { at: `K = ${m.k + 1}`, observed: sum, bound, slack: 4 * errors + DIGITS * bound }
  })
}

/** P25. */
export const stationary: Statement<Searching, SearchCase> = {
  id: 'P25.gradients',
  says: '$K \\min_{k<K}\\|g_k\\|^2 \\le \\sum_{k<K}\\|g_k\\|^2 \\le (f(x_0) - \\inf f)/(c\\,\\gamma_{\\min})$ with $\\gamma_{\\min} = \\min\\{\\gamma_{\\max}, 2\\beta(1-c)/L\\}$',
  kind: 'path',
  evidence: ['D', 'V'],
  slack: 'the errors of every value and gradient, counted, and 1e-9 of the bound',
  hypotheses: [
    {
      says: '$f$ is $L$-smooth and bounded below; all of $f$ in every step',
      holds: ({ journey: { world, batches } }) => batches.every((b) => b.length === world.L.length),
    },
    { says: `${DECREASE} and $\\gamma_k \\ge \\gamma_{\\min}$`, holds: () => true },
  ],
  cases: fc
    .record({
      journey: wholeJourneys(
        fc.oneof(nonConvexWorlds(), polyakLojasiewiczWorlds(), smoothWorlds(), convexWorlds()),
        { length: 16 },
      ),
      c: fc.oneof(fc.constant(1 / 2), between(1 / 16, 15 / 16)),
      first: inUnits(-1, 6),
    })
    .map(({ journey, c, first }) => ({ journey, c, first: first / mean(journey.world.L) })),
  show: ({ journey, c, first }) => ({ ...showJourney(journey), c, first }),
  subjects: nonConvexSearches,
  ofRule: (rule, { certificate }) => ({ rule: () => rule, c: () => certificate, least: () => O.none }),
  evaluate: ({ rule, c: known, least: promised }, given) => {
    const { world } = given.journey
    const moments = travel(given.journey, rule(given))
    const [first] = moments
    if (first === undefined) return compared([])
    const certificate = known(given.c)
    if (O.isNone(certificate)) return unmet(DECREASE, 'a rule without a constant')
    const c = certificate.value
    const built = promised(given, first.L)
    if (O.isNone(built) && !decreases(world, moments, c)) return unmet(DECREASE, 'a step that does not')
    const least = O.getOrElse(() => Math.min(...moments.map(({ step }) => step ?? 0)))(built)
    if (!(least > 0)) return unmet('$\\gamma_{\\min} > 0$', `a step of ${least}`)
    // Looseness is subtracted where it is that of the sum: one point minimises every component.
    const all = everyComponent(world)
    const infimum = world.interpolates ? mean(all.map((i) => world.looseness[i] ?? 0)) : 0
    return compared(gathered(moments, first.gap - infimum, c, least))
  },
  mutants: ['takesFirstTrial', 'neverMoves', 'hundred'],
}

export const nonConvexSearch: Card = {
  id: 'P25',
  title: 'A line search finds stationary points',
  about:
    'Without convexity nothing can be said of the distance to a minimiser, but the gradients have to vanish: the squares of all of them together are at most the first gap over the least decrease that a search guarantees.',
  proof:
    "Sum Armijo's inequality: $c\\,\\gamma_{\\min}\\sum_k\\|g_k\\|^2 \\le f(x_0) - f(x_K)$. By smoothness every step of at most $2(1-c)/L$ is accepted, so that backtracking ends at $\\beta$ times that or earlier.",
  sources: ['armijo1966', 'nocedal2006'],
  statements: [seal(stationary)],
}
