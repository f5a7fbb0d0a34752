import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { noDraw } from '../../../bilevel/draw.js'
import type { Estimator, Hypergradient } from '../../../bilevel/hypergradient/hypergradient.js'
import { unrolled } from '../../../bilevel/hypergradient/unrolled.js'
import { answerBilevel } from '../../../bilevel/problem/problem.js'
import { dot } from '../../../numeric/index.js'
import type { Vector } from '../../../problem/oracle.js'
import { runSync } from '../../../program/interpret.js'
import type { Card } from '../../card/card.js'
import { compared } from '../../card/evidence.js'
import { seal } from '../../card/seal.js'
import type { Statement } from '../../card/statement.js'
import { bilevelWorlds } from '../../world/bilevel/every.js'
import { distance, plus } from '../../world/bilevel/matrix.js'
import { quadraticBilevelWorlds } from '../../world/bilevel/quadratic.js'
import { ridgeBilevelWorlds } from '../../world/bilevel/ridge.js'
import { shiftedBilevelWorlds } from '../../world/bilevel/shifted.js'
import { type BilevelWorld, type QuadraticBilevelWorld, showBilevelWorld } from '../../world/bilevel/world.js'
import { differences, TRUNCATED } from './differences.js'
import {
  type At,
  DIGITS,
  estimateAt,
  innerLoop,
  ROUNDING,
  sizeOf,
  solutionOf,
  units,
  upperSlopes,
} from './recipe.js'
import { truncated } from './series.js'

/** An estimator that goes back over the inner loop. */
export type Unrolled = () => Estimator

/** A world and the lengths of inner steps, in units of $1/L$. */
interface Loop<W> {
  readonly world: W
  readonly lengths: ReadonlyArray<number>
}

const startOf = ({ world, lengths }: Loop<BilevelWorld>): At & { readonly steps: ReadonlyArray<number> } => ({
  ...world.start,
  steps: lengths.map((a) => a / (world.problem.facts.L ?? 1)),
})

const show = ({ world, lengths }: Loop<BilevelWorld>) => ({ problem: showBilevelWorld(world), lengths })

const subjects: { readonly [name: string]: Unrolled } = {
  unrolled: () => unrolled(),
  checkpointed: () => unrolled({ memory: 'checkpointed' }),
}

export const sameAsSeries: Statement<Unrolled, Loop<QuadraticBilevelWorld>> = {
  id: 'B8.series',
  says: 'going back over $D$ steps of one length $a$ gives $\\nabla_x f - J v_D$ with $v_D = a \\sum_{q<D} (I - aH)^q \\nabla_y f$, all at $y_D$',
  kind: 'algebra',
  evidence: ['D*'],
  hypotheses: [{ says: '$g$ is quadratic in $(x, y)$; any $f$', holds: () => true }],
  slack: ROUNDING,
  cases: fc
    .record({
      world: quadraticBilevelWorlds(),
      step: fc.constantFrom(1, 0.5, 1.5),
      count: fc.nat(6),
    })
    .map(({ world, step, count }) => ({ world, lengths: Array.from({ length: count }, () => step) })),
  show,
  subjects,
  evaluate: (subject, given) => {
    const { problem } = given.world
    const at = startOf(given)
    const y = innerLoop(problem, at)
    const found = estimateAt(problem, subject(), at)
    const f = upperSlopes(problem, { x: at.x, y })
    const v = truncated(problem, { x: at.x, y }, f.y, at.steps[0] ?? 0, at.steps.length)
    const z = plus(f.x, problem.lower.crossVector(at.x, y, v, null), -1)
    const slack = DIGITS * sizeOf(problem, { x: at.x, y })
    return compared([
      { at: 'gradient', observed: distance(found.gradient, z), bound: 0, slack },
      { at: 'v', observed: distance(solutionOf(found), v), bound: 0, slack },
    ])
  },
  mutants: ['oneStepBack', 'cotangentMovedFirst', 'upperBeforeTheLast'],
}

