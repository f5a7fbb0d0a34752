import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import { minimiseBilevel } from '../../../bilevel/driver.js'
import { conjugateGradients } from '../../../bilevel/hypergradient/cg.js'
import { firstOrder } from '../../../bilevel/hypergradient/firstOrder.js'
import type { Estimator } from '../../../bilevel/hypergradient/hypergradient.js'
import { neumann } from '../../../bilevel/hypergradient/neumann.js'
import { unrolled } from '../../../bilevel/hypergradient/unrolled.js'
import { bilevelDescent } from '../../../bilevel/method/bilevelDescent.js'
import { dot, norm, squaredNorm } from '../../../numeric/index.js'
import type { Vector } from '../../../problem/oracle.js'
import { constant } from '../../../rule/atom/constant.js'
import type { Card } from '../../card/card.js'
import { type Comparison, compared, type Evidence, unmet } from '../../card/evidence.js'
import { seal } from '../../card/seal.js'
import type { Statement } from '../../card/statement.js'
import { boundedBilevelWorlds } from '../../world/bilevel/every.js'
import { distance, plus, times } from '../../world/bilevel/matrix.js'
import { quadraticBilevelWorlds } from '../../world/bilevel/quadratic.js'
import {
  type BoundedBilevelWorld,
  type QuadraticBilevelWorld,
  showBilevelWorld,
} from '../../world/bilevel/world.js'
import { DIGITS, type Recipe, reciprocalOfL } from './recipe.js'

/** A run of the upper level with one step: $x_0, \dots, x_K$ and the $z_k$ that it moved along. */
export interface OuterRun {
  readonly x: ReadonlyArray<Vector>
  readonly z: ReadonlyArray<Vector>
}

export type Outer = (world: BoundedBilevelWorld, step: number, iterations: number) => OuterRun

/** Descent along an estimate, after so many inner steps of $1/L$. */
export const descending =
  (recipe: Recipe, innerSteps: number): Outer =>
  ({ problem, start, constants }, step, iterations) => {
    const estimator: Estimator = recipe(problem, 2)
    const { records, x } = minimiseBilevel(problem, {
      method: bilevelDescent({
        inner: { steps: innerSteps, rule: constant(1 / constants.L) },
        hypergradient: estimator,
        outer: { rule: constant(step) },
      }),
      start,
      iterations,
    })
    const none = () => x.map(() => Number.NaN)
    return {
      x: [...records.map((r) => r.x), x],
      z: records.map(({ gradient }) => O.getOrElse<Vector>(none)(gradient)),
    }
  }

const subjects: { readonly [name: string]: Outer } = {
  'cg, five inner steps': descending(
    ({ dimension }) => conjugateGradients({ iterations: 2 * dimension.y, warmStart: true }),
    5,
  ),
  'two terms of a series, one inner step': descending(
    (problem, work) => neumann({ terms: work, step: reciprocalOfL(problem) }),
    1,
  ),
  'three unrolled steps': descending(() => unrolled(), 3),
  'first order': descending(() => firstOrder(), 1),
}

/** A world and the step as a share of $1/L_F$. */
interface Descent<W> {
  readonly world: W
  readonly share: number
}

const ITERATIONS = 4

const show = ({ world, share }: Descent<BoundedBilevelWorld>) => ({
  problem: showBilevelWorld(world),
  share,
})

const stepOf = ({ world, share }: Descent<BoundedBilevelWorld>): number =>
  share / Math.max(world.smoothness, 1 / 4)

const cases = <W extends BoundedBilevelWorld>(worlds: fc.Arbitrary<W>): fc.Arbitrary<Descent<W>> =>
  fc.record({ world: worlds, share: fc.constantFrom(1, 1, 0.5) })

/** What is added to make $F(x)$, and one. */
const valueSize = ({ lowerSolution, smoothness, constants }: BoundedBilevelWorld, x: Vector): number => {
  const [a, b] = [norm(x), norm(lowerSolution(x))]
  return (
    (1 + smoothness) * (1 + a * a) +
    constants.upperLipschitzX * a * b +
    (1 + constants.upperLipschitzY) * (1 + b * b)
  )
}

/** Compares along a run, from each $x_k$ to the next. */
const along = <W extends BoundedBilevelWorld>(
  subject: Outer,
  given: Descent<W>,
  comparison: (k: number, x: Vector, next: Vector, error: number, gradient: Vector) => Comparison,
): Evidence => {
  const { world } = given
  const { x, z } = subject(world, stepOf(given), ITERATIONS)
  if (!x.every((xk) => xk.every(Number.isFinite))) return unmet('finite points', 'a point that is not')
  return compared(
    z.map((zk, k) => {
      const [here = zk, next = zk] = [x[k], x[k + 1]]
      const gradient = world.gradient(here)
      return comparison(k, here, next, distance(zk, gradient), gradient)
    }),
  )
}

