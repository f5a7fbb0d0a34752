import { fail } from '../../autodiff/primitive.js'
import type { Simd } from '../assembler/opcodes.js'
import { type BinaryScalar, HIGH_SQRT_HALF, type Lanes, type UnaryScalar } from './lanes.js'

declare const value: unique symbol
declare const mask: unique symbol
/** A value of a graph, by number: pairs of doubles. */
export type Value = number & { readonly [value]: 'Value' }
/** A mask of a graph, by number: all bits of a lane, or none. */
export type Mask = number & { readonly [mask]: 'Mask' }

/** How often a node is computed: once, for every row, or for every element. */
export type Level = 0 | 1 | 2

/** One instruction, or a few that belong together. Arguments are numbers of earlier nodes. */
export type GraphNode =
  /** Loaded by the kernel, for one of the vectors that a step of its loop takes. */
  | { readonly kind: 'input'; readonly index: number; readonly part: number }
  /** Both lanes the same 64 bits. */
  | { readonly kind: 'constant'; readonly bits: bigint }
  | { readonly kind: 'vector'; readonly op: Simd; readonly args: ReadonlyArray<number> }
  | { readonly kind: 'shift'; readonly op: Simd; readonly args: readonly [number]; readonly by: number }
  /** No value: leaves the step where the mask does not hold in both lanes. */
  | { readonly kind: 'check'; readonly args: readonly [Mask] }
  | { readonly kind: 'usually'; readonly name: UnaryScalar; readonly args: readonly [number, number, number] }
  | { readonly kind: 'each'; readonly name: BinaryScalar; readonly args: readonly [number, number] }

const register = new DataView(new ArrayBuffer(8))
const bitsOf = (x: number): bigint => {
  register.setFloat64(0, x)
  return register.getBigUint64(0)
}

const SIGN = 1n << 63n
/** A NaN that no computation makes. If one did, nothing would be lost but time. */
const NOBODY = 0x7ff4_5eed_5eed_5eedn
const TWO_52_BITS = bitsOf(4503599627370496)
const LIMIT = 131072

/**
 * Lanes as a graph of vector instructions, to be written as code once it is known what is used. Equal nodes are one node, so
 * what two functions have in common is computed once.
 */
export class Graph implements Lanes<Value, Mask> {
  readonly #nodes: GraphNode[] = []
  readonly #levels: Level[] = []
  readonly #known = new Map<string | number, number>()
  readonly #opcodes = new Map<string, number>()
  readonly #constants = new Map<number, Value>()
  readonly #fused: boolean
  #assumed: Mask[] | null = null

  /** @param fused - whether {@link mulAdd} may round once. */
  constructor(fused: boolean) {
    this.#fused = fused
  }

  get size(): number {
    return this.#nodes.length
  }

  node(i: number): GraphNode {
    return this.#nodes[i] ?? fail('lanes', `there is no node ${i}`)
  }

  level(i: number): Level {
    return this.#levels[i] ?? 0
  }

  input(index: number, level: Level, part: number): Value {
    return this.#intern(`input ${index} ${part}`, { kind: 'input', index, part }, level) as Value
  }

  /**
   * Builds values under the assumption that no element is rare; {@link check} says where that holds. What is computed less often
   * than for every element assumes nothing.
   */
  assuming<A>(build: () => A): A {
    this.#assumed = []
    const built = build()
    this.#assumed = null
    return built
  }

