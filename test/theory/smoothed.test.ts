import fc from 'fast-check'
import { last, minOf, polyak, type Ray, type Rule, runningMin, spsSmooth, takeSteps } from 'steplaw'
import { gamma } from '../../src/numeric/index.js'
import { between, magnitudes, powersOfTwo } from './draw.js'
import { type Journey, journeys, travel, worldOf } from './journey.js'
import * as mutant from './mutants.js'
import { prove } from './theorem.js'

type Smoothing = (p: mutant.Smoothed) => Rule

/** (2.2), multiplied out as the rule does it: $\tau$ times what the last iteration left. */
const closedForm = (
  ratios: ReadonlyArray<number>,
  { growth, initial }: mutant.Smoothed,
): ReadonlyArray<number> =>
  ratios.map((_, k) =>
    Math.min(growth ** (k + 1) * initial, ...ratios.slice(0, k + 1).map((r, j) => growth ** (k - j) * r)),
  )

interface RayDraw {
  readonly rays: ReadonlyArray<{ readonly value: number; readonly slope: number }>
  readonly smoothed: mutant.Smoothed
}

const positiveRays = () =>
  fc.array(fc.record({ value: magnitudes(), slope: magnitudes().map((s) => -s) }), {
    minLength: 2,
    maxLength: 9,
  })

const smoothings: { readonly [name: string]: Smoothing } = {
  spsSmooth,
  'the same from its parts': ({ growth, initial, c }) =>
    minOf(polyak({ c }), last({ initial: growth * initial, factor: growth })),
}

prove<Smoothing, RayDraw>({
  id: 'L6',
  statement: 'the smoothed step is min{tau^(k+1) initial, min_j tau^(k-j) ratio_j}',
  hypotheses: 'positive gaps; tau a power of two, at least 1',
  slack: 'none: bit for bit',
  draws: fc.record({
    rays: positiveRays(),
    smoothed: fc.record({ growth: fc.constantFrom(2, 1, 4), initial: magnitudes(), c: between(1 / 8, 4) }),
  }),
  holds:
    (of) =>
    ({ rays, smoothed }) => {
      const expected = closedForm(
        rays.map(({ value, slope }) => value / (smoothed.c * -slope)),
        smoothed,
      )
      return takeSteps(of(smoothed), rays).every(({ step }, k) => step === expected[k])
    },
  runs: 200,
  subjects: smoothings,
  mutants: {
    growsFromRatio: { subject: mutant.growsFromRatio, kill: 0.675 },
    withoutGrowth: { subject: mutant.withoutGrowth, kill: 0.642 },
  },
})

prove<Smoothing, { readonly journey: Journey; readonly smoothed: mutant.Smoothed }>({
  id: 'L6',
  statement: 'the same along a run, for any tau',
  hypotheses: 'random batches, up to the first gap that is not positive',
  slack: '2(k + 1) roundings of the powers and 4 of the ratio',
  draws: fc.record({
    journey: journeys(),
    smoothed: fc.record({ growth: between(1, 3), initial: magnitudes(), c: between(1 / 2, 4) }),
  }),
  holds:
    (of) =>
    ({ journey, smoothed }) => {
      const world = worldOf(journey)
      const moments = travel(world, of(smoothed))
      const ratios = moments.map(
        ({ value, batch, gg }) =>
          (value - world.objective.lowerBound(Int32Array.from(batch))) / (smoothed.c * gg),
      )
      const end = ratios.findIndex((r) => !(r > 0 && r < Number.POSITIVE_INFINITY))
      const expected = closedForm(end < 0 ? ratios : ratios.slice(0, end), smoothed)
      return expected.every((e, k) => Math.abs((moments[k]?.step ?? -1) - e) <= gamma(2 * k + 6) * e)
    },
  runs: 65,
  subjects: { spsSmooth },
  mutants: {
    growsFromRatio: { subject: mutant.growsFromRatio, kill: 0.394 },
    withoutGrowth: { subject: mutant.withoutGrowth, kill: 0.781 },
  },
})

/** A rule that keeps something from ray to ray, made from a start. */
type Keeping = (initial: number) => Rule

interface Interrupted {
  readonly rays: ReadonlyArray<Ray & { readonly idle: boolean }>
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

prove<Keeping, Interrupted>({
  id: 'L6',
  statement: 'a ray without gap or slope gives no step, and changes no later one',
  hypotheses: 'rules that remember a step; k as in the whole sequence',
  slack: 'none: bit for bit',
  draws: interrupted,
  holds:
    (of) =>
    ({ rays, initial }) => {
      const whole = takeSteps(of(initial), rays).map(({ step }) => step)
      const idle = rays.every((ray, k) => !ray.idle || whole[k] === 0 || whole[k] === null)
      const active = takeSteps(
        of(initial),
        rays.filter((ray) => !ray.idle),
      ).map(({ step }) => step)
      const kept = whole.filter((_, k) => rays[k]?.idle === false)
      return idle && kept.every((step, i) => step === active[i])
    },
  runs: 100,
  subjects: {
    spsSmooth: (initial) => spsSmooth({ growth: 1, initial }),
    'spsSmooth that grows': (initial) => spsSmooth({ growth: 2, initial }),
    runningMin: (initial) => runningMin(minOf(polyak(), last({ initial, factor: 2 }))),
  },
  mutants: {
    absorbingZero: {
      subject: (initial) => mutant.absorbingZero({ growth: 2, initial, c: 1 }),
      kill: 0.372,
    },
    absorbingMinimum: { subject: (cap) => mutant.absorbingMinimum({ c0: 1, cap }), kill: 0.37 },
  },
})
