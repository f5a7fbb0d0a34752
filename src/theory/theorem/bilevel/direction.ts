import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { conjugateGradients } from '../../../bilevel/hypergradient/cg.js'
import { direct } from '../../../bilevel/hypergradient/dense.js'
import {
  type Estimator,
  type Hypergradient,
  noCertificate,
  type Unsolved,
} from '../../../bilevel/hypergradient/hypergradient.js'
import { unsolved } from '../../../bilevel/hypergradient/implicit.js'
import { neumann } from '../../../bilevel/hypergradient/neumann.js'
import { amigo } from '../../../bilevel/method/amigo.js'
import type { BilevelMethod, BilevelState } from '../../../bilevel/method/method.js'
import { soba } from '../../../bilevel/method/soba.js'
import { norm } from '../../../numeric/index.js'
import { map } from '../../../program/program.js'
import { constant } from '../../../rule/atom/constant.js'
import type { Card } from '../../card/card.js'
import { type Comparison, compared, unmet } from '../../card/evidence.js'
import { seal } from '../../card/seal.js'
import type { Statement } from '../../card/statement.js'
import { type DegenerateBilevelWorld, degenerateBilevelWorlds } from '../../world/bilevel/degenerate.js'
import { entries } from '../../world/bilevel/draw.js'
import { bilevelWorlds } from '../../world/bilevel/every.js'
import { distance, plus, solved, times, vector } from '../../world/bilevel/matrix.js'
import { type BilevelWorld, showBilevelWorld } from '../../world/bilevel/world.js'
import {
  crossSize,
  DIGITS,
  estimateAt,
  linearResidual,
  ownSolver,
  type Recipe,
  ROUNDING,
  reciprocalOfL,
  type Solver,
  sizeOf,
  solutionOf,
  solver,
  units,
  upperSlopes,
} from './recipe.js'

/** $H^{-1} \nabla_y f$ at a place, from the products with the unit vectors. */
const exactV = ({ problem, start: { x } }: BilevelWorld, y: Float64Array): Float64Array => {
  const H = units(y.length).map((e) => Array.from(problem.lower.hessianVector(x, y, e, null)))
  return Float64Array.from(solved(H, upperSlopes(problem, { x, y }).y))
}

/** What a method of a single loop moves $x$ along in its first iteration, from the pair that it is given. */
const firstMove = <S extends BilevelState, T>(method: BilevelMethod<S, T>): Estimator => ({
  name: method.name,
  unrolls: false,
  estimate: ({ x, y, v, draw }) =>
    map(
      method.iterate(method.init({ x, y, ...(O.isSome(v) ? { v: v.value } : {}) }), draw),
      ([, { gradient, value }]): E.Either<Unsolved, Hypergradient> =>
        O.isNone(gradient)
          ? unsolved('nonFinite', 'no direction')
          : E.right({
              form: 'other',
              value,
              gradient: gradient.value,
              y,
              v,
              count: 0,
              slopeInY: O.none,
              lowerBound: O.none,
              solutionValue: O.none,
              certificate: noCertificate,
            }),
    ),
})

export const warmIsExact: Statement<Recipe, BilevelWorld> = {
  id: 'B25.direction',
  says: '$z = \\nabla F(x)$ where $y = y^*(x)$ and the $v$ that is carried along solves $Hv = \\nabla_y f$, without any work on either',
  kind: 'algebra',
  evidence: ['D'],
  hypotheses: [{ says: '$g(x, \\cdot)$ is strongly convex', holds: () => true }],
  slack: ROUNDING,
  cases: bilevelWorlds(),
  show: showBilevelWorld,
  subjects: {
    'cg that does nothing': () => conjugateGradients({ iterations: 0, warmStart: true }),
    'cg that may go on': () => conjugateGradients({ iterations: 2, tolerance: 1e-9, warmStart: true }),
    soba: (problem) => {
      const rule = constant(reciprocalOfL(problem))
      return firstMove(soba({ lower: { rule }, upper: { rule } }))
    },
    amigo: (problem) => {
      const rule = constant(reciprocalOfL(problem))
      return firstMove(amigo({ lower: { rule, steps: 2 }, upper: { rule } }))
    },
  },
  evaluate: (recipe, world) => {
    const { problem, start } = world
    const y = world.lowerSolution(start.x)
    const at = { x: start.x, y, v: exactV(world, y) }
    return compared([
      {
        at: 'direction',
        observed: distance(estimateAt(problem, recipe(problem, 0), at).gradient, world.gradient(start.x)),
        bound: 0,
        slack: DIGITS * sizeOf(problem, at),
      },
    ])
  },
  mutants: ['coldStart', 'signOfV', 'crossOfTheResidual'],
}

const solvers: { readonly [name: string]: Solver } = {
  direct: solver(() => direct()),
  cg: solver(({ dimension }) => conjugateGradients({ iterations: 3 * dimension.y })),
}

