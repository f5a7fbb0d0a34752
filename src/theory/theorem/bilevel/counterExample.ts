import fc from 'fast-check'
import { powerOfTwo } from '../../../numeric/index.js'
import type { Card } from '../../card/card.js'
import { compared, equal } from '../../card/evidence.js'
import { seal } from '../../card/seal.js'
import type { Statement } from '../../card/statement.js'
import { type TaskBilevelWorld, taskWorld } from '../../world/bilevel/tasks.js'
import { debiased, firstOrderOnly, type LoopMethod } from './loop.js'
import { iterated, movedAlong, tossed } from './running.js'

/** Two tasks on which the first-order method rests where $|\nabla F|^2 = 2D$. */
interface Trap {
  readonly world: TaskBilevelWorld
  readonly D: number
  readonly q: number
  /** Where it starts, as a share of the way from 0 to $b_2/a_2$. */
  readonly from: number
  /** The step of $x$, as a share of the inverse curvature of the method. */
  readonly share: number
}

const trap = (a1: number, more: number, D: number, step: number, r: number): TaskBilevelWorld => {
  const a2 = a1 + more
  const contracted = (a: number): number => {
    let p = 1
    for (let t = 0; t < r; t++) p *= 1 - step * a
    return p
  }
  const [p1, p2] = [contracted(a1), contracted(a2)]
  const b2 = (2 * Math.sqrt(2 * D) * (a1 * p1 + a2 * p2)) / (a1 * p1 * p2 * (p1 - p2))
  return taskWorld(
    [
      { a: a1, b: 0 },
      { a: a2, b: b2 },
    ],
    b2 / a2 + 1,
    Array.from({ length: r }, () => step),
  )
}

const cases: fc.Arbitrary<Trap> = fc
  .record({
    a1: fc.constantFrom(1 / 4, 1 / 2, 1),
    more: fc.constantFrom(1 / 2, 1, 3 / 2),
    D: fc.oneof(
      fc.constant(0.06),
      fc.integer({ min: -6, max: 6 }).map((e) => powerOfTwo(e)),
    ),
    inner: fc.constantFrom(0.1, 1 / 8, 1 / 4),
    r: fc.integer({ min: 1, max: 10 }),
    q: fc.constantFrom(0.1, 1 / 4, 1 / 2),
    from: fc.constantFrom(0, 1 / 4, 1 / 2, 1),
    share: fc.constantFrom(1 / 4, 1 / 2, 3 / 4),
  })
  .map(({ a1, more, D, inner, r, ...rest }) => ({ ...rest, D, world: trap(a1, more, D, inner, r) }))

/** The tasks that a trap is made of: curvatures, minima and contractions. */
const partsOf = ({ tasks: [first, second], steps }: TaskBilevelWorld) => {
  const contracted = (a: number): number => steps.reduce((p, s) => p * (1 - s * a), 1)
  const [a1, a2, b2] = [first?.a ?? 0, second?.a ?? 0, second?.b ?? 0]
  const [p1, p2] = [contracted(a1), contracted(a2)]
  return {
    target: b2 / a2,
    /** The fixed points of both mean fields, and the slopes of these. */
    rest: (p2 * b2) / (a1 * p1 + a2 * p2),
    best: (p2 * p2 * b2) / (a1 * p1 * p1 + a2 * p2 * p2),
    slope: (a1 * p1 + a2 * p2) / 2,
    curvature: (a1 * p1 * p1 + a2 * p2 * p2) / 2,
  }
}

/** $\mathbb E\, G$ over tasks and coins. */
const drift = (method: LoopMethod, { world, q }: Trap, x: number): number => {
  const made = method({
    q,
    step: 0,
    inner: { steps: world.steps.length, step: (t) => world.steps[t] ?? 0 },
    initialise: 'outer',
    tasks: 2,
  })
  const state = made.init({ x: Float64Array.of(x), y: Float64Array.of(0) })
  let sum = 0
  for (const task of [0, 1])
    for (const coin of [0, 1] as const) {
      const [G = 0] = movedAlong(iterated(world.problem, made, state, tossed(coin, Int32Array.of(task)))[1])
      sum += ((coin === 1 ? q : 1 - q) / 2) * G
    }
  return sum
}

const STEPS = 8

/** Where the mean of the method comes to from a point. */
const limit = (method: LoopMethod, given: Trap, from: number, step: number): number => {
  let x = from
  for (let k = 0; k < STEPS; k++) x -= step * drift(method, given, x)
  return x
}

