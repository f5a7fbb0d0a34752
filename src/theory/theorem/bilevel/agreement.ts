import fc from 'fast-check'
import { minimiseBilevel } from '../../../bilevel/driver.js'
import { conjugateGradients } from '../../../bilevel/hypergradient/cg.js'
import { direct, exact } from '../../../bilevel/hypergradient/dense.js'
import { neumann } from '../../../bilevel/hypergradient/neumann.js'
import { unrolled } from '../../../bilevel/hypergradient/unrolled.js'
import { bilevelDescent } from '../../../bilevel/method/bilevelDescent.js'
import type { Pair } from '../../../bilevel/oracle.js'
import type { BilevelProblem } from '../../../bilevel/problem/problem.js'
import type { Vector } from '../../../problem/oracle.js'
import { constant } from '../../../rule/atom/constant.js'
import type { Card } from '../../card/card.js'
import { type Comparison, compared, unmet } from '../../card/evidence.js'
import { seal } from '../../card/seal.js'
import type { Statement } from '../../card/statement.js'
import { bilevelWorlds, boundedBilevelWorlds } from '../../world/bilevel/every.js'
import { distance, timesTransposed } from '../../world/bilevel/matrix.js'
import { quadraticBilevelWorlds } from '../../world/bilevel/quadratic.js'
import { shiftedBilevelWorlds } from '../../world/bilevel/shifted.js'
import { orthogonal, turned } from '../../world/bilevel/turned.js'
import { type BilevelWorld, type BoundedBilevelWorld, showBilevelWorld } from '../../world/bilevel/world.js'
import {
  DIGITS,
  estimateAt,
  linearResidual,
  ownSolver,
  type Recipe,
  ROUNDING,
  reciprocalOfL,
  SOLVED,
  type Solver,
  sizeOf,
  solver,
} from './recipe.js'

/** Steps and terms that bring condition numbers up to 12 to eight digits. */
const MANY = 240

export const agreement: Statement<Recipe | Solver, BoundedBilevelWorld> = {
  id: 'B29.agree',
  says: 'all estimators come within $10^{-8}$ of $\\nabla F(x)$ after many inner steps, with many terms or iterations',
  kind: 'path',
  evidence: ['D'],
  hypotheses: [{ says: 'the condition number of $H$ is at most 12, $a = 1/L$', holds: () => true }],
  slack: 'none beside the bound, which is 1e-8 of one and of what is added',
  cases: fc.oneof(quadraticBilevelWorlds({ octaves: 2 }), shiftedBilevelWorlds({ octaves: 1 })),
  show: showBilevelWorld,
  subjects: {
    direct: () => direct(),
    exact: () => exact(),
    cg: (_problem, work) => conjugateGradients({ iterations: work, tolerance: 1e-12 }),
    neumann: (problem, work) => neumann({ terms: work, step: reciprocalOfL(problem) }),
    unrolled: () => unrolled({ memory: 'checkpointed' }),
  },
  // An estimator of one's own has the terms that it has: where they are not many, a residual is left.
  ofEstimator: ownSolver,
  evaluate: (subject, world) => {
    const { problem, start } = world
    const { recipe, solves } = typeof subject === 'function' ? solver(subject) : subject
    const steps = Array.from({ length: MANY }, () => reciprocalOfL(problem))
    const found = estimateAt(problem, recipe(problem, MANY), { ...start, steps })
    const residual = linearResidual(problem, start.x, found)
    if (
      !solves &&
      found.form !== 'unrolled' &&
      !(residual <= SOLVED * sizeOf(problem, { x: start.x, y: found.y }))
    )
      return unmet(
        'many terms or iterations, so that $Hv = \\nabla_y f$ is solved',
        `a residual of ${residual}`,
      )
    return compared([
      {
        at: 'agreement',
        observed: distance(found.gradient, world.gradient(start.x)),
        bound: 1e-8 * sizeOf(problem, { x: start.x, y: world.lowerSolution(start.x) }),
        slack: 0,
      },
    ])
  },
  mutants: ['scaledSeries', 'crossHalved', 'penultimate', 'fewTerms'],
}

/** A world, and other coordinates for its $y$: a reflection, and perhaps a change of places. */
interface Turned<W> {
  readonly world: W
  readonly v: ReadonlyArray<number>
  readonly turn: boolean
}

const inOtherCoordinates = <W extends BilevelWorld>(worlds: fc.Arbitrary<W>): fc.Arbitrary<Turned<W>> =>
  fc
    .record({
      // In one dimension there is a sign to change and nothing else.
      world: worlds.filter(({ start }) => start.y.length > 1),
      v: fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 4, maxLength: 4 }),
      turn: fc.boolean(),
    })
    .map(({ world, v, turn }) => ({ world, v: v.slice(0, world.start.y.length), turn }))

const show = ({ world, v, turn }: Turned<BilevelWorld>) => ({ problem: showBilevelWorld(world), v, turn })

const turnedOf = ({ world, v, turn }: Turned<BilevelWorld>): { problem: BilevelProblem; start: Pair } => {
  const Q = orthogonal(v, turn)
  const { x, y } = world.start
  return { problem: turned(world.problem, Q), start: { x, y: timesTransposed(Q, y, y.length) } }
}