  /**
   * A node that refuses to go on where what was assumed since the last one does not hold; null where nothing was. It also waits
   * for the values it is given, because it tests them for bits that none has: a compiler arranges what stands between two
   * branches as it likes, and left alone it would do everything at once, which needs more registers than there are.
   */
  check(settled: ReadonlyArray<Value>): number | null {
    const each = settled.filter((a) => this.level(a) === 2)
    const [first, ...rest] = each
    const masks = [...(this.#assumed ?? [])]
    if (first !== undefined) {
      const all = rest.reduce<number>((a, b) => this.#vector('v128.or', a, b), first)
      masks.push(this.#mask('i64x2.ne', all, this.#bits(NOBODY)))
    }
    if (this.#assumed !== null) this.#assumed = []
    const [mask, ...more] = masks
    if (mask === undefined) return null
    const args = [more.reduce(this.both, mask)] as const
    return this.#intern(`check ${args[0]}`, { kind: 'check', args }, 2)
  }

  /** A value that cannot be had before a check has passed: a mask that holds leaves it as it is. */
  after(check: number, a: Value): Value {
    const node = this.node(check)
    return node.kind === 'check' && this.level(a) === 2 ? this.where(node.args[0], a) : a
  }

  #intern(key: string | number, node: GraphNode, level: Level): number {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const id = this.#nodes.length
    if (id >= LIMIT) fail('map', `more than ${LIMIT} instructions in one kernel`)
    this.#nodes.push(node)
    this.#levels.push(level)
    this.#known.set(key, id)
    return id
  }

  #levelOf(args: ReadonlyArray<number>): Level {
    return args.reduce<Level>((level, a) => (this.level(a) > level ? this.level(a) : level), 0)
  }

  #vector(op: Simd, ...args: ReadonlyArray<number>): number {
    const key = args.length <= 2 ? this.#key(op, args[0] ?? 0, args[1] ?? 0) : `${op} ${args.join(' ')}`
    return this.#intern(key, { kind: 'vector', op, args }, this.#levelOf(args))
  }

  /** A number for an instruction and two arguments; text would cost more than the rest of the emission. */
  #key(op: string, a: number, b: number): number {
    let code = this.#opcodes.get(op)
    if (code === undefined) {
      code = this.#opcodes.size
      this.#opcodes.set(op, code)
    }
    return (code * LIMIT + a) * LIMIT + b
  }

  #value(op: Simd, ...args: ReadonlyArray<number>): Value {
    return this.#vector(op, ...args) as Value
  }

