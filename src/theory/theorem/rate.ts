import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import { oneBinade } from '../../../spec/law/arbitrary/number.js'
import type { Json } from '../../../spec/vocabulary/json.js'
import type { Rule } from '../../rule/rule.js'
import { type Comparison, compared, type Evidence, unmet } from '../card/evidence.js'
import type { Hypothesis, Statement } from '../card/statement.js'
import { distance2, type Moment } from '../world/travel.js'
import { depthOf, everyPath, expectation, type Path } from '../world/tree.js'
import {
  everyComponent,
  excess,
  interpolationGap,
  type Journey,
  mean,
  type SolvedWorld,
} from '../world/world.js'
import { measuredCertificate } from './certified.js'

/** A world, a constant and a cap. */
export interface RateCase {
  readonly world: SolvedWorld
  readonly c: number
  readonly cap: number
}

/** A constant $c$ with $c\,\gamma\|g\|^2 \le f_S - \ell_S$ and an interval $[\alpha, \gamma_b]$ of steps. */
export interface Interval {
  readonly c: number
  readonly low: number
  readonly high: number
}

/** A rule made from a constant and a cap, with what it promises; none where that is measured on the runs. */
export interface Bounded {
  readonly rule: (given: RateCase) => Rule
  readonly constants: (given: RateCase) => O.Option<Interval>
}

/** A rule of a user's own, whose constants are seen. */
export const ownBounded = (rule: Rule): Bounded => ({ rule: () => rule, constants: () => O.none })

/** Enough leaves for a rate to show, and an eighth of what an expectation may cost. */
export const FEW = 32

/** The same world with a start nearer to its minimiser: by noise alone at 0, from afar at 1. */
export const startingAt = (world: SolvedWorld, share: number): SolvedWorld => ({
  ...world,
  start: world.minimiser.map((m, j) => m + share * ((world.start[j] ?? 0) - m)),
})

/** The same world with the infima of its components as their bounds. */
export const tightly = (world: SolvedWorld): SolvedWorld => {
  const { objective, looseness, place } = world
  const loose = (batch: ReadonlyArray<number>): number => mean(batch.map((i) => looseness[i] ?? 0))
  if (looseness.every((l) => l === 0)) return world
  return {
    ...world,
    objective: {
      ...objective,
      lowerBound: (batch) =>
        objective.lowerBound(batch) + loose(batch === null ? everyComponent(world) : Array.from(batch)),
    },
    looseness: looseness.map(() => 0),
    place: (x, batch) => {
      const at = place(x, batch)
      return { ...at, gap: at.gap - loose(batch) }
    },
  }
}

/** Shares of the distance: from where a world starts, near its minimiser, and at it, where only the noise moves. */
const nearAndFar = (): fc.Arbitrary<number> => fc.constantFrom(1, 1 / 8, 0)

/** $\max_i L_i$; 1 where every component is constant. */
export const greatestL = ({ L }: SolvedWorld): number => Math.max(...L) || 1

/** Steps in units of $1/L_{\max}$, by powers of two from `low` to `high`. */
export const inUnits = (low: number, high: number): fc.Arbitrary<number> =>
  fc.tuple(fc.integer({ min: low, max: high }), oneBinade()).map(([e, m]) => m * 2 ** e)

/** A world, a constant and a cap that is drawn in units of $1/L_{\max}$. */
export const rateCases = (
  worlds: fc.Arbitrary<SolvedWorld>,
  c: fc.Arbitrary<number>,
  caps: fc.Arbitrary<number>,
  shares: fc.Arbitrary<number> = nearAndFar(),
): fc.Arbitrary<RateCase> =>
  fc.tuple(worlds, c, caps, shares).map(([world, constant, cap, share]) => ({
    world: startingAt(world, share),
    c: constant,
    cap: cap / greatestL(world),
  }))

/** All of $f$ in every step, long enough for what lags behind to show. */
export const enduring = (worlds: fc.Arbitrary<SolvedWorld>): fc.Arbitrary<Journey<SolvedWorld>> =>
  fc.tuple(worlds, fc.integer({ min: 0, max: 60 })).map(([world, iterations]) => ({
    world,
    batches: Array.from({ length: 4 + 2 * iterations }, () => everyComponent(world)),
  }))

/** A world as data. */
export const showWorld = ({ family, data, start }: SolvedWorld): Json => ({
  family,
  data,
  start: Array.from(start),
})

/** A case as data. */
export const showRate = ({ world, c, cap }: RateCase): Json => ({ problem: showWorld(world), c, cap })

/** What is left of nine digits: an expectation adds hundreds of numbers of the size of the bound. */
export const DIGITS = 1e-9

/** What gaps and noise are counted from: the declared bounds, or the infima. */
export interface Reference {
  readonly noise: (world: SolvedWorld) => number
  readonly gap: (world: SolvedWorld, m: Moment) => number
}

/** For Polyak steps, which know nothing but the bounds. */
export const fromBounds: Reference = { noise: excess, gap: (_world, { gap }) => gap }

/** For searches, which need none. */
export const fromInfima: Reference = {
  noise: interpolationGap,
  gap: ({ looseness }, { gap, batch }) => gap - mean(batch.map((i) => looseness[i] ?? 0)),
}

