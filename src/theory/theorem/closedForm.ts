import fc from 'fast-check'
import { gamma } from '../../numeric/index.js'
import { adaSps } from '../../rule/atom/adaSps.js'
import { last } from '../../rule/atom/last.js'
import { polyak } from '../../rule/atom/polyak.js'
import { minOf } from '../../rule/combine/min.js'
import { runningMin } from '../../rule/combine/runningMin.js'
import { decSps } from '../../rule/derived/decSps.js'
import { sls } from '../../rule/derived/sls.js'
import { spsSmooth } from '../../rule/derived/spsSmooth.js'
import { takeSteps } from '../../rule/ray.js'
import type { Rule } from '../../rule/rule.js'
import type { Card } from '../card/card.js'
import { compared, equal, must } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Statement } from '../card/statement.js'
import { journeys } from '../world/journeys.js'
import { quadraticWorlds } from '../world/quadratic.js'
import { travel } from '../world/travel.js'
import { type Journey, type SolvedWorld, showJourney } from '../world/world.js'
import { searchCases, showSearch } from './armijo.js'
import { between, magnitudes, powersOfTwo } from './parameter.js'
import { type Descent, descents, rankOf, showDescents } from './rays.js'
import type { Constants, SearchCase } from './search.js'

/** The parameters of DecSPS. */
export interface Decreasing {
  readonly c0: number
  readonly cap: number
}

/** $c_k$, which the rule computes by a power and a quotient: 8 roundings cover both. */
export const cAt = (c0: number, k: number): number => c0 * Math.sqrt(k + 1)

interface DecreasingRays extends Decreasing {
  readonly rays: ReadonlyArray<Descent>
}

const common = { kind: 'path', evidence: ['D', 'V'] } as const

const positiveGaps = { says: 'rays that descend, with positive gaps', holds: () => true }

const ratios = (rays: ReadonlyArray<Descent>): ReadonlyArray<number> =>
  rays.map(({ value, slope }) => value / -slope)

export const decSpsClosed: Statement<(p: Decreasing) => Rule, DecreasingRays> = {
  ...common,
  id: 'L6.decSps',
  says: '$c_k\\gamma_k = \\min\\{c_0\\gamma_b, \\min_{j \\le k} r_j\\}$ with the ratios $r_j = (f_j - \\ell_j)/\\|g_j\\|^2$',
  hypotheses: [positiveGaps],
  slack: '8 roundings',
  cases: fc.record({ rays: descents(), c0: between(1 / 4, 4), cap: magnitudes() }),
  show: ({ rays, c0, cap }) => ({ rays: showDescents(rays), c0, cap }),
  subjects: { decSps },
  evaluate: (of, { rays, c0, cap }) =>
    compared(
      takeSteps(of({ c0, cap }), rays).map(({ step }, k) => {
        const least = Math.min(c0 * cap, ...ratios(rays).slice(0, k + 1))
        return equal(`k = ${k}`, (step ?? Number.NaN) * cAt(c0, k), least, gamma(8) * least)
      }),
    ),
  mutants: [
    'withoutRunningMin',
    'minimumOfSteps',
    'counterAhead',
    'rootOfIndex',
    'capUnscaled',
    'answersBeforeUpdate',
  ],
}

interface AdaptiveRays {
  readonly rays: ReadonlyArray<Descent>
  readonly scale: number
}

export const adaSpsClosed: Statement<(scale: number) => Rule, AdaptiveRays> = {
  ...common,
  id: 'L6.adaSps',
  says: '$\\eta_t = \\min_{s \\le t} \\frac{h_s}{c_p\\|g_s\\|^2\\sqrt{h_0 + \\ldots + h_s}}$ with the gaps $h_s$ and $c_p = c/\\sqrt{h_0}$',
  hypotheses: [positiveGaps],
  slack: '24 roundings: 9 of the sum, under a root, and those of the formula',
  cases: fc.record({ rays: descents(), scale: between(1 / 4, 4) }),
  show: ({ rays, scale }) => ({ rays: showDescents(rays), scale }),
  subjects: { adaSps: (scale) => adaSps({ scale }) },
  evaluate: (of, { rays, scale }) => {
    const c = scale / Math.sqrt(rays[0]?.value ?? 1)
    let sum = 0
    let least = Number.POSITIVE_INFINITY
    return compared(
      takeSteps(of(scale), rays).map(({ step }, k) => {
        const { value, slope } = rays[k] ?? { value: Number.NaN, slope: Number.NaN }
        sum += value
        least = Math.min(least, value / (c * -slope * Math.sqrt(sum)))
        return equal(`k = ${k}`, step ?? Number.NaN, least, gamma(24) * least)
      }),
    )
  },
  mutants: ['adaSpsGrows', 'adaSpsDecreasingSum', 'adaSpsExcludesCurrent'],
}

