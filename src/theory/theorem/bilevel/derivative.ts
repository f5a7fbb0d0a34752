import fc from 'fast-check'
import { conjugateGradients } from '../../../bilevel/hypergradient/cg.js'
import { direct, exact } from '../../../bilevel/hypergradient/dense.js'
import { norm } from '../../../numeric/index.js'
import type { Card } from '../../card/card.js'
import { type Comparison, compared, type Evidence, unmet } from '../../card/evidence.js'
import { seal } from '../../card/seal.js'
import type { Statement } from '../../card/statement.js'
import { entries } from '../../world/bilevel/draw.js'
import { bilevelWorlds } from '../../world/bilevel/every.js'
import { distance, plus, type Rows, times, vector } from '../../world/bilevel/matrix.js'
import { quadraticBilevelWorlds } from '../../world/bilevel/quadratic.js'
import { type BilevelWorld, type QuadraticBilevelWorld, showBilevelWorld } from '../../world/bilevel/world.js'
import { differences, TRUNCATED } from './differences.js'
import {
  DIGITS,
  estimateAt,
  linearResidual,
  ownSolver,
  ROUNDING,
  SOLVED,
  type Solver,
  sizeOf,
  solver,
} from './recipe.js'

/** Those that solve their system to rounding; conjugate gradients are given some iterations more than they need. */
export const exactSolvers: { readonly [name: string]: Solver } = {
  direct: solver(() => direct()),
  exact: solver(() => exact()),
  cg: solver(({ dimension }) => conjugateGradients({ iterations: 3 * dimension.y })),
}

/** Compares the estimate at $(x, y^*(x))$ with something. */
const against = (
  { recipe, solves }: Solver,
  world: BilevelWorld,
  truth: (size: number) => Omit<Comparison, 'observed'> & { readonly gradient: Float64Array },
): Evidence => {
  const { problem, start } = world
  const at = { x: start.x, y: world.lowerSolution(start.x) }
  const found = estimateAt(problem, recipe(problem, 0), at)
  const size = sizeOf(problem, at)
  const residual = linearResidual(problem, at.x, found)
  if (!solves && !(residual <= SOLVED * size))
    return unmet('$Hv = \\nabla_y f$ is solved', `a residual of ${residual}`)
  const { gradient, ...rest } = truth(size)
  return compared([{ ...rest, observed: distance(found.gradient, gradient) }])
}

const common = {
  kind: 'path',
  evidence: ['D*'],
  hypotheses: [{ says: '$g(x, \\cdot)$ is strongly convex, and $y = y^*(x)$', holds: () => true }],
  cases: bilevelWorlds(),
  show: showBilevelWorld,
  subjects: exactSolvers,
  ofEstimator: ownSolver,
} as const

export const centralDifferences: Statement<Solver, BilevelWorld> = {
  ...common,
  id: 'B1.differences',
  says: '$\\nabla_x f - J H^{-1} \\nabla_y f$ is the central difference of $F(x) = f(x, y^*(x))$',
  slack: '1e-6 of one and of what is added: the differences are of fourth order',
  evaluate: (given, world) =>
    against(given, world, (size) => ({
      at: 'central differences',
      gradient: differences(world.value, world.start.x),
      bound: 0,
      slack: TRUNCATED * size,
    })),
  mutants: ['crossHalved', 'signOfV', 'penultimate', 'firstOrder'],
}

export const closedForm: Statement<Solver, BilevelWorld> = {
  ...common,
  id: 'B1.closedForm',
  says: '$\\nabla_x f - J H^{-1} \\nabla_y f = \\nabla F(x)$ in closed form',
  slack: ROUNDING,
  evaluate: (given, world) =>
    against(given, world, (size) => ({
      at: 'closed form',
      gradient: world.gradient(world.start.x),
      bound: 0,
      slack: DIGITS * size,
    })),
  mutants: ['crossHalved', 'signOfV', 'penultimate', 'ridged'],
}

/** A world and a second point. */
interface Secant {
  readonly world: QuadraticBilevelWorld
  readonly to: ReadonlyArray<number>
}

