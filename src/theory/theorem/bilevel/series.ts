import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import { type BilevelDraw, noDraw } from '../../../bilevel/draw.js'
import type { Estimator } from '../../../bilevel/hypergradient/hypergradient.js'
import { neumann } from '../../../bilevel/hypergradient/neumann.js'
import { unrolled } from '../../../bilevel/hypergradient/unrolled.js'
import type { BilevelProblem } from '../../../bilevel/problem/problem.js'
import { norm } from '../../../numeric/index.js'
import type { Vector } from '../../../problem/oracle.js'
import type { Card } from '../../card/card.js'
import { type Comparison, compared } from '../../card/evidence.js'
import { seal } from '../../card/seal.js'
import type { Statement } from '../../card/statement.js'
import { distance, plus } from '../../world/bilevel/matrix.js'
import { quadraticBilevelWorlds } from '../../world/bilevel/quadratic.js'
import { type QuadraticBilevelWorld, showBilevelWorld } from '../../world/bilevel/world.js'
import { type At, DIGITS, estimateAt, ROUNDING, sizeOf, solutionOf, upperSlopes } from './recipe.js'

/** An estimator that sums so many terms, of such a step. */
export type Series = (params: { readonly step: number; readonly terms: number }) => Estimator

/** A series, and the inner loop that it goes back over; empty for most. */
export interface TruncatedSeries {
  readonly series: Series
  readonly steps: (step: number, terms: number) => ReadonlyArray<number>
}

/** A world, the step as a share of $1/L$, and a number of terms. */
interface SeriesCase {
  readonly world: QuadraticBilevelWorld
  readonly share: number
  readonly terms: number
}

const show = ({ world, share, terms }: SeriesCase) => ({ problem: showBilevelWorld(world), share, terms })

/** $(I - aH)v$. */
const contracted = (problem: BilevelProblem, { x, y }: At, v: Vector, a: number): Vector =>
  plus(v, problem.lower.hessianVector(x, y, v, null), -a)

/** $a \sum_{q<N} (I - aH)^q b$ by Horner's scheme. */
export const truncated = (problem: BilevelProblem, at: At, b: Vector, a: number, terms: number): Vector => {
  let sum: Vector = b.map(() => 0)
  for (let q = 0; q < terms; q++) sum = plus(b, contracted(problem, at, sum, a))
  return sum.map((s) => a * s)
}

const subjects: { readonly [name: string]: TruncatedSeries } = {
  neumann: { series: neumann, steps: () => [] },
  unrolled: {
    series: () => unrolled(),
    steps: (step, terms) => Array.from({ length: terms }, () => step),
  },
}

/** What every length of a series comes to, up to the drawn one. */
const lengths = (
  { series, steps }: TruncatedSeries,
  { world, share, terms }: SeriesCase,
  comparison: (v: Vector, b: Vector, step: number, N: number, at: At) => Comparison,
) =>
  compared(
    Array.from({ length: terms }, (_, i) => {
      const { problem, start, constants } = world
      const N = i + 1
      const step = share / constants.L
      const found = estimateAt(problem, series({ step, terms: N }), { ...start, steps: steps(step, N) })
      const at = { x: start.x, y: found.y }
      return comparison(solutionOf(found), upperSlopes(problem, at).y, step, N, at)
    }),
  )

export const exactError: Statement<TruncatedSeries, SeriesCase> = {
  id: 'B5.error',
  says: '$v_N - H^{-1} b = -(I - aH)^N H^{-1} b$',
  kind: 'algebra',
  evidence: ['D*'],
  hypotheses: [{ says: '$H$ is positive definite; any $a$', holds: () => true }],
  slack: '1e-10 of one and of $\\|b\\|/\\mu$',
  cases: fc.record({
    world: quadraticBilevelWorlds(),
    share: fc.constantFrom(1, 0.5, 1.5),
    terms: fc.integer({ min: 1, max: 6 }),
  }),
  show,
  subjects,
  evaluate: (subject, given) =>
    lengths(subject, given, (v, b, step, N, at) => {
      const { problem, solve, constants } = given.world
      const exact = solve(b)
      let left = exact
      for (let q = 0; q < N; q++) left = contracted(problem, at, left, step)
      return {
        at: `N = ${N}`,
        observed: distance(plus(v, left), exact),
        bound: 0,
        slack: DIGITS * (1 + norm(b) / constants.mu),
      }
    }),
  mutants: ['oneTermShort', 'oneTermMore', 'firstTermWithoutTheStep', 'withoutTheStep'],
}

export const errorBound: Statement<TruncatedSeries, SeriesCase> = {
  id: 'B5.bound',
  says: '$\\|v_N - H^{-1} b\\| \\le (1 - a\\mu)^N \\|b\\| / \\mu$',
  kind: 'path',
  evidence: ['D*'],
  hypotheses: [
    { says: '$\\mu I \\preceq H \\preceq L I$, $0 < a \\le 1/L$', holds: ({ share }) => share <= 1 },
  ],
  slack: '1e-10 of one and of $\\|b\\|/\\mu$',
  cases: fc.record({
    world: quadraticBilevelWorlds(),
    share: fc.constantFrom(1, 0.5),
    terms: fc.integer({ min: 1, max: 8 }),
  }),
  show,
  subjects,
  evaluate: (subject, given) =>
    lengths(subject, given, (v, b, step, N) => {
      const { solve, constants } = given.world
      const scale = norm(b) / constants.mu
      let factor = 1
      for (let q = 0; q < N; q++) factor *= 1 - step * constants.mu
      return {
        at: `N = ${N}`,
        observed: distance(v, solve(b)),
        bound: factor * scale,
        slack: DIGITS * (1 + scale),
      }
    }),
  mutants: ['oneTermShort', 'firstTermWithoutTheStep', 'withoutTheStep'],
}

