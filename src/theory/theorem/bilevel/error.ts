import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import { certified } from '../../../bilevel/hypergradient/certificate.js'
import { conjugateGradients } from '../../../bilevel/hypergradient/cg.js'
import { direct } from '../../../bilevel/hypergradient/dense.js'
import { firstOrder } from '../../../bilevel/hypergradient/firstOrder.js'
import { neumann } from '../../../bilevel/hypergradient/neumann.js'
import { unrolled } from '../../../bilevel/hypergradient/unrolled.js'
import { norm } from '../../../numeric/index.js'
import type { Card } from '../../card/card.js'
import { compared, unmet } from '../../card/evidence.js'
import { seal } from '../../card/seal.js'
import type { Statement } from '../../card/statement.js'
import { boundedBilevelWorlds } from '../../world/bilevel/every.js'
import { distance } from '../../world/bilevel/matrix.js'
import { quadraticBilevelWorlds } from '../../world/bilevel/quadratic.js'
import {
  type BoundedBilevelWorld,
  type QuadraticBilevelWorld,
  showBilevelWorld,
} from '../../world/bilevel/world.js'
import {
  type At,
  DIGITS,
  estimateAt,
  innerLoop,
  linearResidual,
  type Recipe,
  ROUNDING,
  reciprocalOfL,
  sizeOf,
  upperSlopes,
} from './recipe.js'

/** A world, inner steps of a share of $1/L$, and how much an estimator may do. */
interface Inexact<W> {
  readonly world: W
  readonly share: number
  readonly steps: number
  readonly work: number
}

const inexact = <W extends BoundedBilevelWorld>(worlds: fc.Arbitrary<W>): fc.Arbitrary<Inexact<W>> =>
  fc.record({
    world: worlds,
    share: fc.constantFrom(1, 0.5),
    steps: fc.nat(8),
    work: fc.integer({ min: 1, max: 3 }),
  })

const show = ({ world, share, steps, work }: Inexact<BoundedBilevelWorld>) => ({
  problem: showBilevelWorld(world),
  share,
  steps,
  work,
})

const startOf = ({ world, share, steps }: Inexact<BoundedBilevelWorld>): At => ({
  ...world.start,
  steps: Array.from({ length: steps }, () => share / world.constants.L),
})

/** Rounding at $y_D$ and at $y^*$. */
const slackOf = ({ problem, lowerSolution, start: { x } }: BoundedBilevelWorld, y: Float64Array): number =>
  DIGITS * (sizeOf(problem, { x, y }) + sizeOf(problem, { x, y: lowerSolution(x) }))

/** Estimators that may do little. */
const hasty: { readonly [name: string]: Recipe } = {
  cg: (_problem, work) => conjugateGradients({ iterations: work }),
  direct: () => direct(),
  neumann: (problem, work) => neumann({ terms: work, step: reciprocalOfL(problem) }),
  firstOrder: () => firstOrder(),
}

export const implicitError: Statement<Recipe, Inexact<QuadraticBilevelWorld>> = {
  id: 'B9.implicit',
  says: '$\\|z - \\nabla F(x)\\| \\le (L_{fx} + L_{fy} \\|J\\|/\\mu)\\, \\|y - y^*(x)\\| + (\\|J\\|/\\mu)\\, \\|Hv - \\nabla_y f\\|$ for $z = \\nabla_x f - Jv$',
  kind: 'path',
  evidence: ['D*'],
  hypotheses: [{ says: '$g$ is quadratic in $(x, y)$ and $\\mu$-strongly convex in $y$', holds: () => true }],
  slack: `${ROUNDING}, and of the bound`,
  cases: inexact(quadraticBilevelWorlds()),
  show,
  subjects: hasty,
  ofEstimator: (estimator) => () => estimator,
  evaluate: (recipe, given) => {
    const { world, work } = given
    const { problem, start, constants } = world
    const found = estimateAt(problem, recipe(problem, work), startOf(given))
    if (found.form === 'other')
      return unmet('$z = \\nabla_x f - Jv$ with a $v$ that is shown', 'an estimate of another form')
    const away = distance(found.y, world.lowerSolution(start.x))
    const { upperLipschitzX, upperLipschitzY, crossNorm, mu } = constants
    const bound =
      (upperLipschitzX + (upperLipschitzY * crossNorm) / mu) * away +
      (crossNorm / mu) * linearResidual(problem, start.x, found)
    return compared([
      {
        at: `D = ${given.steps}`,
        observed: distance(found.gradient, world.gradient(start.x)),
        bound,
        slack: slackOf(world, found.y) + DIGITS * bound,
      },
    ])
  },
  mutants: ['crossHalved', 'signOfV', 'penultimateShown'],
}