export const signOfSolution: Statement<Solver, BilevelWorld> = {
  id: 'B25.sign',
  says: 'the $v$ that is shown solves $Hv = +\\nabla_y f$, so that $z + Jv = \\nabla_x f$ at any $y$',
  kind: 'algebra',
  evidence: ['D'],
  hypotheses: [{ says: '$g(x, \\cdot)$ is strongly convex', holds: () => true }],
  slack: ROUNDING,
  cases: bilevelWorlds(),
  show: showBilevelWorld,
  subjects: {
    ...solvers,
    neumann: { recipe: (problem) => neumann({ terms: 3, step: reciprocalOfL(problem) }), solves: false },
  },
  ofEstimator: ownSolver,
  evaluate: ({ recipe, solves }, world) => {
    const { problem, start } = world
    const found = estimateAt(problem, recipe(problem, 0), start)
    if (found.form !== 'implicit')
      return unmet('$z = \\nabla_x f - Jv$', `an estimate of the form ${found.form}`)
    const at = { x: start.x, y: found.y }
    const f = upperSlopes(problem, at)
    const v = found.v._tag === 'Some' ? found.v.value : f.y.map(() => 0)
    const Jv = problem.lower.crossVector(at.x, at.y, v, null)
    // What a series that diverges shows may be large beside the solution.
    const slack = DIGITS * (sizeOf(problem, at) + crossSize(problem, at) * norm(v))
    const made: Comparison = {
      at: 'gradient',
      observed: distance(plus(found.gradient, Jv), f.x),
      bound: 0,
      slack,
    }
    return compared(
      solves
        ? [made, { at: 'v', observed: distance(solutionOf(found), exactV(world, at.y)), bound: 0, slack }]
        : [made],
    )
  },
  mutants: ['shownWithAnotherSign', 'crossHalved'],
}

/** A world, and what $v$ has along the null space of $H$ at the start. */
interface Degenerate {
  readonly world: DegenerateBilevelWorld
  readonly off: ReadonlyArray<number>
}

export const pseudoInverse: Statement<Recipe, Degenerate> = {
  id: 'B28.pseudoInverse',
  says: '$\\|z - \\nabla F(x)\\| \\le (\\|J\\|/\\mu_+)\\, \\|Hv - \\nabla_y f\\|$ at the optimistic $y$ although $H$ is singular, whatever $v$ has along its null space',
  kind: 'path',
  evidence: ['D'],
  hypotheses: [
    {
      says: '$H$ is positive semidefinite with $\\mu_+$ its least positive eigenvalue, its range holds $B$ and $c$, and $y$ is the lower solution that is best for $f$',
      holds: () => true,
    },
  ],
  slack: '1e-10 of one and of what is added',
  cases: fc
    .record({ world: degenerateBilevelWorlds(), off: entries(4) })
    .map(({ world, off }) => ({ world, off: off.slice(0, world.start.y.length) })),
  show: ({ world, off }) => ({ problem: showBilevelWorld(world), off }),
  subjects: {
    cg: (_problem, work) => conjugateGradients({ iterations: work, tolerance: 1e-9 }),
    'cg from a warm start': (_problem, work) =>
      conjugateGradients({ iterations: work, tolerance: 1e-9, warmStart: true }),
    neumann: (problem, work) => neumann({ terms: 4 * work, step: reciprocalOfL(problem) }),
  },
  evaluate: (recipe, { world, off }) => {
    const { problem, start, projector, crossNorm, least } = world
    const w = vector(off)
    const along = plus(w, times(projector, w), -1)
    const size = sizeOf(problem, start) + crossNorm * norm(along)
    return compared(
      [1, 2, 3].map((work): Comparison => {
        const found = estimateAt(problem, recipe(problem, work), { ...start, v: along })
        return {
          at: `${work} iterations`,
          observed: distance(found.gradient, world.gradient(start.x)),
          bound: (crossNorm / least) * linearResidual(problem, start.x, found),
          slack: DIGITS * size,
        }
      }),
    )
  },
  mutants: ['crossHalved', 'signOfV', 'penultimateShown'],
}

export const direction25: Card = {
  id: 'B25',
  title: 'The direction of a warm pair is exact',
  about:
    'Methods of a single loop carry $y$ and $v$ along and never solve anything. Where both have arrived, their direction is the hypergradient itself: that is what makes the fixed points of such a loop the stationary points of $F$. Half of the literature writes $v$ with the other sign; here $Hv = +\\nabla_y f$ everywhere.',
  proof: 'Put $v = H^{-1} \\nabla_y f$ and $y = y^*(x)$ into $\\nabla_x f - Jv$.',
  sources: ['dagreou2022'],
  statements: [seal(warmIsExact), seal(signOfSolution)],
}

export const pseudoInverse28: Card = {
  id: 'B28',
  title: 'The pseudo-inverse hypergradient where there are many lower solutions',
  about:
    'Where the lower level has a subspace of solutions and the best one for $f$ is meant, $\\nabla_x f - J H^+ \\nabla_y f$ at that solution is the gradient. Iterations that only multiply by $H$ find it without knowing that $H$ is singular; a factorisation does not. At another lower solution $\\nabla_y f$ leaves the range of $H$, and nothing is said.',
  proof:
    'At the optimistic $y$ the gradient $\\nabla_y f$ is orthogonal to the null space of $H$, so that $Hv = \\nabla_y f$ is solvable; $J$ vanishes on the null space, so that every solution gives the same $Jv$. By the envelope theorem the choice of $y$ along the null space adds nothing to the derivative.',
  sources: ['shaban2019'],
  statements: [seal(pseudoInverse)],
}
