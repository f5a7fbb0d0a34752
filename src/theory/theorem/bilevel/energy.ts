import fc from 'fast-check'
import type { LoopDescentState } from '../../../bilevel/method/ufom.js'
import type { Card } from '../../card/card.js'
import { compared, equal } from '../../card/evidence.js'
import { seal } from '../../card/seal.js'
import type { Statement } from '../../card/statement.js'
import { entry } from '../../world/bilevel/draw.js'
import { type TaskBilevelWorld, taskBilevelWorlds } from '../../world/bilevel/tasks.js'
import { debiased, type LoopMethod } from './loop.js'
import { DIGITS, iterated, tossed } from './running.js'

interface Energy {
  readonly world: TaskBilevelWorld
  readonly x: number
  readonly q: number
  /** The steps of $x$, as shares of $1/L_F$. */
  readonly shares: ReadonlyArray<number>
}

const mean = (world: TaskBilevelWorld, of: (task: number) => number): number =>
  world.tasks.reduce((s, _, i) => s + of(i), 0) / world.tasks.length

const squared = (a: number): number => a * a

/** $F'' = \operatorname{mean} a_i p_i^2$. */
const curvatureOf = (world: TaskBilevelWorld): number =>
  mean(world, (i) => {
    const a = world.tasks[i]?.a ?? 0
    return a * squared(world.steps.reduce((p, step) => p * (1 - step * a), 1))
  })

/** Everything that was summed over the tree of tasks and coins. */
interface Sums {
  /** $\sum_k \gamma_k \mathbb E |\nabla F(x_k)|^2$. */
  slopes: number
  /** $\sum_k \mathbb E |x_{k+1} - x_k|^2$, where $x_{k+1} - x_k = -\gamma_k G_k$. */
  moved: number
  /** $\mathbb E F(x_K)$. */
  last: number
  /** The greatest $\mathbb E_T |G_{ex}|^2$ and $\mathbb E_T |G_{fo} - G_{ex}|^2$ at a point that was visited. */
  V2: number
  D2: number
}

const walk = (method: LoopMethod, { world, x, q, shares }: Energy, L: number): Sums => {
  const settings = {
    q,
    inner: { steps: world.steps.length, step: (t: number) => world.steps[t] ?? 0 },
    initialise: 'outer' as const,
    tasks: world.tasks.length,
  }
  const methods = shares.map((share) => method({ ...settings, step: share / L }))
  const sums: Sums = { slopes: 0, moved: 0, last: 0, V2: 0, D2: 0 }
  const visit = (k: number, state: LoopDescentState, weight: number): void => {
    const [at = 0] = state.x.x
    const made = methods[k]
    if (made === undefined) {
      sums.last += weight * mean(world, (i) => world.value(at, i))
      return
    }
    const step = (shares[k] ?? 0) / L
    sums.slopes += weight * step * squared(mean(world, (i) => world.exact(at, i)))
    sums.V2 = Math.max(
      sums.V2,
      mean(world, (i) => squared(world.exact(at, i))),
    )
    sums.D2 = Math.max(
      sums.D2,
      mean(world, (i) => squared(world.firstOrder(at, i) - world.exact(at, i))),
    )
    for (const task of world.tasks.keys())
      for (const coin of [0, 1] as const) {
        const chance = (coin === 1 ? q : 1 - q) / world.tasks.length
        if (chance === 0) continue
        const [next] = iterated(world.problem, made, state, tossed(coin, Int32Array.of(task)))
        const [there = 0] = next.x.x
        sums.moved += weight * chance * squared(there - at)
        visit(k + 1, next, weight * chance)
      }
  }
  const [first] = methods
  const begin = { x: Float64Array.of(x), y: Float64Array.of(0) }
  if (first !== undefined) visit(0, first.init(begin), 1)
  return sums
}

const cases: fc.Arbitrary<Energy> = fc.record({
  world: taskBilevelWorlds({ quadratic: true }),
  x: entry(),
  q: fc.constantFrom(1 / 8, 1 / 4, 1 / 2, 1),
  shares: fc.array(fc.constantFrom(1 / 8, 1 / 4, 1 / 2, 1), { minLength: 1, maxLength: 3 }),
})

