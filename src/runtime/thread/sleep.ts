import { barrierWords } from './control.js'

/** So often a sleeper wakes up within its patience: a process that was stopped for a while loses one of them only. */
const NAPS = 8

/**
 * Sleeps until the generation of a barrier is another: the slow half of waiting.
 *
 * @param words - the words of control
 */
export const sleeper = (words: Int32Array): ((generation: number) => void) => {
  const at = barrierWords.generation / 4
  const sleepers = barrierWords.sleepers / 4
  return (generation) => {
    const patience = Atomics.load(words, barrierWords.patience / 4)
    Atomics.add(words, sleepers, 1)
    // Who is woken looks again: it may have been called to a meeting that is over.
    let naps = 0
    while (naps < NAPS && Atomics.load(words, at) === generation) {
      if (Atomics.wait(words, at, generation, patience / NAPS) === 'timed-out') naps += 1
    }
    Atomics.sub(words, sleepers, 1)
    if (Atomics.load(words, at) === generation)
      throw new ThreadLost(
        `threads: a worker did not finish its part within ${(patience / 1000).toFixed(1)} s`,
      )
  }
}

/** A thread did not come to a barrier: it died, or is stuck. */
export class ThreadLost extends Error {
  override readonly name = 'ThreadLost'
}
