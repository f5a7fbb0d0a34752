import fc from 'fast-check'
import type { Card } from '../../card/card.js'
import { type Comparison, compared } from '../../card/evidence.js'
import { seal } from '../../card/seal.js'
import type { Statement } from '../../card/statement.js'
import { product, type Rows, solvedMatrix, spectrum, transposed } from '../../world/bilevel/matrix.js'
import { quadraticBilevelWorlds } from '../../world/bilevel/quadratic.js'
import { type QuadraticBilevelWorld, showBilevelWorld } from '../../world/bilevel/world.js'
import { type BarrierMethod, barrier, size, squared } from './barrierMethod.js'
import { quadraticGap } from './gap.js'
import { DIGITS, iterations, slopesOf } from './running.js'

interface Descent {
  readonly world: QuadraticBilevelWorld
  readonly eta: number
  /** The step of $(x, y)$, as a share of $1/\max(L_f, L_q)$. */
  readonly share: number
}

const blocks = (a: Rows, b: Rows, c: Rows, d: Rows): Rows => [
  ...a.map((row, i) => [...row, ...(b[i] ?? [])]),
  ...c.map((row, i) => [...row, ...(d[i] ?? [])]),
]

const norm2 = (A: Rows): number => {
  const { least, greatest } = spectrum(A)
  return Math.max(greatest, -least) * (1 + 2 ** -40)
}

/** The smoothness of $f$ and of $q = g - g^*$ in $(x, y)$. */
export const jointSmoothness = ({ mean: { H, B, P, S, R } }: QuadraticBilevelWorld) => {
  const [m, n] = [H.length, R.length]
  const Bt = transposed(B, n)
  return {
    f: norm2(blocks(R, S, transposed(S, m), P)),
    q: norm2(blocks(product(Bt, solvedMatrix(H, B, n), n), Bt, B, H)),
  }
}

/** The lower level is solved: $\kappa \le 2$, so that so many steps leave less than 1e-12. */
const ENOUGH = 30

const K = 4

const cases: fc.Arbitrary<Descent> = fc.record({
  world: quadraticBilevelWorlds({ octaves: 1 }),
  eta: fc.constantFrom(1 / 8, 1 / 2, 1),
  share: fc.constantFrom(1 / 4, 1 / 2, 1),
})

/** What one iteration shows: values and gradients before it, and what it did. */
interface Seen {
  readonly q: number
  readonly f: number
  readonly gradQ: number
  readonly gradQInY: number
  readonly gradF: number
  readonly delta: number
  readonly lambda: number
}

const walked = (method: BarrierMethod, { world, eta, share }: Descent) => {
  const { problem, constants } = world
  const L = jointSmoothness(world)
  const xi = share / Math.max(L.f, L.q)
  const step = 2 / (constants.L + constants.mu)
  const made = method({ steps: ENOUGH, inner: step, step: xi, option: 'G', eta })
  const gap = quadraticGap(world)
  const run = iterations(problem, made, world.start, K)
  const values = (state: (typeof run)[number]['before']) => {
    const { x, y } = made.point(state)
    return { q: gap(x, y), f: problem.upper.value(x, y, null) }
  }
  const seen: ReadonlyArray<Seen> = run.map(({ before, record: { own } }) => {
    const at = made.point(before)
    const g = slopesOf(problem, 'lower', at)
    const star = slopesOf(problem, 'lower', { x: at.x, y: world.lowerSolution(at.x) })
    const gradQ = { x: g.x.map((gx, i) => gx - (star.x[i] ?? 0)), y: g.y }
    return {
      ...values(before),
      gradQ: size(gradQ),
      gradQInY: size({ x: new Float64Array(), y: g.y }),
      gradF: size(slopesOf(problem, 'upper', at)),
      delta: squared(own.delta),
      lambda: own.lambda,
    }
  })
  const last = run.at(-1)
  const end = last === undefined ? { q: 0, f: 0 } : values(last.after)
  return { seen, end, L, xi, mu: constants.mu }
}

const common = {
  kind: 'path',
  evidence: ['D*'],
  hypotheses: [
    {
      says: '$\\hat y = y^*(x)$, $\\varphi = \\eta \\|\\nabla q\\|^2$, $f$ and $q$ have the joint smoothness $L_f$, $L_q$',
      holds: () => true,
    },
  ],
  slack: '1e-10 of one and of the values, squared gradients and $\\lambda$ that enter',
  cases,
  show: ({ world, eta, share }: Descent) => ({ problem: showBilevelWorld(world), eta, share }),
  subjects: { bome: barrier },
} as const

const roughOf = ({ q, f, gradF, gradQ, delta, lambda }: Seen): number =>
  1 + q + Math.abs(f) + gradF * gradF + (1 + lambda) * gradQ * gradQ + delta

