import fc from 'fast-check'
import { armijo, compileDirection, constant, type Rule, spsMax, takeStep } from 'steplaw'
import type { DirectionExpr } from 'steplaw/spec'
import { between, magnitudes } from './draw.js'
import { polyakBounds } from './gap.js'
import { descending, type Journey, journeys, pointAt, travel, worldOf } from './journey.js'
import * as mutant from './mutants.js'
import {
  backtracks,
  bounds,
  gapBound,
  type Part,
  type Search,
  type SearchDraw,
  sufficientDecrease,
  throughout,
} from './search.js'
import { prove } from './theorem.js'

/** Diagonal preconditioners: the scale of every iteration is what the direction made of the gradients so far. */
const directions: fc.Arbitrary<DirectionExpr> = fc.oneof(
  fc.record({ direction: fc.constant('adagrad' as const), eps: fc.constantFrom(1e-8, 1) }),
  fc.record({
    direction: fc.constantFrom('adam' as const, 'amsgrad' as const),
    beta1: between(0, 15 / 16),
    beta2: between(1 / 16, 15 / 16),
    eps: fc.constantFrom(1e-8, 1),
  }),
  fc.record({
    direction: fc.constant('rmsprop' as const),
    beta: between(1 / 16, 15 / 16),
    eps: fc.constant(1e-8),
  }),
)

interface Draw extends SearchDraw {
  readonly direction: DirectionExpr
}

const draws: fc.Arbitrary<Draw> = fc.record({
  journey: journeys(),
  direction: directions,
  c: between(1 / 16, 15 / 16),
  shrink: fc.constantFrom(0.5, 0.8),
  budget: fc.constant(100),
  slack: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, magnitudes()),
  start: magnitudes(),
})

const along =
  (part: Part) =>
  (search: Search) =>
  (d: Draw): boolean =>
    throughout(part, compileDirection(d.direction))(search)(d)

const counted = 'as along steepest descent, with 2 roundings of the scale'

prove<Search, Draw>({
  id: 'P8b',
  statement: 'min{start, 2 shrink a_min (1 - c)/L} <= step <= start',
  hypotheses:
    'diagonal A > 0 with least entry a_min, made by adam, amsgrad, adagrad or rmsprop; random batches',
  slack: counted,
  draws,
  holds: along(bounds),
  runs: 120,
  subjects: { armijo },
  mutants: {
    decreaseByGradient: { subject: mutant.decreaseByGradient, kill: 0.34 },
    frozenTarget: { subject: mutant.frozenTarget, kill: 0.44 },
    shrinksOnceMore: { subject: mutant.shrinksOnceMore, kill: 0.208 },
  },
})

prove<Search, Draw>({
  id: 'P8b',
  statement:
    'f(x + step p) <= f(x) - c step |g|^2_A + slack, step |g|^2_A <= (f - l + slack)/c, backtracks <= the least j with shrink^j start below the bound',
  hypotheses: 'the same, the search without momentum',
  slack: counted,
  draws,
  holds: along(
    (world, m, d) => sufficientDecrease(world, m, d) && gapBound(world, m, d) && backtracks(world, m, d),
  ),
  runs: 165,
  subjects: { armijo },
  mutants: {
    decreaseByGradient: { subject: mutant.decreaseByGradient, kill: 0.922 },
    plainDecrease: { subject: mutant.plainDecrease, kill: 0.429 },
    slackSubtracted: { subject: mutant.slackSubtracted, kill: 0.152 },
  },
})

prove<Search, Draw>({
  id: 'P8b',
  statement: 'step(slack) >= step(0) at every point of a run, a failure being below every step',
  hypotheses: 'the same start and the same ray',
  slack: 'none: sums round monotonically',
  draws,
  holds:
    (search) =>
    ({ journey, direction, start, ...constants }) => {
      const world = worldOf(journey)
      const at = (slack: number): Rule => search({ start: constant(start), ...constants, slack })
      return travel(world, at(constants.slack), compileDirection(direction)).every((m) => {
        const batch = Int32Array.from(m.batch)
        const phi = (a: number): number => world.objective.value(pointAt(m, a), batch)
        const tight = takeStep(at(0), { value: m.value, slope: m.slope, gg: m.gg, phi }).step
        return (m.step ?? -1) >= (tight ?? -1)
      })
    },
  runs: 155,
  subjects: { armijo },
  mutants: { slackSubtracted: { subject: mutant.slackSubtracted, kill: 0.16 } },
})

interface PolyakDraw extends mutant.Capped {
  readonly journey: Journey
  readonly direction: DirectionExpr
}

prove<(p: mutant.Capped) => Rule, PolyakDraw>({
  id: 'P1',
  statement:
    'min{a_min/(2cL), cap} <= step <= min{(f - l)/(c |g|^2_A), cap} along a preconditioned direction',
  hypotheses: 'L-smooth, l <= inf f, diagonal A > 0; any c > 0; random batches',
  slack: counted,
  draws: fc.record({ journey: journeys(), direction: directions, c: between(1 / 8, 4), cap: magnitudes() }),
  holds: (of) => {
    return ({ journey, direction, c, cap }) =>
      descending(travel(worldOf(journey), of({ c, cap }), compileDirection(direction))).every(
        polyakBounds(c, () => cap),
      )
  },
  runs: 50,
  subjects: { spsMax },
  mutants: {
    normOfDirection: { subject: mutant.normOfDirection, kill: 0.53 },
    normOfGradient: { subject: mutant.normOfGradient, kill: 0.866 },
    invertedScaling: { subject: mutant.invertedScaling, kill: 0.582 },
  },
})