/** An estimator, and the Hessian of $F$ that goes with it. */
export interface SecondOrder {
  readonly solver: Solver
  readonly hessian: (world: QuadraticBilevelWorld) => Rows
}

const published = (of: Solver): SecondOrder => ({ solver: of, hessian: ({ hessian }) => hessian })

export const secant: Statement<SecondOrder, Secant> = {
  id: 'B2.secant',
  says: '$\\nabla F(x_2) - \\nabla F(x_1) = \\nabla^2 F\\, (x_2 - x_1)$ with $\\nabla^2 F = R + Y^\\top P Y + S Y + (S Y)^\\top$, $Y = -H^{-1} B$',
  kind: 'path',
  evidence: ['D*'],
  hypotheses: [{ says: '$f$ and $g$ are quadratic, $H$ positive definite', holds: () => true }],
  slack: ROUNDING,
  cases: fc
    .record({ world: quadraticBilevelWorlds(), to: entries(4) })
    .map(({ world, to }) => ({ world, to: to.slice(0, world.start.x.length) })),
  show: ({ world, to }) => ({ problem: showBilevelWorld(world), to }),
  subjects: Object.fromEntries(
    Object.entries(exactSolvers).map(([name, subject]) => [name, published(subject)]),
  ),
  ofEstimator: (estimator) => published(ownSolver(estimator)),
  evaluate: ({ solver: { recipe, solves }, hessian }, { world, to }) => {
    const { problem, start } = world
    const points = [start.x, vector(to)].map((x) => ({ x, y: world.lowerSolution(x) }))
    const found = points.map((at) => estimateAt(problem, recipe(problem, 0), at))
    const size = points.reduce((s, at) => s + sizeOf(problem, at), 0)
    const [first, second] = found
    if (first === undefined || second === undefined) return unmet('two points', 'none')
    const residual = linearResidual(problem, start.x, first) + linearResidual(problem, vector(to), second)
    if (!solves && !(residual <= SOLVED * size))
      return unmet('$Hv = \\nabla_y f$ is solved', `residuals of ${residual}`)
    const curvature = hessian(world)
    const move = plus(vector(to), start.x, -1)
    const predicted = times(curvature, move)
    return compared([
      {
        at: 'secant',
        observed: distance(plus(second.gradient, first.gradient, -1), predicted),
        bound: 0,
        slack: DIGITS * (size + world.smoothness * norm(move)),
      },
    ])
  },
  mutants: ['crossHalved', 'halfOfTheMixedTerm', 'staleSolution'],
}

export const derivative1: Card = {
  id: 'B1',
  title: 'The hypergradient is the derivative of the upper value',
  about:
    'The gradient of $F(x) = f(x, y^*(x))$ needs no derivative of the argmin that one would have to form: with $H v = \\nabla_y f$ it is $\\nabla_x f - J v$. Everything on two levels stands on this formula, and most faults of an implementation (a sign, a factor, an iterate too few) show here first.',
  proof:
    'Differentiate $\\nabla_y g(x, y^*(x)) = 0$: $J^\\top + H\\, Dy^* = 0$, so that $Dy^* = -H^{-1} J^\\top$. The chain rule gives $\\nabla F = \\nabla_x f + (Dy^*)^\\top \\nabla_y f$.',
  sources: ['pedregosa2016', 'ghadimi2018'],
  statements: [seal(centralDifferences), seal(closedForm)],
}

export const secant2: Card = {
  id: 'B2',
  title: 'A quadratic over a quadratic has a constant Hessian',
  about:
    'On quadratics $F$ is a quadratic, whose Hessian can be written down. It says when $F$ is convex, how long steps may be, and where the minimiser is, so that whole runs can be held against it.',
  proof:
    '$y^*(x) = -H^{-1}(Bx + c)$ is affine with the slope $Y = -H^{-1}B$; put it into $f$. The mixed term occurs with its transpose, not as half of the sum.',
  sources: ['pedregosa2016'],
  statements: [seal(secant)],
}
