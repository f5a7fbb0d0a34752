import { strict } from '../../../spec/vocabulary/strict.js'
import { vector } from '../../optimizer/vector.js'
import type { Batch, Vector } from '../../problem/oracle.js'
import { chain, map } from '../../program/program.js'
import type { Asking, Level, Pair } from '../oracle.js'
import { type Estimate, estimateOf } from './storm.js'

/**
 * The six estimates of `penalty` with recursive momentum, and where they were taken.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface PenaltyEstimates {
  readonly x: Vector
  readonly y: Vector
  readonly z: Vector
  readonly u: Vector
  readonly w: Vector
  /** $\nabla_y f(x, y)$ and $\nabla_y g(x, y)$. */
  readonly fy: Vector
  readonly gy: Vector
  /** $\nabla_y g(x, z)$. */
  readonly gz: Vector
  /** $\nabla_x f(x, u)$ and $\nabla_x g(x, u)$. */
  readonly fx: Vector
  readonly gu: Vector
  /** $\nabla_x g(x, w)$. */
  readonly gw: Vector
}

/** The codec of {@link PenaltyEstimates}. */
export const penaltyEstimates = (x: number, y: number) => {
  const [inX, inY] = [vector(x), vector(y)]
  return strict('estimates', {
    x: inX,
    y: inY,
    z: inY,
    u: inY,
    w: inY,
    fy: inY,
    gy: inY,
    gz: inY,
    fx: inX,
    gu: inX,
    gw: inX,
  })
}

/** What is estimated, and at which of the points of an iteration. */
const places = {
  fy: { in: 'y', level: 'upper', at: 'y' },
  gy: { in: 'y', level: 'lower', at: 'y' },
  gz: { in: 'y', level: 'lower', at: 'z' },
  fx: { in: 'x', level: 'upper', at: 'u' },
  gu: { in: 'x', level: 'lower', at: 'u' },
  gw: { in: 'x', level: 'lower', at: 'w' },
} as const satisfies {
  readonly [which: string]: {
    readonly in: 'x' | 'y'
    readonly level: Level
    readonly at: 'y' | 'z' | 'u' | 'w'
  }
}

type Which = keyof typeof places

/** Where a gradient is estimated now, and on what. */
interface Now {
  readonly at: (which: Which) => Pair
  readonly batch: (level: Level) => Batch
}

/** The estimates of an iteration after those of the one before. */
const estimating =
  (old: PenaltyEstimates | null, eta: number, { at, batch }: Now) =>
  (which: Which): Asking<Estimate> => {
    const place = places[which]
    const before = old === null ? null : { at: { x: old.x, y: old[place.at] }, estimate: old[which] }
    return estimateOf(
      { in: place.in, level: place.level, batch: batch(place.level), now: at(which), before },
      eta,
    )
  }

/** The gradients in $y$ that $u$ and $w$ step along. */
export interface InnerEstimates {
  readonly fy: Estimate
  readonly gy: Estimate
  readonly gz: Estimate
}

export const innerEstimates = (
  old: PenaltyEstimates | null,
  eta: number,
  now: Now,
): Asking<InnerEstimates> => {
  const estimated = estimating(old, eta, now)
  return chain(estimated('fy'), (fy) =>
    chain(estimated('gy'), (gy) => map(estimated('gz'), (gz) => ({ fy, gy, gz }))),
  )
}

/** The gradients in $x$. */
export interface OuterEstimates {
  readonly fx: Estimate
  readonly gu: Estimate
  readonly gw: Estimate
}

export const outerEstimates = (
  old: PenaltyEstimates | null,
  eta: number,
  now: Now,
): Asking<OuterEstimates> => {
  const estimated = estimating(old, eta, now)
  return chain(estimated('fx'), (fx) =>
    chain(estimated('gu'), (gu) => map(estimated('gw'), (gw) => ({ fx, gu, gw }))),
  )
}
