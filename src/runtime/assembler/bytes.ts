const eight = new Uint8Array(8)
const scratch = new DataView(eight.buffer)

/** A growing buffer of bytes with the encodings of WebAssembly. */
export class Bytes {
  #buffer = new Uint8Array(256)
  #length = 0

  get length(): number {
    return this.#length
  }

  #room(n: number): void {
    if (this.#length + n <= this.#buffer.length) return
    const larger = new Uint8Array(Math.max(2 * this.#buffer.length, this.#length + n))
    larger.set(this.#buffer.subarray(0, this.#length))
    this.#buffer = larger
  }

  byte(b: number): void {
    if (this.#length === this.#buffer.length) this.#room(1)
    this.#buffer[this.#length] = b
    this.#length += 1
  }

  bytes(many: ArrayLike<number>): void {
    this.#room(many.length)
    this.#buffer.set(many, this.#length)
    this.#length += many.length
  }

  /** LEB128 of an integer from 0 to 2^32 - 1. */
  unsigned(x: number): void {
    let rest = x >>> 0
    while (rest > 127) {
      this.byte((rest & 127) | 128)
      rest >>>= 7
    }
    this.byte(rest)
  }

  /** Signed LEB128 of a 32-bit integer. */
  signed(x: number): void {
    let rest = x | 0
    while (rest < -64 || rest > 63) {
      this.byte((rest & 127) | 128)
      rest >>= 7
    }
    this.byte(rest & 127)
  }

  /** Signed LEB128 of a 64-bit integer. */
  signed64(x: bigint): void {
    let rest = BigInt.asIntN(64, x)
    while (rest < -64n || rest > 63n) {
      this.byte(Number(rest & 127n) | 128)
      rest >>= 7n
    }
    this.byte(Number(rest & 127n))
  }

  /** A double, little-endian. */
  double(x: number): void {
    scratch.setFloat64(0, x, true)
    this.bytes(eight)
  }

  /** A 64-bit integer, little-endian. */
  integer64(x: bigint): void {
    scratch.setBigInt64(0, x, true)
    this.bytes(eight)
  }

  /** A name in ASCII, with its length. */
  name(text: string): void {
    this.unsigned(text.length)
    for (let i = 0; i < text.length; i += 1) this.byte(text.charCodeAt(i))
  }

  append(other: Bytes): void {
    this.#room(other.#length)
    this.#buffer.set(other.#buffer.subarray(0, other.#length), this.#length)
    this.#length += other.#length
  }

  /** Another buffer with its length before it. */
  sized(other: Bytes): void {
    this.unsigned(other.#length)
    this.append(other)
  }

  /** A copy of what was written. */
  done(): Uint8Array<ArrayBuffer> {
    return this.#buffer.slice(0, this.#length)
  }
}