const gradient = ({ world }: Trap, x: number): number => (world.exact(x, 0) + world.exact(x, 1)) / 2

const left = (share: number): number => {
  let all = 1
  for (let k = 0; k < STEPS; k++) all *= 1 - share
  return all
}

const DIGITS = 1e-10

const common = {
  kind: 'expectation',
  evidence: ['D*'],
  hypotheses: [
    {
      says: 'both tasks are drawn with probability 1/2, and $x$ stays where both are parabolas',
      holds: () => true,
    },
  ],
  slack: '1e-10 of $b_2/a_2$, or of $\\sqrt D$ and what the curvature makes of that',
  cases,
  show: ({ world, ...rest }: Trap) => ({ tasks: world.data, ...rest }),
} as const

export const stuck: Statement<LoopMethod, Trap> = {
  ...common,
  id: 'B16.stuck',
  says: 'the mean of the first-order method vanishes where $|\\nabla F|^2 = 2D$, and goes there: $x_K - x_{fo} = (1 - \\gamma m)^K (x_0 - x_{fo})$, so that $|\\nabla F(x_K)| \\ge \\sqrt{2D} - L_F |x_K - x_{fo}|$',
  subjects: { fom: firstOrderOnly },
  evaluate: (method, given) => {
    const { world, D, from, share } = given
    const { target, rest, slope, curvature } = partsOf(world)
    const size = Math.sqrt(2 * D)
    const start = from * target
    const end = limit(method, given, start, share / slope)
    return compared([
      equal('at rest', drift(method, given, rest), 0, DIGITS * slope * target),
      equal('gradient there', Math.abs(gradient(given, rest)), size, DIGITS * (size + curvature * target)),
      equal('limit', end, rest + left(share) * (start - rest), DIGITS * target),
      {
        at: 'gradient that is left',
        observed: size - curvature * left(share) * Math.abs(start - rest),
        bound: Math.abs(gradient(given, end)),
        slack: DIGITS * (size + curvature * target),
      },
    ])
  },
  mutants: ['debiased', 'takenAtTheStart', 'clippedSlope'],
}

export const free: Statement<LoopMethod, Trap> = {
  ...common,
  id: 'B16.free',
  says: 'on the same tasks the mean of UFOM goes to the minimiser for every $q > 0$: $|\\nabla F(x_K)| \\le L_F (1 - \\gamma L_F)^K |x_0 - x^*|$',
  subjects: { ufom: debiased },
  evaluate: (method, given) => {
    const { world, from, share } = given
    const { target, best, curvature } = partsOf(world)
    const start = from * target
    const end = limit(method, given, start, share / curvature)
    return compared([
      equal('at rest', drift(method, given, best), 0, (DIGITS * curvature * target) / given.q),
      {
        at: 'gradient that is left',
        observed: Math.abs(gradient(given, end)),
        bound: curvature * left(share) * Math.abs(start - best),
        slack: (DIGITS * curvature * target) / given.q,
      },
    ])
  },
  mutants: ['fom', 'withoutOneOverQ', 'takenAtTheStart'],
}

export const counterExample16: Card = {
  id: 'B16',
  title: 'Where a first-order method rests',
  about:
    'For every $D > 0$ there are two scalar tasks, smooth and with bounded slopes, on which descent without second derivatives goes to a point where $|\\nabla F|^2 = 2D$, with any steps that converge. Each task weighs its pull by how much its loop contracts; leaving second derivatives out leaves one such factor out, and the balance of the two tasks is another one. The debiased method has the right balance for every $q > 0$.',
  proof:
    'Near their minima both losses are parabolas: $G_{fo} = p_i (a_i x - b_i)$ and $G_{ex} = p_i^2 (a_i x - b_i)$ with $p_i = (1 - a a_i)^r$. With $b_1 = 0$ the means vanish at $x_{fo} = p_2 b_2/(a_1 p_1 + a_2 p_2)$ and at $x^* = p_2^2 b_2/(a_1 p_1^2 + a_2 p_2^2)$; put the first into the second mean and choose $b_2$ so that what is left is $\\sqrt{2D}$. Both means are affine, which gives the limits.',
  sources: ['likhosherstov2021'],
  negative: true,
  statements: [seal(stuck), seal(free)],
  unverified:
    'That $\\liminf \\mathbb E |\\nabla F(x_k)|^2 > D$ along the random run for every schedule of Robbins and Monro is the published form; the mean field above is what is asserted.',
}