const common = {
  kind: 'expectation',
  evidence: ['D*'],
  hypotheses: [
    {
      says: '$F$ is a quadratic of one dimension, $0 < q \\le 1$',
      holds: ({ q }: Energy) => q > 0 && q <= 1,
    },
  ],
  slack: '1e-10 of one and of what is added',
  cases,
  show: ({ world, x, q, shares }: Energy) => ({ ...{ tasks: world.data }, x, q, shares }),
  subjects: { ufom: debiased },
} as const

const slackOf = ({ slopes, moved, last }: Sums, F0: number, L: number): number =>
  DIGITS * (1 + slopes + F0 + last + L * moved)

export const balance: Statement<LoopMethod, Energy> = {
  ...common,
  id: 'B14.balance',
  says: '$\\sum_k \\gamma_k \\mathbb E |\\nabla F(x_k)|^2 = F(x_0) - \\mathbb E F(x_K) + \\frac{L_F}2 \\sum_k \\mathbb E |x_{k+1} - x_k|^2$ over every task and coin',
  evaluate: (method, given) => {
    const { world, x, shares } = given
    const L = curvatureOf(world)
    const sums = walk(method, given, L)
    const F0 = mean(world, (i) => world.value(x, i))
    return compared([
      equal(`K = ${shares.length}`, sums.slopes, F0 - sums.last + (L / 2) * sums.moved, slackOf(sums, F0, L)),
    ])
  },
  mutants: ['withoutOneOverQ', 'steppedTwice', 'clippedAdjoint'],
}

export const budget: Statement<LoopMethod, Energy> = {
  ...common,
  id: 'B14.budget',
  says: '$\\sum_k \\gamma_k \\mathbb E |\\nabla F(x_k)|^2 \\le F(x_0) - F^* + \\frac{L_F}2 \\bigl(V^2 + (1/q - 1) D^2\\bigr) \\sum_k \\gamma_k^2$ with $V^2$, $D^2$ the greatest second moments on the way',
  evaluate: (method, given) => {
    const { world, x, q, shares } = given
    const L = curvatureOf(world)
    const sums = walk(method, given, L)
    const F0 = mean(world, (i) => world.value(x, i))
    const slope = mean(world, (i) => world.exact(x, i))
    const gap = (slope * slope) / (2 * L)
    const steps = shares.reduce((s, share) => s + squared(share / L), 0)
    return compared([
      {
        at: `K = ${shares.length}`,
        observed: sums.slopes,
        bound: gap + (L / 2) * (sums.V2 + (1 / q - 1) * sums.D2) * steps,
        slack: slackOf(sums, F0, L),
      },
      {
        at: 'second moments',
        observed: sums.moved,
        bound: (sums.V2 + (1 / q - 1) * sums.D2) * steps,
        slack: slackOf(sums, F0, L),
      },
    ])
  },
  mutants: ['steppedTwice', 'dividedTwice'],
}

export const energy14: Card = {
  id: 'B14',
  title: 'The energy balance of UFOM',
  about:
    'What a run pays in squared slopes is what it gains in $F$ and what the noise adds, in the mean over every task and coin. On a quadratic of one dimension nothing is lost: the balance is an equality, and every bias would show in it. With steps like $k^{-1/2}$ the inequality is a rate of $\\log K/\\sqrt K$.',
  proof:
    'For a quadratic, $F(x - \\gamma G) = F(x) - \\gamma G \\nabla F + \\frac{L_F}2 \\gamma^2 G^2$; take the mean given $x_k$, in which $G$ is $\\nabla F$, and sum. For the second statement $\\mathbb E |G|^2 = V^2(x) + (1/q - 1) D^2(x)$ (theorem B12) and $F \\ge F^*$.',
  sources: ['likhosherstov2021'],
  statements: [seal(balance), seal(budget)],
  unverified:
    'The published rate $O(K^{-1/2 + \\epsilon})$ for any schedule of that type is not asserted, nor that single paths descend: they need not.',
}
