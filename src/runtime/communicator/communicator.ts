/**
 * How one of several replicas meets the others. Every rank makes the same calls in the same order, with vectors of the same
 * length; each call is answered when all ranks have made it.
 *
 * Implementations: {@link inProcess}, threads (by {@link trainOnThreads}), or one of your own over whatever carries doubles. What the
 * method asks of it: `allReduce` adds in the order of the ranks, $((x_0 + x_1) + x_2) + \cdots$, or all ranks still get the same
 * sum, but not the bits that other transports give; a rank that does not come makes the calls of the others reject, in finite
 * time, rather than wait forever.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface Communicator {
  /** Which one this is, from 0. */
  readonly rank: number
  /** How many there are. */
  readonly size: number
  /** The sum over all ranks, in their order. */
  readonly allReduce: (values: Float64Array) => Promise<Float64Array>
  /** The values of the rank `root`; those of the others do not matter but for their length. */
  readonly broadcast: (values: Float64Array, root: number) => Promise<Float64Array>
  /** Answered when all have come. */
  readonly barrier: () => Promise<void>
  /** Says that this rank will make no more calls. A transport that notices by itself need not have it. */
  readonly leave?: (reason: string) => void
}

/**
 * A rank will not come: it died, left, is stuck, or made another call than the others.
 *
 * @category Errors
 * @since 0.1.0
 * @example
 * ```ts
 * import { PeerLost } from 'steplaw/replica'
 *
 * new PeerLost(2, 'it threw RangeError: x').message // => 'replica 2: it threw RangeError: x'
 * ```
 */
export class PeerLost extends Error {
  override readonly name = 'PeerLost'
  /** The rank that is to blame. */
  readonly rank: number

  constructor(rank: number, reason: string) {
    super(`replica ${rank}: ${reason}`)
    this.rank = rank
  }
}

/**
 * The sum of vectors from first to last, $((x_0 + x_1) + x_2) + \cdots$ in every entry: the order that every transport of this
 * library keeps.
 *
 * @throws RangeError if there are none, or if their lengths differ.
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { sumInOrder } from 'steplaw/replica'
 *
 * sumInOrder([Float64Array.of(1, 2), Float64Array.of(3, 4)]) // => Float64Array.of(4, 6)
 * ```
 */
export const sumInOrder = ([first, ...rest]: ReadonlyArray<Float64Array>): Float64Array => {
  if (first === undefined) throw new RangeError('vectors: got none, expected at least one')
  const sum = first.slice()
  for (const values of rest) {
    if (values.length !== sum.length)
      throw new RangeError(`vectors: got lengths ${sum.length} and ${values.length}, expected one length`)
    for (let i = 0; i < sum.length; i += 1) sum[i] = (sum[i] as number) + (values[i] as number)
  }
  return sum
}