export const eachStep: Statement<BarrierMethod, Descent> = {
  ...common,
  id: 'B19.step',
  says: '$q_+ \\le q - \\xi\\eta\\|\\nabla q\\|^2 + \\frac{L_q \\xi^2}2 \\|\\delta\\|^2 \\le (1 - 2\\xi\\eta\\mu)\\, q + \\frac{L_q \\xi^2}2 \\|\\delta\\|^2$ and $f_+ \\le f - \\xi\\|\\delta\\|^2 + \\xi\\lambda\\eta\\|\\nabla q\\|^2 + \\frac{L_f \\xi^2}2 \\|\\delta\\|^2$',
  evaluate: (method, given) => {
    const { seen, end, L, xi, mu } = walked(method, given)
    const { eta } = given
    return compared(
      seen.flatMap((at, k): ReadonlyArray<Comparison> => {
        const next = seen[k + 1] ?? end
        const slack = DIGITS * roughOf(at)
        const qq = at.gradQ * at.gradQ
        const bent = (xi * xi * at.delta) / 2
        return [
          { at: `gap, k = ${k}`, observed: next.q, bound: at.q - xi * eta * qq + L.q * bent, slack },
          {
            at: `contraction, k = ${k}`,
            observed: next.q,
            bound: (1 - 2 * xi * eta * mu) * at.q + L.q * bent,
            slack,
          },
          { at: `slope in y, k = ${k}`, observed: at.gradQInY, bound: at.gradQ, slack },
          { at: `gap and slope, k = ${k}`, observed: 2 * mu * at.q, bound: at.gradQInY * at.gradQInY, slack },
          {
            at: `upper value, k = ${k}`,
            observed: next.f - at.f,
            bound: -xi * at.delta + xi * at.lambda * eta * qq + L.f * bent,
            slack,
          },
        ]
      }),
    )
  },
  mutants: ['barrierOfTheOtherSign', 'steppedTwice', 'withoutGHat'],
}

export const summed: Statement<BarrierMethod, Descent> = {
  ...common,
  id: 'B19.sum',
  says: '$\\xi\\eta \\sum \\|\\nabla q_k\\|^2 \\le q_0 - q_K + \\frac{L_q \\xi^2}2 \\sum \\|\\delta_k\\|^2$ and $\\xi (1 - \\frac{L_f \\xi}2) \\sum \\|\\delta_k\\|^2 \\le f_0 - f_K + \\xi\\eta^2 \\sum \\|\\nabla q_k\\|^2 + \\xi\\eta \\sum \\|\\nabla f_k\\| \\|\\nabla q_k\\|$',
  evaluate: (method, given) => {
    const { seen, end, L, xi } = walked(method, given)
    const { eta } = given
    const over = (of: (at: Seen) => number): number => seen.reduce((s, at) => s + of(at), 0)
    const [first = end] = seen
    const slack = DIGITS * over(roughOf)
    const qq = over(({ gradQ }) => gradQ * gradQ)
    const moved = over(({ delta }) => delta)
    return compared([
      {
        at: 'gap',
        observed: xi * eta * qq,
        bound: first.q - end.q + ((L.q * xi * xi) / 2) * moved,
        slack,
      },
      {
        at: 'upper value',
        observed: xi * (1 - (L.f * xi) / 2) * moved,
        bound: first.f - end.f + xi * eta * eta * qq + xi * eta * over(({ gradF, gradQ }) => gradF * gradQ),
        slack,
      },
    ])
  },
  mutants: ['barrierOfTheOtherSign', 'steppedTwice'],
}

export const constrainedDescent19: Card = {
  id: 'B19',
  title: 'What a step along the barrier gains',
  about:
    'With the lower level solved for the measure, each step lowers the gap by what the barrier asks, but for the curvature of the gap, and $f$ falls but for what the barrier costs. Strong convexity makes the first a contraction. Summed up they bound the slopes of the gap and the length of the directions, with every constant known.',
  proof:
    'Both are the inequality of descent for a smooth function along $-\\xi\\delta$, with $\\langle \\nabla q, \\delta \\rangle \\ge \\varphi$ for the first and, from $\\delta = \\nabla f + \\lambda \\nabla q$ and $\\lambda(\\langle \\nabla q, \\delta \\rangle - \\varphi) = 0$, $\\langle \\nabla f, \\delta \\rangle = \\|\\delta\\|^2 - \\lambda\\varphi$ for the second. $\\|\\nabla q\\|^2 \\ge \\|\\nabla_y g\\|^2 \\ge 2\\mu q$. In the second sum $\\lambda \\|\\nabla q\\|^2 \\le \\eta\\|\\nabla q\\|^2 + \\|\\nabla f\\|\\|\\nabla q\\|$.',
  sources: ['ye2022'],
  statements: [seal(eachStep), seal(summed)],
}
