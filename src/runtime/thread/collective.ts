import { type Communicator, PeerLost } from '../communicator/communicator.js'

/** Every word that is written often has a cache line of its own. */
const LINE = 16
/** Bytes for the reason that somebody gives for a loss. */
const REASON = 480
/** How often a rank looks before it sleeps. */
const LOOKS = 2000
/** So often a sleeper wakes up within its patience: a process that was stopped for a while loses one of its naps only. */
const NAPS = 16

/** How many ranks meet in a piece of shared memory, and how long the vectors are at most. */
export interface SharedMeeting {
  readonly memory: SharedArrayBuffer
  readonly size: number
  readonly capacity: number
  /** Milliseconds that a rank waits for the others at most. */
  readonly patience: number
}

/** Words of control, as indices: how often all have met, how many have arrived, who is lost, and what each rank says. */
const GENERATION = 0
const ARRIVED = LINE
const LOST = 2 * LINE
const wordsOf = (rank: number) => {
  const first = (3 + rank) * LINE
  return { arrivals: first, begun: first + 1, announced: first + 2 } as const
}

const controlBytes = (size: number): number => (3 + size) * LINE * 4
/** Each rank has room for a reason, and so has whoever watches them. */
const reasonsBytes = (size: number): number => (size + 1) * (REASON + 8)

/** The bytes of a meeting: words, reasons, a vector for each rank and one for sums. */
export const meetingBytes = (size: number, capacity: number): number =>
  controlBytes(size) + reasonsBytes(size) + (size + 1) * capacity * 8

/** What all who look at the same memory see. */
const viewOf = ({ memory, size, capacity }: SharedMeeting) => {
  const reasons = controlBytes(size)
  const data = reasons + reasonsBytes(size)
  return {
    words: new Int32Array(memory, 0, controlBytes(size) / 4),
    reason: (by: number) => {
      const at = reasons + by * (REASON + 8)
      return { length: new Int32Array(memory, at, 1), bytes: new Uint8Array(memory, at + 8, REASON) }
    },
    vector: (rank: number, length: number) => new Float64Array(memory, data + rank * capacity * 8, length),
  }
}

/** Blames a rank, once: the first to do so is the one whose reason is heard. Wakes all who wait. */
export const blame = (meeting: SharedMeeting, by: number, rank: number, because: string): void => {
  const { words, reason } = viewOf(meeting)
  if (Atomics.load(words, LOST) === 0) {
    const { length, bytes } = reason(by)
    // Encoders do not write to shared memory everywhere.
    const text = new TextEncoder().encode(because).subarray(0, REASON)
    bytes.set(text)
    length[0] = text.length
    Atomics.compareExchange(words, LOST, 0, (by + 1) * 65536 + rank + 1)
  }
  Atomics.notify(words, GENERATION)
}

/** Who is lost, and why; null while all are there. */
export const lostOf = (meeting: SharedMeeting): PeerLost | null => {
  const { words, reason } = viewOf(meeting)
  const said = Atomics.load(words, LOST)
  if (said === 0) return null
  const { length, bytes } = reason(Math.floor(said / 65536) - 1)
  return new PeerLost((said % 65536) - 1, new TextDecoder().decode(bytes.slice(0, length[0])))
}

/** How often each rank has arrived at a meeting. */
export const arrivalsOf = (meeting: SharedMeeting): ReadonlyArray<number> => {
  const { words } = viewOf(meeting)
  return Array.from({ length: meeting.size }, (_, rank) => Atomics.load(words, wordsOf(rank).arrivals))
}

/** Says that a rank has begun: from then on it counts how long it is waited for. */
export const begin = (meeting: SharedMeeting, rank: number): void => {
  Atomics.store(viewOf(meeting).words, wordsOf(rank).begun, 1)
}

/** Which ranks have begun. */
export const begunOf = (meeting: SharedMeeting): ReadonlyArray<boolean> => {
  const { words } = viewOf(meeting)
  return Array.from({ length: meeting.size }, (_, rank) => Atomics.load(words, wordsOf(rank).begun) === 1)
}

