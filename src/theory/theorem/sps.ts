import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import { spsMax } from '../../rule/derived/spsMax.js'
import type { Rule } from '../../rule/rule.js'
import type { Card } from '../card/card.js'
import { type Comparison, compared, type Evidence, unmet } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Statement } from '../card/statement.js'
import { quadraticWorlds } from '../world/quadratic.js'
import { distance2 } from '../world/travel.js'
import { depthOf, everyPath, expectation, type Path } from '../world/tree.js'
import { excess, mean, type SolvedWorld } from '../world/world.js'
import { measuredCertificate } from './certified.js'
import { between, magnitudes } from './parameter.js'

/** A world, a constant and a cap. */
interface RateCase {
  readonly world: SolvedWorld
  readonly c: number
  readonly cap: number
}

/** A Polyak step with its constants: $c$, and the interval $[\alpha, \gamma_b]$ of its steps; none where they are measured. */
interface Bounded {
  readonly rule: (p: { readonly c: number; readonly cap: number }) => Rule
  readonly constants: (
    given: RateCase,
  ) => O.Option<{ readonly c: number; readonly low: number; readonly high: number }>
}

const sps: Bounded = {
  rule: spsMax,
  constants: ({ world, c, cap }) =>
    O.some({ c, low: Math.min(1 / (2 * c * Math.max(...world.L)), cap), high: cap }),
}

/** The constants as they are seen on every path of the tree; failures and zero steps have none. */
const measured = (
  paths: ReadonlyArray<Path>,
): { readonly c: number; readonly low: number; readonly high: number } => {
  const moments = paths.flatMap((path) => path.moments)
  const steps = moments.map(({ step }) => step ?? 0)
  return { c: measuredCertificate(moments), low: Math.min(...steps), high: Math.max(...steps) }
}

/** What is left of nine digits: an expectation adds hundreds of numbers of the size of the bound. */
const DIGITS = 1e-9

type Bound = (
  given: RateCase,
  constants: { readonly c: number; readonly low: number; readonly high: number },
  paths: ReadonlyArray<Path>,
) => ReadonlyArray<Comparison>

const LEAST = '$c \\ge \\frac12$ and steps in $[\\alpha, \\gamma_b]$, $\\alpha > 0$'

/** Runs the tree of samples and compares expectations. */
const inExpectation =
  (bound: Bound, least: number, open: boolean): Statement<Bounded, RateCase>['evaluate'] =>
  ({ rule, constants }, given): Evidence => {
    const { world } = given
    const paths = everyPath(world, rule(given), depthOf(world.L.length))
    if (paths === null) return unmet('finite points', 'a point that is not finite')
    const known = O.getOrElse(() => measured(paths))(constants(given))
    if (open ? known.c <= least : known.c < least) return unmet(LEAST, `c = ${known.c}`)
    if (!(known.low > 0)) return unmet(LEAST, `a step of ${known.low}`)
    return compared(bound(given, known, paths))
  }

/** $\mathbb E D_k^2$ after every iteration. */
const strongly: Bound = ({ world }, { low, high }, paths) => {
  const depth = paths[0]?.moments.length ?? 0
  const start = distance2(world.start, world.minimiser)
  const mu = mean(world.mu)
  const excessive = excess(world)
  return Array.from({ length: depth }, (_, k) => {
    const factor = 1 - mu * low
    let bound = start
    // The sum of the geometric series, which is at most its limit and needs no mu > 0.
    for (let i = 0; i <= k; i++) bound = factor * bound + 2 * high * excessive
    const size = start + 2 * (k + 1) * high * excessive
    return {
      at: `k = ${k + 1}`,
      observed: expectation(paths, (moments) => moments[k]?.nextDistance2 ?? Number.NaN),
      bound,
      slack: DIGITS * size,
    }
  })
}

