import * as O from 'fp-ts/lib/Option.js'
import { dot } from '../../numeric/index.js'
import { orNull } from '../../optimizer/vector.js'
import type { Batch, Vector } from '../../problem/oracle.js'
import { chain, done, map } from '../../program/program.js'
import { minusScaled } from '../hypergradient/path.js'
import { type Asking, askCross, askHessian, askInBoth, askInY, type Pair } from '../oracle.js'
import {
  type BlockMemory,
  blockOf,
  memoryCodec,
  type Partition,
  partitionOf,
  type Reduced,
  remembered,
} from './blockMemory.js'
import { lagrangianElsewhere, linearMerit, lowerMerit, noBounds, type SmoothMerit } from './merit.js'
import { type BilevelMethod, stateCodec } from './method.js'
import type { Merit } from './move.js'
import {
  type Merits,
  type SingleLoopOutputs,
  type SingleLoopParams,
  type SingleLoopState,
  singleLoop,
} from './singleLoop.js'

/**
 * The parts of {@link saba}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface SabaParams extends SingleLoopParams {
  /** The components of each level in blocks; what is drawn must be a block. */
  readonly partition: { readonly lower: Partition; readonly upper: Partition }
}

/**
 * The state of {@link saba}: beside the three variables what it remembers of every block, one vector for each. Of the lower level
 * $(g, \nabla_y g, H v, J v)$ in a row, of the upper $(f, \nabla_y f, \nabla_x f)$. None before the first iteration.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface SabaState extends SingleLoopState {
  readonly lower: O.Option<BlockMemory>
  readonly upper: O.Option<BlockMemory>
}

/** A value and vectors in a row. */
const joined = (value: number, ...vectors: ReadonlyArray<Vector>): Vector =>
  Float64Array.from([value, ...vectors.flatMap((v) => [...v])])

const cut = (row: Vector, lengths: ReadonlyArray<number>): ReadonlyArray<Vector> => {
  const ends = lengths.map((_, q) => lengths.slice(0, q + 1).reduce((n, length) => n + length, 1))
  return lengths.map((length, q) => row.slice((ends[q] ?? 0) - length, ends[q]))
}

/** The estimate of a row, and what of it does not depend on the point that the block is evaluated at. */
const estimated = ({ weight, shift, fresh }: Reduced) => ({
  estimate: shift === null ? fresh : fresh.map((r, i) => weight * r + (shift[i] ?? 0)),
  shift: shift ?? fresh.map(() => 0),
})

interface Tilt {
  readonly origin: Vector
  readonly weight: number
  readonly slope: Vector
  readonly constant: number
}

/** $w\, m(p) + c + \langle s, p - o \rangle$, whose value and gradient at $o$ are known. */
const tilted = (
  base: Omit<SmoothMerit, 'here'>,
  { origin, weight, slope, constant }: Tilt,
  here: { readonly value: number; readonly gradient: Vector },
): Merit => {
  const lifted = (point: Vector, value: number) =>
    weight * value + constant + dot(slope, minusScaled(point, 1, origin))
  return {
    here: done({ ...here, ...noBounds }),
    at: (point) => map(base.at(point), (value) => lifted(point, value)),
    slopeAt: (point) =>
      map(base.slopeAt(point), ({ value, gradient }) => ({
        value: lifted(point, value),
        gradient: gradient.map((g, i) => weight * g + (slope[i] ?? 0)),
      })),
  }
}

/** What each variable descends, from both estimates. */
const meritsOf = (at: Pair, v: Vector, lower: Reduced, upper: Reduced) => {
  const [n, m] = [at.x.length, at.y.length]
  const [g, f] = [estimated(lower), estimated(upper)]
  const [gy = v, Hv = v, Jv = at.x] = cut(g.estimate, [m, m, n])
  const [gyShift = v, HvShift = v, JvShift = at.x] = cut(g.shift, [m, m, n])
  const [fy = v, fx = at.x] = cut(f.estimate, [m, n])
  const [, fxShift = at.x] = cut(f.shift, [m, n])
  const [gValue = Number.NaN] = g.estimate
  const [gOffset = 0] = g.shift
  const [value = Number.NaN] = f.estimate
  const [fOffset = 0] = f.shift
  const weights = { upper: upper.weight, lower: lower.weight }
  const merits: Merits = {
    y: tilted(
      lowerMerit(at, lower.batch),
      { origin: at.y, weight: lower.weight, slope: gyShift, constant: gOffset },
      { value: gValue, gradient: gy },
    ),
    v: tilted(
      linearMerit(at, v, fy, lower.batch, lower.weight),
      { origin: v, weight: 1, slope: HvShift, constant: dot(v, HvShift) / 2 },
      { value: dot(v, Hv) / 2 - dot(v, fy), gradient: minusScaled(Hv, 1, fy) },
    ),
    x: tilted(
      lagrangianElsewhere({ ...at, v, upper: upper.batch, cross: lower.batch, weights }),
      {
        origin: at.x,
        weight: 1,
        slope: minusScaled(fxShift, 1, JvShift),
        constant: fOffset - dot(gyShift, v),
      },
      { value: value - dot(gy, v), gradient: minusScaled(fx, 1, Jv) },
    ),
  }
  return { value, merits }
}

