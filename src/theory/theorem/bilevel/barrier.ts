import fc from 'fast-check'
import { powerOfTwo } from '../../../numeric/index.js'
import type { Card } from '../../card/card.js'
import { type Comparison, compared, equal } from '../../card/evidence.js'
import { seal } from '../../card/seal.js'
import type { Statement } from '../../card/statement.js'
import { entries } from '../../world/bilevel/draw.js'
import { boundedBilevelWorlds } from '../../world/bilevel/every.js'
import { vector } from '../../world/bilevel/matrix.js'
import { type BoundedBilevelWorld, showBilevelWorld } from '../../world/bilevel/world.js'
import {
  type BarrierMethod,
  type BarrierSettings,
  barrier,
  inner,
  size,
  squared,
  sum,
} from './barrierMethod.js'
import { DIGITS, iterated, slopesOf } from './running.js'

interface Barred {
  readonly world: BoundedBilevelWorld
  readonly settings: BarrierSettings
  /** Starts where the lower level is solved. */
  readonly settled: boolean
  /** Another vector to compare the direction with. */
  readonly other: ReadonlyArray<number>
}

const cases: fc.Arbitrary<Barred> = fc
  .record({
    world: boundedBilevelWorlds(),
    steps: fc.nat(4),
    option: fc.constantFrom<'G' | 'Q'>('G', 'Q'),
    eta: fc.constantFrom(1 / 8, 1 / 2, 1, 2),
    settled: fc.integer({ min: 0, max: 3 }).map((i) => i === 0),
    // Close to the lower solution the gap is small, and its multiplier large.
    nearness: fc.constantFrom(0, 0, 4, 8),
    other: entries(6),
  })
  .map(({ world, steps, option, eta, settled, nearness, other }) => {
    const { x, y } = world.start
    const best = world.lowerSolution(x)
    const near = y.map((yi, i) => (best[i] ?? 0) + powerOfTwo(-nearness) * (yi - (best[i] ?? 0)))
    return {
      world: { ...world, start: { x, y: settled ? best : nearness === 0 ? y : near } },
      settings: { steps, inner: 1 / world.constants.L, step: 1 / 4, option, eta },
      settled,
      other,
    }
  })

/** One iteration, with everything that it says computed once more. */
const seen = (method: BarrierMethod, { world, settings }: Barred) => {
  const { problem, start } = world
  const made = method(settings)
  const [next, { own }] = iterated(problem, made, made.init(start))
  const f = slopesOf(problem, 'upper', start)
  const g = slopesOf(problem, 'lower', start)
  const hat = slopesOf(problem, 'lower', { x: start.x, y: own.inner })
  const q = { x: g.x.map((gx, i) => gx - (hat.x[i] ?? 0)), y: g.y }
  const value = (y: Float64Array): number => problem.lower.value(start.x, y, null)
  const gap = value(start.y) - value(own.inner)
  const phi = settings.eta * (settings.option === 'G' ? squared(q) : gap)
  const rough =
    1e-13 * (1 + Math.abs(value(start.y)) + Math.abs(value(own.inner))) * settings.eta +
    DIGITS * (1 + squared(f) + squared(g) + squared(hat))
  return { next, own, f, q, phi, rough, moved: made.point(next) }
}

const common = {
  kind: 'path',
  evidence: ['D*'],
  slack: '1e-10 of one and of the squares of the gradients, and of that over $\\|q\\|^2$ for $\\lambda$',
  cases,
  show: ({ world, settings, other }: Barred) => ({
    problem: showBilevelWorld(world),
    ...settings,
    other: [...other],
  }),
  subjects: { bome: barrier },
} as const

