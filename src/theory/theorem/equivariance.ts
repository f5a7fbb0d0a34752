import fc from 'fast-check'
import type { KnownProblem } from '../../../spec/law/arbitrary/problem.js'
import { gamma } from '../../numeric/index.js'
import { adagrad } from '../../optimizer/direction/adagrad.js'
import { adam } from '../../optimizer/direction/adam.js'
import type { Direction } from '../../optimizer/direction/direction.js'
import { momentum } from '../../optimizer/direction/momentum.js'
import { steepest } from '../../optimizer/direction/steepest.js'
import { armijo } from '../../rule/atom/armijo.js'
import { constant } from '../../rule/atom/constant.js'
import { dog } from '../../rule/atom/dog.js'
import { decSps } from '../../rule/derived/decSps.js'
import { liOrabona } from '../../rule/derived/liOrabona.js'
import { spsMax } from '../../rule/derived/spsMax.js'
import type { Rule } from '../../rule/rule.js'
import type { Card } from '../card/card.js'
import { type Comparison, compared, equal } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Statement } from '../card/statement.js'
import { journeys } from '../world/journeys.js'
import { quadraticWorld } from '../world/quadratic.js'
import { travel } from '../world/travel.js'
import { type Journey, showJourney } from '../world/world.js'
import { between, magnitudes } from './parameter.js'
import { rankOf } from './rays.js'
import {
  otherRays,
  otherUnits,
  type Transformable,
  transformable,
  unitlessDirections,
  withoutParameters,
} from './units.js'

/** A rule along a direction. */
export interface Method {
  readonly rule: (p: { readonly c: number; readonly size: number }) => Rule
  readonly direction: Direction
}

interface MethodCase {
  readonly journey: Journey<Transformable>
  readonly c: number
  readonly size: number
}

const show = ({ journey, c, size }: MethodCase) => ({ ...showJourney(journey), c, size })

/** The coordinates of which the mirror changes the sign. */
const mirror = (x: ReadonlyArray<number>, signs: ReadonlyArray<number>): ReadonlyArray<number> =>
  x.map((xi, i) => (signs[i] ?? 1) * xi)

const mirrored = ({ objective, ...problem }: KnownProblem, signs: ReadonlyArray<number>): KnownProblem => ({
  ...problem,
  objective: {
    ...objective,
    A: objective.A.map((Ai) =>
      mirror(
        Ai.map(() => 1),
        signs,
      ).map((s, i) =>
        mirror(
          (Ai[i] ?? []).map((x) => s * x),
          signs,
        ),
      ),
    ),
    b: objective.b.map((bi) => mirror(bi, signs)),
  },
  start: mirror(problem.start, signs),
  minimiser: mirror(problem.minimiser, signs),
})

interface MirrorCase extends MethodCase {
  readonly signs: ReadonlyArray<number>
}

const spsAlong = (direction: Direction): Method => ({
  rule: ({ c, size }) => spsMax({ c: 4 * c, cap: size }),
  direction,
})

const searchAlong = (direction: Direction): Method => ({
  rule: ({ c, size }) => armijo({ c, start: constant(size) }),
  direction,
})

export const reflection: Statement<Method, MirrorCase> = {
  id: 'P27.reflection',
  says: 'In a mirror along coordinates, an orthogonal map that rounds nothing, the run is mirrored: the same steps and the mirrored points, bit for bit',
  kind: 'path',
  evidence: ['D'],
  hypotheses: [],
  slack: 'none: a change of sign rounds nothing',
  cases: fc.record({
    journey: journeys(transformable),
    signs: fc.array(fc.constantFrom(-1, 1), { minLength: 4, maxLength: 4 }),
    c: between(1 / 16, 15 / 16),
    size: magnitudes(),
  }),
  show: ({ signs, ...given }) => ({ ...show(given), signs }),
  subjects: {
    'spsMax, steepest': spsAlong(steepest),
    'spsMax, Adam': spsAlong(adam({ beta1: 0.5, beta2: 0.75 })),
    'armijo, steepest': searchAlong(steepest),
    'armijo, AdaGrad': searchAlong(adagrad()),
    'spsMax, momentum': spsAlong(momentum(0.5)),
  },
  evaluate: ({ rule, direction }, { journey, signs, c, size }) => {
    const other: Journey = { ...journey, world: quadraticWorld(mirrored(journey.world.problem, signs)) }
    const here = travel(journey, rule({ c, size }), direction)
    const there = travel(other, rule({ c, size }), direction)
    return compared(
      there.flatMap((n, k): ReadonlyArray<Comparison> => {
        const m = here[k]
        return m === undefined
          ? [equal(`as many iterations, k = ${k}`, 1, 0)]
          : [
              equal(`step, k = ${k}`, rankOf(n.step), rankOf(m.step)),
              ...Array.from(n.next, (x, i) =>
                equal(`coordinate ${i}, k = ${k}`, (signs[i] ?? 1) * x, m.next[i] ?? Number.NaN),
              ),
            ]
      }),
    )
  },
  mutants: ['paddedGradient', 'onlyPositiveParts'],
}