export const unrolledError: Statement<Recipe, Inexact<QuadraticBilevelWorld>> = {
  id: 'B9.unrolled',
  says: '$\\|z - \\nabla F(x)\\| \\le (1 - a\\mu)^D \\bigl( (L_{fx} + L_{fy} \\|J\\|/\\mu)\\, \\|y_0 - y^*(x)\\| + (\\|J\\|/\\mu)\\, \\|\\nabla_y f(x, y^*)\\| \\bigr)$ for the way back over $D$ steps',
  kind: 'path',
  evidence: ['D*'],
  hypotheses: [
    {
      says: '$g$ is quadratic in $(x, y)$, $\\mu I \\preceq H \\preceq L I$, $0 < a \\le 1/L$',
      holds: ({ share }) => share <= 1,
    },
  ],
  slack: ROUNDING,
  cases: inexact(quadraticBilevelWorlds({ octaves: 3 })),
  show,
  subjects: {
    unrolled: () => unrolled(),
    'a series of as many terms': (problem, work) =>
      work === 0 ? firstOrder() : neumann({ terms: work, step: reciprocalOfL(problem) }),
  },
  evaluate: (recipe, given) => {
    const { world, share, steps } = given
    const { problem, start, constants } = world
    // A series has as many terms as there are steps; it takes 1/L where they are shorter, which is no worse.
    const found = estimateAt(problem, recipe(problem, steps), startOf(given))
    const best = world.lowerSolution(start.x)
    const { upperLipschitzX, upperLipschitzY, crossNorm, mu, L } = constants
    let factor = 1
    for (let t = 0; t < steps; t++) factor *= 1 - (share * mu) / L
    const slope = norm(upperSlopes(problem, { x: start.x, y: best }).y)
    return compared([
      {
        at: `D = ${steps}`,
        observed: distance(found.gradient, world.gradient(start.x)),
        bound:
          factor *
          ((upperLipschitzX + (upperLipschitzY * crossNorm) / mu) * distance(start.y, best) +
            (crossNorm / mu) * slope),
        slack: slackOf(world, innerLoop(problem, startOf(given))),
      },
    ])
  },
  mutants: ['oneStepBack', 'withoutTheCotangentOfY', 'signOfV'],
}

/** An estimator with the certificate of a problem. */
const withBound =
  (recipe: Recipe): Recipe =>
  (problem, work) =>
    certified(recipe(problem, work), problem.facts)

export const certificateHolds: Statement<Recipe, Inexact<BoundedBilevelWorld>> = {
  id: 'B9.certificate',
  says: '$\\|z - \\nabla F(x)\\| \\le \\omega$ for the bound $\\omega$ of a certificate, on lower levels that are not quadratic too',
  kind: 'path',
  evidence: ['D*'],
  hypotheses: [{ says: 'the constants that are declared hold', holds: () => true }],
  slack: `${ROUNDING}, and of the bound`,
  cases: inexact(boundedBilevelWorlds()),
  show,
  subjects: {
    cg: withBound((_problem, work) => conjugateGradients({ iterations: work })),
    direct: withBound(() => direct()),
    neumann: withBound((problem, work) => neumann({ terms: work, step: reciprocalOfL(problem) })),
    unrolled: withBound(() => unrolled()),
  },
  ofEstimator: (estimator) => withBound(() => estimator),
  evaluate: (recipe, given) => {
    const { world, work } = given
    const { problem, start } = world
    const { gradient, certificate, y } = estimateAt(problem, recipe(problem, work), startOf(given))
    if (O.isNone(certificate.errorBound))
      return unmet('a certificate with a bound', 'an estimate without one')
    const bound = certificate.errorBound.value
    return compared([
      {
        at: `D = ${given.steps}`,
        observed: distance(gradient, world.gradient(start.x)),
        bound,
        slack: slackOf(world, y) + DIGITS * bound,
      },
    ])
  },
  mutants: ['strongConvexityOverestimated', 'withoutUpperSmoothness', 'residualOfBefore'],
}

export const error9: Card = {
  id: 'B9',
  title: 'How wrong a hypergradient is',
  about:
    'Two errors make a hypergradient wrong: the lower level was not solved, and the linear system was not. Both leave residuals that can be measured, and the error of the hypergradient is at most a multiple of each. Where nothing is quadratic the bound needs three more constants and a term of second order. Unrolled steps pay for both with one contraction.',
  proof:
    'With $\\bar z(y) = \\nabla_x f - J H^{-1} \\nabla_y f$ at $(x, y)$: $z - \\bar z(y) = -J H^{-1}(Hv - \\nabla_y f)$, and $\\bar z$ is Lipschitz in $y$ with the constant $L_{fx} + L_{fy}\\|J\\|/\\mu$ where $H$ and $J$ do not move. Unrolled steps are the series of $D$ terms (theorem B8), and $(I - aH)^D$ shrinks both what it leaves and $y_D - y^*$; $\\nabla_y f$ is taken at $y_D$, which the contraction of $y$ pays for once, since $I - (I - aH)^D$ has a norm below 1.',
  sources: ['ghadimi2018', 'ji2021', 'pedregosa2016', 'salehi2025'],
  statements: [seal(implicitError), seal(unrolledError), seal(certificateHolds)],
  unverified:
    'Bounds of the literature for unrolled steps on lower levels that are not quadratic, with a rate of half the contraction, are not asserted.',
}
