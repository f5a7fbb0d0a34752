import fc from 'fast-check'
import { dot, log1p, norm } from '../../numeric/index.js'
import { coinBetting } from '../../optimizer/wrapper/coinBetting.js'
import type { WrapperAround } from '../../optimizer/wrapper/wrapper.js'
import type { Vector } from '../../problem/oracle.js'
import type { Card } from '../card/card.js'
import { type Comparison, compared, must } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Statement } from '../card/statement.js'
import { dyadics } from './parameter.js'

/** A bettor with a wealth to begin with. */
export type Bettor = (p: { readonly wealth: number }) => WrapperAround<'nothing'>

interface Game {
  readonly wealth: number
  readonly start: Vector
  readonly gradients: ReadonlyArray<Vector>
  readonly comparator: Vector
}

/** Gradients of length 1 at most: a vector of a few bits divided by its length, or by more. */
const coins = (d: number): fc.Arbitrary<Vector> =>
  fc.tuple(dyadics(d), fc.boolean()).map(([g, unit]) => {
    const length = norm(g)
    return length === 0 ? g : g.map((x) => x / (unit ? length : 6 * Math.sqrt(d)))
  })

const negated = (v: Vector): Vector => v.map((x) => -x)

/**
 * Gradients that go one way for long, where betting wins and what does not bet right falls behind, then back, where an unsound
 * share is ruined, then anywhere.
 */
const games = (d: number): fc.Arbitrary<ReadonlyArray<Vector>> =>
  fc
    .tuple(coins(d), fc.integer({ min: 1, max: 80 }), fc.nat(3), fc.array(coins(d), { maxLength: 6 }))
    .map(([g, forth, back, rest]) => [
      ...Array.from({ length: forth }, () => g),
      ...Array.from({ length: back }, () => negated(g)),
      ...rest,
    ])

const cases: fc.Arbitrary<Game> = fc.integer({ min: 1, max: 3 }).chain((d) =>
  fc
    .record({
      wealth: fc.constantFrom(2 ** -10, 0.25, 1, 8),
      start: dyadics(d),
      gradients: games(d),
      reach: fc.constantFrom(0, 0.5, 2, 8, 64),
    })
    .map(({ reach, ...game }) => {
      // The point against which regret is greatest at this distance.
      const sum = game.start.map((_, i) => game.gradients.reduce((s, g) => s + (g[i] ?? 0), 0))
      const length = norm(sum)
      const comparator = game.start.map((x, i) => (length === 0 ? x : x - (reach * (sum[i] ?? 0)) / length))
      return { ...game, comparator }
    }),
)

const play = (of: Bettor, { wealth, start, gradients }: Game) => {
  const layer = of({ wealth })
  let state = layer.init(start)
  let x = start
  return gradients.map((gradient, k) => {
    const before = x
    const next = layer.advance(state, {
      k,
      x,
      start,
      gradient,
      step: 0,
      displacement: start.map(() => 0),
      proposed: x,
    })
    state = next.state
    x = next.x
    return { x: before, gradient, wealth: Number(layer.outputs(state).wealth) }
  })
}

const common = {
  kind: 'path',
  evidence: ['V'],
  cases,
  show: ({ wealth, start, gradients, comparator }: Game) => ({
    wealth,
    start: Array.from(start),
    gradients: gradients.map((g) => Array.from(g)),
    comparator: Array.from(comparator),
  }),
  subjects: { coinBetting: ({ wealth }: { readonly wealth: number }) => coinBetting({ wealth }) },
} as const

export const solvent: Statement<Bettor, Game> = {
  ...common,
  id: 'P20.wealth',
  evidence: ['D', 'V'],
  says: '$W_t > 0$ whatever the gradients',
  hypotheses: [{ says: '$\\|g_t\\| \\le 1$', holds: () => true }],
  slack: 'none',
  evaluate: (of, given) => compared(play(of, given).map(({ wealth }, t) => must(`t = ${t}`, wealth > 0))),
  mutants: ['betsOneRoundAhead', 'betsTwiceTheShare'],
}

export const regret: Statement<Bettor, Game> = {
  ...common,
  id: 'P20.regret',
  says: '$\\sum_{t \\le T} \\langle g_t, x_t - u\\rangle \\le W_0 + \\|u - x_0\\| \\sqrt{T \\ln(1 + 24\\, T^2 \\|u - x_0\\|^2 / W_0^2)}$ for every $u$',
  hypotheses: [{ says: '$\\|g_t\\| \\le 1$', holds: () => true }],
  slack: '1e-12 of what is added',
  evaluate: (of, given) => {
    const { start, comparator: u, wealth } = given
    const D = norm(u.map((ui, i) => ui - (start[i] ?? 0)))
    let sum = 0
    let size = 0
    return compared(
      play(of, given).map(({ x, gradient }, t): Comparison => {
        const T = t + 1
        const paid = dot(
          gradient,
          x.map((xi, i) => xi - (u[i] ?? 0)),
        )
        sum += paid
        size += Math.abs(paid) + norm(x)
        const bound = wealth + D * Math.sqrt(T * log1p((24 * T * T * D * D) / (wealth * wealth)))
        return { at: `T = ${T}`, observed: sum, bound, slack: 1e-12 * (size + bound) }
      }),
    )
  },
  mutants: ['betsTwiceTheShare', 'betsAgainst', 'betsTheInitialWealth'],
}

export const coinBetting20: Card = {
  id: 'P20',
  title: 'Coin betting never goes broke',
  about:
    'A bettor who stakes the share $\\theta_{t-1}/t$ of the wealth on the next gradient can not lose all, whatever comes. What is left bounds the regret against every point, with no step size to choose.',
  proof:
    'The share is less than 1 in norm and the gradient at most 1, so that $W_t \\ge W_{t-1}(1 - \\|\\theta_{t-1}\\|/t) > 0$. The regret is the conjugate of the wealth that must have been won.',
  sources: ['orabona2016'],
  statements: [seal(solvent), seal(regret)],
}
