import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { noDraw } from '../../../bilevel/draw.js'
import type { Estimator } from '../../../bilevel/hypergradient/hypergradient.js'
import { oneStepDifference } from '../../../bilevel/hypergradient/oneStepDifference.js'
import { answerBilevel } from '../../../bilevel/problem/problem.js'
import { norm } from '../../../numeric/index.js'
import { runSync } from '../../../program/interpret.js'
import type { Card } from '../../card/card.js'
import { compared } from '../../card/evidence.js'
import { seal } from '../../card/seal.js'
import type { Statement } from '../../card/statement.js'
import { distance, plus } from '../../world/bilevel/matrix.js'
import { quadraticBilevelWorlds } from '../../world/bilevel/quadratic.js'
import { ridgeBilevelWorlds } from '../../world/bilevel/ridge.js'
import { shiftedBilevelWorlds } from '../../world/bilevel/shifted.js'
import { type BilevelWorld, type BoundedBilevelWorld, showBilevelWorld } from '../../world/bilevel/world.js'
import { DIGITS, slopesOf } from './running.js'

/** An estimator that looks through one step, for the step and the radius of its difference. */
export type LookAhead = (params: { readonly step: number; readonly radius: number }) => Estimator

interface Looked<W extends BilevelWorld> {
  readonly world: W
  readonly step: number
  readonly radius: number
}

const steps = { step: fc.constantFrom(1 / 16, 1 / 4, 1), radius: fc.constantFrom(1 / 64, 1 / 8, 1) }

/** What an estimator finds, what the derivative through the step is, and what differences leave of rounding. */
const looked = (make: LookAhead, { world, step, radius }: Looked<BilevelWorld>) => {
  const { problem, start } = world
  const found = runSync(
    make({ step, radius }).estimate({ ...start, v: O.none, path: O.none, draw: noDraw }),
    answerBilevel(problem),
  )
  if (E.isLeft(found)) throw new Error(`no hypergradient: ${found.left.message}`)
  const g = slopesOf(problem, 'lower', start)
  const ahead = plus(start.y, g.y, -step)
  const f = slopesOf(problem, 'upper', { x: start.x, y: ahead })
  const Jb = problem.lower.crossVector(start.x, start.y, f.y, null)
  const b = norm(f.y)
  const exact = plus(f.x, Jb, -step)
  // A difference of two gradients, over the radius.
  const rounded = (step * b * (1 + norm(g.x) + norm(Jb) / Math.max(b, 1e-300))) / radius
  return {
    error: distance(found.right.gradient, exact),
    b,
    slack: 1e-14 * 64 * rounded + DIGITS * (1 + norm(f.x) + step * norm(Jb) + norm(ahead)),
  }
}

const common = {
  kind: 'path',
  evidence: ['D*'],
  slack: '1e-10 of what is added, and 64 roundings of $\\nabla_x g$ over the radius',
  show: ({ world, step, radius }: Looked<BilevelWorld>) => ({
    problem: showBilevelWorld(world),
    step,
    radius,
  }),
  subjects: { oneStepDifference },
} as const

export const affine: Statement<LookAhead, Looked<BilevelWorld>> = {
  ...common,
  id: 'B26.exact',
  says: '$z$ is the derivative of $f(x, y - a \\nabla_y g(x, y))$ for every radius where $\\nabla_x g$ is affine or quadratic in $y$',
  hypotheses: [{ says: '$\\nabla_x g$ is affine or quadratic in $y$', holds: () => true }],
  cases: fc.record({
    world: fc.oneof<Array<fc.Arbitrary<BilevelWorld>>>(quadraticBilevelWorlds(), ridgeBilevelWorlds()),
    ...steps,
  }),
  evaluate: (make, given) => {
    const { error, slack } = looked(make, given)
    return compared([{ at: `radius ${given.radius}`, observed: error, bound: 0, slack }])
  },
  mutants: ['oneSided', 'withoutTheLength', 'atTheOldPoint'],
}

export const smooth: Statement<LookAhead, Looked<BoundedBilevelWorld>> = {
  ...common,
  id: 'B26.error',
  says: '$z$ is off by at most $a \\rho \\|\\nabla_y f\\| \\min\\{L_J/2,\\ K \\rho/6\\}$ where $J$ is $L_J$-Lipschitz in $y$ and its second derivatives are at most $K$',
  hypotheses: [
    { says: '$J$ is $L_J$-Lipschitz in $y$, its second derivative is bounded by $K$', holds: () => true },
  ],
  cases: fc.record({ world: shiftedBilevelWorlds(), ...steps }),
  evaluate: (make, given) => {
    const { error, b, slack } = looked(make, given)
    const { step, radius, world } = given
    const { crossLipschitz } = world.constants
    // Here J = Dy0' Hess Phi: |tanh''| <= 4/(3 sqrt 3) gives the first constant, |tanh'''| <= 2 the second.
    const second = (crossLipschitz * 2 * 3 * Math.sqrt(3)) / 4
    return compared([
      {
        at: `radius ${radius}`,
        observed: error,
        bound: step * radius * b * Math.min(crossLipschitz / 2, (second * radius) / 6),
        slack,
      },
    ])
  },
  mutants: ['oneSided', 'withoutTheLength', 'atTheOldPoint'],
}

export const lookAhead26: Card = {
  id: 'B26',
  title: 'A difference of gradients in place of a mixed derivative',
  about:
    'DARTS of the second order looks through one lower step and takes its mixed derivative as a central difference of gradients. Where $\\nabla_x g$ is at most quadratic in $y$ that is no approximation at all, at any radius; elsewhere the error is of second order in the radius. Of the distance from $\\nabla F$ nothing follows: one step is no solution.',
  proof:
    'A central difference is exact on quadratics. In general it is the mean of $J$ over the segment, which is within $L_J \\rho/2$ of its middle, and within $K \\rho^2/6$ by symmetry.',
  sources: ['liu2019'],
  statements: [seal(affine), seal(smooth)],
}