const hypotheses = [
  { says: '$F$ is $L_F$-smooth, $x_{k+1} = x_k - b z_k$, $0 < b \\le 1/L_F$', holds: () => true },
]

const SLACK = '1e-10 of one and of what is added to make the values'

export const stepwise: Statement<Outer, Descent<BoundedBilevelWorld>> = {
  id: 'B24.step',
  says: '$F(x_{k+1}) \\le F(x_k) - \\frac b2 \\|\\nabla F(x_k)\\|^2 + \\frac b2 \\|z_k - \\nabla F(x_k)\\|^2$',
  kind: 'path',
  evidence: ['D*'],
  hypotheses,
  slack: SLACK,
  cases: cases(boundedBilevelWorlds()),
  show,
  subjects,
  evaluate: (subject, given) =>
    along(subject, given, (k, x, next, error, gradient) => {
      const { world } = given
      const half = stepOf(given) / 2
      const size = valueSize(world, x) + valueSize(world, next)
      return {
        at: `k = ${k}`,
        // Both sides less F(x_k), which would hide the ratio.
        observed: half * squaredNorm(gradient) + Math.max(0, world.value(next) - world.value(x)),
        bound: half * error * error + Math.max(0, world.value(x) - world.value(next)),
        slack: DIGITS * size,
      }
    }),
  mutants: ['doubleStep', 'climbs', 'stepOfTheLowerLevel'],
}

/** $F(x) - F^*$ of a strongly convex quadratic, without cancellation. */
const gapOf = ({ hessian, best }: QuadraticBilevelWorld, x: Vector): number => {
  const away = plus(x, best?.x ?? x, -1)
  return dot(away, times(hessian, away)) / 2
}

const convex = quadraticBilevelWorlds({ convex: true })

export const summed: Statement<Outer, Descent<QuadraticBilevelWorld>> = {
  id: 'B24.sum',
  says: '$\\sum_{k<K} \\|\\nabla F(x_k)\\|^2 \\le \\frac2b (F(x_0) - F^*) + \\sum_{k<K} \\|z_k - \\nabla F(x_k)\\|^2$',
  kind: 'path',
  evidence: ['D*'],
  hypotheses,
  slack: SLACK,
  cases: cases(convex),
  show,
  subjects,
  evaluate: (subject, given) => {
    const step = stepOf(given)
    let [sum, bound] = [0, (2 / step) * gapOf(given.world, given.world.start.x)]
    return along(subject, given, (k, x, _next, error, gradient) => {
      sum += squaredNorm(gradient)
      bound += error * error
      return {
        at: `K = ${k + 1}`,
        observed: sum,
        bound,
        slack: (DIGITS * valueSize(given.world, x)) / step,
      }
    })
  },
  mutants: ['farTooLong', 'climbs'],
}

export const stronglyConvexDescent: Statement<Outer, Descent<QuadraticBilevelWorld>> = {
  id: 'B24.stronglyConvex',
  says: '$F(x_{k+1}) - F^* \\le (1 - b\\,m)(F(x_k) - F^*) + \\frac b2 \\|z_k - \\nabla F(x_k)\\|^2$ for an $m$-strongly convex $F$',
  kind: 'path',
  evidence: ['D*'],
  hypotheses: [
    ...hypotheses,
    {
      says: '$F$ is $m$-strongly convex, $m > 0$',
      holds: ({ world }) => world.convexity > 0 && world.best !== null,
    },
  ],
  slack: SLACK,
  cases: cases(convex),
  show,
  subjects,
  evaluate: (subject, given) =>
    along(subject, given, (k, x, next, error) => {
      const { world } = given
      const step = stepOf(given)
      return {
        at: `k = ${k}`,
        observed: gapOf(world, next),
        bound: (1 - step * world.convexity) * gapOf(world, x) + (step / 2) * error * error,
        slack: DIGITS * (valueSize(world, x) + valueSize(world, next)),
      }
    }),
  mutants: ['doubleStep', 'climbs', 'stepOfTheLowerLevel'],
}

export const descent24: Card = {
  id: 'B24',
  title: 'Descent along inexact hypergradients',
  about:
    'However a hypergradient was made, what its error costs is known: half the step times its square in each iteration. So a method that makes the errors summable loses nothing in the end, and a certificate of the error is a promise about progress.',
  proof:
    'The descent lemma with $-\\langle \\nabla F, z \\rangle = \\frac12(\\|z - \\nabla F\\|^2 - \\|\\nabla F\\|^2 - \\|z\\|^2)$; for $b \\le 1/L_F$ the squares of $z$ only help. Sum; or use $\\|\\nabla F\\|^2 \\ge 2m(F - F^*)$.',
  sources: ['ghadimi2018', 'pedregosa2016'],
  statements: [seal(stepwise), seal(summed), seal(stronglyConvexDescent)],
}
