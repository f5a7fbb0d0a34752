/**
 * The words by which threads tell one another what they do, in memory that all of them see. Each of those that are written often has a
 * cache line of its own.
 */
const LINE = 64
const WORD = 4

/** The most threads that a pool may have, the caller's own included. */
export const MOST_THREADS = 64

/** Offsets in bytes of the words of the barrier. */
export const barrierWords = {
  /** How often all threads have met. */
  generation: 0,
  /** How many threads sleep until it changes. */
  sleepers: WORD,
  /** How often a thread looks before it sleeps. */
  looks: 2 * WORD,
  /** How long it sleeps at most, in milliseconds. */
  patience: 3 * WORD,
  /** How many threads have arrived. */
  arrived: LINE,
} as const

/** The words of a worker, as indices into an array of words that begins with the barrier's. */
export const mailbox = (worker: number) => {
  const first = ((2 + worker) * LINE) / WORD
  return {
    /** How many jobs it was given. */
    job: first,
    /** What to run, and with how many threads. */
    plan: first + 1,
    threads: first + 2,
    /** Whether it sleeps until there is a job. */
    asleep: first + 3,
    /** Whether it has begun to look for jobs. */
    ready: first + 4,
  } as const
}

/** The bytes of all of them. */
export const CONTROL_BYTES = (2 + MOST_THREADS) * LINE