interface ShiftCase extends MethodCase {
  readonly shift: ReadonlyArray<number>
}

const shifted = ({ objective, ...problem }: KnownProblem, t: ReadonlyArray<number>): KnownProblem => {
  const add = (x: ReadonlyArray<number>): ReadonlyArray<number> => x.map((xi, i) => xi + (t[i] ?? 0))
  return {
    ...problem,
    objective: { ...objective, b: objective.b.map(add) },
    start: add(problem.start),
    minimiser: add(problem.minimiser),
  }
}

export const translation: Statement<Method, ShiftCase> = {
  id: 'P27.translation',
  says: '$x \\to x + t$, $f \\to f(\\cdot - t)$: the first step is the same, bit for bit, and the first point moves with the origin',
  kind: 'path',
  evidence: ['D'],
  hypotheses: [
    {
      says: 'start, centres and $t$ are short dyadic numbers, so that the first differences are exact; rules that ask no value along the ray',
      holds: () => true,
    },
  ],
  slack: 'none in the step; 4 roundings of each coordinate of the point',
  cases: fc.record({
    journey: journeys(transformable, { length: 1 }),
    shift: fc.array(
      fc.integer({ min: -256, max: 256 }).map((i) => i / 8),
      { minLength: 4, maxLength: 4 },
    ),
    c: between(1 / 16, 15 / 16),
    size: magnitudes(),
  }),
  show: ({ shift, ...given }) => ({ ...show(given), shift }),
  subjects: {
    'spsMax, steepest': spsAlong(steepest),
    'spsMax, Adam': spsAlong(adam({ beta1: 0.5, beta2: 0.75 })),
    'decSps, steepest': { rule: ({ c, size }) => decSps({ c0: 4 * c, cap: size }), direction: steepest },
    'dog, steepest': { rule: ({ c }) => dog({ repsilon: c }), direction: steepest },
    'liOrabona, AdaGrad': {
      rule: ({ c, size }) => liOrabona({ alpha: size, beta: c }),
      direction: adagrad(),
    },
  },
  evaluate: ({ rule, direction }, { journey, shift, c, size }) => {
    const other: Journey = { ...journey, world: quadraticWorld(shifted(journey.world.problem, shift)) }
    const [m] = travel(journey, rule({ c, size }), direction)
    const [n] = travel(other, rule({ c, size }), direction)
    if (m === undefined || n === undefined) return compared([])
    return compared([
      equal('the step', rankOf(n.step), rankOf(m.step)),
      ...Array.from(n.next, (x, i) => {
        const [before = 0, after = 0, t = 0] = [m.x[i], m.next[i], shift[i]]
        const size = Math.abs(before) + Math.abs(after - before) + Math.abs(t)
        return equal(`coordinate ${i}`, x, after + t, gamma(4) * 2 * size)
      }),
    ])
  },
  mutants: ['decaysWeights', 'startByNorm'],
}

export const equivarianceCard: Card = {
  id: 'P27',
  title: 'Units, mirrors and origins do not matter',
  about:
    'A step size is a length over a slope: in other units of the loss it is divided by the same number, and the points of the run are the same in every bit. A small constant added "for stability", a hidden default cap or a step of $10^{-6}$ after a failed search all show here, because each has a unit that nobody wrote down. Nor may the run depend on the sign of a coordinate or on where the origin is.',
  proof:
    'Value, slope and bounds are multiplied by $a$, squared norms by $a^2$; powers of two and signs are exact in every operation that is made.',
  sources: ['loizou2021', 'vaswani2019', 'ivgi2023'],
  statements: [
    seal(otherUnits),
    seal(unitlessDirections),
    seal(withoutParameters),
    seal(otherRays),
    seal(reflection),
    seal(translation),
  ],
}