const anyLoop = fc.record({
  world: bilevelWorlds(),
  lengths: fc.array(fc.constantFrom(1, 0.5, 0.25, 1.5, 0), { maxLength: 5 }),
})

/** $\nabla_x f + Y_D^\top \nabla_y f$ with $Y_{t+1} = Y_t - a_t (H_t Y_t + J_t^\top)$, the tangents of $y_t$, forward. */
const forward = ({ world, lengths }: Loop<BilevelWorld>): Vector => {
  const { problem } = world
  const { x, steps, ...start } = startOf({ world, lengths })
  let y = start.y
  let tangents: ReadonlyArray<Vector> = Array.from(x, () => y.map(() => 0))
  for (const a of steps) {
    const here = y
    const J = units(y.length).map((e) => problem.lower.crossVector(x, here, e, null))
    tangents = tangents.map((t, j) => {
      const moved = plus(t, problem.lower.hessianVector(x, here, t, null), -a)
      return moved.map((ti, i) => ti - a * (J[i]?.[j] ?? 0))
    })
    y = innerLoop(problem, { x, y: here, steps: [a] })
  }
  const f = upperSlopes(problem, { x, y })
  return f.x.map((fj, j) => fj + dot(tangents[j] ?? f.y, f.y))
}

export const reverseIsForward: Statement<Unrolled, Loop<BilevelWorld>> = {
  id: 'B10.forward',
  says: 'the way back gives $\\nabla_x f + Y_D^\\top \\nabla_y f$ with the tangents $Y_{t+1} = Y_t - a_t (H_t Y_t + J_t^\\top)$, $Y_0 = 0$',
  kind: 'algebra',
  evidence: ['D*'],
  hypotheses: [{ says: '$g$ is twice differentiable', holds: () => true }],
  slack: ROUNDING,
  cases: anyLoop,
  show,
  subjects,
  evaluate: (subject, given) => {
    const { problem } = given.world
    const at = startOf(given)
    const y = innerLoop(problem, at)
    return compared([
      {
        at: `D = ${at.steps.length}`,
        observed: distance(estimateAt(problem, subject(), at).gradient, forward(given)),
        bound: 0,
        slack: DIGITS * sizeOf(problem, { x: at.x, y }),
      },
    ])
  },
  mutants: ['oneStepBack', 'hessianAfterTheStep', 'cotangentMovedFirst'],
}

export const derivativeOfLoop: Statement<Unrolled, Loop<BilevelWorld>> = {
  id: 'B10.differences',
  says: 'the way back gives the central difference of $F_D(x) = f(x, y_D(x))$',
  kind: 'path',
  evidence: ['D*'],
  hypotheses: [{ says: '$g$ is smooth', holds: () => true }],
  slack: '1e-6 of one and of what is added: the differences are of fourth order',
  cases: anyLoop,
  show,
  subjects,
  evaluate: (subject, given) => {
    const { problem } = given.world
    const at = startOf(given)
    const y = innerLoop(problem, at)
    const F = (x: Vector): number => problem.upper.value(x, innerLoop(problem, { ...at, x }), null)
    return compared([
      {
        at: `D = ${at.steps.length}`,
        observed: distance(estimateAt(problem, subject(), at).gradient, differences(F, at.x)),
        bound: 0,
        slack: TRUNCATED * sizeOf(problem, { x: at.x, y }),
      },
    ])
  },
  mutants: ['oneStepBack', 'implicitInstead', 'cotangentMovedFirst'],
}

/** How many coordinates differ in a bit. */
const differing = (a: Vector, b: Vector): number =>
  Math.abs(a.length - b.length) + a.filter((ai, i) => !Object.is(ai, b[i])).length