/** $\mathbb E f(\bar x_K) - f^* \le \frac1K \sum_k \mathbb E f(x_k) - f^*$, at every point that is not the last. */
const convex: Bound = ({ world }, { c, low, high }, paths) => {
  const depth = paths[0]?.moments.length ?? 0
  const everything = world.L.map((_, i) => i)
  const start = distance2(world.start, world.minimiser)
  const atSolution = excess(world)
  const gap = (k: number): number =>
    expectation(paths, (moments) => {
      const m = moments[k]
      return m === undefined ? Number.NaN : world.place(m.x, everything).gap - atSolution
    })
  let sum = 0
  return Array.from({ length: depth }, (_, k) => {
    sum += gap(k)
    const K = k + 1
    const weight = c / ((2 * c - 1) * low)
    const bound = (weight * start) / K + 2 * weight * high * atSolution
    return { at: `K = ${K}`, observed: sum / K, bound, slack: DIGITS * (bound + atSolution) }
  })
}

const common = {
  kind: 'expectation',
  evidence: ['D', 'V'],
  slack: '1e-9 of the bound: sums of at most 256 leaves',
  show: ({ world, c, cap }: RateCase) => ({
    problem: { family: world.family, data: world.data, start: Array.from(world.start) },
    c,
    cap,
  }),
  subjects: { spsMax: sps },
  ofRule: (rule: Rule): Bounded => ({ rule: () => rule, constants: () => O.none }),
} as const

const cases = (least: number, worlds: fc.Arbitrary<SolvedWorld>): fc.Arbitrary<RateCase> =>
  fc.record({ world: worlds, c: between(least, 4), cap: magnitudes() })

/** P5: Theorem 3.1. */
export const stronglyConvex: Statement<Bounded, RateCase> = {
  ...common,
  id: 'P5.distance',
  says: '$\\mathbb E D_k^2 \\le (1 - \\bar\\mu\\alpha)^k D_0^2 + 2\\gamma_b\\sigma_B^2 \\sum_{j<k} (1 - \\bar\\mu\\alpha)^j$, at most $\\ldots + 2\\gamma_b\\sigma_B^2/(\\bar\\mu\\alpha)$',
  hypotheses: [
    {
      says: 'every $f_i$ is convex and $L_i$-smooth; single samples, drawn uniformly',
      holds: ({ world }) => world.convex,
    },
    { says: LEAST, holds: () => true },
  ],
  cases: cases(1 / 2, quadraticWorlds()),
  evaluate: inExpectation(strongly, 1 / 2, false),
  mutants: ['invertedScaling', 'withoutCap', 'constant'],
}

/** P6: Theorem 3.4. */
export const merelyConvex: Statement<Bounded, RateCase> = {
  ...common,
  id: 'P6.average',
  says: '$\\mathbb E f(\\bar x_K) - f^* \\le \\frac{c}{(2c-1)\\alpha}\\left(\\frac{D_0^2}K + 2\\gamma_b\\sigma_B^2\\right)$',
  hypotheses: [
    {
      says: 'every $f_i$ is convex and $L_i$-smooth; single samples, drawn uniformly',
      holds: ({ world }) => world.convex,
    },
    { says: '$c > \\frac12$ and steps in $[\\alpha, \\gamma_b]$, $\\alpha > 0$', holds: () => true },
  ],
  cases: cases(9 / 16, quadraticWorlds()),
  evaluate: inExpectation(convex, 1 / 2, true),
  mutants: ['invertedScaling', 'withoutCap', 'constant'],
}

export const spsStronglyConvex: Card = {
  id: 'P5',
  title: 'SPS on strongly convex functions',
  about: 'Stochastic Polyak steps converge linearly to a ball whose radius is set by the interpolation gap.',
  proof: 'Take expectations in P3 with $\\alpha \\le \\gamma_k \\le \\gamma_b$, and unroll.',
  sources: ['loizou2021'],
  statements: [seal(stronglyConvex)],
}

export const spsConvex: Card = {
  id: 'P6',
  title: 'SPS on convex functions',
  about:
    'The average iterate of stochastic Polyak steps converges at the rate $1/K$ up to the interpolation gap.',
  proof: 'Take expectations in P4 and telescope; $f_S(x_k) - \\ell_S$ is split at $f_S(x^*)$.',
  sources: ['loizou2021'],
  statements: [seal(merelyConvex)],
}