export const complementary: Statement<BarrierMethod, Barred> = {
  ...common,
  id: 'B17.barrier',
  says: '$\\langle \\hat q, \\delta \\rangle \\ge \\varphi$, $\\lambda \\ge 0$ and $\\lambda (\\langle \\hat q, \\delta \\rangle - \\varphi) = 0$ for the gradient $\\hat q$ of the gap with $\\hat y$ constant, and $\\lambda = 0$, $\\delta = \\nabla f$ where $\\hat q = 0$',
  hypotheses: [{ says: 'nothing is added to $\\|\\hat q\\|^2$', holds: () => true }],
  evaluate: (method, given) => {
    const { own, f, q, phi, rough } = seen(method, given)
    const { lambda, delta } = own
    const comparisons: Array<Comparison> = [
      { at: 'multiplier', observed: -lambda, bound: 0, slack: 0 },
      { at: 'constraint', observed: size(sum(own.constraint, q, -1)), bound: 0, slack: rough },
    ]
    if (squared(q) === 0)
      return compared([
        ...comparisons,
        equal('multiplier of a solved level', lambda, 0),
        equal('direction of a solved level', size(sum(delta, f, -1)), 0),
      ])
    // The direction is wanted to a share of what it was made of: lambda may be large.
    const scale = DIGITS * (size(f) + lambda * size(q)) * size(q) + rough
    return compared([
      ...comparisons,
      { at: 'barrier', observed: phi, bound: inner(q, delta), slack: scale },
      equal('complementarity', lambda * (inner(q, delta) - phi), 0, (1 + lambda) * scale),
    ])
  },
  mutants: ['unrolledGap', 'withoutTheBranch', 'barrierOfTheOtherSign'],
}

export const projection: Statement<BarrierMethod, Barred> = {
  ...common,
  id: 'B17.projection',
  says: '$\\|\\delta - \\nabla f\\| \\le \\|d - \\nabla f\\|$ for every $d$ with $\\langle \\hat q, d \\rangle \\ge \\varphi$, and $(x, y)$ moves by $-\\xi \\delta$',
  hypotheses: [{ says: 'nothing is added to $\\|\\hat q\\|^2$', holds: () => true }],
  evaluate: (method, given) => {
    const { world, settings, other } = given
    const { own, f, q, phi, rough, moved } = seen(method, given)
    const { lambda, delta } = own
    const { x, y } = world.start
    const scale = DIGITS * (1 + size(f) + lambda * size(q))
    const landed = sum(world.start, delta, -settings.step)
    const comparisons: Array<Comparison> = [
      { at: 'step', observed: size(sum(moved, landed, -1)), bound: 0, slack: scale + DIGITS * size(landed) },
    ]
    const qq = squared(q)
    if (qq === 0) return compared(comparisons)
    const aside = {
      x: vector(other.slice(0, x.length)),
      y: vector(other.slice(x.length, x.length + y.length)),
    }
    const nearest = Math.sqrt(qq)
    // Both the gradient itself and a vector beside it, pushed just far enough to be feasible.
    for (const [name, d] of [
      ['gradient', f],
      ['beside', sum(f, aside)],
    ] as const) {
      const feasible = sum(d, q, Math.max(0, (phi - inner(q, d)) / qq))
      comparisons.push({
        at: name,
        observed: size(sum(delta, f, -1)),
        bound: size(sum(feasible, f, -1)),
        slack: scale + rough / nearest,
      })
    }
    return compared(comparisons)
  },
  mutants: ['signedMultiplier', 'steppedTwice', 'otherOption'],
}

export const barrier17: Card = {
  id: 'B17',
  title: 'The direction of a barrier is a projection',
  about:
    'BOME makes the lower problem a constraint and goes along the vector nearest to the gradient of $f$ that still lowers the constraint by as much as a barrier asks. One multiplier does that, with gradients alone. The solution $\\hat y$ that the constraint is measured from must be held constant, and where it is $y$ itself there is nothing to divide by: code without that branch gives NaN there, and with a small number added below the barrier holds only nearly.',
  proof:
    'The projection of $\\nabla f$ onto the half-space $\\langle \\hat q, d \\rangle \\ge \\varphi$ is $\\nabla f + \\lambda \\hat q$ with $\\lambda = \\max\\{(\\varphi - \\langle \\hat q, \\nabla f \\rangle)/\\|\\hat q\\|^2, 0\\}$; the rest are its optimality conditions.',
  sources: ['ye2022'],
  statements: [seal(complementary), seal(projection)],
  unverified:
    'The published rate, $O(K^{-1/4})$ for a measure of the conditions of Karush, Kuhn and Tucker, is not asserted; nor is $\\lambda$ bounded near the constraint.',
}