const small = fc.record({
  world: quadraticBilevelWorlds({ dimension: 2, octaves: 3, components: true }),
  share: fc.constantFrom(1, 0.5),
  terms: fc.integer({ min: 1, max: 3 }),
})

/** $\mathbb E z$ over some draws that are equally likely, against the series on all components. */
const expectation = (
  series: Series,
  { world, share, terms }: SeriesCase,
  draws: ReadonlyArray<{ readonly draw: BilevelDraw; readonly weight: number }>,
) => {
  const { problem, start, constants } = world
  const step = share / constants.L
  const f = upperSlopes(problem, start)
  const v = truncated(problem, start, f.y, step, terms)
  const whole = plus(f.x, problem.lower.crossVector(start.x, start.y, v, null), -1)
  let mean: Vector = whole.map(() => 0)
  let size = sizeOf(problem, start)
  for (const { draw, weight } of draws) {
    const { gradient } = estimateAt(problem, series({ step, terms }), { ...start, draw })
    mean = plus(mean, gradient, weight)
    size += weight * norm(gradient)
  }
  return compared([{ at: `N = ${terms}`, observed: distance(mean, whole), bound: 0, slack: DIGITS * size }])
}

const bsa: { readonly [name: string]: Series } = { neumann }

export const meanOverDepth: Statement<Series, SeriesCase> = {
  id: 'B6.depth',
  says: '$\\frac1N \\sum_{d<N} z_d = z_N$ for $v_d = N a (I - aH)^d \\nabla_y f$',
  kind: 'expectation',
  evidence: ['D*'],
  hypotheses: [{ says: 'the depth $d$ is uniform on $0, \\dots, N - 1$', holds: () => true }],
  slack: ROUNDING,
  cases: small,
  show,
  subjects: bsa,
  evaluate: (series, given) =>
    expectation(
      series,
      given,
      Array.from({ length: given.terms }, (_, depth) => ({
        draw: { ...noDraw, depth: O.some(depth) },
        weight: 1 / given.terms,
      })),
    ),
  mutants: ['deepestOnly', 'neverTheFirst', 'withoutTheCount'],
}

/** Every sequence of $d$ of two components. */
const sequences = (d: number): ReadonlyArray<ReadonlyArray<number>> =>
  d === 0 ? [[]] : sequences(d - 1).flatMap((some) => [0, 1].map((i) => [...some, i]))

export const independentBatches: Statement<Series, SeriesCase> = {
  id: 'B6.components',
  says: '$\\mathbb E\\, z = z_N$ on all components, over the depth and independent components for $\\nabla f$, for every product with $H$ and for $J$',
  kind: 'expectation',
  evidence: ['D', 'V'],
  hypotheses: [
    {
      says: 'components are drawn uniformly and independently, the depth uniformly on $0, \\dots, N - 1$',
      holds: () => true,
    },
  ],
  slack: ROUNDING,
  cases: small,
  show,
  subjects: bsa,
  evaluate: (series, given) =>
    expectation(
      series,
      given,
      Array.from({ length: given.terms }, (_, depth) =>
        sequences(depth + 2).map(([upper = 0, cross = 0, ...chain]) => ({
          draw: {
            ...noDraw,
            upper: Int32Array.of(upper),
            cross: Int32Array.of(cross),
            hessian: (q: number) => Int32Array.of(chain[q] ?? 0),
            depth: O.some(depth),
          },
          weight: 1 / (given.terms * 2 ** (depth + 2)),
        })),
      ).flat(),
    ),
  mutants: ['sameBatchInAll', 'crossOfTheUpper', 'neverTheFirst'],
}

export const series5: Card = {
  id: 'B5',
  title: 'The error of the Neumann series',
  about:
    'What $N$ terms leave of $H^{-1} b$ is known to the vector, not only in norm. One term too few or too many, or a factor $a$ that one term lacks, is seen at once. Going back over $N$ gradient steps sums the same series.',
  proof:
    '$a \\sum_{q<N} (I - aH)^q\\, H = I - (I - aH)^N$, since the sum telescopes. For $a \\le 1/L$ all eigenvalues of $I - aH$ lie between 0 and $1 - a\\mu$.',
  sources: ['ghadimi2018'],
  statements: [seal(exactError), seal(errorBound)],
}

export const randomDepth6: Card = {
  id: 'B6',
  title: 'One term of the series at a random depth',
  about:
    'A single term of the Neumann series, at a depth drawn at random and multiplied by $N$, is on average the whole truncated series, for half of the products. It stays so with a fresh batch in every factor, and not with one batch in all of them: the mean of a power is not the power of the mean.',
  proof:
    'Every power comes with probability $1/N$. Independent factors have the product of their means; $f$ is linear in its batch and so is $J$.',
  sources: ['ghadimi2018'],
  statements: [seal(meanOverDepth), seal(independentBatches)],
}
