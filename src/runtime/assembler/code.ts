import { Bytes } from './bytes.js'
import {
  type Atomic,
  atomic,
  type Instruction,
  instructions,
  type Memory,
  memory,
  type Simd,
  simd,
} from './opcodes.js'

/** The types of values; the numbers are their codes. */
export const types = { i32: 0x7f, i64: 0x7e, f64: 0x7c, v128: 0x7b } as const
export type Type = keyof typeof types

declare const brand: unique symbol
/** A local variable of a function. */
export type Local = number & { readonly [brand]: 'Local' }
/** A function of a module. */
export type Func = number & { readonly [brand]: 'Func' }

const EMPTY = 0x40

/**
 * The body of a function while it is written, instruction after instruction, for the stack machine that WebAssembly is.
 * Control flow is by nesting: {@link block}, {@link loop} and {@link when} take what stands inside.
 */
export class Code {
  readonly params: ReadonlyArray<Type>
  readonly #body = new Bytes()
  readonly #locals: Type[] = []
  readonly #fused: boolean
  #depth = 0

  /** @param fused - whether a product and a sum may be rounded once. */
  constructor(params: ReadonlyArray<Type>, fused = false) {
    this.params = params
    this.#fused = fused
  }

  /** The parameter of this number. */
  param(i: number): Local {
    if (!(i >= 0 && i < this.params.length)) throw new RangeError(`assembler: there is no parameter ${i}`)
    return i as Local
  }

  /** A new local variable; zero until it is set. */
  local(type: Type): Local {
    this.#locals.push(type)
    return (this.params.length + this.#locals.length - 1) as Local
  }

  get(...locals: ReadonlyArray<Local>): this {
    for (const l of locals) this.#index(0x20, l)
    return this
  }

  set(local: Local): this {
    return this.#index(0x21, local)
  }

  /** Sets, and leaves the value on the stack. */
  tee(local: Local): this {
    return this.#index(0x22, local)
  }

  call(f: Func): this {
    return this.#index(0x10, f)
  }

  i32(x: number): this {
    this.#body.byte(0x41)
    this.#body.signed(x)
    return this
  }

  i64(x: bigint): this {
    this.#body.byte(0x42)
    this.#body.signed64(x)
    return this
  }

  f64(x: number): this {
    this.#body.byte(0x44)
    this.#body.double(x)
    return this
  }

  /** Both lanes the same double. */
  f64x2(x: number): this {
    this.#body.bytes([0xfd, 0x0c])
    this.#body.double(x)
    this.#body.double(x)
    return this
  }

  /** Both lanes the same 64-bit integer. */
  i64x2(x: bigint): this {
    this.#body.bytes([0xfd, 0x0c])
    this.#body.integer64(x)
    this.#body.integer64(x)
    return this
  }

  /** An instruction without immediates. */
  op(name: Instruction): this {
    this.#body.byte(instructions[name])
    return this
  }

  /** A vector instruction without immediates. */
  simd(name: Simd): this {
    this.#body.byte(0xfd)
    this.#body.unsigned(simd[name])
    return this
  }

  /**
   * Adds to `sum` the product of the two vectors that `put` puts on the stack: rounded twice, or as the machine likes where the module
   * is fused.
   */
  addProduct(sum: Local, put: () => void): this {
    if (!this.#fused) this.get(sum)
    put()
    return (
      this.#fused ? this.get(sum).simd('f64x2.relaxed_madd') : this.simd('f64x2.mul').simd('f64x2.add')
    ).set(sum)
  }

  /** Extracts or replaces the lane `lane`, of two. */
  lane(name: 'f64x2.extract_lane' | 'f64x2.replace_lane', lane: 0 | 1): this {
    this.#body.bytes([0xfd, name === 'f64x2.extract_lane' ? 0x21 : 0x22, lane])
    return this
  }

  /** Two lanes out of the four of two vectors, by number. */
  shuffle(first: 0 | 1 | 2 | 3, second: 0 | 1 | 2 | 3): this {
    const bytes = (lane: number) => Array.from({ length: 8 }, (_, i) => 8 * lane + i)
    this.#body.bytes([0xfd, 0x0d, ...bytes(first), ...bytes(second)])
    return this
  }

  /** A load or store at the address on the stack plus `offset` bytes. */
  memory(name: Memory, offset = 0): this {
    const [prefix, code, align] = memory[name]
    if (prefix !== 0) this.#body.byte(prefix)
    this.#body.unsigned(code)
    this.#body.unsigned(align)
    this.#body.unsigned(offset)
    return this
  }

  /** An atomic instruction at the address on the stack plus `offset` bytes. */
  atomic(name: Atomic, offset = 0): this {
    this.#body.byte(0xfe)
    this.#body.unsigned(atomic[name])
    this.#body.unsigned(2)
    this.#body.unsigned(offset)
    return this
  }

  /** Loads the lane `lane` of a vector, the other kept. */
  loadLane(lane: 0 | 1, offset = 0): this {
    this.#body.bytes([0xfd, 0x57, 3])
    this.#body.unsigned(offset)
    this.#body.byte(lane)
    return this
  }

  /** Stores the lane `lane` of a vector. */
  storeLane(lane: 0 | 1, offset = 0): this {
    this.#body.bytes([0xfd, 0x5b, 3])
    this.#body.unsigned(offset)
    this.#body.byte(lane)
    return this
  }

  /** Copies bytes between parts of the memory: to, from and count are on the stack. */
  copyBytes(): this {
    this.#body.bytes([0xfc, 0x0a, 0x00, 0x00])
    return this
  }

  /** Sets bytes of the memory: to, the byte and count are on the stack. */
  fillBytes(): this {
    this.#body.bytes([0xfc, 0x0b, 0x00])
    return this
  }

  /** A block; `leave` jumps behind it where the stack holds true. */
  block(inside: (leave: () => void) => void): this {
    return this.#nest(0x02, inside)
  }

  /** A loop; `again` jumps to its beginning where the stack holds true. */
  loop(inside: (again: () => void) => void): this {
    return this.#nest(0x03, inside)
  }

  /** What is done where the stack holds true, and else. */
  when(yes: () => void, no?: () => void): this {
    this.#body.bytes([0x04, EMPTY])
    this.#depth += 1
    yes()
    if (no !== undefined) {
      this.#body.byte(0x05)
      no()
    }
    this.#depth -= 1
    this.#body.byte(0x0b)
    return this
  }

  #nest(opcode: number, inside: (jump: () => void) => void): this {
    this.#body.bytes([opcode, EMPTY])
    this.#depth += 1
    const depth = this.#depth
    inside(() => {
      this.#body.byte(0x0d)
      this.#body.unsigned(this.#depth - depth)
    })
    this.#depth -= 1
    this.#body.byte(0x0b)
    return this
  }

  #index(opcode: number, index: number): this {
    this.#body.byte(opcode)
    this.#body.unsigned(index)
    return this
  }

  /** The entry of the code section: locals, body, end. */
  entry(): Bytes {
    const out = new Bytes()
    out.unsigned(this.#locals.length)
    for (const type of this.#locals) out.bytes([1, types[type]])
    out.append(this.#body)
    out.byte(0x0b)
    return out
  }
}
