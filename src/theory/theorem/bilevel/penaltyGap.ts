import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { noDraw } from '../../../bilevel/draw.js'
import type { Estimator, Hypergradient } from '../../../bilevel/hypergradient/hypergradient.js'
import { penaltyGradient } from '../../../bilevel/hypergradient/penalty.js'
import { answerBilevel } from '../../../bilevel/problem/problem.js'
import { dot, norm, powerOfTwo } from '../../../numeric/index.js'
import { runSync } from '../../../program/interpret.js'
import { constant } from '../../../rule/atom/constant.js'
import type { Card } from '../../card/card.js'
import { type Comparison, compared, unmet } from '../../card/evidence.js'
import { seal } from '../../card/seal.js'
import type { Statement } from '../../card/statement.js'
import {
  distance,
  plus,
  plusMatrix,
  product,
  solved,
  solvedMatrix,
  spectralNorm,
  times,
  transposed,
} from '../../world/bilevel/matrix.js'
import { quadraticBilevelWorlds } from '../../world/bilevel/quadratic.js'
import { shiftedBilevelWorlds } from '../../world/bilevel/shifted.js'
import {
  type BoundedBilevelWorld,
  type QuadraticBilevelWorld,
  showBilevelWorld,
} from '../../world/bilevel/world.js'
import { quadraticGap } from './gap.js'
import { DIGITS, slopesOf } from './running.js'

/** An estimator by a penalty, for a problem, a weight and a tolerance of its inner solves. */
export type Penalised = (world: BoundedBilevelWorld, lambda: number, tolerance: number) => Estimator

export const penalised: Penalised = ({ problem, constants }, lambda, tolerance) => {
  const { mu, L, upperLipschitzY } = constants
  // Between mu and L + L_fy/lambda lies the curvature of both inner problems, where f is convex.
  return penaltyGradient({
    lambda,
    inner: { rule: constant(2 / (L + mu + upperLipschitzY / lambda)), tolerance, budget: 5000 },
    facts: problem.facts,
  })
}

interface Weighed<W extends BoundedBilevelWorld> {
  readonly world: W
  /** $g - g^*$ without cancellation. */
  readonly gap: (x: Float64Array, y: Float64Array) => number
  readonly lambda: number
}

/** The least weight for which all statements are made, and powers of two times that. */
const weights = (octaves: number): fc.Arbitrary<number> =>
  fc.integer({ min: 0, max: octaves }).map(powerOfTwo)

const leastWeight = ({ constants: { mu, upperLipschitzY } }: BoundedBilevelWorld): number =>
  Math.max(1 / 4, (2 * upperLipschitzY) / mu)

const quadratics = quadraticBilevelWorlds({ octaves: 3 })

const onQuadratics: fc.Arbitrary<Weighed<QuadraticBilevelWorld>> = fc
  .record({ world: quadratics, times: weights(6) })
  .map(({ world, times: t }) => ({ world, gap: quadraticGap(world), lambda: t * leastWeight(world) }))

const onAll: fc.Arbitrary<Weighed<BoundedBilevelWorld>> = fc.oneof<
  Array<fc.Arbitrary<Weighed<BoundedBilevelWorld>>>
>(
  onQuadratics,
  fc
    .record({ world: shiftedBilevelWorlds({ octaves: 2 }), times: weights(6) })
    .map(({ world, times: t }) => ({
      world,
      gap: (x: Float64Array, y: Float64Array) => world.problem.lower.value(x, y, null),
      lambda: t * leastWeight(world),
    })),
)

const show = ({ world, lambda }: Weighed<BoundedBilevelWorld>) => ({
  problem: showBilevelWorld(world),
  lambda,
})

/** The inner solves end at this gradient: rounding leaves less. */
const TIGHT = 1e-11

const estimated = ({ world }: Weighed<BoundedBilevelWorld>, estimator: Estimator): Hypergradient => {
  // What goes back over an inner loop finds one without steps.
  const path = O.some({ start: world.start.y, steps: [], batch: noDraw.lower, states: [] })
  const found = runSync(
    estimator.estimate({ ...world.start, v: O.none, path, draw: noDraw }),
    answerBilevel(world.problem),
  )
  if (E.isLeft(found)) throw new Error(`no hypergradient: ${found.left.message}`)
  return found.right
}

