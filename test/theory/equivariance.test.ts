import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import {
  adagrad,
  adam,
  armijo,
  constant,
  type Direction,
  decSps,
  envelope,
  maxOf,
  minOf,
  polyak,
  type Ray,
  type Rule,
  rayOf,
  runningMin,
  sls,
  spsB,
  spsMax,
  spsSmooth,
  steepest,
  takeStep,
} from 'steplaw'
import { type KnownProblem, rayArbitrary } from 'steplaw/laws'
import { tame } from '../../spec/law/ray.js'
import { between, magnitudes, powersOfTwo } from './draw.js'
import { type Journey, journeys, travel, worldOf } from './journey.js'
import * as mutant from './mutants.js'
import { prove } from './theorem.js'

/** A rule in units: `size` is a step, `slack` a loss. */
interface Sizes {
  readonly c: number
  readonly size: number
  readonly slack: number
}

type InUnits = (p: Sizes) => Rule

/** `c` is drawn in (0, 1), for a search; a Polyak step takes four times as much. */
const subjects: { readonly [name: string]: InUnits } = {
  spsMax: ({ c, size }) => spsMax({ c: 4 * c, cap: size }),
  spsB: ({ c, size }) => spsB({ c: 4 * c, initial: size }),
  spsSmooth: ({ c, size }) => spsSmooth({ c: 4 * c, growth: 2, initial: size }),
  decSps: ({ c, size }) => decSps({ c0: 4 * c, cap: size }),
  armijo: ({ c, size, slack }) => armijo({ c, slack, start: constant(size) }),
  'sls, grow': ({ c, size }) => sls({ c, initial: size, reset: 'grow', growth: 1.25 }),
  composed: ({ c, size }) =>
    envelope({
      lower: constant(size / 64),
      proposal: maxOf(armijo({ c, start: polyak({ c }) }), runningMin(polyak({ c: 0.5 }))),
      upper: minOf(constant(size), polyak({ c: 0.25 })),
    }),
}

const capped =
  (of: (p: mutant.Capped) => Rule): InUnits =>
  ({ c, size }) =>
    of({ c: 4 * c, cap: size })

const searching =
  (of: (p: Parameters<typeof armijo>[0]) => Rule, budget: number): InUnits =>
  ({ c, size, slack }) =>
    of({ c, slack, budget, start: constant(size) })

const sizes = {
  c: between(1 / 16, 15 / 16),
  size: magnitudes(),
  slack: fc.oneof(fc.constant(0), magnitudes()),
}

const scaled = ({ objective, ...problem }: KnownProblem, a: number): KnownProblem => ({
  ...problem,
  objective: {
    ...objective,
    A: objective.A.map((Ai) => Ai.map((row) => row.map((x) => a * x))),
    k: objective.k.map((x) => a * x),
    lowerBounds: objective.lowerBounds.map((x) => a * x),
  },
})

interface Draw extends Sizes {
  readonly journey: Journey
  readonly a: number
}

const draws: fc.Arbitrary<Draw> = fc.record({ journey: journeys(), a: powersOfTwo(), ...sizes })

/** The runs on f and on a f agree in every bit of every point; the steps are divided by a, unless the direction has no units. */
const sameRuns =
  (directions: ReadonlyArray<Direction>, unitless: boolean) =>
  (of: InUnits) =>
  ({ journey, a, c, size, slack }: Draw): boolean => {
    const unit = unitless ? 1 : a
    const world = worldOf(journey)
    const other = worldOf({ ...journey, problem: scaled(journey.problem, a) })
    return directions.every((direction) => {
      const here = travel(world, of({ c, size, slack }), direction)
      const there = travel(other, of({ c, size: size / unit, slack: a * slack }), direction)
      // A run ends where squares underflow, which depends on the units: both have come as far as the shorter.
      return there.slice(0, here.length).every((n, k) => {
        const m = here[k]
        return (
          m !== undefined &&
          n.step === (m.step === null ? null : m.step / unit) &&
          m.next.every((x, i) => Object.is(x, n.next[i]))
        )
      })
    })
  }

prove<InUnits, Draw>({
  id: 'P27',
  statement: 'f -> a f along steepest descent: the same points, bit for bit, and steps divided by a',
  hypotheses: 'a a power of two; bounds, caps, starts and slack in the new units; random batches',
  slack: 'none: powers of two round nothing',
  draws,
  holds: sameRuns([steepest], false),
  runs: 75,
  subjects,
  mutants: {
    paddedNorm: { subject: capped(mutant.paddedNorm), kill: 0.834 },
    hiddenCap: { subject: capped(mutant.hiddenCap), kill: 0.328 },
    takesTinyStep: { subject: searching(mutant.takesTinyStep, 3), kill: 0.705 },
  },
})

prove<InUnits, Draw>({
  id: 'P27',
  statement: 'f -> a f along a direction without units: the same points and the same steps, bit for bit',
  hypotheses:
    'Adam and AdaGrad with epsilon 0; a a power of two; bounds and slack in the new units; random batches',
  slack: 'none: powers of two round nothing',
  draws,
  holds: sameRuns([adam({ beta1: 0.5, beta2: 0.75, eps: 0 }), adagrad(0)], true),
  runs: 75,
  subjects: Object.fromEntries(
    Object.entries(subjects).filter(([name]) => ['spsMax', 'armijo', 'composed'].includes(name)),
  ),
  mutants: {
    normOfDirection: { subject: capped(mutant.normOfDirection), kill: 0.317 },
    normOfGradient: { subject: capped(mutant.normOfGradient), kill: 0.838 },
    decreaseByGradient: { subject: searching(mutant.decreaseByGradient, 100), kill: 0.851 },
  },
})

interface RayDraw extends Sizes {
  readonly ray: Ray
  readonly a: number
  readonly stretch: number
}

prove<InUnits, RayDraw>({
  id: 'P27',
  statement: 'phi -> a phi(s .): the step divided by s, bit for bit',
  hypotheses:
    'a and s powers of two; any ray, as long as nothing overflows or underflows; bounds and slack times a, sizes divided by s',
  slack: 'none: powers of two round nothing',
  draws: fc.record({
    ray: rayArbitrary().filter(tame).map(rayOf),
    a: powersOfTwo(),
    stretch: powersOfTwo(),
    ...sizes,
  }),
  holds:
    (of) =>
    ({ ray, a, stretch, c, size, slack }) => {
      const { phi = () => Number.NaN, lowerBound = O.some(0), executed = O.none } = ray
      const times = (by: number) => O.map((x: number) => by * x)
      const other: Ray = {
        value: a * ray.value,
        slope: a * stretch * ray.slope,
        phi: (t) => a * phi(stretch * t),
        lowerBound: times(a)(lowerBound),
        executed: times(1 / stretch)(executed),
      }
      const here = takeStep(of({ c, size, slack }), { ...ray, lowerBound, executed, phi }).step
      const there = takeStep(of({ c, size: size / stretch, slack: a * slack }), other).step
      return here === null ? there === null : there === here / stretch
    },
  runs: 220,
  subjects,
  mutants: {
    paddedNorm: { subject: capped(mutant.paddedNorm), kill: 0.157 },
    hiddenCap: { subject: capped(mutant.hiddenCap), kill: 0.158 },
    takesTinyStep: { subject: searching(mutant.takesTinyStep, 3), kill: 0.269 },
  },
})