export const late = (patience: number): string => `it did not come within ${(patience / 1000).toFixed(1)} s`

/** Waits until all have arrived as often as this rank, or throws. */
const meet = (meeting: SharedMeeting, rank: number, words: Int32Array): void => {
  const generation = Atomics.load(words, GENERATION)
  Atomics.add(words, wordsOf(rank).arrivals, 1)
  if (Atomics.add(words, ARRIVED, 1) + 1 === meeting.size) {
    Atomics.store(words, ARRIVED, 0)
    Atomics.add(words, GENERATION, 1)
    Atomics.notify(words, GENERATION)
  }
  for (let look = 0; look < LOOKS && Atomics.load(words, GENERATION) === generation; look += 1);
  let naps = 0
  while (Atomics.load(words, GENERATION) === generation) {
    const lost = lostOf(meeting)
    if (lost !== null) throw lost
    if (naps === NAPS) {
      const arrivals = arrivalsOf(meeting)
      blame(meeting, rank, arrivals.indexOf(Math.min(...arrivals)), late(meeting.patience))
    } else if (Atomics.wait(words, GENERATION, generation, meeting.patience / NAPS) === 'timed-out')
      naps += begunOf(meeting).every(Boolean) ? 1 : 0
  }
}

/** The calls, as numbers that ranks can compare; a broadcast says from whom. */
const ALL_REDUCE = 1
const BARRIER = 2
const broadcastFrom = (root: number): number => 3 + root

/**
 * The communicator of one rank over shared memory, for a thread that may be blocked: it sleeps until all have come. Sums are
 * shared out: every rank adds its part of the entries, in the order of the ranks.
 */
export const sharedCommunicator = (meeting: SharedMeeting, rank: number): Communicator => {
  const { size, capacity } = meeting
  const { words, vector } = viewOf(meeting)
  let calls = 0

  /** Announces the call and meets the others. Announcements alternate, so that none is overwritten before all have seen it. */
  const announce = (call: number, length: number): void => {
    const turn = 2 * (calls % 2)
    calls += 1
    const { announced } = wordsOf(rank)
    Atomics.store(words, announced + turn, call)
    Atomics.store(words, announced + turn + 1, length)
    meet(meeting, rank, words)
    for (let other = 0; other < size; other += 1) {
      const at = wordsOf(other).announced + turn
      if (Atomics.load(words, at) === call && Atomics.load(words, at + 1) === length) continue
      blame(meeting, rank, other, `it made another call than replica ${rank}, or with another length`)
      throw lostOf(meeting) ?? new PeerLost(other, 'it is lost')
    }
  }

  const put = (values: Float64Array): void => {
    if (values.length > capacity)
      throw new RangeError(`values: got ${values.length}, expected at most ${capacity}`)
    vector(rank, values.length).set(values)
  }

  const allReduce = (values: Float64Array): Float64Array => {
    const { length } = values
    put(values)
    announce(ALL_REDUCE, length)
    const parts = Array.from({ length: size }, (_, other) => vector(other, length))
    const result = vector(size, length)
    const [first = result, ...rest] = parts
    const end = Math.floor(((rank + 1) * length) / size)
    for (let i = Math.floor((rank * length) / size); i < end; i += 1) {
      let sum = first[i] as number
      for (const part of rest) sum += part[i] as number
      result[i] = sum
    }
    meet(meeting, rank, words)
    return result.slice()
  }

  const broadcast = (values: Float64Array, root: number): Float64Array => {
    if (!Number.isInteger(root) || root < 0 || root >= size)
      throw new RangeError(`root: got ${root}, expected a rank below ${size}`)
    put(values)
    announce(broadcastFrom(root), values.length)
    const received = vector(root, values.length).slice()
    meet(meeting, rank, words)
    return received
  }

  return {
    rank,
    size,
    allReduce: async (values) => allReduce(values),
    broadcast: async (values, root) => broadcast(values, root),
    barrier: async () => announce(BARRIER, 0),
    leave: (reason) => blame(meeting, rank, rank, reason),
  }
}
