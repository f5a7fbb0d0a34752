import { type Communicator, PeerLost, sumInOrder } from './communicator.js'

/** A call that waits for the same call of the other ranks. */
interface Call {
  readonly name: string
  readonly values: Float64Array
  readonly answer: (values: Float64Array) => void
  readonly refuse: (error: Error) => void
}

/** Where the ranks of one process meet. */
class Meeting {
  readonly size: number
  #calls = new Map<number, Call>()
  #lost: PeerLost | null = null

  constructor(size: number) {
    this.size = size
  }

  call(
    rank: number,
    name: string,
    values: Float64Array,
    result: (all: ReadonlyArray<Float64Array>) => Float64Array,
  ): Promise<Float64Array> {
    return new Promise((answer, refuse) => {
      if (this.#calls.has(rank))
        this.#end(new PeerLost(rank, `${name} was called before the last call was answered`))
      if (this.#lost !== null) {
        refuse(this.#lost)
        return
      }
      this.#calls.set(rank, { name, values, answer, refuse })
      if (this.#calls.size === this.size) this.#meet(result)
    })
  }

  #meet(result: (all: ReadonlyArray<Float64Array>) => Float64Array): void {
    const calls = Array.from({ length: this.size }, (_, rank) => this.#calls.get(rank)).flatMap(
      (it) => it ?? [],
    )
    const [first] = calls
    const other = calls.findIndex((it) => it.name !== first?.name || it.values.length !== first.values.length)
    const odd = calls[other]
    if (first !== undefined && odd !== undefined) {
      const said = ({ name, values }: Call): string => `${name} of ${values.length} numbers`
      this.#end(new PeerLost(other, `it called ${said(odd)} where replica 0 called ${said(first)}`))
      return
    }
    this.#calls = new Map()
    const values = result(calls.map((it) => it.values))
    // To each a copy: what one does with it is no matter of the others.
    for (const { answer } of calls) answer(values.slice())
  }

  leave(rank: number, reason: string): void {
    this.#end(new PeerLost(rank, reason))
  }

  #end(lost: PeerLost): void {
    this.#lost ??= lost
    const calls = this.#calls
    this.#calls = new Map()
    for (const { refuse } of calls.values()) refuse(this.#lost)
  }
}

/**
 * Communicators of replicas that all live in this thread, one for each rank: deterministic, whatever the order in which their
 * promises come.
 *
 * @param size - the number of ranks.
 * @throws RangeError naming `size`; a call rejects with {@link PeerLost} when a rank has left or calls something else.
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { inProcess } from 'steplaw/replica'
 *
 * const ranks = inProcess(3)
 * const sums = await Promise.all(ranks.map((c) => c.allReduce(Float64Array.of(c.rank, 1))))
 * sums[0] // => Float64Array.of(3, 3)
 * ```
 */
export const inProcess = (size: number): ReadonlyArray<Communicator> => {
  if (!Number.isSafeInteger(size) || size < 1)
    throw new RangeError(`size: got ${size}, expected an integer >= 1`)
  const meeting = new Meeting(size)
  return Array.from({ length: size }, (_, rank) => ({
    rank,
    size,
    allReduce: (values) => meeting.call(rank, 'allReduce', values, sumInOrder),
    broadcast: (values, root) =>
      meeting.call(rank, `broadcast from ${root}`, values, (all) => {
        const chosen = all[root]
        if (chosen === undefined) throw new RangeError(`root: got ${root}, expected a rank below ${size}`)
        return chosen
      }),
    barrier: async () => {
      await meeting.call(rank, 'barrier', new Float64Array(0), () => new Float64Array(0))
    },
    leave: (reason) => meeting.leave(rank, reason),
  }))
}