  #mask(op: Simd, ...args: ReadonlyArray<number>): Mask {
    return this.#vector(op, ...args) as Mask
  }

  #shift(op: 'i64x2.shl' | 'i64x2.shr_u', a: number, by: number): number {
    return this.#intern(this.#key(op, a, by), { kind: 'shift', op, args: [a], by }, this.level(a))
  }

  #bits(bits: bigint): number {
    return this.#intern(`constant ${bits}`, { kind: 'constant', bits }, 0)
  }

  readonly constant = (x: number): Value => {
    // A map holds -0 for 0.
    if (Object.is(x, -0)) return this.#bits(SIGN) as Value
    const known = this.#constants.get(x)
    if (known !== undefined) return known
    const made = this.#bits(bitsOf(x)) as Value
    this.#constants.set(x, made)
    return made
  }

  readonly add = (a: Value, b: Value): Value => this.#value('f64x2.add', a, b)
  readonly sub = (a: Value, b: Value): Value => this.#value('f64x2.sub', a, b)
  readonly mul = (a: Value, b: Value): Value => this.#value('f64x2.mul', a, b)
  readonly div = (a: Value, b: Value): Value => this.#value('f64x2.div', a, b)
  readonly mulAdd = (a: Value, b: Value, c: Value): Value =>
    this.#fused ? this.#value('f64x2.relaxed_madd', a, b, c) : this.add(c, this.mul(a, b))
  // Not by the instruction: where V8 makes wide vectors of pairs, it does that one wrong.
  readonly neg = (a: Value): Value => this.#value('v128.xor', a, this.#bits(SIGN))
  readonly abs = (a: Value): Value => this.#value('f64x2.abs', a)
  readonly sqrt = (a: Value): Value => this.#value('f64x2.sqrt', a)
  readonly min = (a: Value, b: Value): Value => this.#value('f64x2.min', a, b)
  readonly max = (a: Value, b: Value): Value => this.#value('f64x2.max', a, b)
  readonly atMost = (a: Value, bound: Value): Value => this.#value('f64x2.pmin', a, bound)
  readonly atLeast = (a: Value, bound: Value): Value => this.#value('f64x2.pmax', a, bound)

  readonly less = (a: Value, b: Value): Mask => this.#mask('f64x2.lt', a, b)
  readonly lessEqual = (a: Value, b: Value): Mask => this.#mask('f64x2.le', a, b)
  readonly equal = (a: Value, b: Value): Mask => this.#mask('f64x2.eq', a, b)
  readonly both = (a: Mask, b: Mask): Mask => this.#mask('v128.and', a, b)

  readonly truth = (a: Value): Mask => {
    // A comparison, as a number, is its mask and one: the mask is still there.
    const node = this.node(a)
    const [m, one] = node.kind === 'vector' && node.op === 'v128.and' ? node.args : []
    if (m !== undefined && one === this.constant(1)) return m as Mask
    return this.#mask('f64x2.ne', a, this.constant(0))
  }

  readonly select = (m: Mask, yes: Value, no: Value): Value => {
    const zero = this.constant(0)
    if (no === zero) return this.where(m, yes)
    if (yes === zero) return this.unless(m, no)
    return this.#value('v128.bitselect', yes, no, m)
  }

  readonly where = (m: Mask, yes: Value): Value => this.#value('v128.and', m, yes)
  readonly unless = (m: Mask, no: Value): Value => this.#value('v128.andnot', no, m)
  readonly negateWhere = (m: Mask, a: Value): Value =>
    this.#value('v128.xor', a, this.#vector('v128.and', m, this.#bits(SIGN)))

  readonly negateAs = (a: Value, like: Value): Value =>
    this.#value('v128.xor', a, this.#vector('v128.and', like, this.#bits(SIGN)))

  readonly signed = (a: Value, like: Value): Value =>
    this.#value('v128.or', a, this.#vector('v128.and', like, this.#bits(SIGN)))

  readonly bit = (shifted: Value, i: 0 | 1): Mask => {
    const bit = this.#bits(1n << BigInt(i))
    return this.#mask('i64x2.eq', this.#vector('v128.and', shifted, bit), bit)
  }

  // The low 12 bits of the shifted integer are those of k, because those of ROUNDER are zero.
  readonly powerOfTwo = (shifted: Value): Value =>
    this.#shift('i64x2.shl', this.#vector('i64x2.add', shifted, this.#bits(1023n)), 52) as Value

  readonly halfPowers = (shifted: Value): readonly [Value, Value] => {
    const sum = this.#vector('i64x2.add', shifted, this.#bits(2046n))
    const first = this.#shift('i64x2.shr_u', sum, 1)
    const second = this.#vector('i64x2.sub', sum, first)
    return [this.#shift('i64x2.shl', first, 52) as Value, this.#shift('i64x2.shl', second, 52) as Value]
  }

  readonly split = (x: Value): { readonly exponent: Value; readonly significand: Value } => {
    const high = BigInt(HIGH_SQRT_HALF) << 32n
    const moved = this.#vector('i64x2.add', x, this.#bits((0x3ff00000n << 32n) - high))
    const fraction = this.#vector('v128.and', moved, this.#bits((1n << 52n) - 1n))
    // The exponent in the low bits of 2^52 is the double 2^52 + exponent.
    const biased = this.#value('v128.or', this.#shift('i64x2.shr_u', moved, 52), this.#bits(TWO_52_BITS))
    return {
      exponent: this.sub(biased, this.constant(4503599627370496 + 1023)),
      significand: this.#value('i64x2.add', fraction, this.#bits(high)),
    }
  }

  readonly usually = (m: Mask, fast: Value, name: UnaryScalar, x: Value): Value => {
    const args = [m, fast, x] as const
    if (this.#assumed !== null && this.#levelOf(args) === 2) {
      this.#assumed.push(m)
      return fast
    }
    return this.#intern(
      `${name} ${args.join(' ')}`,
      { kind: 'usually', name, args },
      this.#levelOf(args),
    ) as Value
  }

  readonly each = (name: BinaryScalar, x: Value, y: Value): Value => {
    const args = [x, y] as const
    return this.#intern(`${name} ${x} ${y}`, { kind: 'each', name, args }, this.#levelOf(args)) as Value
  }
}
