import { type BomeOutputs, type BomeState, bome } from '../../../bilevel/method/bome.js'
import type { BilevelMethod } from '../../../bilevel/method/method.js'
import type { Pair } from '../../../bilevel/oracle.js'
import { dot, squaredNorm } from '../../../numeric/index.js'
import { constant } from '../../../rule/atom/constant.js'
import { plus } from '../../world/bilevel/matrix.js'

/** What the method with a barrier is made of here. */
export interface BarrierSettings {
  /** The inner steps and their length. */
  readonly steps: number
  readonly inner: number
  /** The step of $(x, y)$. */
  readonly step: number
  readonly option: 'G' | 'Q'
  readonly eta: number
}

/** A method with a barrier under test. */
export type BarrierMethod = (settings: BarrierSettings) => BilevelMethod<BomeState, BomeOutputs>

export const barrier: BarrierMethod = ({ steps, inner, step, ...rest }) =>
  bome({
    ...rest,
    inner: { steps, rule: constant(inner) },
    upper: { rule: constant(step) },
    lower: { rule: constant(step) },
  })

/** $\langle u, w \rangle$ of both parts. */
export const inner = (u: Pair, w: Pair): number => dot(u.x, w.x) + dot(u.y, w.y)

export const squared = (u: Pair): number => squaredNorm(u.x) + squaredNorm(u.y)

export const size = (u: Pair): number => Math.sqrt(squared(u))

/** $u + s w$. */
export const sum = (u: Pair, w: Pair, s = 1): Pair => ({ x: plus(u.x, w.x, s), y: plus(u.y, w.y, s) })
