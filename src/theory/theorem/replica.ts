import fc from 'fast-check'
import { norm } from '../../numeric/index.js'
import type { Batch, Vector } from '../../problem/oracle.js'
import type { ControllerFields } from '../../replica/controller.js'
import { meanPoint, type ReplicasState, replicasInit } from '../../replica/driver.js'
import { replicaMethod } from '../../replica/method.js'
import type { Card } from '../card/card.js'
import { type Comparison, compared, must } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Statement } from '../card/statement.js'
import { quadraticWorlds } from '../world/quadratic.js'
import type { SolvedWorld } from '../world/world.js'
import {
  common,
  decays,
  fieldsOf,
  invariant,
  permutation,
  type Replicas,
  ROUNDINGS,
  sign,
  signal,
  slope,
  spread,
  total,
  velocity,
} from './controller.js'
import { between } from './parameter.js'

/** Replicas on their way through a world, each with its own start and its own batches. */
interface Journeys {
  readonly world: SolvedWorld
  readonly fields: Required<ControllerFields>
  readonly assignment: ReadonlyArray<number>
  readonly period: number
  readonly starts: ReadonlyArray<Vector>
  /** The component of replica `r` in iteration `k`. */
  readonly components: ReadonlyArray<ReadonlyArray<number>>
}

const journeys: fc.Arbitrary<Journeys> = fc
  .tuple(quadraticWorlds(), fc.integer({ min: 2, max: 6 }), fc.integer({ min: 1, max: 3 }))
  .chain(([world, n, period]) =>
    fc.record({
      world: fc.constant(world),
      // Steps below the stability limit, so that numbers stay of one size.
      fields: fc.tuple(fieldsOf(n), between(1 / 16, 1)).map(([fields, share]) => ({
        ...fields,
        step: share / Math.max(...world.L),
        gain: 0.5,
      })),
      assignment: permutation(n),
      period: fc.constant(period),
      starts: fc.array(
        fc
          .array(
            fc.integer({ min: -64, max: 64 }).map((i) => i / 8),
            {
              minLength: world.start.length,
              maxLength: world.start.length,
            },
          )
          .map((x) => Float64Array.from(x)),
        { minLength: n, maxLength: n },
      ),
      components: fc.array(fc.array(fc.nat({ max: world.L.length - 1 }), { minLength: n, maxLength: n }), {
        minLength: 2 * period + 1,
        maxLength: 2 * period + 1,
      }),
    }),
  )

const showJourneys = ({ world, starts, fields, ...given }: Journeys) => ({
  problem: { family: world.family, data: world.data },
  fields: { ...fields },
  starts: starts.map((x) => Array.from(x)),
  ...given,
})

/** One iteration: the states around it, the mean gradient, the base, and a number that all that was added is below. */
interface Leg {
  readonly k: number
  readonly before: ReplicasState
  readonly after: ReplicasState
  readonly meets: boolean
  readonly base: number
  readonly gradient: Vector
  readonly size: number
}

const legs = (subject: Replicas, given: Journeys): ReadonlyArray<Leg> => {
  const { world, fields, assignment, period, starts, components } = given
  const batch = (k: number, r: number): Batch => Int32Array.of(components[k]?.[r] ?? 0)
  const method = replicaMethod({
    controllers: { step: subject.controller(fields) },
    period,
    assignment: () => assignment,
    batch,
  })
  let after = replicasInit(method, starts)
  const run = subject.iterate(world.objective, method, after)
  return components.map((_, k) => {
    const before = after
    after = run.next().value.state
    const gradients = before.replicas.map(
      ({ x }, r) => world.objective.valueAndGradient(x, batch(k, r)).gradient,
    )
    const greatest = (vectors: ReadonlyArray<Vector>): number =>
      Math.max(...vectors.flatMap((v) => Array.from(v, Math.abs)))
    const { base } = before.controllers.step
    return {
      k,
      before,
      after,
      meets: (k + 1) % period === 0,
      base,
      gradient: Float64Array.from(
        world.start,
        (_x, i) => total(gradients.map((g) => g[i] ?? 0)) / gradients.length,
      ),
      // Twice the base is the greatest step.
      size: greatest(before.replicas.map(({ x }) => x)) + 2 * base * greatest(gradients),
    }
  })
}

const distance = (a: Vector, b: Vector): number => norm(a.map((x, i) => x - (b[i] ?? 0)))