/** The parameters of the smoothed Polyak step. */
export interface Smoothed {
  readonly growth: number
  readonly initial: number
  readonly c: number
}

type Smoothing = (p: Smoothed) => Rule

/** $\min\{\tau^{k+1}\gamma_{-1}, \min_j \tau^{k-j} r_j\}$. */
const closedSteps = (given: ReadonlyArray<number>, { growth, initial }: Smoothed): ReadonlyArray<number> => {
  const powers = [1]
  for (const _ of given) powers.push(growth * (powers[powers.length - 1] ?? 1))
  const power = (i: number): number => powers[i] ?? Number.NaN
  return given.map((_, k) =>
    Math.min(power(k + 1) * initial, ...given.slice(0, k + 1).map((r, j) => power(k - j) * r)),
  )
}

interface SmoothedRays {
  readonly rays: ReadonlyArray<Descent>
  readonly smoothed: Smoothed
}

const showSmoothed = ({ growth, initial, c }: Smoothed) => ({ growth, initial, c })

export const smoothedClosed: Statement<Smoothing, SmoothedRays> = {
  ...common,
  id: 'L6.smoothed',
  says: '$\\gamma_k = \\min\\{\\tau^{k+1}\\gamma_{-1}, \\min_{j \\le k} \\tau^{k-j} r_j\\}$ for a power of two $\\tau \\ge 1$, bit for bit',
  hypotheses: [positiveGaps],
  slack: 'none: bit for bit',
  cases: fc.record({
    rays: descents(),
    smoothed: fc.record({ growth: fc.constantFrom(2, 1, 4), initial: magnitudes(), c: between(1 / 8, 4) }),
  }),
  show: ({ rays, smoothed }) => ({ rays: showDescents(rays), ...showSmoothed(smoothed) }),
  subjects: {
    spsSmooth,
    'the same from its parts': ({ growth, initial, c }) =>
      minOf(polyak({ c }), last({ initial: growth * initial, factor: growth })),
  },
  evaluate: (of, { rays, smoothed }) => {
    const expected = closedSteps(
      rays.map(({ value, slope }) => value / (smoothed.c * -slope)),
      smoothed,
    )
    return compared(
      takeSteps(of(smoothed), rays).map(({ step }, k) =>
        equal(`k = ${k}`, step ?? Number.NaN, expected[k] ?? Number.NaN),
      ),
    )
  },
  mutants: ['growsFromRatio', 'withoutGrowth'],
}

export const smoothedOnRuns: Statement<
  Smoothing,
  { readonly journey: Journey<SolvedWorld>; readonly smoothed: Smoothed }
> = {
  ...common,
  id: 'L6.smoothedOnRuns',
  says: 'The same along a run, for any $\\tau \\ge 1$, up to the first gap that is not positive',
  hypotheses: [],
  slack: '2(k + 1) roundings of the powers and 4 of the ratio',
  cases: fc.record({
    journey: journeys(quadraticWorlds()),
    smoothed: fc.record({ growth: between(1, 3), initial: magnitudes(), c: between(1 / 2, 4) }),
  }),
  show: ({ journey, smoothed }) => ({ ...showJourney(journey), ...showSmoothed(smoothed) }),
  subjects: { spsSmooth },
  evaluate: (of, { journey, smoothed }) => {
    const moments = travel(journey, of(smoothed))
    const found = moments.map(
      ({ value, batch, gg }) =>
        (value - journey.world.objective.lowerBound(Int32Array.from(batch))) / (smoothed.c * gg),
    )
    const end = found.findIndex((r) => !(r > 0 && r < Number.POSITIVE_INFINITY))
    const expected = closedSteps(end < 0 ? found : found.slice(0, end), smoothed)
    return compared(
      expected.map((e, k) => equal(`k = ${k}`, moments[k]?.step ?? Number.NaN, e, gamma(2 * k + 6) * e)),
    )
  },
  mutants: ['growsFromRatio', 'withoutGrowth'],
}