/** What is added to make an estimate, and one. */
const sizeOf = (
  { world: { problem, start, constants }, lambda }: Weighed<BoundedBilevelWorld>,
  y: Float64Array,
) => {
  const f = slopesOf(problem, 'upper', { x: start.x, y })
  const g = slopesOf(problem, 'lower', { x: start.x, y })
  return (
    1 +
    norm(y) +
    norm(f.x) +
    (1 + constants.crossNorm / constants.mu) * norm(f.y) +
    norm(g.x) +
    lambda * norm(g.y)
  )
}

/** What inner solves to {@link TIGHT} leave. */
const unsolvedPart = ({ world: { constants }, lambda }: Weighed<BoundedBilevelWorld>): number =>
  ((1 + lambda * (1 + constants.crossNorm)) * 2 * TIGHT) / constants.mu

const common = {
  kind: 'path',
  evidence: ['D*'],
  hypotheses: [
    {
      says: '$f(x, \\cdot)$ is convex, $g(x, \\cdot)$ is $\\mu$-strongly convex, $\\lambda \\ge 2 L_{fy}/\\mu$',
      holds: ({ world, lambda }: Weighed<BoundedBilevelWorld>) =>
        world.problem.facts.upperConvex === true && lambda >= leastWeight(world),
    },
  ],
  slack:
    '1e-10 of one and of what is added, and what inner solves to 1e-11 leave: $2\\lambda(1 + \\|J\\|)/\\mu$ times that',
  show,
  subjects: { penalty: penalised },
} as const

/** $\mathcal L_\lambda^*(x) - f(x, y^*)$ at the minimiser, $F - \mathcal L^*$ without much cancellation. */
const belowF = ({ world, gap, lambda }: Weighed<BoundedBilevelWorld>, y: Float64Array): number => {
  const { problem, start, lowerSolution } = world
  const value = (at: Float64Array): number => problem.upper.value(start.x, at, null)
  return value(lowerSolution(start.x)) - value(y) - lambda * gap(start.x, y)
}

export const bounds: Statement<Penalised, Weighed<BoundedBilevelWorld>> = {
  ...common,
  id: 'B20.bounds',
  says: '$\\|y_\\lambda - y^*\\| \\le d := \\|\\nabla_y f(x, y_\\lambda)\\|/(\\lambda\\mu)$, $0 \\le F - \\mathcal L_\\lambda^* \\le \\|\\nabla_y f(x, y^*)\\|^2/(2\\lambda\\mu)$ and $\\|\\nabla \\mathcal L_\\lambda^* - \\nabla F\\| \\le d\\,(L_{fx} + \\frac{\\|J\\|}\\mu L_{fy}) + \\frac{\\lambda d^2}2 (L_J + \\frac{\\|J\\|}\\mu L_H)$',
  cases: onAll,
  evaluate: (method, given) => {
    const { world, lambda } = given
    const { problem, start, constants } = world
    const { mu, crossNorm, crossLipschitz, inverseHessianLipschitz, upperLipschitzX, upperLipschitzY } =
      constants
    const found = estimated(given, method(world, lambda, TIGHT))
    const best = world.lowerSolution(start.x)
    const slope = norm(slopesOf(problem, 'upper', { x: start.x, y: found.y }).y)
    const there = norm(slopesOf(problem, 'upper', { x: start.x, y: best }).y)
    const d = slope / (lambda * mu)
    const slack = DIGITS * (sizeOf(given, found.y) + sizeOf(given, best)) + unsolvedPart(given)
    const below = belowF(given, found.y)
    const valued = DIGITS * (1 + Math.abs(world.value(start.x)) + slope * slope + there * there) + slack
    // In these worlds H is mu^2 times as Lipschitz as the bound on its inverse says.
    const bent = crossLipschitz + (crossNorm / mu) * inverseHessianLipschitz * mu * mu
    return compared([
      { at: 'lower point', observed: distance(found.y, best), bound: d, slack },
      { at: 'from below', observed: -below, bound: 0, slack: valued },
      { at: 'value', observed: below, bound: (there * there) / (2 * lambda * mu), slack: valued },
      {
        at: 'gradient',
        observed: distance(found.gradient, world.gradient(start.x)),
        bound: d * (upperLipschitzX + (crossNorm / mu) * upperLipschitzY) + ((lambda * d * d) / 2) * bent,
        slack,
      },
    ])
  },
  mutants: ['weightOnce', 'withoutTheLowerSolution', 'oldWeight'],
}