/** With every state held, as an inner loop hands them over. */
const held = (given: Loop<BilevelWorld>): Hypergradient => {
  const { problem } = given.world
  const { x, y, steps } = startOf(given)
  const states = steps.map((_, t) => innerLoop(problem, { x, y, steps: steps.slice(0, t) }))
  const found = runSync(
    unrolled().estimate({
      x,
      y: innerLoop(problem, { x, y, steps }),
      v: O.none,
      path: O.some({ start: y, steps, batch: noDraw.lower, states }),
      draw: noDraw,
    }),
    answerBilevel(problem),
  )
  if (E.isLeft(found)) throw new Error(found.left.message)
  return found.right
}

export const memoryIsFree: Statement<Unrolled, Loop<BilevelWorld>> = {
  id: 'B11.bits',
  says: 'states that are run again from a checkpoint give the same hypergradient as states that were held, bit for bit',
  kind: 'algebra',
  evidence: ['D'],
  hypotheses: [{ says: 'the steps are a pure function of $(x, y)$', holds: () => true }],
  slack: 'none: what is counted is the coordinates that differ',
  cases: fc.record({
    // Where H and J do not move a state that is wrong would not show.
    world: fc.oneof<Array<fc.Arbitrary<BilevelWorld>>>(shiftedBilevelWorlds(), ridgeBilevelWorlds()),
    lengths: fc.array(fc.constantFrom(1, 0.3, 0.7, 1.1, 0), { minLength: 3, maxLength: 9 }),
  }),
  show,
  subjects: {
    'one checkpoint': () => unrolled({ memory: 'recomputed' }),
    'two checkpoints': () => unrolled({ memory: 2 }),
    'as many as the square root asks': () => unrolled({ memory: 'checkpointed' }),
    'all, not handed over': () => unrolled({ memory: 'stored' }),
  },
  evaluate: (subject, given) => {
    const whole = held(given)
    const found = estimateAt(given.world.problem, subject(), startOf(given))
    return compared([
      { at: 'gradient', observed: differing(found.gradient, whole.gradient), bound: 0, slack: 0 },
      { at: 'v', observed: differing(solutionOf(found), solutionOf(whole)), bound: 0, slack: 0 },
    ])
  },
  mutants: ['inSinglePrecision', 'otherOrder', 'backwards'],
}

export const unrolling8: Card = {
  id: 'B8',
  title: 'Unrolled steps are a Neumann series',
  about:
    'On a quadratic lower level, to differentiate through $D$ gradient steps is to solve the linear system by $D$ terms of a series, at the last point. The two ways to a hypergradient are one there, and they are counted in the same units.',
  proof:
    'Back over a step: $p_t = (I - aH) p_{t+1}$ and $z_t = z_{t+1} - a J p_{t+1}$ from $p_D = \\nabla_y f$. So $z_0 = \\nabla_x f - J a \\sum_{q<D} (I - aH)^q \\nabla_y f$. It fails where $J$ moves with $y$, as under a ridge that is learned.',
  sources: ['franceschi2017', 'shaban2019'],
  statements: [seal(sameAsSeries)],
}

export const reverse10: Card = {
  id: 'B10',
  title: 'The way back is the derivative of the loop',
  about:
    'Reverse mode through the inner loop is the derivative of what the loop computes, $f(x, y_D(x))$, on any smooth lower level and for steps of any lengths; not of $F$, which it only approaches.',
  proof:
    'Transpose the tangents: $\\langle p_{t+1}, Y_{t+1} \\rangle = \\langle (I - a_t H_t) p_{t+1}, Y_t \\rangle - a_t J_t p_{t+1}$.',
  sources: ['franceschi2017'],
  statements: [seal(reverseIsForward), seal(derivativeOfLoop)],
}

export const memory11: Card = {
  id: 'B11',
  title: 'Memory changes no bit of an unrolled hypergradient',
  about:
    'States of the inner loop may be held, or run again from a few checkpoints: it costs time or memory and no digit. That is what allows one to choose by the size of the machine, and to stop and go on elsewhere.',
  proof:
    'A step is a pure function of $(x, y_t)$ with one order of operations, so that what is run again is the same double; the way back sees the same numbers in the same order.',
  sources: ['griewank2000', 'shaban2019'],
  statements: [seal(memoryIsFree)],
}
