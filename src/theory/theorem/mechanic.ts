import fc from 'fast-check'
import { dot, gamma } from '../../numeric/index.js'
import { mechanic } from '../../optimizer/wrapper/mechanic.js'
import type { WrapperState } from '../../optimizer/wrapper/state.js'
import type { WrapperAround } from '../../optimizer/wrapper/wrapper.js'
import type { Vector } from '../../problem/oracle.js'
import type { Card } from '../card/card.js'
import { type Comparison, compared, equal, must } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Statement } from '../card/statement.js'
import { dyadics, powersOfTwo } from './parameter.js'

/** Mechanic without decay and without epsilon. */
export type Tuner = (p: {
  readonly sInit: number
  readonly betas: readonly [number, ...ReadonlyArray<number>]
  readonly clip: boolean
}) => WrapperAround<'method'>

/** Gradients and displacements of a base as they come, whatever made them. */
interface Bets {
  readonly sInit: number
  readonly betas: readonly [number, ...ReadonlyArray<number>]
  readonly clip: boolean
  readonly start: Vector
  readonly rounds: ReadonlyArray<{ readonly gradient: Vector; readonly displacement: Vector }>
  readonly comparator: Vector
  readonly scale: number
  readonly factor: number
}

const cases: fc.Arbitrary<Bets> = fc.integer({ min: 1, max: 3 }).chain((d) =>
  fc.record({
    sInit: fc.constantFrom(2 ** -20, 2 ** -10, 2 ** -3),
    betas: fc.constantFrom<Bets['betas']>([0.9], [0.9, 0.99], [0.5, 0.9, 0.999]),
    clip: fc.boolean(),
    start: dyadics(d),
    rounds: fc.array(fc.record({ gradient: dyadics(d), displacement: dyadics(d) }), {
      minLength: 2,
      maxLength: 9,
      size: 'max',
    }),
    comparator: dyadics(d),
    scale: powersOfTwo(),
    factor: powersOfTwo(),
  }),
)

/** One round as it was played: the state and the point before it, and what was won. */
interface Round {
  readonly state: WrapperState
  readonly after: WrapperState
  readonly x: Vector
  readonly gradient: Vector
  /** $\Delta_t$, the sum of the displacements so far. */
  readonly total: Vector
  /** $\sum_j s_j$ at the point. */
  readonly scale: number
  /** $h_t = \langle \Delta_t, g_t \rangle$. */
  readonly h: number
}

const play = (of: Tuner, given: Bets, factor = 1): ReadonlyArray<Round> => {
  const { start, rounds, sInit, betas, clip } = given
  const layer = of({ sInit, betas, clip })
  const played: Array<Round> = []
  let state = layer.init(start)
  let x = start
  let total = start.map(() => 0)
  for (const [k, { gradient: g, displacement }] of rounds.entries()) {
    const gradient = g.map((gi) => factor * gi)
    const proposed = x.map((xi, i) => xi + (displacement[i] ?? 0))
    const next = layer.advance(state, { k, x, start, gradient, step: 1, displacement, proposed })
    const scale = Number(layer.outputs(state).scale)
    played.push({ state, after: next.state, x, gradient, total, scale, h: dot(total, gradient) })
    state = next.state
    x = next.x
    total = total.map((t, i) => t + (displacement[i] ?? 0))
  }
  return played
}

const numbers = (state: WrapperState, field: string): ReadonlyArray<number> => {
  const found = state[field]
  return Array.isArray(found) ? found : []
}

const minus = (u: Vector, w: Vector): Vector => u.map((ui, i) => ui - (w[i] ?? 0))

const subjects: { readonly [name: string]: Tuner } = {
  'mechanic, stored': (p) => mechanic({ ...p, lambda: 0, eps: 0 }),
}

const common = {
  evidence: ['D', 'V'],
  cases,
  show: (given: Bets) => ({
    ...given,
    start: Array.from(given.start),
    comparator: Array.from(given.comparator),
    rounds: given.rounds.map(({ gradient, displacement }) => ({
      gradient: Array.from(gradient),
      displacement: Array.from(displacement),
    })),
  }),
  subjects,
  hypotheses: [{ says: '$\\lambda = \\epsilon = 0$; any gradients and displacements', holds: () => true }],
} as const

export const reduction: Statement<Tuner, Bets> = {
  ...common,
  id: 'P17.reduction',
  kind: 'path',
  says: '$\\sum_t \\langle g_t, x_t - u\\rangle = \\sum_t h_t (s_t - \\mathring s) + \\mathring s \\sum_t \\langle g_t, \\Delta_t - (u - x_0)/\\mathring s\\rangle$ for every $u$ and $\\mathring s > 0$',
  slack: '1e-12 of what is added',
  evaluate: (of, given) => {
    const { start, comparator: u, scale: s0 } = given
    const played = play(of, given).filter((_, t) => t > 0)
    const far = minus(u, start).map((d) => d / s0)
    const terms = played.map(({ x, gradient, total, scale, h }) => ({
      left: dot(gradient, minus(x, u)),
      tuner: h * (scale - s0),
      base: s0 * dot(gradient, minus(total, far)),
    }))
    const sum = (f: (t: (typeof terms)[number]) => number): number => terms.reduce((s, t) => s + f(t), 0)
    const size = sum(({ left, tuner, base }) => Math.abs(left) + Math.abs(tuner) + Math.abs(base))
    const reach = played.reduce((s, { gradient, x }) => s + Math.sqrt(dot(gradient, gradient) * dot(x, x)), 0)
    return compared([
      equal(
        'regret',
        sum(({ left }) => left),
        sum(({ tuner, base }) => tuner + base),
        1e-12 * (size + reach),
      ),
    ])
  },
  mutants: ['lastDisplacementAlone', 'startForgotten'],
}