/** $S - J H^{-1} P$. */
const biasMatrix = ({ mean: { H, B, P, S } }: QuadraticBilevelWorld) => {
  const [m, n] = [H.length, S.length]
  return plusMatrix(S, product(transposed(B, n), solvedMatrix(H, P, m), m), -1)
}

export const closedForm: Statement<Penalised, Weighed<QuadraticBilevelWorld>> = {
  ...common,
  id: 'B20.quadratic',
  says: 'on quadratics $y_\\lambda - y^* = -w$, $\\nabla \\mathcal L_\\lambda^* - \\nabla F = -(S - J H^{-1} P)\\, w$ and $F - \\mathcal L_\\lambda^* = \\frac12 \\langle \\nabla_y f(x, y^*), w \\rangle$ with $w = (P + \\lambda H)^{-1} \\nabla_y f(x, y^*)$',
  cases: onQuadratics,
  evaluate: (method, given) => {
    const { world, lambda } = given
    const { problem, start, mean } = world
    const found = estimated(given, method(world, lambda, TIGHT))
    const best = world.lowerSolution(start.x)
    const slope = slopesOf(problem, 'upper', { x: start.x, y: best }).y
    const w = solved(plusMatrix(mean.P, mean.H, lambda), slope)
    const slack = DIGITS * (sizeOf(given, found.y) + sizeOf(given, best)) + unsolvedPart(given)
    return compared([
      { at: 'lower point', observed: distance(found.y, plus(best, w, -1)), bound: 0, slack },
      {
        at: 'gradient',
        observed: distance(found.gradient, plus(world.gradient(start.x), times(biasMatrix(world), w), -1)),
        bound: 0,
        slack,
      },
      {
        at: 'value',
        observed: Math.abs(belowF(given, found.y) - dot(slope, w) / 2),
        bound: 0,
        slack: slack * (1 + norm(slope)) + DIGITS * Math.abs(world.value(start.x)),
      },
    ])
  },
  mutants: ['weightOnce', 'withoutTheLowerSolution', 'oldWeight'],
}

export const growing: Statement<Penalised, Weighed<QuadraticBilevelWorld>> = {
  ...common,
  id: 'B20.limit',
  says: '$\\mathcal L_\\lambda^*$ does not fall as $\\lambda$ grows, and $\\|\\lambda (\\nabla \\mathcal L_\\lambda^* - \\nabla F) + (S - J H^{-1} P) H^{-1} \\nabla_y f(x, y^*)\\| \\le \\frac{\\|S - J H^{-1} P\\| \\|P\\|}{\\lambda \\mu^2} \\|\\nabla_y f(x, y^*)\\|$ on quadratics',
  cases: onQuadratics,
  evaluate: (method, given) => {
    const { world } = given
    const { problem, start, constants, mean } = world
    const best = world.lowerSolution(start.x)
    const slope = slopesOf(problem, 'upper', { x: start.x, y: best }).y
    const C = biasMatrix(world)
    const limit = times(C, world.solve(slope))
    const comparisons: Array<Comparison> = []
    let before: { readonly below: number; readonly slack: number } | null = null
    for (const t of [1, 2, 16]) {
      const at = { ...given, lambda: t * given.lambda }
      const found = estimated(at, method(world, at.lambda, TIGHT))
      const below = belowF(at, found.y)
      const slack = DIGITS * (sizeOf(at, found.y) + sizeOf(at, best)) + unsolvedPart(at)
      const valued = slack * (1 + norm(slope)) + DIGITS * Math.abs(world.value(start.x))
      if (before !== null)
        comparisons.push({
          at: `value, ${t} times the weight`,
          observed: below,
          bound: before.below,
          slack: valued + before.slack,
        })
      before = { below, slack: valued }
      const off = plus(found.gradient, world.gradient(start.x), -1).map((d) => at.lambda * d)
      comparisons.push({
        at: `gradient, ${t} times the weight`,
        observed: norm(plus(off, limit)),
        bound:
          (spectralNorm(C, mean.H.length) * constants.upperLipschitzY * norm(slope)) /
          (at.lambda * constants.mu * constants.mu),
        slack: at.lambda * slack,
      })
    }
    return compared(comparisons)
  },
  mutants: ['weightOnce', 'halfTheWeightInside'],
}