/**
 * SABA: {@link soba} with a memory of every component (SAGA at both levels). In each iteration one block of each level is drawn, and
 * each of the five quantities $\nabla_y g$, $H v$, $J v$, $\nabla_y f$, $\nabla_x f$ is estimated by what it is on the block, less
 * what it was when the block was last drawn, plus the mean of all that is remembered. For blocks drawn uniformly the estimates are
 * unbiased whatever is remembered, and their variance vanishes where the variables come to rest, so that steps may stay constant.
 *
 * Each variable moves by a method of its own: $y$, $v$ and $x$ descend the functions of {@link soba} on the blocks drawn, tilted so
 * that their gradients are the estimates. Bounds of components are none of these, and the rules see none. Blocks of different sizes
 * are weighted by their sizes.
 *
 * Draws: `lower(0)` and `upper`, each a block of the partition. Where nothing is drawn, and in the first iteration, all blocks are
 * evaluated, and the iteration is one of {@link soba} on all components.
 *
 * Cost of an iteration: a gradient of each level, a Hessian and a cross product, each on one block, and what the rules probe; in the
 * first iteration on all. Memory: $1 + 2m + n$ numbers a block of the lower level and $1 + m + n$ of the upper.
 *
 * A draft, not in version 1 of the standard: clause `draft.saba`.
 *
 * @throws RangeError if a box is upside down, the blocks are no partition, or a draw is not one of them.
 * @cite dagreou2022
 * @cite defazio2014
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant } from 'steplaw'
 * import { minimiseBilevel, noDraw, partition, quadraticBilevel, saba } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[1]], B: [[1]], c: [-3] }, { H: [[3]], B: [[1]], c: [1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[2]], p: [-2], r: [0.25] }],
 * })
 * const method = saba({
 *   lower: { rule: constant(0.1) },
 *   upper: { rule: constant(0.1) },
 *   partition: { lower: partition(2), upper: partition(1) },
 * })
 * const start = { x: Float64Array.of(0), y: Float64Array.of(0) }
 * const draws = (k: number) => ({ ...noDraw, lower: () => Int32Array.of(k % 2) })
 * const run = minimiseBilevel(problem, { method, start, draws, iterations: 400 })
 * // One component at a time, and to the solution with constant steps all the same.
 * run.x.map((x) => Math.round(1e6 * x) / 1e6) // => Float64Array.of(-1.2)
 * ```
 */
export const saba = ({ partition, ...params }: SabaParams): BilevelMethod<SabaState, SingleLoopOutputs> => {
  const lowerBlocks = partitionOf('partition.lower', partition.lower)
  const upperBlocks = partitionOf('partition.upper', partition.upper)
  const { init, point, codecs, move } = singleLoop(params)
  return {
    name: 'saba',
    init: (start) => ({ ...init(start), lower: O.none, upper: O.none }),
    point,
    state: ({ x, y }) =>
      stateCodec('saba', {
        ...codecs({ x, y }),
        lower: orNull(memoryCodec(lowerBlocks.length, 1 + 2 * y + x)),
        upper: orNull(memoryCodec(upperBlocks.length, 1 + y + x)),
      }),
    iterate: (state, draw) => {
      const at = point(state)
      const v = state.v.x
      const lowerRow = (batch: Batch): Asking<Vector> =>
        chain(askInY('lower', at, batch), (g) =>
          chain(askHessian(at, v, batch), (Hv) =>
            map(askCross(at, v, batch), (Jv) => joined(g.value, g.y, Hv, Jv)),
          ),
        )
      const upperRow = (batch: Batch): Asking<Vector> =>
        map(askInBoth('upper', at, batch), (f) => joined(f.value, f.y, f.x))
      const drawn = {
        lower: blockOf('draws.lower', lowerBlocks, draw.lower(0)),
        upper: blockOf('draws.upper', upperBlocks, draw.upper),
      }
      return chain(remembered(upperBlocks, drawn.upper, state.upper, upperRow), (upper) =>
        chain(remembered(lowerBlocks, drawn.lower, state.lower, lowerRow), (lower) => {
          const { value, merits } = meritsOf(at, v, lower, upper)
          return map(move(state, merits), ({ x, y, v, ...made }) => [
            {
              k: state.k + 1,
              status: state.status,
              x,
              y,
              v,
              lower: lower.memory,
              upper: upper.memory,
            },
            { k: state.k, ...at, value, ...made },
          ])
        }),
      )
    },
  }
}
