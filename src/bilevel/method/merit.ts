import * as O from 'fp-ts/lib/Option.js'
import { dot } from '../../numeric/index.js'
import type { Method } from '../../optimizer/method.js'
import type { Batch, Vector } from '../../problem/oracle.js'
import { chain, done, map } from '../../program/program.js'
import type { Rule } from '../../rule/rule.js'
import { minusScaled } from '../hypergradient/path.js'
import {
  type Asking,
  askCross,
  askHessian,
  askInX,
  askInY,
  askValue,
  type Pair,
  type Seen,
} from '../oracle.js'
import type { Merit } from './move.js'

/** A merit that also knows its slopes. */
export type SmoothMerit = Required<Merit>

export const noBounds = { lowerBound: O.none, solutionValue: O.none }

/** $g_T(x, \cdot)$ from $y$. */
export const lowerMerit = ({ x, y }: Pair, batch: Batch): SmoothMerit => {
  const gradientAt = (point: Vector) =>
    map(askInY('lower', { x, y: point }, batch), ({ y: gradient, ...seen }) => ({ ...seen, gradient }))
  return {
    here: gradientAt(y),
    at: (point) => askValue('lower', { x, y: point }, batch),
    slopeAt: gradientAt,
  }
}

/** The quadratic $q(v) = \frac12 \langle v, H_C v \rangle - \langle v, b \rangle$, which a solution of $H_C v = b$ minimises. */
export const linearMerit = (at: Pair, v: Vector, b: Vector, batch: Batch, weight = 1): SmoothMerit => {
  const gradientAt = (point: Vector) =>
    map(askHessian(at, point, batch), (Hv) => {
      const product = weight === 1 ? Hv : Hv.map((h) => weight * h)
      return { value: dot(point, product) / 2 - dot(point, b), gradient: minusScaled(product, 1, b) }
    })
  return {
    here: map(gradientAt(v), (seen) => ({ ...seen, ...noBounds })),
    at: (point) => map(gradientAt(point), ({ value }) => value),
    slopeAt: gradientAt,
  }
}

/** Rules that read nothing of a ray, and those that only combine what others say. */
const BLIND = ['constant', 'power']
const COMBINES = ['min', 'max', 'scale', 'product', 'periodic', 'runningMin', 'runningMax']

const readsNothing = (rule: Rule): boolean =>
  O.isSome(rule.expr) &&
  (rule.operands.length === 0
    ? BLIND.includes(rule.name)
    : COMBINES.includes(rule.name) && rule.operands.every(readsNothing))

/** Whether steps of a method may depend on the value of what it descends, as far as can be told. */
export const readsValue = ({ rule }: Method): boolean => rule !== undefined && !readsNothing(rule)

/** What the Lagrangian holds: $y$, $v$ and the batches. */
export interface Held extends Pair {
  readonly v: Vector
  readonly upper: Batch
  readonly cross: Batch
  /** What $f_S$ and $g_C$ are multiplied by; 1 by default. */
  readonly weights?: { readonly upper: number; readonly lower: number }
}

/** The Lagrangian $M(x) = f_S(x, y) - \langle \nabla_y g_C(x, y), v \rangle$ away from the current $x$. */
export const lagrangianElsewhere = ({
  y,
  v,
  upper,
  cross,
  weights = { upper: 1, lower: 1 },
}: Held): Omit<SmoothMerit, 'here'> => {
  const tilt = (x: Vector) =>
    map(askInY('lower', { x, y }, cross), ({ y: gradient }) => weights.lower * dot(gradient, v))
  return {
    at: (x) =>
      chain(askValue('upper', { x, y }, upper), (value) => map(tilt(x), (t) => weights.upper * value - t)),
    slopeAt: (x) =>
      chain(askInX('upper', { x, y }, upper), (f) =>
        chain(askCross({ x, y }, v, cross), (Jv) => {
          const inX = f.x.map((d) => weights.upper * d)
          return map(tilt(x), (t) => ({
            value: weights.upper * f.value - t,
            gradient: minusScaled(inX, weights.lower, Jv),
          }))
        }),
      ),
  }
}

/**
 * The Lagrangian with its gradient at the current $x$, $\nabla_x f_S - J_C v$.
 *
 * @param f - $f_S$ at $(x, y)$ with its gradient in $x$.
 * @param slope - $\nabla_y g_C(x, y)$, where it is known.
 * @param valued - whether the value matters; else it is that of $f$.
 */
export const lagrangian = (
  held: Held,
  f: Seen & { readonly x: Vector },
  slope: O.Option<Vector>,
  valued: boolean,
): SmoothMerit => {
  const { v, cross } = held
  const gradientInY = (): Asking<Vector> =>
    O.isSome(slope) ? done(slope.value) : map(askInY('lower', held, cross), ({ y }) => y)
  const tilt = valued ? map(gradientInY(), (g) => dot(g, v)) : done(0)
  return {
    ...lagrangianElsewhere(held),
    here: chain(askCross(held, v, cross), (Jv) =>
      map(tilt, (t) => ({ ...f, value: f.value - t, gradient: minusScaled(f.x, 1, Jv) })),
    ),
  }
}

/** $\nabla_y g_C$, if it is $\nabla_y g_T$: where both batches are the same. */
export const slopeOn = (gradient: Vector, batch: Batch, cross: Batch): O.Option<Vector> =>
  batch === cross ||
  (batch !== null &&
    cross !== null &&
    batch.length === cross.length &&
    batch.every((component, i) => component === cross[i]))
    ? O.some(gradient)
    : O.none