export const certificate: Statement<Penalised, Weighed<BoundedBilevelWorld>> = {
  ...common,
  id: 'B20.certificate',
  says: '$\\|G - \\nabla F(x)\\|$ is at most the bound of the certificate, inner solves of any tolerance included',
  hypotheses: [{ says: 'the constants that are declared hold', holds: () => true }],
  slack: '1e-10 of one and of what is added',
  cases: fc
    .record({ given: onAll, below: fc.constantFrom(1, 1 / 4, 1 / 32) })
    .map(({ given, below }) => ({ ...given, lambda: below * given.lambda })),
  ofEstimator: (estimator) => () => estimator,
  evaluate: (method, given) => {
    const { world, lambda } = given
    const comparisons: Array<Comparison> = []
    for (const tolerance of [1, 1e-2, 1e-6]) {
      const { gradient, certificate: found, y } = estimated(given, method(world, lambda, tolerance))
      if (O.isNone(found.errorBound)) return unmet('a certificate with a bound', 'an estimate without one')
      comparisons.push({
        at: `tolerance ${tolerance}`,
        observed: distance(gradient, world.gradient(world.start.x)),
        bound: found.errorBound.value,
        slack: DIGITS * sizeOf(given, y),
      })
    }
    return compared(comparisons)
  },
  mutants: ['strongConvexityOverestimated', 'withoutUpperSmoothness'],
}

export const penalty20: Card = {
  id: 'B20',
  title: 'What a penalty is off by',
  about:
    'In place of the lower problem its gap is added to $f$ with a weight $\\lambda$. The minimiser moves, the value falls below $F$ and the gradient is off, each by $O(1/\\lambda)$ with known constants, from gradients alone. On quadratics all three are closed forms, and $\\lambda$ times the error of the gradient has a limit, which is zero for problems where the penalty has no bias at all. A certificate adds what the inner solves leave, which grows with $\\lambda$.',
  proof:
    'At $y_\\lambda$ the slope of $g$ is $-\\nabla_y f/\\lambda$, and strong convexity bounds the distance by it over $\\mu$. $\\mathcal L_\\lambda^* \\le F$ by taking $y = y^*$; convexity of $f$ and $\\frac\\mu2 \\|y - y^*\\|^2 \\le g - g^*$ give the other side. By the envelope theorem $\\nabla \\mathcal L_\\lambda^* = \\nabla_x f + \\lambda(\\nabla_x g(x, y_\\lambda) - \\nabla_x g(x, y^*))$; expand at $y^*$. $\\mathcal L_\\lambda$ grows with $\\lambda$ at every $y$ and so does its least value. For the limit, $H^{-1} - (P/\\lambda + H)^{-1} = H^{-1} (P/\\lambda) (P/\\lambda + H)^{-1}$.',
  sources: ['kwon2023'],
  statements: [seal(bounds), seal(closedForm), seal(growing), seal(certificate)],
  unverified:
    'The published constant $C_\\lambda = \\frac{4 l_{f,0} l_{g,1}}{\\mu^2} (l_{f,1} + 2 l_{f,0} l_{g,2}/\\mu)$, and the rates $\\epsilon^{-7/2}$, $\\epsilon^{-5/2}$ and $\\epsilon^{-3/2}$, are not asserted.',
}
