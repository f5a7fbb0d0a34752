import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import type { RayCase } from '../../../spec/conformance/case.js'
import { type KnownProblem, problemArbitrary } from '../../../spec/law/arbitrary/problem.js'
import { rayArbitrary } from '../../../spec/law/arbitrary/ray.js'
import { tame } from '../../../spec/law/ray.js'
import { adagrad } from '../../optimizer/direction/adagrad.js'
import { adam } from '../../optimizer/direction/adam.js'
import type { Direction } from '../../optimizer/direction/direction.js'
import { steepest } from '../../optimizer/direction/steepest.js'
import { adaSls } from '../../rule/atom/adaSls.js'
import { adaSps } from '../../rule/atom/adaSps.js'
import { armijo } from '../../rule/atom/armijo.js'
import { constant } from '../../rule/atom/constant.js'
import { dog } from '../../rule/atom/dog.js'
import { dowg } from '../../rule/atom/dowg.js'
import { polyak } from '../../rule/atom/polyak.js'
import { envelope } from '../../rule/combine/envelope.js'
import { maxOf } from '../../rule/combine/max.js'
import { minOf } from '../../rule/combine/min.js'
import { runningMin } from '../../rule/combine/runningMin.js'
import { decSps } from '../../rule/derived/decSps.js'
import { sls } from '../../rule/derived/sls.js'
import { spsB } from '../../rule/derived/spsB.js'
import { spsMax } from '../../rule/derived/spsMax.js'
import { spsSmooth } from '../../rule/derived/spsSmooth.js'
import { type Ray, takeStep } from '../../rule/ray.js'
import { rayOf } from '../../rule/rayCase.js'
import type { Rule } from '../../rule/rule.js'
import { type Comparison, compared, equal, must } from '../card/evidence.js'
import type { Statement } from '../card/statement.js'
import { journeys } from '../world/journeys.js'
import { quadraticWorld } from '../world/quadratic.js'
import { travel } from '../world/travel.js'
import { type Journey, type SolvedWorld, showJourney } from '../world/world.js'
import { between, magnitudes, powersOfTwo } from './parameter.js'
import { rankOf, showRays } from './rays.js'

/** What a rule is made from that has units: `size` is a step, `slack` a loss. */
export interface Sizes {
  readonly c: number
  readonly size: number
  readonly slack: number
}

/** A rule in units. */
export type InUnits = (p: Sizes) => Rule

