/**
 * Where ranks write down their states, in memory that outlives them. Each has two places that it writes in turn, and no rank is
 * more than one state ahead of another: so there always is a state that all have written down whole.
 */
export interface SharedJournal {
  readonly memory: SharedArrayBuffer
  readonly size: number
  /** How many numbers a state is. */
  readonly length: number
  /** How many states there will be beside the first; each comes with one number that is kept for good. */
  readonly entries: number
}

export const journalBytes = (size: number, length: number, entries: number): number =>
  size * 8 * (1 + 2 * length + entries)

const viewOf = ({ memory, size, length, entries }: SharedJournal) => {
  const states = size * 8
  const kept = states + 2 * size * length * 8
  return {
    // Every other word, so that what follows is aligned.
    written: new Int32Array(memory, 0, 2 * size),
    state: (rank: number, number: number) =>
      new Float64Array(memory, states + (2 * rank + (number % 2)) * length * 8, length),
    entries: (rank: number) => new Float64Array(memory, kept + rank * entries * 8, entries),
  }
}

/**
 * Writes down a state of a rank.
 *
 * @param number - 0 for the first, then one more each time
 * @param entry - the number that is kept of the way from the state before; none comes with the first
 */
export const writeState = (
  journal: SharedJournal,
  rank: number,
  number: number,
  values: Float64Array,
  entry: number,
): void => {
  const { written, state, entries } = viewOf(journal)
  state(rank, number).set(values)
  if (number > 0) entries(rank)[number - 1] = entry
  // Last: what counts is whole.
  Atomics.store(written, 2 * rank, number)
}

/** The last state that all have written down, with all numbers kept up to it, by the number of the state. */
export const lastState = (
  journal: SharedJournal,
): {
  readonly number: number
  readonly states: ReadonlyArray<Float64Array>
  readonly entries: ReadonlyArray<ReadonlyArray<number>>
} => {
  const { written, state, entries } = viewOf(journal)
  const ranks = Array.from({ length: journal.size }, (_, rank) => rank)
  const number = Math.min(...ranks.map((rank) => Atomics.load(written, 2 * rank)))
  const kept = ranks.map((rank) => entries(rank))
  return {
    number,
    states: ranks.map((rank) => state(rank, number).slice()),
    entries: Array.from({ length: number }, (_, i) => kept.map((ofRank) => ofRank[i] ?? Number.NaN)),
  }
}