/** The constants as they are seen on every path of a tree; a failure and a step of zero make the least step 0. */
const measured = (world: SolvedWorld, paths: ReadonlyArray<Path>, reference: Reference): Interval => {
  const moments = paths.flatMap((path) => path.moments.map((m) => ({ ...m, gap: reference.gap(world, m) })))
  const steps = moments.map(({ step }) => step ?? 0)
  return { c: measuredCertificate(moments), low: Math.min(...steps), high: Math.max(...steps) }
}

/** What a rate says of a tree whose constants are known; `noise` is $\sigma^2$ or $\sigma_B^2$. */
export type Rate = (
  given: RateCase,
  constants: Interval,
  paths: ReadonlyArray<Path>,
  noise: number,
) => ReadonlyArray<Comparison>

/** How many samples every path of a tree has. */
export const lengthOf = (paths: ReadonlyArray<Path>): number => paths[0]?.moments.length ?? 0

/** $\mathbb E f(x_k) - f^*$, each value near the bound of its components and not near another great number. */
export const expectedGap = (world: SolvedWorld, paths: ReadonlyArray<Path>, k: number): number => {
  const all = everyComponent(world)
  const atSolution = world.place(world.minimiser, all).gap
  return expectation(paths, (moments) => {
    const m = moments[k]
    return m === undefined ? Number.NaN : world.place(m.x, all).gap - atSolution
  })
}

/** $\mathbb E D_{k+1}^2 \le (1 - \bar\mu\alpha)\,\mathbb E D_k^2 + 2\gamma_b\sigma^2$, unrolled. */
export const distanceRate: Rate = ({ world }, { low, high }, paths, noise) => {
  const start = distance2(world.start, world.minimiser)
  const size = start + world.minimiser.reduce((s, x) => s + x * x, 0) * DIGITS
  // Where every step seen is longer than 1/mu, the bound holds with 1/mu for the least: what is unrolled must not be negative.
  const factor = Math.max(0, 1 - mean(world.mu) * low)
  const { error } = world.place(world.minimiser, everyComponent(world))
  let bound = start
  return Array.from({ length: lengthOf(paths) }, (_, k) => {
    bound = factor * bound + 2 * high * Math.max(0, noise)
    return {
      at: `k = ${k + 1}`,
      observed: expectation(paths, (moments) => moments[k]?.nextDistance2 ?? Number.NaN),
      bound,
      slack: DIGITS * (size + 2 * (k + 1) * high * Math.abs(noise)) + 4 * (k + 1) * high * error,
    }
  })
}

/** $\frac1K \sum_k \mathbb E f(x_k) - f^*$, at least what the average iterate has. */
export const averageRate: Rate = ({ world }, { c, low, high }, paths, noise) => {
  const start = distance2(world.start, world.minimiser)
  // Where the noise vanishes and the start solves, a point is still rounded.
  const rounded = greatestL(world) * world.minimiser.reduce((s, x) => s + x * x, 0)
  const { gap, error } = world.place(world.minimiser, everyComponent(world))
  const size = Math.abs(gap) + rounded * DIGITS
  const weight = c / (2 * c - 1)
  let sum = 0
  return Array.from({ length: lengthOf(paths) }, (_, k) => {
    sum += expectedGap(world, paths, k)
    const K = k + 1
    const bound = (weight * start) / (low * K) + weight * ((2 * high) / low - 2 + 1 / c) * Math.max(0, noise)
    return {
      at: `K = ${K}`,
      observed: sum / K,
      bound,
      slack: DIGITS * (bound + size) + 4 * (1 + (weight * high) / low) * error,
    }
  })
}

const LEAST = 'steps in $[\\alpha, \\gamma_b]$, $\\alpha > 0$, and $c\\,\\gamma\\|g\\|^2 \\le f_S - \\ell_S$'

/** The hypotheses that all rates share. */
export const sampled: Hypothesis<RateCase> = {
  says: 'every $f_i$ is convex and $L_i$-smooth; single samples, drawn uniformly',
  holds: ({ world }) => world.convex,
}

export const interpolation: Hypothesis<RateCase> = {
  says: 'one point minimises every $f_i$',
  holds: ({ world }) => world.interpolates,
}

/** The last of them, which is checked on the run. */
export const certifiedSteps = (least: string): Hypothesis<RateCase> => ({
  says: `${LEAST} with ${least}`,
  holds: () => true,
})

/** Runs the tree of samples and compares expectations. */
export const inExpectation =
  (
    rate: Rate,
    reference: Reference,
    accepts: (c: number) => boolean,
  ): Statement<Bounded, RateCase>['evaluate'] =>
  ({ rule, constants }, given): Evidence => {
    const { world } = given
    const paths = everyPath(world, rule(given), depthOf(world.L.length, 12, FEW))
    if (paths === null) return unmet('finite points', 'a point that is not finite')
    const known = O.getOrElse(() => measured(world, paths, reference))(constants(given))
    if (!accepts(known.c)) return unmet(LEAST, `c = ${known.c}`)
    if (!(known.low > 0)) return unmet(LEAST, `a step of ${known.low}`)
    return compared(rate(given, known, paths, reference.noise(world)))
  }

/** What all of them share. */
export const rateStatement = {
  kind: 'expectation',
  evidence: ['D', 'V'],
  slack: '1e-9 of the bound, for sums of at most 32 leaves, and the counted error of the noise',
  show: showRate,
  ofRule: ownBounded,
} as const
