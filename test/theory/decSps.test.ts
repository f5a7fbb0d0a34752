import fc from 'fast-check'
import { decSps, type Rule, takeSteps } from 'steplaw'
import { gamma } from '../../src/numeric/index.js'
import { between, magnitudes } from './draw.js'
import { type Journey, journeys, type Moment, placeAt, travel, type World, worldOf } from './journey.js'
import * as mutant from './mutants.js'
import { prove } from './theorem.js'

type Decreasing = (p: mutant.Decreasing) => Rule

const subjects: { readonly [name: string]: Decreasing } = { decSps }

interface RayDraw extends mutant.Decreasing {
  readonly rays: ReadonlyArray<{ readonly value: number; readonly slope: number }>
}

interface Draw extends mutant.Decreasing {
  readonly journey: Journey
}

/** $c_k$, which the rule computes by a power and a quotient: 8 roundings cover both. */
const cAt = (c0: number, k: number): number => c0 * Math.sqrt(k + 1)

const closed =
  (ratios: ReadonlyArray<number>, { c0, cap }: mutant.Decreasing) =>
  (step: number | null, k: number): boolean => {
    const least = Math.min(c0 * cap, ...ratios.slice(0, k + 1))
    return step !== null && Math.abs(step * cAt(c0, k) - least) <= gamma(8) * least
  }

prove<Decreasing, RayDraw>({
  id: 'L6',
  statement: 'c_k step_k = min{c_0 cap, min_j ratio_j}',
  hypotheses: 'positive gaps',
  slack: '8 roundings',
  draws: fc.record({
    rays: fc.array(fc.record({ value: magnitudes(), slope: magnitudes().map((s) => -s) }), {
      minLength: 2,
      maxLength: 9,
    }),
    c0: between(1 / 4, 4),
    cap: magnitudes(),
  }),
  holds:
    (of) =>
    ({ rays, ...p }) => {
      const ratios = rays.map(({ value, slope }) => value / -slope)
      return takeSteps(of(p), rays).every(({ step }, k) => closed(ratios, p)(step, k))
    },
  runs: 150,
  subjects,
  mutants: {
    withoutRunningMin: { subject: mutant.withoutRunningMin, kill: 0.783 },
    minimumOfSteps: { subject: mutant.minimumOfSteps, kill: 0.924 },
    counterAhead: { subject: mutant.counterAhead, kill: 1 },
    rootOfIndex: { subject: mutant.rootOfIndex, kill: 1 },
    capUnscaled: { subject: mutant.capUnscaled, kill: 0.279 },
    answersBeforeUpdate: { subject: mutant.answersBeforeUpdate, kill: 0.893 },
  },
})

/** The iterations before the first without a positive step: at a stationary batch there is nothing to say. */
const stepping = (moments: ReadonlyArray<Moment>): ReadonlyArray<Moment & { readonly step: number }> => {
  const steps = moments.flatMap((m) => (m.step !== null && m.step > 0 ? [{ ...m, step: m.step }] : []))
  const end = steps.findIndex(({ k }, i) => k !== i)
  return end < 0 ? steps : steps.slice(0, end)
}

const draws = (least: number, options: Parameters<typeof journeys>[0] = {}): fc.Arbitrary<Draw> =>
  fc.record({ journey: journeys(options), c0: between(least, 4), cap: magnitudes() })

prove<Decreasing, Draw>({
  id: 'P11',
  statement: 'min{1/(2 L_max), c_0 cap}/c_k <= step_k <= c_0 cap/c_k',
  hypotheses: 'L-smooth, l <= inf f, positive gaps; random batches',
  slack: '8 roundings of c_k and the quotient; the least relative error of a gap and a squared norm so far',
  draws: draws(1 / 4),
  holds:
    (of) =>
    ({ journey, c0, cap }) => {
      const largest = Math.max(...journey.problem.L)
      // How far below 1/(2L) rounding may have put the least ratio: relative to the gap and to the squared norm.
      let below = gamma(8)
      return stepping(travel(worldOf(journey), of({ c0, cap }))).every((m) => {
        const lost = 2 * m.gradientError * Math.sqrt(m.gg) + m.gradientError ** 2 + gamma(8) * m.gg
        below = Math.max(below, (2 * m.L * m.error + lost) / m.gg)
        const scaled = m.step * cAt(c0, m.k)
        const least = Math.min((1 - below) / (2 * largest), c0 * cap)
        return scaled * (1 - gamma(8)) <= c0 * cap && scaled * (1 + gamma(8)) >= least
      })
    },
  runs: 215,
  subjects,
  mutants: {
    counterAhead: { subject: mutant.counterAhead, kill: 0.642 },
    rootOfIndex: { subject: mutant.rootOfIndex, kill: 0.117 },
  },
})

