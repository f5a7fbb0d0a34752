/** Calls whose times are compared, after as many that warm the code up. */
const TRIALS = 4
/** A call shorter than this many milliseconds is not worth a second thread. */
const SHORT = 0.03

/**
 * Finds out by trying how many threads a program is fastest with: one, then twice as many as long as that helps. The results are the same
 * bits with any number, so that nobody can tell.
 */
export class Tuner {
  readonly #most: number
  #best = 1
  #bestTime = Number.POSITIVE_INFINITY
  #trying = 1
  #calls = 0
  #time = Number.POSITIVE_INFINITY
  #settled: boolean

  /** @param most - threads; with one there is nothing to find out. */
  constructor(most: number) {
    this.#most = most
    this.#settled = most <= 1
  }

  /** Whether it still wants to know how long calls take. */
  get curious(): boolean {
    return !this.#settled
  }

  /** The time, if it wants to know. */
  begin(): number {
    return this.#settled ? 0 : performance.now()
  }

  /** A call with so many threads that began then is over. */
  end(threads: number, begun: number): void {
    if (!this.#settled) this.took(threads, performance.now() - begun)
  }

  /** How many threads the next call should have. */
  get threads(): number {
    return this.#settled ? this.#best : this.#trying
  }

  /** A call with so many threads took so many milliseconds. */
  took(threads: number, time: number): void {
    // With fewer than asked for, because they have not begun yet, it tells nothing.
    if (this.#settled || threads !== this.#trying) return
    this.#calls += 1
    if (this.#calls <= TRIALS) return
    this.#time = Math.min(this.#time, time)
    if (this.#calls < 2 * TRIALS) return
    const better = this.#time < this.#bestTime
    if (better) {
      this.#best = this.#trying
      this.#bestTime = this.#time
    }
    this.#settled = !better || this.#trying >= this.#most || this.#bestTime < SHORT
    this.#trying = Math.min(this.#most, 2 * this.#trying)
    this.#calls = 0
    this.#time = Number.POSITIVE_INFINITY
  }
}
