import type { Batch, Vector } from '../../problem/oracle.js'
import { chain, done, map } from '../../program/program.js'
import { type Asking, askInX, askInY, type Level, type Pair, type Seen } from '../oracle.js'

/** A gradient that is estimated: of a level, in a variable, at a point of this iteration and at that of the one before. */
export interface Tracked {
  readonly level: Level
  readonly in: 'x' | 'y'
  readonly batch: Batch
  readonly now: Pair
  /** Where it was taken in the iteration before, and the estimate then. */
  readonly before: { readonly at: Pair; readonly estimate: Vector } | null
}

/** A value on the sample, and the estimate of the gradient. */
export type Estimate = Seen & { readonly estimate: Vector }

/**
 * The recursive momentum estimate (STORM) $h_k = \nabla(w_k; s_k) + (1 - \eta)(h_{k-1} - \nabla(w_{k-1}; s_k))$: the sample $s_k$ of this
 * iteration at both points, so that without noise it is the gradient, whatever $\eta$. The first is the gradient itself, and where
 * $\eta = 1$ the point before is not evaluated.
 */
export const estimateOf = (tracked: Tracked, eta: number): Asking<Estimate> => {
  const { level, batch, now, before } = tracked
  const gradientAt = (at: Pair): Asking<Seen & { readonly gradient: Vector }> =>
    tracked.in === 'x'
      ? map(askInX(level, at, batch), ({ x, ...seen }) => ({ ...seen, gradient: x }))
      : map(askInY(level, at, batch), ({ y, ...seen }) => ({ ...seen, gradient: y }))
  return chain(gradientAt(now), ({ gradient, ...seen }): Asking<Estimate> => {
    if (before === null || eta === 1) return done({ ...seen, estimate: gradient })
    return map(gradientAt(before.at), (old) => ({
      ...seen,
      estimate: gradient.map((g, i) => g + (1 - eta) * ((before.estimate[i] ?? 0) - (old.gradient[i] ?? 0))),
    }))
  })
}