prove<Decreasing, Draw>({
  id: 'P11',
  statement: 'steps decrease: step_k <= step_(k-1)',
  hypotheses: 'positive gaps; random batches',
  slack: 'none: quotients round monotonically',
  draws: draws(1 / 4),
  holds:
    (of) =>
    ({ journey, c0, cap }) =>
      stepping(travel(worldOf(journey), of({ c0, cap }))).every(
        ({ step }, k, all) => step <= (all[k - 1]?.step ?? Number.POSITIVE_INFINITY),
      ),
  runs: 45,
  subjects,
  mutants: {
    withoutRunningMin: { subject: mutant.withoutRunningMin, kill: 0.571 },
  },
})

/** $\max_k D_k^2$ over a run, its end included. */
const radius2 = (moments: ReadonlyArray<Moment>): number =>
  Math.max(0, ...moments.flatMap((m) => [m.distance2, m.nextDistance2]))

/** The telescoped inequality after every iteration, divided by what enters it. */
const telescopes = (
  { problem }: World,
  moments: ReadonlyArray<Moment & { readonly step: number }>,
  c0: number,
): boolean => {
  let left = 0
  let right = 0
  let size = 0
  return moments.every((m, k) => {
    const c = cAt(c0, m.k)
    // f_S(x_k) - f_S(x*) through the gaps, which do not cancel against k.
    left += (2 - 1 / c) * (m.gap - m.atSolution.gap)
    right += m.atSolution.gap / c
    size +=
      2 * (Math.abs(m.gap) + m.atSolution.gap) + (m.error + placeAt(problem, m.next, m.batch).error) * 1e9
    const D2 = radius2(moments.slice(0, k + 1))
    return left <= D2 / m.step + right + 1e-9 * (size + D2 / m.step)
  })
}

prove<Decreasing, Draw>({
  id: 'P11',
  statement:
    'sum (2 - 1/c_k)(f_S(x_k) - f_S(x*)) <= D^2/step_(K-1) + sum (f_S(x*) - l_S)/c_k after every iteration',
  hypotheses: 'convex, c_0 >= 1, positive gaps; D^2 = max D_k^2; random batches',
  slack: '1e-9 of what is added, and the errors of the values',
  draws: draws(1),
  holds:
    (of) =>
    ({ journey, c0, cap }) => {
      const world = worldOf(journey)
      return telescopes(world, stepping(travel(world, of({ c0, cap }))), c0)
    },
  runs: 110,
  subjects,
  mutants: {
    withoutRunningMin: { subject: mutant.withoutRunningMin, kill: 0.227 },
  },
})

prove<Decreasing, Draw>({
  id: 'P11',
  statement: 'iterates stay bounded: D_k^2 <= max{D_0^2, 2 s_max max(1/mu_min, cap)}',
  hypotheses: 'strongly convex components, c_0 >= 1/2; s_max = max f_i(x*) - l_i; random batches',
  slack: '1e-9 relative, and the rounding of the point itself',
  draws: draws(1 / 2, { stronglyConvex: true }),
  holds:
    (of) =>
    ({ journey, c0, cap }) => {
      const { problem } = journey
      const moments = travel(worldOf(journey), of({ c0, cap }))
      const excess = problem.L.map((_, i) => placeAt(problem, problem.minimiser, [i]).gap)
      const bound = Math.max(
        moments[0]?.distance2 ?? 0,
        2 * Math.max(...excess) * Math.max(1 / Math.min(...problem.mu), cap),
      )
      const size = Math.max(...problem.minimiser.map(Math.abs), ...problem.start.map(Math.abs))
      return radius2(moments) <= bound * (1 + 1e-9) + (1e-9 * size) ** 2
    },
  runs: 45,
  subjects,
  mutants: {
    answersBeforeUpdate: { subject: mutant.answersBeforeUpdate, kill: 0.724 },
  },
})