/** The mean of the points, and the points where they meet. */
export const meanPath: Statement<Replicas, Journeys> = {
  ...common,
  id: 'P21.mean',
  kind: 'path',
  says: '$\\bar x_{k+1} = \\bar x_k - \\bar\\eta_k \\bar g_k$ with each gradient taken at its own point, where replicas meet too; after a meeting all points are $\\bar x$',
  cases: journeys,
  show: showJourneys,
  evaluate: (subject, given) =>
    compared(
      legs(subject, given).flatMap(({ k, before, after, meets, base, gradient, size }) => {
        const expected = meanPoint(before).map((x, i) => x - base * (gradient[i] ?? 0))
        const [first] = after.replicas
        const together = after.replicas.every(({ x }) => x.every((xi, i) => Object.is(xi, first?.x[i])))
        return [
          {
            at: `mean, k = ${k}`,
            observed: distance(meanPoint(after), expected),
            bound: 0,
            slack: 2 * ROUNDINGS * size,
          },
          ...(meets ? [must(`meeting, k = ${k}`, together)] : []),
        ]
      }),
    ),
  mutants: ['notAveraged', 'oneForTheMean', 'gradientsNotShared', 'gradientsSummed', 'beginsAtOne'],
}

/** How far replicas part. */
export const apart: Statement<Replicas, Journeys> = {
  ...common,
  id: 'P21.apart',
  kind: 'path',
  says: '$\\|x_{r,k} - \\bar x_k\\| \\le \\|x_{r,j} - \\bar x_j\\| + \\alpha \\bar\\eta \\sum_{i=j}^{k-1} \\|\\bar g_i\\|$, and $x_{r,j} = \\bar x_j$ if the replicas last met before $j$',
  cases: journeys,
  show: showJourneys,
  evaluate: (subject, given) => {
    const { spread: alpha } = given.fields
    let bounds = given.starts.map(() => 0)
    let slack = 0
    let met = false
    const comparisons: Array<Comparison> = []
    for (const { k, before, after, meets, base, gradient, size } of legs(subject, given)) {
      if (k === 0) {
        const mean = meanPoint(before)
        bounds = before.replicas.map(({ x }) => distance(x, mean))
      }
      bounds = bounds.map((bound) => (meets ? 0 : bound + alpha * base * norm(gradient)))
      slack += 2 * ROUNDINGS * size
      met ||= meets
      const mean = meanPoint(after)
      for (const [r, { x }] of after.replicas.entries()) {
        const at = `replica ${r}, k = ${k + 1}${met ? '' : ', before they met'}`
        comparisons.push({ at, observed: distance(x, mean), bound: bounds[r] ?? 0, slack })
      }
    }
    return compared(comparisons)
  },
  mutants: ['notAveraged', 'twiceAsWide', 'gradientsNotShared'],
}

export const replicas21: Card = {
  id: 'P21',
  title: 'Replicas that choose their step size (HDET)',
  about:
    'Replicas of one descent with step sizes spread around a base $\\bar\\eta$ share their mean gradient, meet at their mean point, and move the base towards the values that did better. No theorem says that this converges. What is exact: the mean point takes steps of the base along the mean gradient, and meeting does not move it; the signal $\\Delta$ points to lower losses, is at most $\\alpha\\bar\\eta$, and is a difference quotient of the loss by the step size, up to a third power. That the base stays positive is the doing of the floor alone.',
  proof:
    "The factors have mean 1. With the mean $\\bar\\eta$ taken off, $\\Delta = \\sum_r w_r (\\eta_r - \\bar\\eta)$, a mean of numbers of at most $\\alpha\\bar\\eta$; its sign is by Chebyshev's sum inequality, since weights fall as losses rise. For losses with slope $a$, $\\Delta$ is the derivative of a cumulant generating function at $t = -a/\\sigma$: the second cumulant at 0 is $\\frac{N+1}{3(N-1)}(\\alpha\\bar\\eta)^2$, the third is 0 by symmetry, and a fourth cumulant of numbers in $[-R, R]$ is at most $2R^4$. $v$ is a mean of signals and 0. The published decay, $1 - e^{-\\log(f_\\text{div}/f_\\text{final})/K}$, has the wrong sign for the factors in use: with $25$ and $10^4$ the base grows by $400$.",
  sources: ['cheng2026'],
  statements: [
    seal(spread),
    seal(signal),
    seal(sign),
    seal(slope),
    seal(invariant),
    seal(velocity),
    seal(decays),
    seal(meanPath),
    seal(apart),
  ],
}