/** `c` is drawn in (0, 1), for a search; a Polyak step takes four times as much. */
const ofEveryKind: { readonly [name: string]: InUnits } = {
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

const sizes = {
  c: between(1 / 16, 15 / 16),
  size: magnitudes(),
  slack: fc.oneof(fc.constant(0), magnitudes()),
}

/** A world that can be had in other units, or seen in a mirror. */
export interface Transformable extends SolvedWorld {
  readonly problem: KnownProblem
}

export const transformable: fc.Arbitrary<Transformable> = problemArbitrary().map((problem) => ({
  ...quadraticWorld(problem),
  problem,
}))

/** The sum times $a$, its bounds too. */
const scaled = ({ objective, ...problem }: KnownProblem, a: number): KnownProblem => ({
  ...problem,
  objective: {
    ...objective,
    A: objective.A.map((Ai) => Ai.map((row) => row.map((x) => a * x))),
    k: objective.k.map((x) => a * x),
    lowerBounds: objective.lowerBounds.map((x) => a * x),
  },
})

interface UnitsCase extends Sizes {
  readonly journey: Journey<Transformable>
  readonly a: number
}

/** The runs on f and on a f agree in every bit of every point; the steps are divided by a, unless the direction has no units. */
const sameRuns =
  (directions: ReadonlyArray<Direction>, unitless: boolean): Statement<InUnits, UnitsCase>['evaluate'] =>
  (of, { journey, a, c, size, slack }) => {
    const unit = unitless ? 1 : a
    const other: Journey = { ...journey, world: quadraticWorld(scaled(journey.world.problem, a)) }
    return compared(
      directions.flatMap((direction) => {
        const here = travel(journey, of({ c, size, slack }), direction)
        const there = travel(other, of({ c, size: size / unit, slack: a * slack }), direction)
        // A run ends where squares underflow, which depends on the units: both have come as far as the shorter.
        return there.slice(0, here.length).flatMap((n, k): ReadonlyArray<Comparison> => {
          const m = here[k]
          if (m === undefined) return []
          return [
            equal(`step, k = ${k}`, n.step === null ? -1 : n.step * unit, rankOf(m.step)),
            must(
              `the point, k = ${k}`,
              m.next.every((x, i) => Object.is(x, n.next[i])),
            ),
          ]
        })
      }),
    )
  }

const onRuns = {
  kind: 'path',
  evidence: ['D'],
  hypotheses: [
    { says: '$a$ is a power of two, and every parameter is given in the new units', holds: () => true },
  ],
  slack: 'none: powers of two round nothing',
  cases: fc.record({ journey: journeys(transformable), a: powersOfTwo(), ...sizes }),
  show: ({ journey, a, c, size, slack }: UnitsCase) => ({ ...showJourney(journey), a, c, size, slack }),
} as const

export const otherUnits: Statement<InUnits, UnitsCase> = {
  ...onRuns,
  id: 'P27.units',
  says: '$f \\to af$ along steepest descent: the same points, bit for bit, and steps divided by $a$',
  subjects: ofEveryKind,
  evaluate: sameRuns([steepest], false),
  mutants: ['paddedNorm', 'hiddenCap', 'takesTinyStep'],
}

export const unitlessDirections: Statement<InUnits, UnitsCase> = {
  ...onRuns,
  id: 'P27.unitless',
  says: '$f \\to af$ along Adam and AdaGrad with $\\varepsilon = 0$: the same points and the same steps, bit for bit',
  subjects: Object.fromEntries(
    Object.entries(ofEveryKind).filter(([name]) => ['spsMax', 'armijo', 'composed'].includes(name)),
  ),
  evaluate: sameRuns([adam({ beta1: 0.5, beta2: 0.75, eps: 0 }), adagrad(0)], true),
  mutants: ['normOfDirection', 'normOfGradient', 'decreaseByGradient'],
}

export const withoutParameters: Statement<InUnits, UnitsCase> = {
  ...onRuns,
  id: 'P27.free',
  says: 'Rules without a parameter that has a unit of the loss: the points of a run do not change under $f \\to af$, and there is nothing to convert',
  hypotheses: [{ says: '$a$ is a power of four, whose root is exact too', holds: () => true }],
  cases: fc.record({
    journey: journeys(transformable),
    a: fc.integer({ min: -4, max: 4 }).map((e) => 2 ** (2 * e)),
    ...sizes,
  }),
  subjects: {
    polyak: ({ c }) => polyak({ c: 4 * c }),
    dog: ({ c }) => dog({ repsilon: c, epsilon: 0 }),
    dowg: ({ c }) => dowg({ repsilon: c }),
    adaSps: ({ c }) => adaSps({ scale: 4 * c }),
    adaSls: ({ c }) => adaSls({ scale: 4 * c, search: armijo({ c, start: polyak({ c: 0.5 }) }) }),
  },
  ofRule: (rule) => () => rule,
  evaluate: sameRuns([steepest], false),
  mutants: ['paddedNorm', 'hiddenCap', 'dogWithEpsilon', 'gradientUnsquared'],
}

interface RayUnits extends Sizes {
  readonly ray: RayCase
  readonly a: number
  readonly stretch: number
}

export const otherRays: Statement<InUnits, RayUnits> = {
  id: 'P27.rays',
  says: '$\\varphi \\to a\\,\\varphi(s\\,\\cdot)$: the step divided by $s$, bit for bit, on any ray as long as nothing overflows or underflows',
  kind: 'path',
  evidence: ['D'],
  hypotheses: [
    {
      says: '$a$ and $s$ are powers of two; bounds and slack times $a$, sizes divided by $s$',
      holds: () => true,
    },
  ],
  slack: 'none: powers of two round nothing',
  cases: fc.record({
    ray: rayArbitrary().filter(tame),
    a: powersOfTwo(),
    stretch: powersOfTwo(),
    ...sizes,
  }),
  show: ({ ray, a, stretch, c, size, slack }) => ({ rays: showRays([ray]), a, stretch, c, size, slack }),
  subjects: ofEveryKind,
  evaluate: (of, { ray: given, a, stretch, c, size, slack }) => {
    const ray = rayOf(given)
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
    return compared([equal('the step', rankOf(there), here === null ? -1 : here / stretch)])
  },
  mutants: ['paddedNorm', 'hiddenCap', 'takesTinyStep'],
}