/** Inner steps before an estimate. */
const LOOP = 2

export const turnedEstimate: Statement<Recipe, Turned<BilevelWorld>> = {
  id: 'B30.estimate',
  says: 'the hypergradient of $f(x, Qy)$ over $g(x, Qy)$ at $(x, Q^\\top y)$ is that of $f$ over $g$ at $(x, y)$ for every orthogonal $Q$',
  kind: 'algebra',
  evidence: ['D'],
  hypotheses: [{ says: '$Q$ is orthogonal', holds: () => true }],
  slack: ROUNDING,
  cases: inOtherCoordinates(bilevelWorlds()),
  show,
  subjects: {
    direct: () => direct(),
    cg: (_problem, work) => conjugateGradients({ iterations: work }),
    neumann: (problem, work) => neumann({ terms: 3 * work, step: reciprocalOfL(problem) }),
    unrolled: () => unrolled(),
  },
  ofEstimator: (estimator) => () => estimator,
  evaluate: (recipe, given) => {
    const { problem, start } = given.world
    const steps = Array.from({ length: LOOP }, () => reciprocalOfL(problem))
    const estimator = recipe(problem, 2)
    const here = estimateAt(problem, estimator, { ...start, steps })
    const other = turnedOf(given)
    const there = estimateAt(other.problem, estimator, { ...other.start, steps })
    return compared([
      {
        at: 'gradient',
        observed: distance(here.gradient, there.gradient),
        bound: 0,
        slack: DIGITS * (sizeOf(problem, { x: start.x, y: here.y }) + sizeOf(problem, start)),
      },
    ])
  },
  mutants: ['diagonalOfH', 'clippedCotangent'],
}

/** The points of the upper level on a problem whose steps were chosen for another that differs in its coordinates only. */
export type Iterates = (
  problem: BilevelProblem,
  start: Pair,
  steps: { readonly upper: number; readonly lower: number },
) => ReadonlyArray<Vector>

const ITERATIONS = 3

const iterates =
  (recipe: (lower: number) => Parameters<typeof bilevelDescent>[0]['hypergradient']): Iterates =>
  (problem, start, { upper, lower }) => {
    const { records, x } = minimiseBilevel(problem, {
      method: bilevelDescent({
        inner: { steps: 2, rule: constant(lower) },
        hypergradient: recipe(lower),
        outer: { rule: constant(upper) },
      }),
      start,
      iterations: ITERATIONS,
    })
    return [...records.map((r) => r.x), x]
  }

export const turnedIterates: Statement<Iterates, Turned<BoundedBilevelWorld>> = {
  id: 'B30.iterates',
  says: '$x_0, x_1, \\dots$ are the same in all orthogonal coordinates of $y$',
  kind: 'algebra',
  evidence: ['D'],
  hypotheses: [{ says: '$Q$ is orthogonal', holds: () => true }],
  slack: '1e-8 of one and of what is added to make the hypergradients: errors of iterates go on',
  cases: inOtherCoordinates(boundedBilevelWorlds()),
  show,
  subjects: {
    'gradient steps and cg': iterates(() => conjugateGradients({ iterations: 2, warmStart: true })),
    'gradient steps and a series': iterates((step) => neumann({ terms: 4, step })),
    'unrolled steps': iterates(() => unrolled()),
  },
  evaluate: (subject, given) => {
    const { world } = given
    const steps = { upper: 0.5 / Math.max(world.smoothness, 1 / 4), lower: 1 / world.constants.L }
    const here = subject(world.problem, world.start, steps)
    const other = turnedOf(given)
    const there = subject(other.problem, other.start, steps)
    return compared(
      here.map((x, k): Comparison => {
        const size = sizeOf(world.problem, { ...world.start, x })
        return { at: `k = ${k}`, observed: distance(x, there[k] ?? x), bound: 0, slack: 1e-8 * size }
      }),
    )
  },
  mutants: ['diagonalOfH', 'signOfTheLowerGradient'],
}

export const agreement29: Card = {
  id: 'B29',
  title: 'All ways to a hypergradient meet',
  about:
    'A dense solve, conjugate gradients, a series and a way back share little code. Given time enough all of them must say the same as the closed form; a scale that is wrong in one of them does not go away with more terms.',
  proof: 'Every error of theorem B9 goes to zero with the steps, the terms and the iterations.',
  sources: ['ghadimi2018', 'pedregosa2016', 'franceschi2017'],
  statements: [seal(agreement)],
}

export const coordinates30: Card = {
  id: 'B30',
  title: 'The coordinates of the lower level do not matter',
  about:
    'The unknown of the lower level is eliminated: a method that only takes gradients, products and inner products moves $x$ alike whatever orthogonal coordinates $y$ is written in. What works coordinate by coordinate, a diagonal preconditioner, clipped cotangents, a sign, depends on the choice of axes.',
  proof:
    'Gradients in $y$ come out multiplied by $Q^\\top$, products with $H$ by $Q^\\top$ on both sides, and $J$ by $Q$ on the right; sums and inner products carry this through every step.',
  sources: ['nocedal2006'],
  statements: [seal(turnedEstimate), seal(turnedIterates)],
}
