import fc from 'fast-check'
import type { Json } from '../../../spec/vocabulary/json.js'
import { norm } from '../../numeric/index.js'
import { minimise } from '../../optimizer/driver.js'
import { dAdaptation } from '../../optimizer/wrapper/dAdaptation.js'
import type { WrapperAround } from '../../optimizer/wrapper/wrapper.js'
import { dAdaptationSgd } from '../../rule/atom/dAdaptationSgd.js'
import { prodigy } from '../../rule/atom/prodigy.js'
import type { Rule } from '../../rule/rule.js'
import type { Card } from '../card/card.js'
import { type Comparison, compared, unmet } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Statement } from '../card/statement.js'
import { convexWorlds } from '../world/every.js'
import { journeys } from '../world/journeys.js'
import { huberWorlds, logCoshWorlds } from '../world/robust.js'
import { distance2, setOut, stride } from '../world/travel.js'
import { type Journey, type SolvedWorld, showJourney } from '../world/world.js'
import { DIGITS, enduring, inUnits, startingAt } from './rate.js'

/** A journey, and the first estimate of the distance to a minimiser. */
export interface EstimateCase {
  readonly journey: Journey<SolvedWorld>
  readonly d0: number
}

/** A method with an estimate $d_k$: the estimates of a run, one after every batch. */
export type Estimating = (given: EstimateCase) => ReadonlyArray<number>

/** A rule whose state tells its estimate; a state that tells none keeps the one before. */
export const ofRuleState =
  (rule: (d0: number) => Rule, estimate: (state: Json) => number | null): Estimating =>
  ({ journey: { world, batches }, d0 }) => {
    const found: Array<number> = []
    let walk = setOut(world, rule(d0))
    for (const batch of batches) {
      const next = stride(walk, batch)
      if (next === null) break
      walk = next.walk
      found.push(estimate(walk.state.rule) ?? found.at(-1) ?? d0)
    }
    return found
  }

/** The first number of a rule's own state. */
export const firstOfState = (state: Json): number | null => {
  const own = Array.isArray(state) ? state[0] : null
  const first = Array.isArray(own) ? own[0] : null
  return typeof first === 'number' ? first : null
}

/** A wrapper that stands alone and shows its estimate. */
export const ofWrapper =
  (wrapper: (d0: number) => WrapperAround<'nothing'>, output: string): Estimating =>
  ({ journey: { world, batches }, d0 }) =>
    minimise(world.objective, {
      wrapper: wrapper(d0),
      start: world.start,
      iterations: batches.length,
      batches: (k) => Int32Array.from(batches[k] ?? []),
    }).records.map(({ outputs }) => Number(outputs[output]))

/** Gradients that keep their length far from the minimiser, where an estimate grows fastest and goes too far. */
const steady = (): fc.Arbitrary<SolvedWorld> => {
  const worlds = fc.oneof(
    huberWorlds({ interpolating: true, ridge: false }),
    logCoshWorlds({ interpolating: true, ridge: false }),
  )
  const straight = worlds.filter(({ minimiser }) => minimiser.length === 1)
  return fc
    .tuple(fc.oneof({ weight: 3, arbitrary: straight }, worlds), fc.constantFrom(16, 64))
    .map(([world, share]) => startingAt(world, share))
}

const ABOVE = 'the first gradient that is not 0 stands well above its rounding'

/** At a minimiser a gradient is nothing but rounding, and an estimate that is divided by its length follows it. */
const startsAbove = ({ world, batches }: EstimateCase['journey']): boolean => {
  const seen = batches
    .map((batch) => ({
      size: norm(world.objective.valueAndGradient(world.start, Int32Array.from(batch)).gradient),
      error: world.place(world.start, batch).gradientError,
    }))
    .find(({ size }) => size > 0)
  return seen === undefined || seen.error < 2 ** -33 * seen.size
}

const nearestFew = 2 ** -40

/** P19: the estimate stays below the distance. */
export const estimateBelow: Statement<Estimating, EstimateCase> = {
  id: 'P19.estimate',
  says: '$d_{k-1} \\le d_k \\le \\max\\{d_0, \\|x_0 - x^*\\|\\}$ for every minimiser $x^*$',
  kind: 'path',
  evidence: ['D', 'V'],
  slack: '1e-9 of the distance, and $2^{-40}$ of the points, whose differences are rounded',
  hypotheses: [
    {
      says: 'every $f_i$ is convex; all of $f$ in every step, or one point minimises every $f_i$',
      holds: ({ journey: { world, batches } }) =>
        world.convex && (world.interpolates || batches.every((b) => b.length === world.L.length)),
    },
    { says: ABOVE, holds: () => true },
  ],
  cases: fc
    .record({
      journey: fc.oneof(
        { weight: 8, arbitrary: enduring(steady()) },
        enduring(convexWorlds()),
        journeys(convexWorlds({ interpolating: true }), { length: 32 }),
      ),
      share: inUnits(-7, 0),
    })
    .map(({ journey, share }) => ({
      journey,
      d0: share * (Math.sqrt(distance2(journey.world.start, journey.world.minimiser)) || 1),
    })),
  show: ({ journey, d0 }) => ({ ...showJourney(journey), d0 }),
  subjects: {
    prodigy: ofRuleState((d0) => prodigy({ d0 }), firstOfState),
    'D-Adaptation of gradient descent': ofRuleState((d0) => dAdaptationSgd({ d0 }), firstOfState),
    'D-Adaptation by dual averaging': ofWrapper((d0) => dAdaptation({ d0 }), 'distance'),
  },
  evaluate: (estimates, given) => {
    const { world } = given.journey
    if (!startsAbove(given.journey)) return unmet(ABOVE, 'a first gradient that is rounding')
    const D = Math.sqrt(distance2(world.start, world.minimiser))
    const bound = Math.max(given.d0, D)
    const size = [...world.start, ...world.minimiser].reduce((s, x) => s + Math.abs(x), 0)
    const d = estimates(given)
    return compared(
      d.flatMap(
        (dk, k): ReadonlyArray<Comparison> => [
          { at: `d_${k}`, observed: dk, bound, slack: DIGITS * bound + nearestFew * size },
          { at: `d_${k} does not shrink`, observed: d[k - 1] ?? given.d0, bound: dk, slack: 0 },
        ],
      ),
    )
  },
  mutants: ['doubled', 'doubledAdaptation', 'latestEstimate', 'travelledForEstimate'],
}

export const distanceEstimate: Card = {
  id: 'P19',
  title: 'Prodigy and D-Adaptation estimate the distance from below',
  about:
    'Methods that learn the distance to a solution take its place in the best step by an estimate that can not exceed it: they may start with one that is far too small and do not overshoot. What is estimated is the distance to the nearest minimiser, and the estimate never shrinks. Published code doubles the estimate of D-Adaptation in its gradient-descent form; then only twice the distance is a bound, and this statement is refuted.',
  proof:
    '$0 \\le \\sum_i \\eta_i \\langle g_i, x_i - x^* \\rangle = \\langle \\sum_i \\eta_i g_i, x_0 - x^* \\rangle - \\sum_i \\eta_i \\langle g_i, x_0 - x_i \\rangle$ by convexity, and $\\sum_i \\eta_i g_i = x_0 - x_k$: so the second sum is at most $\\|x_0 - x_k\\| \\|x_0 - x^*\\|$.',
  sources: ['mishchenko2024', 'defazio2023'],
  statements: [seal(estimateBelow)],
}