export const tuners: Statement<Tuner, Bets> = {
  ...common,
  id: 'P17.tuners',
  kind: 'path',
  says: '$m_t \\le \\sqrt{v_t}$, and $r_t, s_t, v_t \\ge 0$',
  slack: 'counted: 4 roundings a round, and 4',
  evaluate: (of, given) =>
    compared(
      play(of, given).flatMap(({ after }, t) => {
        const [m, v] = [numbers(after, 'm'), numbers(after, 'v')]
        const signs = ['r', 's', 'v'].flatMap((field) => numbers(after, field))
        return [
          must(`t = ${t}: signs`, signs.length === 3 * m.length && signs.every((x) => x >= 0)),
          ...m.map((mj, j): Comparison => {
            const bound = Math.sqrt(v[j] ?? Number.NaN)
            return { at: `t = ${t}, j = ${j}`, observed: mj, bound, slack: gamma(4 * t + 8) * bound }
          }),
        ]
      }),
    ),
  mutants: ['startsAtAMillionth', 'rewardBelowZero'],
}

export const scaleFree: Statement<Tuner, Bets> = {
  ...common,
  id: 'P17.scale',
  kind: 'path',
  says: '$g \\to a g$ with the same displacements leaves every $\\sum_j s_{t,j}$ as it is, bit for bit',
  hypotheses: [{ says: '$\\lambda = \\epsilon = 0$; $a$ a power of two', holds: () => true }],
  slack: 'none: powers of two round nothing',
  evaluate: (of, given) => {
    const here = play(of, given)
    const there = play(of, given, given.factor)
    return compared(here.map(({ scale }, t) => equal(`t = ${t}`, scale, there[t]?.scale ?? Number.NaN)))
  },
  mutants: ['paddedRoot', 'startsAtAMillionth'],
}

/** What one round may cost tuner $j$: what the clip leaves out, and the part of the bet that is not won. */
const cost = ({ state, h }: Round, { sInit, betas }: Bets): number =>
  numbers(state, 'm').reduce((sum, m, j) => {
    const clipped = Math.min(Math.max(h, -m), m)
    const v = numbers(state, 'v')[j] ?? 0
    const s = numbers(state, 's')[j] ?? 0
    const stake = v === 0 ? 0 : ((sInit / betas.length) * m * Math.abs(clipped)) / Math.sqrt(v)
    return sum + s * Math.abs(h - clipped) + stake
  }, 0)

export const safety: Statement<Tuner, Bets> = {
  ...common,
  id: 'P17.safety',
  kind: 'path',
  says: '$\\sum_t \\langle g_t, x_t - x_0\\rangle \\le \\sum_t \\sum_j s_{t,j} |h_t - \\hat h_{t,j}| + \\frac{s_{init}}n \\frac{m_{t-1,j} |\\hat h_{t,j}|}{\\sqrt{v_{t-1,j}}}$, $\\hat h_{t,j}$ being $h_t$ clipped to $\\pm m_{t-1,j}$',
  hypotheses: [{ says: '$\\lambda = \\epsilon = 0$, clipped', holds: () => true }],
  slack: '1e-12 of what is added',
  evaluate: (of, given) => {
    let lost = 0
    let bound = 0
    let size = 0
    return compared(
      play(of, { ...given, clip: true }).map((round, t): Comparison => {
        const paid = dot(round.gradient, minus(round.x, given.start))
        lost += paid
        bound += cost(round, given)
        // The point carries the start: their difference is exact to the digits of both.
        size += Math.abs(paid) + Math.sqrt(dot(round.gradient, round.gradient) * dot(round.x, round.x))
        return { at: `T = ${t + 1}`, observed: lost, bound, slack: 1e-12 * (size + bound) }
      }),
    )
  },
  mutants: ['twiceTheScale', 'betsAgainst'],
}

export const mechanic17: Card = {
  id: 'P17',
  title: 'Mechanic, tuners that bet on a base method',
  about:
    'Mechanic stands at $x_0 + s_t \\Delta_t$ and learns $s_t$ by betting: the regret splits exactly into that of the tuners and $\\mathring s$ times that of the base. The tuners never bet with what they have not, they do not see the unit of the loss, and a base that leads nowhere costs no more than the initial bets and what the clip leaves out.',
  proof:
    '$x_t = x_0 + s_t \\Delta_t$ makes $\\langle g_t, x_t - u\\rangle$ linear in $s_t$. For $m \\le \\sqrt v$: both are zero at first, and $\\max(\\beta m, |h|)^2 \\le \\beta^2 m^2 + h^2$. For safety: the reward $r$ pays for $s_t h_t$ as long as it is positive; what is lost beyond is $s_{init} m / n \\sqrt v$ times $|h|$.',
  sources: ['cutkosky2023'],
  unverified:
    'The published bound on the regret of the tuners, $O(s_{init} \\max |h| + \\mathring s \\sqrt{\\sum h^2}\\,\\mathrm{polylog})$, is remembered and not asserted.',
  statements: [seal(reduction), seal(tuners), seal(scaleFree), seal(safety)],
}
