import { fail } from '../autodiff/primitive.js'
import { type Memory, webAssembly } from './assembler/webassembly.js'
import type { Buffer } from './executable.js'
import { ALIGNMENT } from './plan/memory.js'

const PAGE = 65536

/** A free stretch of memory. */
interface Gap {
  readonly begin: number
  readonly end: number
}

/**
 * One growing piece of memory in which all data lie, shared between threads. Pieces are given out and taken back; nothing moves,
 * so that views of it stay valid while it grows.
 */
export class Arena {
  readonly memory: Memory
  readonly #maximum: number
  #gaps: ReadonlyArray<Gap> = []
  #end = ALIGNMENT
  readonly #data = new WeakMap<Buffer, number>()
  readonly #collected = new FinalizationRegistry<readonly [at: number, bytes: number]>(([at, bytes]) => {
    this.give(at, bytes)
  })

  /** @param maximum - bytes; a memory of 32-bit addresses has at most 4 GiB. */
  constructor({ maximum = PAGE * PAGE, shared = true } = {}) {
    this.#maximum = Math.min(Math.floor(maximum / PAGE), PAGE) * PAGE
    const api = webAssembly() ?? fail('arena', 'there is no WebAssembly here')
    this.memory = new api.Memory({ initial: 1, maximum: this.#maximum / PAGE, shared })
  }

  /** The greatest number of pages that the memory may have. */
  get pages(): number {
    return this.#maximum / PAGE
  }

  /** A piece of at least so many bytes, at the beginning of a cache line. Its content is undefined. */
  take(bytes: number): number {
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT)
    const found = this.#gaps.findIndex(({ begin, end }) => end - begin >= size)
    const gap = this.#gaps[found]
    if (gap !== undefined) {
      const rest = gap.end - gap.begin === size ? [] : [{ begin: gap.begin + size, end: gap.end }]
      this.#gaps = [...this.#gaps.slice(0, found), ...rest, ...this.#gaps.slice(found + 1)]
      return gap.begin
    }
    const at = this.#end
    if (at + size > this.#maximum)
      return fail(
        'arena',
        `${size} bytes more than the ${at} in use would exceed its maximum of ${this.#maximum}; smaller batches or a larger maximum help`,
      )
    this.#end = at + size
    const missing = this.#end - this.memory.buffer.byteLength
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE))
    return at
  }

  /** Takes a piece back; it must have been given out by {@link take} with the same size. */
  give(begin: number, bytes: number): void {
    const end = begin + Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT)
    const merged: Gap[] = []
    for (const gap of [...this.#gaps, { begin, end }].sort((a, b) => a.begin - b.begin)) {
      const last = merged[merged.length - 1]
      if (last?.end === gap.begin) merged[merged.length - 1] = { begin: last.begin, end: gap.end }
      else merged.push(gap)
    }
    this.#gaps = merged
  }

  doubles(at: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, at, length)
  }

  integers(at: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, at, length)
  }

  /** The place of data that do not change: copied in once, however many programs read them. */
  data(values: Buffer): number {
    const known = this.#data.get(values)
    if (known !== undefined) return known
    const at = this.take(values.byteLength)
    if (values instanceof Float64Array) this.doubles(at, values.length).set(values)
    else this.integers(at, values.length).set(values)
    this.#data.set(values, at)
    this.#collected.register(values, [at, values.byteLength])
    return at
  }
}
