/** Inputs that any language draws alike: one 32-bit linear congruential generator, whose state divided by 2^32 is uniform. */
export class Draws {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  next(): number {
    this.#state = (Math.imul(1664525, this.#state) + 1013904223) >>> 0
    return this.#state / 4294967296
  }

  /** So many numbers between two. */
  between(low: number, high: number, count: number): Float64Array {
    return Float64Array.from({ length: count }, () => low + (high - low) * this.next())
  }

  /** So many integers from 0 up to, not including, a bound. */
  below(bound: number, count: number): Float64Array {
    return Float64Array.from({ length: count }, () => Math.floor(bound * this.next()))
  }
}