/** A rule that keeps something from ray to ray, made from a start. */
type Keeping = (initial: number) => Rule

interface Interrupted {
  readonly rays: ReadonlyArray<Descent & { readonly k: number; readonly idle: boolean }>
  readonly initial: number
}

/** Rays of which some have no gap, and some no descent: a batch that is stationary. */
const interrupted: fc.Arbitrary<Interrupted> = fc.record({
  rays: fc
    .array(
      fc.tuple(
        magnitudes(),
        magnitudes(),
        fc.oneof({ weight: 3, arbitrary: fc.constant('none') }, fc.constantFrom('gap', 'slope')),
      ),
      { minLength: 2, maxLength: 9 },
    )
    .map((all) =>
      all.map(([value, slope, missing], k) => ({
        k,
        value: missing === 'gap' ? 0 : value,
        slope: missing === 'slope' ? 0 : -slope,
        idle: missing !== 'none',
      })),
    ),
  initial: powersOfTwo(),
})

export const idleBatches: Statement<Keeping, Interrupted> = {
  ...common,
  id: 'L6.idle',
  says: 'A batch without gap or slope gives no step, and changes no later one; the iterations are counted in the whole sequence',
  hypotheses: [],
  slack: 'none: bit for bit',
  cases: interrupted,
  show: ({ rays, initial }) => ({ rays: showDescents(rays), initial }),
  subjects: {
    spsSmooth: (initial) => spsSmooth({ growth: 1, initial }),
    'spsSmooth that grows': (initial) => spsSmooth({ growth: 2, initial }),
    runningMin: (initial) => runningMin(minOf(polyak(), last({ initial, factor: 2 }))),
  },
  evaluate: (of, { rays, initial }) => {
    const whole = takeSteps(of(initial), rays).map(({ step }) => step)
    const active = takeSteps(
      of(initial),
      rays.filter((ray) => !ray.idle),
    ).map(({ step }) => step)
    const kept = whole.filter((_, k) => rays[k]?.idle === false)
    return compared([
      ...rays.flatMap((ray, k) =>
        ray.idle ? [must(`no step on ray ${k}`, whole[k] === 0 || whole[k] === null)] : [],
      ),
      ...kept.map((step, i) => equal(`active ray ${i}`, rankOf(step), rankOf(active[i] ?? null))),
    ])
  },
  mutants: ['absorbingZero', 'absorbingMinimum'],
}

/** A stochastic line search whose every start is the step before. */
type KeepingSearch = (p: { readonly initial: number } & Pick<Constants, 'c' | 'shrink' | 'budget'>) => Rule

export const keptSearch: Statement<KeepingSearch, SearchCase> = {
  ...common,
  id: 'L6.keep',
  says: 'The search that starts from its last step never lengthens it: a running minimum.',
  hypotheses: [],
  slack: 'none: bit for bit',
  cases: searchCases,
  show: showSearch,
  subjects: { 'sls, keep': (p) => sls({ ...p, reset: 'keep' }) },
  evaluate: (of, { journey, start: initial, c, shrink, budget }) =>
    compared(
      travel(journey, of({ initial, c, shrink, budget }))
        .flatMap(({ step, k }) => (step === null ? [] : [{ step, k }]))
        .map(({ step, k }, i, all) => ({
          at: `k = ${k}`,
          observed: step,
          bound: all[i - 1]?.step ?? initial,
          slack: 0,
        })),
    ),
  mutants: ['growsByDefault', 'restartsOnceAnEpoch'],
}

export const closedForms: Card = {
  id: 'L6',
  title: 'Rules that remember, in closed form',
  about:
    'What looks like a recursion is a minimum over the past: DecSPS is a running minimum of the ratios behind a deterministic decay, the smoothed Polyak step one with growth, AdaSPS one over its own ratios, and a search that keeps its step one of accepted trials. A batch that has nothing to say must not enter any of them: a stored zero would never leave a minimum again.',
  proof: 'Induction on $k$; multiplication by $\\tau > 0$ and by $1/c_k$ commutes with the minimum.',
  sources: ['orvieto2022', 'loizou2021', 'jiang2023', 'vaswani2019'],
  statements: [
    seal(smoothedClosed),
    seal(smoothedOnRuns),
    seal(decSpsClosed),
    seal(adaSpsClosed),
    seal(keptSearch),
    seal(idleBatches),
  ],
}
